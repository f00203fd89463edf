"""DICOM key object selections."""
