"""Reading the frames of a file one by one."""

from hdcore.pixels.reader import ImageFileReader

__all__ = ["ImageFileReader"]
