"""Going through the segments of a segmentation."""

from hdcore_seg.iteration import iter_segments

__all__ = ["iter_segments"]
