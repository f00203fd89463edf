"""DICOM legacy converted enhanced images."""
