"""The segmentation: built from masks, read from any producer's file (PS3.3 A.51)."""

from __future__ import annotations
