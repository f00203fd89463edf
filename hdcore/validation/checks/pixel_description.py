"""Whether the description of an image's pixels is possible (PS3.3 C.7.6.3, PS3.5 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.codes import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_pixel_description"]

SAMPLES, PHOTOMETRIC, PLANAR, FRAMES = 0x00280002, 0x00280004, 0x00280006, 0x00280008
ROWS, COLUMNS = 0x00280010, 0x00280011
ALLOCATED, STORED, HIGH_BIT, REPRESENTATION = 0x00280100, 0x00280101, 0x00280102, 0x00280103
PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA = 0x7FE00010, 0x7FE00008, 0x7FE00009
_ICON = 0x00880200
_ONE_SAMPLE = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_KNOWN = (*_ONE_SAMPLE, "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT", "XYB", "HSV",
          "ARGB", "CMYK", "YBR_PARTIAL_422")  # fmt: skip


def check_pixel_description(context: Context) -> Iterator[Finding]:
    """Check the Image Pixel attributes of the image and of its icons."""
    yield from _check_image(context.root, "")
    for number, icon in enumerate(context.root.items(_ICON)):
        yield from _check_image(icon, f"IconImageSequence[{number}]/")


def _check_image(item: Item, prefix: str) -> Iterator[Finding]:
    allocated, stored, high = item.number(ALLOCATED), item.number(STORED), item.number(HIGH_BIT)
    if allocated is not None and allocated != 1 and (allocated % 8 or not allocated):
        yield found("PIX002", f"{prefix}BitsAllocated", f"is {allocated}; expected 1 or a multiple of 8", "PS3.5 8.1.1")
    if stored is not None and allocated is not None and not 0 < stored <= allocated:
        yield found("PIX002", f"{prefix}BitsStored", f"is {stored}; expected 1 to Bits Allocated ({allocated})")
    if high is not None and stored is not None and high != stored - 1:
        yield found("PIX002", f"{prefix}HighBit", f"is {high}; expected Bits Stored less one ({stored - 1})")
    representation = item.number(REPRESENTATION)
    if representation is not None and representation not in (0, 1):
        yield found("PIX002", f"{prefix}PixelRepresentation", f"is {representation}; expected 0 or 1")
    for tag, keyword in ((ROWS, "Rows"), (COLUMNS, "Columns")):
        if item.number(tag) == 0:
            yield found("PIX002", f"{prefix}{keyword}", "is 0; an image has at least one pixel")
    frames = item.number(FRAMES)
    if frames is not None and frames < 1:
        yield found("PIX002", f"{prefix}NumberOfFrames", f"is {frames}; expected at least 1", "PS3.3 C.7.6.6")
    yield from _check_samples(item, prefix)


def _check_samples(item: Item, prefix: str) -> Iterator[Finding]:
    samples, photometric = item.number(SAMPLES), str(item.first(PHOTOMETRIC) or "")
    if samples is None:
        return
    if samples not in (1, 3, 4):
        yield found("PIX002", f"{prefix}SamplesPerPixel", f"is {samples}; expected 1 or 3", "PS3.3 C.7.6.3.1.1")
    elif photometric and photometric not in _KNOWN:
        yield found("PIX002", f"{prefix}PhotometricInterpretation", f"is {photometric!r}, which is not defined")
    elif photometric and (samples == 1) != (photometric in _ONE_SAMPLE):
        yield found(
            "PIX002",
            f"{prefix}PhotometricInterpretation",
            f"is {photometric!r}, which does not go with {samples} samples per pixel",
            "PS3.3 C.7.6.3.1.2",
        )
    planar = item.number(PLANAR)
    if planar is not None and planar not in (0, 1):
        yield found("PIX002", f"{prefix}PlanarConfiguration", f"is {planar}; expected 0 or 1")
    if photometric == "YBR_FULL_422" and planar == 1:
        yield found("PIX002", f"{prefix}PlanarConfiguration", "is 1; YBR_FULL_422 samples lie by pixel (0)")
    if photometric == "PALETTE COLOR" and item.number(REPRESENTATION) == 1:
        yield found("PIX002", f"{prefix}PixelRepresentation", "is 1; indices into a palette are not negative")
