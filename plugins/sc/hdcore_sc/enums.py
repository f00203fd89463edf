"""Defined terms of secondary captures."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = ["SOP_CLASS_UIDS", "ConversionTypeValues"]

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
MULTI_FRAME_SINGLE_BIT = "1.2.840.10008.5.1.4.1.1.7.1"
MULTI_FRAME_GRAYSCALE_BYTE = "1.2.840.10008.5.1.4.1.1.7.2"
MULTI_FRAME_GRAYSCALE_WORD = "1.2.840.10008.5.1.4.1.1.7.3"
MULTI_FRAME_TRUE_COLOR = "1.2.840.10008.5.1.4.1.1.7.4"
MULTI_FRAME = (
    MULTI_FRAME_SINGLE_BIT,
    MULTI_FRAME_GRAYSCALE_BYTE,
    MULTI_FRAME_GRAYSCALE_WORD,
    MULTI_FRAME_TRUE_COLOR,
)

SOP_CLASS_UIDS = {SECONDARY_CAPTURE}
"""SOP class of a single-frame secondary capture."""


_TRUE_COLOR = {
    "1.2.840.10008.1.2.4.50": "YBR_FULL_422",  # JPEG Baseline
    "1.2.840.10008.1.2.4.51": "YBR_FULL_422",  # JPEG Extended
    "1.2.840.10008.1.2.4.90": "YBR_RCT",  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91": "YBR_ICT",  # JPEG 2000
    "1.2.840.10008.1.2.4.201": "YBR_RCT",  # High-Throughput JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.202": "YBR_RCT",
    "1.2.840.10008.1.2.4.203": "YBR_ICT",  # High-Throughput JPEG 2000
}
"""Transfer syntaxes that transform colours, and how."""


def true_color_interpretation(transfer_syntax_uid: str) -> str:
    """Give the one Photometric Interpretation of several frames of colour under a transfer syntax (PS3.3 A.8.5.4)."""
    return _TRUE_COLOR.get(transfer_syntax_uid, "RGB")


class ConversionTypeValues(Terms):
    """Conversion Type: where a secondary capture comes from (PS3.3 C.8.6.1)."""

    DV = "DV"
    """Digitized video."""
    DI = "DI"
    """Digital interface."""
    DF = "DF"
    """Digitized film."""
    WSD = "WSD"
    """Workstation."""
    SD = "SD"
    """Scanned document."""
    SI = "SI"
    """Scanned image."""
    DRW = "DRW"
    """Drawing."""
    SYN = "SYN"
    """Synthetic image."""
