"""Whatever pydicom decodes with the plugins that are installed for it (GDCM, or a site's own): the last resort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import UnreadableError
from hdcore.pixels.backends.protocol import Decoded

if TYPE_CHECKING:
    from hdcore.pixels.format import FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "decodes", "is_available"]

PACKAGE = "pydicom"
DECODES: frozenset[str] = frozenset()  # depends on what is installed: see ``decodes``
ENCODES: frozenset[str] = frozenset()
RELEASES_LOCK = False
_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_BOX_HEADER = 8


def is_available() -> bool:
    """Say whether the package is installed."""
    return True


def decodes(transfer_syntax_uid: str) -> bool:
    """Say whether a plugin of pydicom that is installed decodes a transfer syntax."""
    from pydicom.pixels.decoders.base import get_decoder

    try:
        return bool(get_decoder(transfer_syntax_uid).is_available)
    except NotImplementedError:  # pydicom's answer for a syntax that it has no decoder of
        return False


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame."""
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import get_decoder

    _refuse_endless_boxes(bytes(data))
    decoder: Any = get_decoder(frame.transfer_syntax_uid)
    array, properties = decoder.as_array(
        encapsulate([bytes(data)]),
        index=0,
        raw=not to_rgb,
        number_of_frames=1,
        rows=frame.rows,
        columns=frame.columns,
        samples_per_pixel=frame.samples_per_pixel,
        bits_allocated=frame.bits_allocated,
        bits_stored=frame.bits_stored,
        pixel_representation=frame.pixel_representation,
        photometric_interpretation=frame.photometric_interpretation,
        planar_configuration=frame.planar_configuration,
        pixel_keyword=frame.pixel_keyword,
    )
    return Decoded(array, str(properties["photometric_interpretation"]))


def _refuse_endless_boxes(data: bytes) -> None:
    """Refuse a JPEG 2000 file whose boxes do not lead to a codestream: pydicom looks for it without end.

    Raises
    ------
    UnreadableError
        If a box before the codestream has no length, or is longer than the file.
    """
    position = len(_JP2_SIGNATURE) if data.startswith(_JP2_SIGNATURE) else len(data)
    while position < len(data):
        length, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + _BOX_HEADER]
        if kind == b"jp2c":
            return
        if length < _BOX_HEADER or position + length + _BOX_HEADER > len(data):
            raise UnreadableError("The boxes of the JPEG 2000 file do not lead to a codestream.")
        position += length
