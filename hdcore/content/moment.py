"""Content items of dates and times (PS3.3 C.18.3 to C.18.5)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from pydicom.valuerep import DA, DT, TM

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.item import ContentItem, describe, holds, required_text
from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import elements_of

if TYPE_CHECKING:
    from pydicom.tag import BaseTag

    from hdcore.content.code import ConceptLike

__all__ = ["DateContentItem", "DateTimeContentItem", "TimeContentItem"]


@holds(ValueTypeValues.DATE)
class DateContentItem(ContentItem):
    """A date (value type DATE)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str | datetime.date | DA,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str | datetime.date | pydicom.valuerep.DA
            The date; as a string ``YYYYMMDD``.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If ``value`` is not a date.
        """
        super().__init__(ValueTypeValues.DATE, name, relationship_type)
        elements_of(self)[at.DATE] = _moment(at.DATE, "DA", DA, value)

    @property
    def value(self) -> datetime.date:
        """datetime.date: the date."""
        return cast("datetime.date", _read(self, at.DATE, "DA", DA))


@holds(ValueTypeValues.TIME)
class TimeContentItem(ContentItem):
    """A time of day (value type TIME)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str | datetime.time | TM,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str | datetime.time | pydicom.valuerep.TM
            The time; as a string ``HHMMSS.FFFFFF``.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If ``value`` is not a time.
        """
        super().__init__(ValueTypeValues.TIME, name, relationship_type)
        elements_of(self)[at.TIME] = _moment(at.TIME, "TM", TM, value)

    @property
    def value(self) -> datetime.time:
        """datetime.time: the time."""
        return cast("datetime.time", _read(self, at.TIME, "TM", TM))


@holds(ValueTypeValues.DATETIME)
class DateTimeContentItem(ContentItem):
    """A date with a time (value type DATETIME)."""

    def __init__(
        self,
        name: ConceptLike,
        value: str | datetime.datetime | DT,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        value: str | datetime.datetime | pydicom.valuerep.DT
            The date and time; as a string ``YYYYMMDDHHMMSS.FFFFFF+ZZZZ``.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If ``value`` is not a date with a time.
        """
        super().__init__(ValueTypeValues.DATETIME, name, relationship_type)
        elements_of(self)[at.DATE_TIME] = _moment(at.DATE_TIME, "DT", DT, value)

    @property
    def value(self) -> datetime.datetime:
        """datetime.datetime: the date and time."""
        return cast("datetime.datetime", _read(self, at.DATE_TIME, "DT", DT))


def _read(item: ContentItem, tag: BaseTag, vr: str, kind: Any) -> Any:
    text = required_text(item, tag)
    try:
        moment = kind(text)
    except (ValueError, TypeError) as error:
        raise UnreadableError(
            f"The value of the content item {describe(item)} is {text!r}, which is not of value representation {vr}."
        ) from error
    return moment


def _moment(tag: BaseTag, vr: str, kind: Any, value: Any) -> Any:
    if not isinstance(value, str | datetime.date | datetime.time):
        raise InputError(f"value is {value!r}; expected one of value representation {vr}.")
    try:
        moment = kind(value)
    except (ValueError, TypeError) as error:
        raise InputError(f"value is {value!r}, which is not of value representation {vr}: {error}") from error
    if not moment:
        raise InputError(f"value is {value!r}; expected one of value representation {vr}.")
    return encoded.text(tag, vr, value if isinstance(value, str) else written(moment))


def written(moment: Any) -> str:
    """Write pydicom's date or time as DICOM does."""
    return str(getattr(moment, "original_string", "") or moment)
