"""The segmentation."""
from __future__ import annotations
from hdcore_seg.image import SegmentedImage
class Segmentation(SegmentedImage):
    """X."""
def segread(fp, lazy_frame_retrieval=False):
    """X."""
    return Segmentation.from_file(fp, lazy_frame_retrieval=lazy_frame_retrieval)
