"""Which pixel data each transfer syntax may hold: the tables of PS3.5 section 8.2.

Each row allows a set of photometric interpretations with one number of samples, and the Pixel Representation, Bits
Allocated and Bits Stored that go with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hdcore.errors import InputError
from hdcore.model.syntaxes import (
    NATIVE,
)

if TYPE_CHECKING:
    from hdcore.pixels.format import FrameFormat

__all__ = ["PROFILES", "Profile", "Row", "check_profile", "is_native", "lossy_compression"]

DEFLATED_IMAGE_FRAME = "1.2.840.10008.1.2.8.1"
RLE_LOSSLESS = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"
JPEG_LOSSLESS_SV1 = "1.2.840.10008.1.2.4.70"
JPEG_LS_LOSSLESS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR_LOSSLESS = "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
JPEG_2000 = "1.2.840.10008.1.2.4.91"
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"
HTJ2K_LOSSLESS_RPCL = "1.2.840.10008.1.2.4.202"
HTJ2K = "1.2.840.10008.1.2.4.203"

JPEG_2000_FAMILY = frozenset({JPEG_2000_LOSSLESS, JPEG_2000, HTJ2K_LOSSLESS, HTJ2K_LOSSLESS_RPCL, HTJ2K})

_GRAYSCALE = frozenset({"MONOCHROME1", "MONOCHROME2"})
_PALETTE = frozenset({"PALETTE COLOR"})
_EITHER = frozenset({0, 1})
_UNSIGNED = frozenset({0})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    photometric_interpretations: frozenset[str]
    samples_per_pixel: int
    pixel_representations: frozenset[int]
    bits_allocated: frozenset[int]
    bits_stored: range

    def allows(self, frame: FrameFormat) -> bool:
        """Say whether frames of a format fit the row."""
        return (
            frame.photometric_interpretation in self.photometric_interpretations
            and frame.samples_per_pixel == self.samples_per_pixel
            and frame.pixel_representation in self.pixel_representations
            and frame.bits_allocated in self.bits_allocated
            and frame.bits_stored in self.bits_stored
        )

    def __str__(self) -> str:
        names = " or ".join(sorted(self.photometric_interpretations))
        allocated = " or ".join(str(bits) for bits in sorted(self.bits_allocated))
        signed = " or ".join(str(value) for value in sorted(self.pixel_representations))
        return (
            f"{names} with Samples per Pixel {self.samples_per_pixel}, Pixel Representation {signed}, "
            f"Bits Allocated {allocated}, Bits Stored {self.bits_stored.start} to {self.bits_stored.stop - 1}"
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What a transfer syntax may hold."""

    name: str
    table: str
    """Where the standard says so."""
    rows: tuple[Row, ...]
    lossy_method: str = ""
    """Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1), of a lossy transfer syntax."""


def _row(names: frozenset[str] | str, samples: int, signs: frozenset[int], allocated: set[int], stored: range) -> Row:
    interpretations = frozenset({names}) if isinstance(names, str) else names
    return Row(interpretations, samples, signs, frozenset(allocated), stored)


_JPEG_LOSSLESS_ROWS = (
    _row(_GRAYSCALE, 1, _EITHER, {8, 16}, range(1, 17)),
    _row(_PALETTE, 1, _UNSIGNED, {8, 16}, range(1, 17)),
    _row(frozenset({"RGB", "YBR_FULL"}), 3, _UNSIGNED, {8, 16}, range(1, 17)),
)
_JPEG_LS_ROWS = (
    _row(_GRAYSCALE, 1, _EITHER, {8, 16}, range(2, 17)),
    _row("YBR_FULL", 3, _UNSIGNED, {8}, range(2, 9)),
    _row("RGB", 3, _UNSIGNED, {8, 16}, range(2, 17)),
)
_J2K_BITS = {8, 16, 24, 32, 40}
_J2K_SINGLE_BIT = _row(_GRAYSCALE, 1, _EITHER, {1}, range(1, 2))
"""Of JPEG 2000 alone: the table of HTJ2K has no pixels of one bit."""
_J2K_GRAYSCALE = _row(_GRAYSCALE, 1, _EITHER, _J2K_BITS, range(1, 39))
_J2K_PALETTE = _row(_PALETTE, 1, _UNSIGNED, {8, 16}, range(1, 17))
_J2K_REVERSIBLE = _row(frozenset({"YBR_RCT", "RGB", "YBR_FULL"}), 3, _UNSIGNED, _J2K_BITS, range(1, 39))
_J2K_ANY = _row(frozenset({"YBR_RCT", "YBR_ICT", "RGB", "YBR_FULL"}), 3, _UNSIGNED, _J2K_BITS, range(1, 39))

