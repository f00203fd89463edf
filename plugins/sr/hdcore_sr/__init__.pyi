"""DICOM structured reports."""
