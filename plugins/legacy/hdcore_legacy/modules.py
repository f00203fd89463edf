"""What an enhanced image may say of its sources only if it can say enough (PS3.3 C.7.4.2, C.7.5.2, C.7.6.1.1.5).

Single-frame images may say some things in part that a module of the converted image has in whole or not at all. Where
the sources do not suffice, their attributes stay unassigned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hdcore.model.making import tag_of
from hdcore.pixels.profiles import lossy_compression

from hdcore_legacy.elements import Elements, encode_element, equal_bytes, has_value, text_of
from hdcore_legacy.pixels import syntax_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from hdcore_legacy.sources import Sources

__all__ = ["barred_tags", "completed_elements"]


class _Together(NamedTuple):
    """Attributes that all sources must have alike before any of some attributes is said of the image."""

    needed: tuple[str, ...]
    attributes: tuple[str, ...]
    value: str = ""
    """What the needed attribute must be, if not just anything."""


_SYNCHRONIZED = ("SynchronizationTrigger", "AcquisitionTimeSynchronized", "SynchronizationFrameOfReferenceUID")
_TOGETHER = (
    _Together(_SYNCHRONIZED, (*_SYNCHRONIZED, "TriggerSourceOrType", "SynchronizationChannel")),
    _Together(("Manufacturer",), ("ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions")),
    # an enhanced image can only say that it has none
    _Together(("BurnedInAnnotation",), ("BurnedInAnnotation",), "NO"),
    _Together(("LossyImageCompression",), ("LossyImageCompressionRatio", "LossyImageCompressionMethod"), "01"),
)


def _tag(keyword: str) -> int:
    return int(tag_of(keyword))


def barred_tags(sources: Sources) -> set[int]:
    """Give the tags of what the image cannot say itself, since it cannot say what belongs to it.

    Parameters
    ----------
    sources: Sources
        The images.

    Returns
    -------
    set[int]
        The tags.
    """
    barred: set[int] = set()
    for together in _TOGETHER:
        columns = [sources.column(keyword) for keyword in together.needed]
        alike = all(equal_bytes(column) and has_value(column[0]) for column in columns)
        if not alike or (together.value and text_of(columns[0][0]) != together.value):
            barred |= {_tag(keyword) for keyword in together.attributes}
    return barred


def completed_elements(sources: Sources, said: Collection[int]) -> Elements:
    """Give what the image must say though its sources do not say it alike.

    Parameters
    ----------
    sources: Sources
        The images.
    said: Collection[int]
        Tags of what it says already.

    Returns
    -------
    dict[int, bytes]
        An empty Position Reference Indicator. If some images were compressed with losses, that the converted image
        was, with ratio and method of the one that lost most; where it does not say the method, which a single-frame
        image need not, that of its transfer syntax.
    """
    made: Elements = {}
    if _tag("PositionReferenceIndicator") not in said:
        made[_tag("PositionReferenceIndicator")] = encode_element(_tag("PositionReferenceIndicator"), "LO", b"")
    lossy, ratio, method = (_tag(f"LossyImageCompression{end}") for end in ("", "Ratio", "Method"))
    compressed = [at for at, elements in enumerate(sources.elements) if text_of(elements.get(lossy)) == "01"]
    if compressed and not {lossy, ratio, method} <= set(said):
        at = max(compressed, key=lambda at: _largest(text_of(sources.elements[at].get(ratio))))
        worst = sources.elements[at]
        made |= {tag: worst[tag] for tag in (lossy, ratio, method) if tag in worst and tag not in said}
        known = lossy_compression(str(syntax_of(sources.datasets[at])))
        if method not in worst and known and "\\" not in text_of(worst.get(ratio)):
            made[method] = encode_element(method, "CS", known.encode(), b" ")
    return made


def _largest(text: str) -> float:
    try:
        return max(float(one) for one in text.split("\\"))
    except ValueError:
        return 0.0
