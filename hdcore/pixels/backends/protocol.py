"""What a backend offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy.typing as npt

    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["Backend", "Decoded", "Decoder", "Encoder"]


class Decoded(NamedTuple):
    """Samples as a backend gives them."""

    array: npt.NDArray[Any]
    """Shape ``(rows, columns)`` or ``(rows, columns, 3)``; perhaps read-only, perhaps of a narrower type."""
    photometric_interpretation: str
    """The colour space that the samples are in now."""


class Backend(Protocol):
    """A module of this package."""

    PACKAGE: str
    DECODES: frozenset[str]
    ENCODES: frozenset[str]
    RELEASES_LOCK: bool

    def is_available(self) -> bool:
        """Say whether the package is installed."""
        ...


class Decoder(Backend, Protocol):
    """A module that decodes."""

    def decode(self, data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
        """Decode one frame; ``to_rgb`` allows, but does not oblige, to convert YBR on the way."""
        ...


class Encoder(Backend, Protocol):
    """A module that encodes."""

    def encode(self, array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
        """Encode one frame, whose samples :mod:`hdcore.pixels.codec` has checked."""
        ...
