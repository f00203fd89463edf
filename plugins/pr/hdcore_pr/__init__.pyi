"""DICOM presentation states."""
