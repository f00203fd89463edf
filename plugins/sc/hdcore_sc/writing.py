"""Writing the Image Pixel module of a secondary capture (PS3.3 C.7.6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError
from hdcore.model.element import put
from hdcore.pixels.profiles import is_native, lossy_compression
from hdcore.pixels.stream import encode_frames

if TYPE_CHECKING:
    import numpy.typing as npt
    from hdcore.pixels.format import FrameFormat
    from pydicom.dataset import Dataset

__all__ = ["write_pixels"]


def write_pixels(instance: Dataset, frames: npt.NDArray[Any], frame_format: FrameFormat, workers: int = 0) -> None:
    """Encode frames into an instance and describe them.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        Where to write.
    frames: numpy.ndarray
        Samples of shape ``(frames, *frame_format.shape)``.
    frame_format: hdcore.pixels.format.FrameFormat
        How to write each.
    workers: int, optional
        Number of workers that encode.

    Raises
    ------
    ValueError
        If the transfer syntax cannot hold such frames.
    """
    from pydicom.encaps import encapsulate

    encoded = list(encode_frames(frames, frame_format, workers))
    is_color = frame_format.samples_per_pixel == 3
    put(
        instance,
        SamplesPerPixel=frame_format.samples_per_pixel,
        PhotometricInterpretation=frame_format.photometric_interpretation,
        Rows=frame_format.rows,
        Columns=frame_format.columns,
        BitsAllocated=frame_format.bits_allocated,
        BitsStored=frame_format.bits_stored,
        HighBit=frame_format.bits_stored - 1,
        PixelRepresentation=frame_format.pixel_representation,
        **({"PlanarConfiguration": frame_format.planar_configuration} if is_color else {}),
    )
    _describe_compression(instance, frame_format, frames.nbytes, sum(map(len, encoded)))
    native = is_native(frame_format.transfer_syntax_uid)
    data = b"".join(encoded) if native else encapsulate(encoded)
    if len(data) % 2:
        data += b"\0"
    if len(data) >= 0xFFFFFFFE:
        raise InputError(
            f"The pixel data has {len(data)} bytes, more than fit into one element; use several instances."
        )
    instance.PixelData = data
    instance["PixelData"].VR = "OW" if native and frame_format.bits_allocated > 8 else "OB"
    instance["PixelData"].is_undefined_length = not native


def _describe_compression(instance: Dataset, frame_format: FrameFormat, length: int, encoded_length: int) -> None:
    # PS3.3 C.7.6.1.1.5: once lossy always lossy; the ratio is that of this compression
    method = lossy_compression(frame_format.transfer_syntax_uid)
    if method is not None:
        put(
            instance,
            LossyImageCompression="01",
            LossyImageCompressionRatio=[round(length / encoded_length, 3)],
            LossyImageCompressionMethod=[method],
        )
