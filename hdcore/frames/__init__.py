"""The multi-frame engine: the frame table, functional groups, images."""
