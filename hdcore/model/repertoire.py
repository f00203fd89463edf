"""Texts that the character repertoire of a dataset does not have (PS3.3 C.12.1.1.2, PS3.5 6.1).

pydicom writes a question mark in place of each character that the Specific Character Set cannot hold, and warns. What a
text said is then lost for good, so here it is refused before anything is written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydicom.charset import convert_encodings
from pydicom.datadict import keyword_for_tag
from pydicom.valuerep import PersonName

from hdcore.errors import InputError
from hdcore.model.element import UTF_8, DeferredSequence, character_set_of, current_character_set, elements_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import Dataset

__all__ = ["check_item", "check_texts"]

_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_DEFAULTS = frozenset({"", "ISO_IR 6", "ISO 2022 IR 6"})
"""Names of the default repertoire, which is that of ASCII."""


def check_texts(dataset: Dataset, *, is_new: bool = False) -> None:
    """Refuse texts that the Specific Character Set of a dataset cannot hold.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset, with everything in it. What is encoded already, and in that character set, is not looked at.
    is_new: bool, optional
        Whether it is being made, and so may hold no more than the default repertoire if that is its own; files that
        were read often hold more.

    Raises
    ------
    ValueError
        If there is one; the message names it and the way out.
    """
    codecs = _ascii_if_default(dataset) if is_new else None
    _check(dataset, codecs or current_character_set(dataset), "")


def check_item(item: Dataset, character_set: str | list[str]) -> None:
    """Refuse texts of an item that the character set of the dataset it is part of cannot hold.

    Parameters
    ----------
    item: pydicom.dataset.Dataset
        The item.
    character_set: str | list[str]
        Specific Character Set of the dataset.

    Raises
    ------
    ValueError
        If there is one.
    """
    _check(item, convert_encodings(character_set), "")


def _ascii_if_default(dataset: Dataset) -> list[str] | None:
    names = dataset.get("SpecificCharacterSet") or ""
    several = [names] if isinstance(names, str) else list(names)
    return ["ascii"] if set(several) <= _DEFAULTS else None


def _check(dataset: Dataset, codecs: list[str], path: str) -> None:
    if path and "SpecificCharacterSet" in dataset:
        codecs = convert_encodings(dataset.SpecificCharacterSet)
    if codecs == UTF_8:
        return
    own = character_set_of(dataset)
    for tag, stored in list(elements_of(dataset).items()):
        if stored.is_raw and _is_kept(stored, own, codecs):
            continue
        element = dataset[tag] if stored.is_raw else stored
        place = path + (keyword_for_tag(tag) or str(tag))
        if element.VR == "SQ":
            for number, item in enumerate(_items_of(element.value, codecs)):
                _check(item, codecs, f"{place}[{number}]/")
        elif element.VR in _TEXT_VRS:
            _check_value(element.value, codecs, place)


def _is_kept(element: Any, own: str | list[str], codecs: list[str]) -> bool:
    """Tell whether the bytes of an element say the same in both character sets."""
    return own in (codecs, codecs[0]) or (element.value or b"").isascii()


def _items_of(value: Any, codecs: list[str]) -> Iterable[Dataset]:
    source = getattr(value, "encoded_value", None)
    if source is not None and isinstance(value, DeferredSequence) and value.is_deferred:
        element, own = source
        if _is_kept(element, own, codecs):
            return ()
    return value or ()


def _check_value(value: Any, codecs: list[str], place: str) -> None:
    for text in [str(value)] if isinstance(value, str | PersonName) or value is None else map(str, value):
        if text.isascii():
            continue
        lost = "".join(dict.fromkeys(character for character in text if not _can_hold(character, tuple(codecs))))
        if lost:
            raise InputError(
                f"{place} is {text!r}, but the Specific Character Set cannot hold {lost!r}; pass "
                "specific_character_set='ISO_IR 192' (UTF-8), which holds all characters, or none at all."
            )


@lru_cache(maxsize=1 << 14)
def _can_hold(character: str, codecs: tuple[str, ...]) -> bool:
    for codec in codecs:
        try:
            character.encode(codec)
        except UnicodeEncodeError:
            continue
        return True
    return False
