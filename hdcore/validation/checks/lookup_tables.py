"""Whether lookup tables are as long as their descriptors say (PS3.3 C.11, C.7.6.3.1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_lookup_tables"]

_PALETTES = ((0x00281101, 0x00281201), (0x00281102, 0x00281202), (0x00281103, 0x00281203), (0x00281104, 0x00281204))
_DESCRIPTOR, _DATA = 0x00283002, 0x00283006


def check_lookup_tables(context: Context) -> Iterator[Finding]:
    """Check all lookup tables, wherever they are."""
    yield from _check_item(context.root, "", 0)


def _check_item(item: Item, prefix: str, depth: int) -> Iterator[Finding]:
    for descriptor, data in _PALETTES:
        yield from _check_table(item, descriptor, data, prefix)
    yield from _check_table(item, _DESCRIPTOR, _DATA, prefix)
    for element in item:
        # Functional groups of many frames hold no tables of their own but these.
        if element.items and depth < 4 and len(element.items) <= 64:
            for number, inner in enumerate(element.items):
                yield from _check_item(inner, f"{prefix}{keyword_of_tag(element.tag)}[{number}]/", depth + 1)


def _check_table(item: Item, descriptor_tag: int, data_tag: int, prefix: str) -> Iterator[Finding]:
    descriptor, data = item.get(descriptor_tag), item.get(data_tag)
    if descriptor is None:
        return
    values = [value & 0xFFFF for value in descriptor.values if isinstance(value, int)]
    path = prefix + keyword_of_tag(descriptor_tag)
    if len(values) != 3:
        return
    entries, bits = values[0] or 65536, values[2]
    if bits not in ((8, 16) if data_tag != _DATA else range(8, 17)):
        yield found("PIX006", path, f"says that entries have {bits} bits; expected 8 or 16", "PS3.3 C.7.6.3.1.5")
        return
    if data is None:
        return
    size = len(data.data)
    # Entries of 8 bits may take a word each, as old writers have it.
    if size not in (entries * 2, entries + entries % 2) or (bits > 8 and size != entries * 2):
        expected = entries * 2 if bits > 8 else entries + entries % 2
        yield found(
            "PIX006",
            prefix + keyword_of_tag(data_tag),
            f"has {size} bytes; its descriptor says {entries} entries of {bits} bits, that is {expected} bytes",
            "PS3.3 C.7.6.3.1.6",
        )
