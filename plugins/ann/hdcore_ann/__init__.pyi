"""DICOM microscopy bulk simple annotations."""
