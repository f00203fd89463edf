"""What the text value representations accept (PS3.5 section 6.2), and how messages show what is no such text."""

from __future__ import annotations

import math
import re
import warnings
from numbers import Number
from typing import Any

from pydicom.valuerep import PersonName

from hdcore.errors import HdcoreWarning, InputError, InputTypeError

__all__ = ["MAXIMUM_LENGTHS", "check_person_name", "check_text", "decimal_string", "short"]

MAXIMUM_LENGTHS = {"AE": 16, "CS": 16, "DS": 16, "IS": 12, "LO": 64, "SH": 16, "ST": 1024, "LT": 10240, "UI": 64}
"""Characters that one value may have (PS3.5 table 6.2-1)."""

_CODE_STRING = re.compile(r"[A-Z0-9 _]*\Z")
_CONTROLS = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f]")
_CONTROLS_OF_LONG_TEXTS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that are not allowed (PS3.5 6.1.3): all but ESC, and but TAB, LF, FF and CR in long texts."""
_LONG_TEXTS = frozenset({"ST", "LT", "UT"})
_COMPONENTS = 5
_COMPONENT_GROUPS = 3
_COMPONENT_GROUP_LENGTH = 64
_LONGEST_SHOWN, _MOST_SHOWN = 80, 16


def short(value: Any) -> str:
    """Show a value in a message: texts, numbers and few of them as they are, of others, such as datasets, the kind."""
    shown = repr(value) if _is_plain(value) else f"a {type(value).__name__}"
    return shown if len(shown) < _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 3]}..."


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= _MOST_SHOWN and all(map(_is_plain, value))
    return value is None or isinstance(value, str | bytes | Number)


def check_text(text: str, value_representation: str, name: str) -> None:
    """Refuse a text that cannot be a value of a value representation.

    Parameters
    ----------
    text: str
        One value.
    value_representation: str
        Such as ``"LO"`` or ``"CS"``.
    name: str
        What the text is, for the message.

    Raises
    ------
    TypeError
        If ``text`` is not a string.
    ValueError
        If it is too long or has characters that the value representation forbids.
    """
    if not isinstance(text, str):
        raise InputTypeError(f"{name} is {short(text)}; expected a string.")
    limit = MAXIMUM_LENGTHS.get(value_representation)
    if limit is not None and len(text) > limit:
        raise InputError(
            f"{name} has {len(text)} characters ({text!r}); at most {limit} are allowed (VR {value_representation})."
        )
    if value_representation == "CS" and not _CODE_STRING.match(text):
        raise InputError(
            f"{name} is {text!r}; only upper case letters, digits, spaces and underscores are allowed (VR CS)."
        )
    is_long = value_representation in _LONG_TEXTS
    if not is_long and "\\" in text:
        raise InputError(f"{name} is {text!r}; a backslash is not allowed (VR {value_representation}).")
    if (_CONTROLS_OF_LONG_TEXTS if is_long else _CONTROLS).search(text):
        raise InputError(f"{name} is {text!r}; control characters are not allowed (VR {value_representation}).")


def check_person_name(person_name: str | PersonName, name: str = "") -> None:
    """Refuse a text that cannot be a person name (VR PN, PS3.5 6.2.1).

    Parameters
    ----------
    person_name: str | pydicom.valuerep.PersonName
        Up to three component groups separated by ``=``, each of up to five components separated by ``^``.
    name: str, optional
        Name of the parameter, for the message.

    Raises
    ------
    TypeError
        If ``person_name`` is not a string, nor a person name of pydicom's.
    ValueError
        If it has too many groups or components, or one is too long.

    Warns
    -----
    UserWarning
        If there is no ``^``, which usually means that given and family names were not told apart.
    """
    if isinstance(person_name, PersonName):
        person_name = str(person_name)
    if not isinstance(person_name, str):
        raise InputTypeError(
            f"{name or 'A person name'} is {short(person_name)}; expected a string such as 'Doe^Jane'."
        )
    groups = person_name.split("=")
    if len(groups) > _COMPONENT_GROUPS:
        raise InputError(f"The person name {person_name!r} has {len(groups)} component groups; at most 3 are allowed.")
    for group in groups:
        if len(group) > _COMPONENT_GROUP_LENGTH:
            raise InputError(f"The person name {person_name!r} has a component group of over 64 characters.")
        if group.count("^") >= _COMPONENTS:
            raise InputError(f"The person name {person_name!r} has over five components, separated by '^'.")
        if "\\" in group:
            raise InputError(f"The person name {person_name!r} holds a backslash, which is not allowed.")
    if person_name and "^" not in person_name:
        warnings.warn(
            f"The person name {person_name!r} has no '^': all of it is the family name. Expected 'Family^Given'.",
            HdcoreWarning,
            stacklevel=3,
        )


def decimal_string(number: float) -> str:
    """Write a number as a decimal string (VR DS, PS3.5 table 6.2-1).

    Parameters
    ----------
    number: float
        A finite number.

    Returns
    -------
    str
        At most 16 characters: the shortest text that reads back as the same number if there is one, else as many
        digits as there is room for.

    Raises
    ------
    ValueError
        If the number is infinite or not a number.

    Examples
    --------
    >>> decimal_string(0.5), decimal_string(1 / 3), decimal_string(-1e-7 / 3)
    ('0.5', '0.33333333333333', '-3.333333333e-08')
    """
    text = repr(float(number) + 0.0)  # + 0.0 makes minus zero plain zero
    if len(text) <= MAXIMUM_LENGTHS["DS"] and text[-1].isdigit():
        return text
    if not math.isfinite(number):
        raise InputError(f"{number} cannot be written as a decimal string (VR DS); expected a finite number.")
    for digits in range(15, 0, -1):
        text = f"{number:.{digits}g}"
        if len(text) <= MAXIMUM_LENGTHS["DS"]:
            break
    return text
