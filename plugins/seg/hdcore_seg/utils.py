"""Going through the segments of a segmentation."""

from hdcore_seg.reading import iter_segments

__all__ = ["iter_segments"]
