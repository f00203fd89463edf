"""What makes a secondary capture conform, beyond the tables of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.pixels.profiles import lossy_compression
from hdcore.validation import finding, rule

from hdcore_sc.enums import (
    MULTI_FRAME_GRAYSCALE_BYTE,
    MULTI_FRAME_GRAYSCALE_WORD,
    MULTI_FRAME_SINGLE_BIT,
    MULTI_FRAME_TRUE_COLOR,
    true_color_interpretation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["MULTI_FRAME_RULES", "RULES"]

_EITHER = frozenset({"1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203"})
"""JPEG 2000 and its high throughput variant, of which images may have lost something or not (PS3.5 10.6, 10.18)."""
_VIDEO = "1.2.840.10008.1.2.4.10"
"""What UIDs of MPEG and HEVC transfer syntaxes begin with; colours of video are YBR_PARTIAL_420."""
_BITS = {
    # SOP class: Samples per Pixel, Bits Allocated, allowed Bits Stored (PS3.3 A.8.2.4, A.8.3.4, A.8.4.4, A.8.5.4)
    MULTI_FRAME_SINGLE_BIT: (1, 1, range(1, 2)),
    MULTI_FRAME_GRAYSCALE_BYTE: (1, 8, range(8, 9)),
    MULTI_FRAME_GRAYSCALE_WORD: (1, 16, range(9, 17)),
    MULTI_FRAME_TRUE_COLOR: (3, 8, range(8, 9)),
}


@rule("SC001", ref="PS3.3 C.7.6.3.1")
def samples_lie_in_the_low_bits(dataset: Dataset) -> Iterator[Draft]:
    """High Bit must be one less than Bits Stored."""
    if dataset.HighBit != dataset.BitsStored - 1:
        yield finding("HighBit", f"is {dataset.HighBit}, but BitsStored is {dataset.BitsStored}")


@rule("SC002", ref="PS3.3 C.7.6.3.1.2")
def samples_per_pixel_fit_the_color_space(dataset: Dataset) -> Iterator[Draft]:
    """Monochrome and palette pixels have one sample, those of the other colour spaces three."""
    one = dataset.PhotometricInterpretation in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
    if dataset.SamplesPerPixel != (1 if one else 3):
        yield finding("SamplesPerPixel", f"is {dataset.SamplesPerPixel} of {dataset.PhotometricInterpretation}")


@rule("SC003", ref="PS3.3 C.7.6.1.1.5")
def lossy_compression_is_declared(dataset: Dataset) -> Iterator[Draft]:
    """What is compressed with loss must say so."""
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    method = lossy_compression(syntax)
    if method is not None and syntax not in _EITHER and dataset.get("LossyImageCompression") != "01":
        yield finding("LossyImageCompression", f"is not '01', but the pixels are compressed as {method}")


RULES = [samples_lie_in_the_low_bits, samples_per_pixel_fit_the_color_space, lossy_compression_is_declared]


@rule("SC101", ref="PS3.3 A.8.2.4, A.8.3.4, A.8.4.4, A.8.5.4")
def pixels_are_those_of_the_sop_class(dataset: Dataset) -> Iterator[Draft]:
    """Samples per Pixel, Bits Allocated and Bits Stored must be those of the SOP class."""
    samples, allocated, stored = _BITS[dataset.SOPClassUID]
    if dataset.SamplesPerPixel != samples:
        yield finding("SamplesPerPixel", f"is {dataset.SamplesPerPixel}, not {samples}")
    elif dataset.BitsAllocated != allocated:
        yield finding("BitsAllocated", f"is {dataset.BitsAllocated}, not {allocated}")
    elif dataset.BitsStored not in stored:
        yield finding("BitsStored", f"is {dataset.BitsStored}, not from {stored.start} to {stored.stop - 1}")


@rule("SC102", ref="PS3.3 C.7.6.6.1.1")
def frames_are_told_apart(dataset: Dataset) -> Iterator[Draft]:
    """Frame Increment Pointer must point to an attribute that is there."""
    if dataset.FrameIncrementPointer not in dataset:
        yield finding("FrameIncrementPointer", f"points to {dataset.FrameIncrementPointer}, which is absent")


@rule("SC103", ref="PS3.3 C.8.6.4")
def vectors_have_a_value_for_each_frame(dataset: Dataset) -> Iterator[Draft]:
    """A vector of frames must have as many values as there are frames."""
    frames = int(dataset.NumberOfFrames)
    for keyword in ("PageNumberVector", "FrameLabelVector", "FrameTimeVector"):
        if keyword in dataset:
            values = dataset[keyword].VM
            if values != frames:
                yield finding(keyword, f"has {values} values, but there are {frames} frames")


@rule("SC104", ref="PS3.3 C.8.6.3.1")
def grayscale_values_are_not_rescaled(dataset: Dataset) -> Iterator[Draft]:
    """Rescale Slope and Intercept of a grayscale capture must be 1 and 0."""
    if (dataset.RescaleSlope, dataset.RescaleIntercept) != (1, 0):
        yield finding("RescaleSlope", f"and intercept are {dataset.RescaleSlope} and {dataset.RescaleIntercept}")


@rule("SC105", ref="PS3.3 A.8.5.4")
def colours_are_those_of_the_transfer_syntax(dataset: Dataset) -> Iterator[Draft]:
    """Photometric Interpretation of colour frames must be the one that the transfer syntax makes."""
    syntax = str(dataset.file_meta.TransferSyntaxUID)
    if dataset.SOPClassUID == MULTI_FRAME_TRUE_COLOR and not syntax.startswith(_VIDEO):
        expected = true_color_interpretation(syntax)
        if dataset.PhotometricInterpretation != expected:
            yield finding("PhotometricInterpretation", f"is {dataset.PhotometricInterpretation}, not {expected}")


MULTI_FRAME_RULES = [
    *RULES,
    pixels_are_those_of_the_sop_class,
    frames_are_told_apart,
    vectors_have_a_value_for_each_frame,
    grayscale_values_are_not_rescaled,
    colours_are_those_of_the_transfer_syntax,
]
