"""DICOM segmentations."""
