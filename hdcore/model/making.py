"""Data elements made of Python values that are known to be right, and the tags of their keywords."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID
from pydicom.valuerep import IS, DSfloat

from hdcore.errors import InputError
from hdcore.text import decimal_string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydicom.dataset import Dataset

__all__ = ["make_element", "raw_element", "tag_of", "vr_of"]


@lru_cache(maxsize=4096)
def tag_of(keyword: str) -> BaseTag:
    """Find the tag of a keyword of the data dictionary (PS3.6).

    Parameters
    ----------
    keyword: str
        Such as ``"PixelSpacing"``.

    Returns
    -------
    pydicom.tag.BaseTag
        Its tag.

    Raises
    ------
    ValueError
        If the dictionary has no such keyword.
    """
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise InputError(f"{keyword!r} is not a keyword of the DICOM data dictionary.")
    return Tag(tag)


@lru_cache(maxsize=4096)
def vr_of(keyword: str) -> str:
    """Find the value representation of a keyword of the data dictionary (PS3.6).

    Raises
    ------
    ValueError
        If the dictionary has no such keyword.
    """
    return str(dictionary_VR(tag_of(keyword)))


def make_element(keyword: str, value: Any, vr: str | None = None) -> DataElement:
    """Make a data element from a value that is known to be right.

    Parameters
    ----------
    keyword: str
        Keyword of the data dictionary.
    value: Any
        A value of the Python kind that pydicom holds for the value representation: text for text, numbers for numbers,
        datasets for items. Tuples, lists and NumPy arrays become multiple values. Decimal strings are written with as
        many digits as 16 characters hold. The value is not validated.
    vr: str | None, optional
        Value representation; that of the dictionary if absent. Give it where the dictionary has alternatives.

    Returns
    -------
    pydicom.dataelem.DataElement
        The element.
    """
    tag = tag_of(keyword)
    vr = vr or vr_of(keyword)
    convert = _CONVERSIONS.get(vr)
    if convert is None or value is None:
        return DataElement(tag, vr, value)
    return DataElement(tag, vr, convert(value), already_converted=True)


def raw_element(
    keyword: str, vr: str, value: bytes, *, is_implicit_vr: bool = False, is_little_endian: bool = True
) -> RawDataElement:
    """Make an element from its encoded value.

    Parameters
    ----------
    keyword: str
        Keyword of the data dictionary.
    vr: str
        Value representation.
    value: bytes
        Encoded value, of even length; for a sequence its items with their headers.
    is_implicit_vr: bool, optional
        Whether elements within the value carry no value representation.
    is_little_endian: bool, optional
        Byte order of the value.

    Returns
    -------
    pydicom.dataelem.RawDataElement
        The element, of defined length.
    """
    return RawDataElement(tag_of(keyword), vr, len(value), value, 0, is_implicit_vr, is_little_endian)


def _several(value: Any) -> bool:
    return isinstance(value, (list, tuple, MultiValue)) or getattr(value, "ndim", 0) > 0


def _converter(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def converted(value: Any) -> Any:
        if not _several(value):
            return convert(value)
        values = [convert(one) for one in value]
        return values[0] if len(values) == 1 else MultiValue(_unchanged, values)

    return converted


def _unchanged(value: Any) -> Any:
    return value


def _decimal(value: Any) -> DSfloat:
    if isinstance(value, DSfloat):
        return value
    number: DSfloat = DSfloat(decimal_string(float(value)))  # pyright: ignore[reportAssignmentType]
    return number


def _items(value: Iterable[Dataset]) -> Sequence:
    return value if isinstance(value, Sequence) else Sequence(value)


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    **{vr: _converter(str) for vr in ("AE", "CS", "LO", "SH", "UC")},
    **dict.fromkeys(("LT", "ST", "UT", "UR"), str),
    **{vr: _converter(int) for vr in ("US", "SS", "UL", "SL", "UV", "SV")},
    **{vr: _converter(float) for vr in ("FL", "FD")},
    **dict.fromkeys(("OB", "OW", "OF", "OD", "OL", "OV", "UN"), bytes),
    "IS": _converter(lambda value: IS(int(value))),
    "UI": _converter(lambda value: value if isinstance(value, UID) else UID(value, config.IGNORE)),
    "DS": _converter(_decimal),
    "SQ": _items,
}
