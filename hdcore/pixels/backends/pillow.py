"""JPEG baseline, 8-bit JPEG extended and JPEG 2000 with Pillow (libjpeg-turbo and OpenJPEG)."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hdcore.errors import MissingCodecError, UnreadableError
from hdcore.pixels.backends.protocol import Decoded
from hdcore.pixels.profiles import JPEG_2000, JPEG_2000_LOSSLESS, JPEG_BASELINE, JPEG_EXTENDED

if TYPE_CHECKING:
    from PIL import Image

    from hdcore.pixels.format import EncodingOptions, FrameFormat

__all__ = ["DECODES", "ENCODES", "PACKAGE", "RELEASES_LOCK", "decode", "encode", "is_available"]

PACKAGE = "pillow"
DECODES = frozenset({JPEG_BASELINE, JPEG_EXTENDED, JPEG_2000, JPEG_2000_LOSSLESS})
ENCODES = frozenset({JPEG_BASELINE, JPEG_2000, JPEG_2000_LOSSLESS})
RELEASES_LOCK = True

_JPEG_START = b"\xff\xd8\xff"
_JPEG_BITS = 8
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_RGB_COMPONENTS = (82, 71, 66)  # "R", "G", "B": libjpeg then takes the samples to be RGB


def is_available() -> bool:
    """Say whether the package is installed."""
    return find_spec("PIL") is not None


def decode(data: bytes | memoryview, frame: FrameFormat, to_rgb: bool) -> Decoded:
    """Decode a frame; of JPEG, libjpeg-turbo converts YBR to RGB when allowed."""
    if bytes(data[:3]) != _JPEG_START:
        return _decode_jpeg_2000(data, frame)
    if _precision_of_jpeg(data) > _JPEG_BITS:
        raise MissingCodecError(
            f"Pillow does not decode JPEG of {_precision_of_jpeg(data)} bits; run: pip install imagecodecs."
        )
    # not by Image.open: it loads the code of other formats, and looks for a format that is known
    from PIL.JpegImagePlugin import JpegImageFile

    image = JpegImageFile(BytesIO(data))
    interpretation = "YBR_FULL" if frame.is_subsampled else frame.photometric_interpretation
    if image.mode == "L":
        return Decoded(_samples(image, frame), interpretation)
    # libjpeg converts what markers or component names do not call RGB; the photometric interpretation has the say
    stored_as_rgb = image.info.get("adobe_transform") == 0 or _component_names(image) == _RGB_COMPONENTS
    if not stored_as_rgb:
        if interpretation.startswith("YBR") and to_rgb:
            return Decoded(_samples(image, frame), "RGB")
        image.draft("YCbCr", image.size)
    return Decoded(_samples(image, frame), interpretation)


def _samples(image: Image.Image, frame: FrameFormat) -> npt.NDArray[Any]:
    """Decode, once the size is known to be that of the frame: a damaged header may ask for any amount of memory."""
    if image.size != (frame.columns, frame.rows):
        raise UnreadableError(
            f"The frame has {image.size[1]} rows and {image.size[0]} columns; expected {frame.rows} and "
            f"{frame.columns}."
        )
    return np.asarray(image)


def _precision_of_jpeg(data: bytes | memoryview) -> int:
    """Read the bits of a sample from the frame header (ISO 10918-1 B.2.2); 0 if there is none."""
    position = 2
    while position + 5 <= len(data) and data[position] == 0xFF:
        if data[position + 1] in _START_OF_FRAME:
            return data[position + 4]
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return 0


def _component_names(image: Image.Image) -> tuple[int, ...]:
    return tuple(component[0] for component in getattr(image, "layer", ()))


def _decode_jpeg_2000(data: bytes | memoryview, frame: FrameFormat) -> Decoded:
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    image = Jpeg2KImageFile(BytesIO(data))
    precision, signed = _precision(bytes(data))
    if precision > (16, 8)[frame.samples_per_pixel > 1]:
        raise MissingCodecError(f"Pillow does not decode JPEG 2000 of {precision} bits; run: pip install imagecodecs.")
    array = _samples(image, frame)
    interpretation = frame.photometric_interpretation
    # Pillow scales samples to 8 or 16 bits, and shifts signed ones to be unsigned
    container = 8 if array.dtype.itemsize == 1 else 16
    array = array.astype(f"u{container // 8}", copy=False) >> max(0, container - precision)
    if signed:
        array = array.astype(np.int32) - (1 << (precision - 1))
    return Decoded(array, "RGB" if interpretation in ("YBR_RCT", "YBR_ICT") else interpretation)


def _precision(data: bytes) -> tuple[int, bool]:
    """Read the bits of a sample, and whether it is signed, from the SIZ marker (ISO/IEC 15444-1 A.5.1)."""
    start = data.find(b"\xff\x4f\xff\x51")
    if start < 0 or len(data) < start + 43:
        raise UnreadableError("The frame has no JPEG 2000 code stream.")
    return (data[start + 42] & 0x7F) + 1, bool(data[start + 42] & 0x80)


def encode(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    """Encode a frame; YBR_FULL_422, YBR_RCT and YBR_ICT are made from RGB by the codec."""
    from PIL import Image

    output = BytesIO()
    if frame.transfer_syntax_uid == JPEG_BASELINE:
        settings: dict[str, Any] = {"format": "JPEG", "quality": options.jpeg_quality}
        if frame.photometric_interpretation == "YBR_FULL_422":
            settings["subsampling"] = "4:2:2"
        elif frame.photometric_interpretation == "RGB":
            settings.update(subsampling="4:4:4", keep_rgb=True)
        Image.fromarray(np.ascontiguousarray(array)).save(output, **settings)
        return output.getvalue()
    return _encode_jpeg_2000(array, frame, options)


def _encode_jpeg_2000(array: npt.NDArray[Any], frame: FrameFormat, options: EncodingOptions) -> bytes:
    from PIL import Image

    container = 8 * frame.dtype.itemsize
    if frame.pixel_representation or frame.bits_stored != container or container > (16, 8)[frame.samples_per_pixel > 1]:
        raise MissingCodecError(
            "Pillow encodes JPEG 2000 of unsigned, full 8 or 16 bits only; run: pip install imagecodecs "
            "(or pylibjpeg-openjpeg)."
        )
    settings: dict[str, Any] = {"mct": int(frame.photometric_interpretation in ("YBR_RCT", "YBR_ICT"))}
    if frame.transfer_syntax_uid == JPEG_2000:
        settings.update(irreversible=True, quality_mode="dB", quality_layers=[options.signal_noise_ratio])
    output = BytesIO()
    image = Image.fromarray(np.ascontiguousarray(array))
    image.save(output, format="JPEG2000", no_jp2=True, **settings)
    return output.getvalue()
