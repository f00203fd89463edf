"""What attributes must be together, as data: a condition when, a condition that then must hold.

The conditions have three values, so what cannot be decided is never an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hdcore.validation.codes import found
from hdcore.validation.condition import Condition
from hdcore.validation.elements import tag_of_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.findings import Finding

__all__ = ["CONTRADICTIONS", "check_contradictions"]


class Together(NamedTuple):
    """What must hold when something else does, in objects that have a module."""

    module: str
    """Name in the tables; empty: any object."""
    when: str
    then: str
    keyword: str
    """The attribute to name."""
    reference: str
    code: str = "STD001"


_SEG, _PM = "segmentation-image", "parametric-map-image"
CONTRADICTIONS = (
    Together(_SEG, "SegmentationType == 'BINARY'", "BitsAllocated == 1", "BitsAllocated", "PS3.3 C.8.20.2.1"),
    Together(_SEG, "SegmentationType == 'BINARY'", "BitsStored == 1", "BitsStored", "PS3.3 C.8.20.2.1"),
    Together(_SEG, "SegmentationType == 'FRACTIONAL'", "BitsAllocated == 8", "BitsAllocated", "PS3.3 C.8.20.2.1"),
    Together(_SEG, "SegmentationType == 'FRACTIONAL'", "BitsStored == 8", "BitsStored", "PS3.3 C.8.20.2.1"),
    Together(
        _SEG,
        "SegmentationType == 'FRACTIONAL'",
        "MaximumFractionalValue <= 255",
        "MaximumFractionalValue",
        "PS3.3 C.8.20.2",
    ),
    Together(
        _SEG,
        "SegmentationType == 'FRACTIONAL'",
        "MaximumFractionalValue > 0",
        "MaximumFractionalValue",
        "PS3.3 C.8.20.2",
    ),
    Together(_SEG, "SegmentationType == 'LABELMAP'", "BitsAllocated in (8, 16)", "BitsAllocated", "PS3.3 C.8.20.2.1"),
    Together(
        _SEG,
        "SegmentationType == 'LABELMAP'",
        "SOPClassUID == '1.2.840.10008.5.1.4.1.1.66.7'",
        "SOPClassUID",
        "PS3.3 A.51",
    ),
    Together(
        _SEG,
        "SegmentationType in ('BINARY', 'FRACTIONAL')",
        "SOPClassUID == '1.2.840.10008.5.1.4.1.1.66.4'",
        "SOPClassUID",
        "PS3.3 A.51",
    ),
    Together(
        _SEG,
        "PhotometricInterpretation == 'PALETTE COLOR'",
        "SegmentationType == 'LABELMAP'",
        "PhotometricInterpretation",
        "PS3.3 C.8.20.2",
    ),
    Together(_PM, "FloatPixelData", "BitsAllocated == 32", "BitsAllocated", "PS3.3 C.8.32.2"),
    Together(_PM, "DoubleFloatPixelData", "BitsAllocated == 64", "BitsAllocated", "PS3.3 C.8.32.2"),
    Together(_PM, "PixelData", "BitsAllocated in (8, 16)", "BitsAllocated", "PS3.3 C.8.32.2"),
    Together("key-object-document", "SOPClassUID", "Modality == 'KO'", "Modality", "PS3.3 C.17.6.1"),
    Together(
        "sr-document-content",
        "SOPClassUID == '1.2.840.10008.5.1.4.1.1.88.59'",
        "Modality == 'KO'",
        "Modality",
        "PS3.3 C.17.6.1",
    ),
    Together("presentation-series", "SOPClassUID", "Modality == 'PR'", "Modality", "PS3.3 C.11.9"),
    Together("segmentation-series", "SOPClassUID", "Modality == 'SEG'", "Modality", "PS3.3 C.8.20.1"),
    Together("segmentation-image", "SOPClassUID", "Modality == 'SEG'", "Modality", "PS3.3 C.8.20.1"),
    Together("ct-image", "SOPClassUID == '1.2.840.10008.5.1.4.1.1.2'", "Modality == 'CT'", "Modality", "PS3.3 C.8.2.1"),
    Together("mr-image", "SOPClassUID == '1.2.840.10008.5.1.4.1.1.4'", "Modality == 'MR'", "Modality", "PS3.3 C.8.3.1"),
    Together("ct-image", "ImageType[3] != 'LOCALIZER'", "SamplesPerPixel == 1", "SamplesPerPixel", "PS3.3 C.8.2.1"),
    Together(
        "whole-slide-microscopy-image",
        "FrameOfReferenceUID",
        "PositionReferenceIndicator and PositionReferenceIndicator == 'SLIDE_CORNER'",
        "PositionReferenceIndicator",
        "PS3.3 C.7.4.1.1.2",
    ),
    Together("", "RescaleSlope", "RescaleSlope != 0", "RescaleSlope", "PS3.3 C.11.1"),
    Together(
        "", "ImagePositionPatient", "present(ImageOrientationPatient)", "ImageOrientationPatient", "PS3.3 C.7.6.2"
    ),
    Together(
        "", "LossyImageCompressionRatio", "LossyImageCompression == '01'", "LossyImageCompression", "PS3.3 C.7.6.1.1.5"
    ),
    Together(
        "",
        "PatientIdentityRemoved == 'YES'",
        "DeidentificationMethod or DeidentificationMethodCodeSequence",
        "DeidentificationMethod",
        "PS3.3 C.12.1",
    ),
)
_LOSSY = ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.100",
          "1.2.840.10008.1.2.4.101", "1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.103", "1.2.840.10008.1.2.4.107",
          "1.2.840.10008.1.2.4.108")  # fmt: skip
"""Transfer syntaxes that cannot but lose; others may."""
_LOSSY_COMPRESSION, _PIXEL_DATA, _INCREMENT_POINTER = 0x00282110, 0x7FE00010, 0x00280009


def check_contradictions(context: Context) -> Iterator[Finding]:
    """Check what must hold together."""
    root = context.root
    for rule in CONTRADICTIONS:
        if rule.module and rule.module not in context.module_names:
            continue
        element = root.get(tag_of_keyword(rule.keyword))
        if Condition.of(rule.when).holds(root) is True and Condition.of(rule.then).holds(root) is False:
            value = f"is {_shown(element.values)}" if element is not None else "is missing"
            yield found(rule.code, rule.keyword, f"{value}; where {rule.when}, {rule.then}", rule.reference)
    yield from _check_lossy(context)
    yield from _check_increment_pointer(context)


def _check_lossy(context: Context) -> Iterator[Finding]:
    said = context.root.first(_LOSSY_COMPRESSION)
    if context.root.get(_PIXEL_DATA) is None or not context.document.transfer_syntax.startswith(_LOSSY):
        return
    if context.document.transfer_syntax in _LOSSY and said not in (None, "01"):
        yield found(
            "STD001",
            "LossyImageCompression",
            f"is {said!r}, but the transfer syntax is a lossy one",
            "PS3.3 C.7.6.1.1.5",
        )


def _check_increment_pointer(context: Context) -> Iterator[Finding]:
    element = context.root.get(_INCREMENT_POINTER)
    for tag in element.values if element is not None else ():
        if isinstance(tag, int) and context.root.get(tag) is None:
            from hdcore.validation.elements import keyword_of_tag

            message = f"points at {keyword_of_tag(tag)}, which is missing"
            yield found("STD001", "FrameIncrementPointer", message, "PS3.3 C.7.6.6.1.1")


def _shown(values: list[object]) -> str:
    return repr(values[0]) if len(values) == 1 else repr(values)
