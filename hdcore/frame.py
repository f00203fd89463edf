"""Encoding and decoding of single frames."""

from hdcore.pixels.codec import decode_frame, encode_frame, get_lossy_compression_attributes

__all__ = ["decode_frame", "encode_frame", "get_lossy_compression_attributes"]
