"""Arguments of callers, taken as what they should be or refused by name."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, TypeVar

from pydicom.dataset import Dataset
from pydicom.valuerep import DA, DT, TM

from hdcore.errors import InputError, InputTypeError
from hdcore.text import check_text, short

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["flag", "list_of", "listed", "moment", "short", "texts"]

T = TypeVar("T")

_KINDS: dict[str, Any] = {"DA": DA, "TM": TM, "DT": DT}
_FORMS = {
    "DA": "a datetime.date or a text such as '20201231' (VR DA)",
    "TM": "a datetime.time or a text such as '235959.5' (VR TM)",
    "DT": "a datetime.datetime or a text such as '20201231235959.5' (VR DT)",
}


def listed(values: Any, name: str, expected: str) -> list[Any]:
    """Take several things as a list.

    Parameters
    ----------
    values: Any
        Anything that can be gone through, but text, a mapping, a dataset or a named tuple, such as a pydicom Code, is
        one thing.
    name: str
        What they are, for the message.
    expected: str
        Kind of the things, for the message.

    Raises
    ------
    TypeError
        If it is one thing.
    """
    if isinstance(values, str | bytes | dict | type | Dataset):
        raise InputTypeError(f"{name} is {short(values)}; expected a sequence of {expected}.")
    if hasattr(values, "_fields") or not hasattr(values, "__iter__"):
        raise InputTypeError(f"{name} is {short(values)}; expected a sequence of {expected}.")
    return list(values)


def flag(value: Any, name: str) -> bool:
    """Take a truth value: of others, such as the text ``"False"``, nobody knows what they are to mean.

    Parameters
    ----------
    value: Any
        ``True`` or ``False``, of Python or of NumPy, or 1 or 0.
    name: str
        What it is, for the message.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if hasattr(value, "dtype") and value.ndim == 0:
        value = value.item()
    if not isinstance(value, int) or value not in (0, 1):
        raise InputTypeError(f"{name} is {short(value)}; expected True or False.")
    return bool(value)


def list_of(kind: type[T], values: Any, name: str, expected: str = "") -> list[T]:
    """Take several things of a class as a list; ``None`` as none.

    Parameters
    ----------
    kind: type
        The class.
    values: Any
        As of :func:`listed`.
    name: str
        What they are, for the message.
    expected: str, optional
        Kind of the things, for the message, if not the name of the class.

    Raises
    ------
    TypeError
        If it is one thing, or one is of another class.
    """
    expected = expected or kind.__name__
    several = [] if values is None else listed(values, name, expected)
    for index, one in enumerate(several):
        if not isinstance(one, kind):
            raise InputTypeError(f"{name}[{index}] is of type {type(one).__name__}; expected {expected}.")
    return several


def texts(values: Any, value_representation: str, name: str) -> str | list[str]:
    """Take one text, or several as a list.

    Parameters
    ----------
    values: Any
        A text or a sequence of texts.
    value_representation: str
        Such as ``"LO"``.
    name: str
        What they are, for the message.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If one is too long or has characters that the value representation forbids.
    """
    several = [values] if isinstance(values, str) else listed(values, name, "texts")
    for text in several:
        check_text(text, value_representation, name)
    return values if isinstance(values, str) else several


def moment(value: str | date | time | datetime, value_representation: str, name: str) -> str:
    """Write a date, a time or both as text, as pydicom reads it: objects would not become JSON.

    Parameters
    ----------
    value: str | datetime.date | datetime.time | datetime.datetime
        The moment; an empty text stays one.
    value_representation: str
        ``"DA"``, ``"TM"`` or ``"DT"``.
    name: str
        What it is, for the message.

    Raises
    ------
    ValueError
        If it is no such moment.
    """
    kind = _KINDS[value_representation]
    try:
        made = kind(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{name} is {short(value)}; expected {_FORMS[value_representation]}.") from error
    if not isinstance(value, str | date | time) or (made is None and value != ""):
        raise InputError(f"{name} is {short(value)}; expected {_FORMS[value_representation]}.")
    return "" if made is None else str(getattr(made, "original_string", "") or made)
