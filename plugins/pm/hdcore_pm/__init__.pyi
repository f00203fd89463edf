"""DICOM parametric maps."""
