"""DICOM secondary captures."""