PROFILES: dict[str, Profile] = {
    JPEG_BASELINE: Profile(
        "JPEG Baseline",
        "PS3.5 table 8.2.1-1",
        (
            _row(_GRAYSCALE, 1, _UNSIGNED, {8}, range(8, 9)),
            _row(frozenset({"YBR_FULL_422", "RGB"}), 3, _UNSIGNED, {8}, range(8, 9)),
        ),
        "ISO_10918_1",
    ),
    JPEG_EXTENDED: Profile(
        "JPEG Extended",
        "PS3.5 table 8.2.1-1",
        (
            _row(_GRAYSCALE, 1, _UNSIGNED, {8}, range(8, 9)),
            _row(_GRAYSCALE, 1, _UNSIGNED, {16}, range(12, 13)),
        ),
        "ISO_10918_1",
    ),
    JPEG_LOSSLESS: Profile("JPEG Lossless", "PS3.5 table 8.2.1-2", _JPEG_LOSSLESS_ROWS),
    JPEG_LOSSLESS_SV1: Profile("JPEG Lossless SV1", "PS3.5 table 8.2.1-2", _JPEG_LOSSLESS_ROWS),
    RLE_LOSSLESS: Profile(
        "RLE Lossless",
        "PS3.5 table 8.2.2-1",
        (
            _row(_GRAYSCALE, 1, _UNSIGNED, {1}, range(1, 2)),  # of CP 2301
            _row(_GRAYSCALE, 1, _EITHER, {8, 16}, range(1, 17)),
            _row(_PALETTE, 1, _UNSIGNED, {8, 16}, range(1, 17)),
            _row("YBR_FULL", 3, _UNSIGNED, {8}, range(1, 9)),
            _row("RGB", 3, _UNSIGNED, {8, 16}, range(1, 17)),
        ),
    ),
    JPEG_LS_LOSSLESS: Profile(
        "JPEG-LS Lossless",
        "PS3.5 table 8.2.3-1",
        (*_JPEG_LS_ROWS, _row(_PALETTE, 1, _UNSIGNED, {8, 16}, range(2, 17))),
    ),
    JPEG_LS_NEAR_LOSSLESS: Profile("JPEG-LS Near Lossless", "PS3.5 table 8.2.3-1", _JPEG_LS_ROWS, "ISO_14495_1"),
    JPEG_2000_LOSSLESS: Profile(
        "JPEG 2000 Lossless", "PS3.5 table 8.2.4-1", (_J2K_SINGLE_BIT, _J2K_GRAYSCALE, _J2K_PALETTE, _J2K_REVERSIBLE)
    ),
    JPEG_2000: Profile("JPEG 2000", "PS3.5 table 8.2.4-1", (_J2K_SINGLE_BIT, _J2K_GRAYSCALE, _J2K_ANY), "ISO_15444_1"),
    HTJ2K_LOSSLESS: Profile("HTJ2K Lossless", "PS3.5 table 8.2.14-1", (_J2K_GRAYSCALE, _J2K_PALETTE, _J2K_REVERSIBLE)),
    HTJ2K_LOSSLESS_RPCL: Profile(
        "HTJ2K Lossless RPCL", "PS3.5 table 8.2.14-1", (_J2K_GRAYSCALE, _J2K_PALETTE, _J2K_REVERSIBLE)
    ),
    HTJ2K: Profile("HTJ2K", "PS3.5 table 8.2.14-1", (_J2K_GRAYSCALE, _J2K_ANY), "ISO_15444_15"),
}
"""Profiles by Transfer Syntax UID. The native format and deflated frames (8.2.16) hold anything, so are not listed."""


def is_native(transfer_syntax_uid: str) -> bool:
    """Say whether pixel data of a transfer syntax is in the native format, that is, not encapsulated."""
    return transfer_syntax_uid in NATIVE


def check_profile(frame: FrameFormat) -> None:
    """Refuse frames that their transfer syntax may not hold.

    Parameters
    ----------
    frame: FrameFormat
        Format of frames that are to be encoded.

    Raises
    ------
    ValueError
        If no row of the transfer syntax's table allows the format; the message gives the rows.
    """
    profile = PROFILES.get(frame.transfer_syntax_uid)
    if profile is None and frame.photometric_interpretation in ("YBR_RCT", "YBR_ICT"):
        raise InputError(
            f"{frame.photometric_interpretation} frames are made by JPEG 2000 alone (PS3.3 C.7.6.3.1.2), not under "
            f"transfer syntax {frame.transfer_syntax_uid}; expected RGB."
        )
    if frame.is_float and not is_native(frame.transfer_syntax_uid):
        raise InputError(f"{frame.pixel_keyword} cannot be encapsulated (PS3.5 8.2); use a native transfer syntax.")
    if profile is None or any(row.allows(frame) for row in profile.rows):
        return
    rows = "; ".join(str(row) for row in profile.rows)
    raise InputError(
        f"{profile.name} may not hold {frame.photometric_interpretation} frames with Samples per Pixel "
        f"{frame.samples_per_pixel}, Pixel Representation {frame.pixel_representation}, Bits Allocated "
        f"{frame.bits_allocated}, Bits Stored {frame.bits_stored}. {profile.table} allows: {rows}."
    )


def lossy_compression(transfer_syntax_uid: str) -> str | None:
    """Give the Lossy Image Compression Method of a transfer syntax.

    Returns
    -------
    str | None
        Defined term (PS3.3 C.7.6.1.1.5.1), or None if the transfer syntax loses nothing.
    """
    profile = PROFILES.get(transfer_syntax_uid)
    return profile.lossy_method or None if profile else None
