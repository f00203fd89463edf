"""Whether pixel data are as long as the image's description and transfer syntax say (PS3.5 8.1.1, A.4)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from hdcore.model.syntaxes import DEFLATED, NATIVE
from hdcore.validation.checks.pixel_description import (
    ALLOCATED,
    COLUMNS,
    DOUBLE_PIXEL_DATA,
    FLOAT_PIXEL_DATA,
    FRAMES,
    PHOTOMETRIC,
    PIXEL_DATA,
    ROWS,
    SAMPLES,
)
from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Buffer, Element, Item
    from hdcore.validation.findings import Finding

__all__ = ["check_pixel_data"]

_EXTENDED_OFFSETS, _EXTENDED_LENGTHS = 0x7FE00001, 0x7FE00002
_PAPYRUS = "1.2.840.10008.1.20"
_NATIVE = NATIVE | DEFLATED | {_PAPYRUS}
_SEVERAL_FRAMES_IN_ONE = ("1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.4.92",
                          "1.2.840.10008.1.2.4.93", "1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95")  # fmt: skip
"""Video, volumes and what is fetched by address: their fragments are not frames."""
_BEGINNINGS = {
    b"\xff\xd8": ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57",
                  "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"),
    b"\xff\x4f": ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.201",
                  "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"),
}  # fmt: skip
"""How frames begin: a JPEG or JPEG-LS stream, a JPEG 2000 codestream."""


def check_pixel_data(context: Context) -> Iterator[Finding]:
    """Check the lengths of pixel data, native or encapsulated, and of offset tables."""
    root, syntax = context.root, context.document.transfer_syntax
    kinds = [tag for tag in (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA) if root.get(tag) is not None]
    if len(kinds) > 1:
        yield found("PIX007", keyword_of_tag(kinds[1]), f"stands beside {keyword_of_tag(kinds[0])}")
    if "image-pixel" in context.module_names and not kinds and root.get(0x00287FE0) is None:
        yield found("PIX007", "PixelData", "is missing from an image")
    for tag in kinds:
        element = root.elements[tag]
        if element.fragments is not None:
            yield from _check_encapsulated(root, element, element.fragments, syntax)
        elif syntax and syntax not in _NATIVE and tag == PIXEL_DATA and context.document.is_file:
            yield found("PIX005", "PixelData", "is not encapsulated in fragments, as the transfer syntax requires")
        else:
            yield from _check_native(root, element)


def _check_native(root: Item, element: Element) -> Iterator[Finding]:
    bits = root.number(ALLOCATED)
    if element.tag == PIXEL_DATA and element.vr == "OB" and bits is not None and bits > 8:
        yield found("PIX005", "PixelData", f"has VR OB; samples of {bits} bits have VR OW", "PS3.5 8.1.2")
    expected = _expected_length(root, element.tag)
    if expected is None:
        return
    size = len(element.data)
    padded = expected + expected % 2
    if size == padded:
        return
    keyword = keyword_of_tag(element.tag)
    if size < expected:
        yield found("PIX001", keyword, f"has {size} bytes; the image's description requires {padded}")
    elif size != expected:
        yield found("PIX001", keyword, f"has {size} bytes, {size - padded} more than the image's description requires")


def _expected_length(root: Item, tag: int) -> int | None:
    rows, columns, samples = root.number(ROWS), root.number(COLUMNS), root.number(SAMPLES)
    bits = {FLOAT_PIXEL_DATA: 32, DOUBLE_PIXEL_DATA: 64}.get(tag) or root.number(ALLOCATED)
    if rows is None or columns is None or samples is None or bits is None:
        return None
    frames = root.number(FRAMES) or 1
    photometric = root.first(PHOTOMETRIC)
    values = rows * columns * samples * frames
    if photometric == "YBR_FULL_422":
        values = values * 2 // 3  # both chrominances once for two pixels
    elif photometric == "YBR_PARTIAL_420":
        values //= 2
    return (values * bits + 7) // 8


def _check_encapsulated(root: Item, element: Element, fragments: list[Buffer], syntax: str) -> Iterator[Finding]:
    if syntax in _NATIVE:
        yield found("PIX005", "PixelData", "is encapsulated in fragments, but the transfer syntax is a native one")
        return
    if element.vr != "OB":
        yield found("PIX005", "PixelData", f"has VR {element.vr}; encapsulated pixel data have VR OB")
    if not fragments:
        yield found("PIX003", "PixelData", "has not even an offset table")
        return
    table, *frames = fragments
    count = root.number(FRAMES) or 1
    if syntax.startswith(_SEVERAL_FRAMES_IN_ONE):
        return
    if len(frames) < count:
        yield found("PIX003", "PixelData", f"has {len(frames)} fragments for {count} frames")
    for number, fragment in enumerate(frames):
        if len(fragment) % 2:
            yield found("VAL001", "PixelData", f"has a fragment ({number}) of odd length")
            break
    starts = _starts(frames)
    offsets = yield from _check_basic_table(table, starts, count)
    yield from _check_extended_table(root, table, starts, frames, count)
    first = offsets[0] if offsets else 0
    if frames and first == 0:
        yield from _check_beginning(frames[0], syntax)


def _starts(fragments: Sequence[Buffer]) -> list[int]:
    starts, position = [], 0
    for fragment in fragments:
        starts.append(position)
        position += 8 + len(fragment)
    return starts


def _check_basic_table(table: Buffer, starts: list[int], count: int) -> Generator[Finding, None, list[int]]:
    if not len(table):
        return []
    offsets = list(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
    if len(offsets) != count or len(table) % 4:
        yield found("PIX004", "PixelData", f"has a basic offset table of {len(offsets)} entries for {count} frames")
    elif not set(offsets) <= set(starts) or offsets != sorted(set(offsets)):
        yield found("PIX004", "PixelData", "has a basic offset table with entries that are not where a fragment begins")
    return offsets


def _check_extended_table(
    root: Item, table: Buffer, starts: list[int], fragments: Sequence[Buffer], count: int
) -> Iterator[Finding]:
    offsets, lengths = root.get(_EXTENDED_OFFSETS), root.get(_EXTENDED_LENGTHS)
    if offsets is None:
        return
    if len(table):
        yield found("PIX004", "ExtendedOffsetTable", "stands beside a basic offset table that is not empty")
    if len(offsets.values) != count:
        yield found("PIX004", "ExtendedOffsetTable", f"has {len(offsets.values)} entries for {count} frames")
    elif not set(offsets.values) <= set(starts):
        yield found("PIX004", "ExtendedOffsetTable", "has entries that are not where a fragment begins")
    if lengths is not None and len(lengths.values) != len(offsets.values):
        yield found("PIX004", "ExtendedOffsetTableLengths", f"has {len(lengths.values)} entries for {count} frames")
    elif lengths is not None and len(fragments) == len(lengths.values):
        for number, (fragment, length) in enumerate(zip(fragments, lengths.values, strict=True), start=1):
            # The length is without the byte of padding, if any.
            if length not in (len(fragment), len(fragment) - 1):
                yield found("PIX004", "ExtendedOffsetTableLengths", f"is not the length of frame {number}")
                break


def _check_beginning(fragment: Buffer, syntax: str) -> Iterator[Finding]:
    beginning = bytes(fragment[:2])
    for expected, syntaxes in _BEGINNINGS.items():
        # JPEG 2000 within its file format is not allowed either, but common, and readers accept it.
        if syntax in syntaxes and beginning != expected and bytes(fragment[4:8]) != b"jP  ":
            yield found(
                "PIX005",
                "PixelData",
                f"begins with {beginning.hex(' ')}; a frame in this transfer syntax begins with {expected.hex(' ')}",
            )
