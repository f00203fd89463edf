"""Channels: the axes of a volume beyond the three in space, each described by an attribute or a name of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from hdcore.enums import RGBColorChannels
from hdcore.errors import InputError, InputTypeError
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.tag import BaseTag

__all__ = ["RGB_COLOR_CHANNEL_DESCRIPTOR", "ChannelDescriptor", "ChannelIdentifier", "ChannelValue", "Channels"]

ChannelIdentifier: TypeAlias = Union[int, str, "ChannelDescriptor"]
ChannelValue: TypeAlias = int | str | float | Enum

_VALUE_TYPES: dict[str, type] = {
    **dict.fromkeys(("IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS", "AT"), int),
    **dict.fromkeys(("DS", "FD", "FL"), float),
    **dict.fromkeys(
        ("AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"),
        str,
    ),
}
"""Python's type of the values of each value representation (PS3.5 6.2)."""

_CUSTOM_TYPES = (str, int, float, Enum)


class ChannelDescriptor:
    """What varies along a channel axis of a volume: an attribute of the standard, or something of one's own."""

    __slots__ = ("_is_custom", "_keyword", "_value_type")

    _keyword: str
    _value_type: type
    _is_custom: bool

    def __init__(
        self,
        identifier: str | int | ChannelDescriptor,
        is_custom: bool = False,
        value_type: type | None = None,
    ) -> None:
        """Describe a channel axis.

        Parameters
        ----------
        identifier: str | int | ChannelDescriptor
            Keyword or tag of an attribute such as ``"SegmentNumber"``; or, with ``is_custom``, any name that is not a
            keyword.
        is_custom: bool, optional
            Whether the name is one's own.
        value_type: type | None, optional
            Type of the values along the axis (``str``, ``int``, ``float``, an enumeration or a subclass of these);
            needed with ``is_custom``, and known otherwise.

        Raises
        ------
        TypeError
            If the type of the identifier is wrong, or ``value_type`` is missing or superfluous.
        ValueError
            If there is no such attribute, its values cannot describe a channel, or a name of one's own is a keyword.
        """
        if isinstance(identifier, ChannelDescriptor):
            self._keyword, self._is_custom = identifier._keyword, identifier._is_custom
            self._value_type = identifier._value_type
        elif is_custom:
            self._keyword, self._value_type = _check_custom(identifier, value_type)
            self._is_custom = True
        else:
            if value_type is not None:
                raise InputTypeError("Pass 'value_type' only with is_custom=True; that of an attribute is known.")
            self._keyword, self._value_type = _look_up(identifier)
            self._is_custom = False

    @property
    def keyword(self) -> str:
        """str: keyword of the attribute, or the name of one's own."""
        return self._keyword

    @property
    def tag(self) -> BaseTag | None:
        """pydicom.tag.BaseTag | None: tag of the attribute, if it is one."""
        if self._is_custom:
            return None
        from pydicom.tag import Tag

        return Tag(self._keyword)

    @property
    def description(self) -> str | None:
        """Str | None: the attribute's name in the standard, if it is one."""
        if self._is_custom:
            return None
        from pydicom.datadict import dictionary_description

        return dictionary_description(self._keyword)

    @property
    def is_custom(self) -> bool:
        """bool: whether the name is one's own."""
        return self._is_custom

    @property
    def is_enumerated(self) -> bool:
        """bool: whether the values are members of an enumeration."""
        return issubclass(self._value_type, Enum)

    @property
    def value_type(self) -> type:
        """type: type of the values along the axis."""
        return self._value_type

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ChannelDescriptor):
            return NotImplemented
        return (self._keyword, self._value_type) == (other._keyword, other._value_type)

    def __hash__(self) -> int:
        return hash(self._keyword)

    def __str__(self) -> str:
        return self._keyword

    def __repr__(self) -> str:
        return self._keyword

    def convert(self, value: Any) -> ChannelValue:
        """Check a value along the axis and give it in the axis's type.

        Raises
        ------
        TypeError
            If it is of another type.
        ValueError
            If it is not a member of the axis's enumeration.
        """
        kind: type[Any] = self._value_type
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            same: ChannelValue = value
            return same
        if issubclass(kind, Enum) and isinstance(value, str | int):
            return self._member(kind, value)
        if (kind is float and isinstance(value, int)) or (
            kind is int and isinstance(value, float) and value.is_integer()
        ):
            converted: ChannelValue = kind(value)
            return converted
        if kind is str and type(value).__name__ == "PersonName":
            return str(value)
        raise InputTypeError(f"A value of channel {self} is {short(value)}; expected {kind.__name__}.")

    def _member(self, kind: type[Any], value: str | int) -> ChannelValue:
        try:
            member: ChannelValue = kind(value)
        except ValueError as error:
            raise InputError(f"{value!r} is not a value of channel {self}: {error}") from None
        return member


def _check_custom(identifier: object, value_type: type | None) -> tuple[str, type]:
    if not isinstance(identifier, str):
        raise InputTypeError(f"The identifier {identifier!r} of a custom channel is not a text.")
    if value_type is None:
        raise InputTypeError(f"Pass the 'value_type' of the custom channel {identifier!r}, such as int or str.")
    if not (isinstance(value_type, type) and issubclass(value_type, _CUSTOM_TYPES)):
        raise InputError(
            f"value_type of channel {identifier!r} is {value_type!r}; expected str, int, float, Enum or a subclass."
        )
    from pydicom.datadict import tag_for_keyword

    if tag_for_keyword(identifier) is not None:
        raise InputError(f"{identifier!r} is the keyword of an attribute and cannot name a custom channel.")
    return identifier, value_type


def _look_up(identifier: object) -> tuple[str, type]:
    from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword

    if not isinstance(identifier, str | int):
        raise InputTypeError(f"The identifier {identifier!r} of a channel is neither a keyword nor a tag.")
    keyword = identifier if isinstance(identifier, str) else keyword_for_tag(identifier)
    tag = tag_for_keyword(keyword)
    if not keyword or tag is None:
        raise InputError(
            f"There is no attribute {identifier!r}; to use a name of your own, pass is_custom=True and a value_type."
        )
    value_type = _VALUE_TYPES.get(dictionary_VR(tag))
    if value_type is None:
        raise InputError(f"Values of {keyword} (VR {dictionary_VR(tag)}) cannot describe a channel.")
    return keyword, value_type


RGB_COLOR_CHANNEL_DESCRIPTOR = ChannelDescriptor("RGBColorChannel", is_custom=True, value_type=RGBColorChannels)
"""The colour axis of an RGB volume."""


class Channels:
    """The channel axes of a volume: descriptors in order, and the values along each."""

    __slots__ = ("_values",)

    def __init__(
        self,
        channels: Mapping[Any, Sequence[Any]] | None,
        shape: tuple[int, ...],
    ) -> None:
        """Check channels against the shape of the axes that they describe.

        Raises
        ------
        TypeError
            If a value is of the wrong type.
        ValueError
            If the number of axes or of values along one does not fit.
        """
        given: Mapping[Any, Sequence[Any]] = {} if channels is None else channels
        if not isinstance(given, Mapping):
            raise InputTypeError(f"channels is of type {type(channels).__name__}; expected a mapping of values.")
        if len(given) != len(shape):
            raise InputError(
                f"channels describes {len(given)} axes, but the array has {len(shape)} beyond the three in space; "
                "expected one item for each."
            )
        self._values: dict[ChannelDescriptor, tuple[ChannelValue, ...]] = {}
        for (identifier, values), size in zip(given.items(), shape, strict=True):
            descriptor = ChannelDescriptor(identifier)
            if descriptor in self._values:
                raise InputError(f"channels describes {descriptor} twice.")
            if len(values) != size:
                raise InputError(
                    f"channels has {len(values)} values of {descriptor}, but its axis of the array has size {size}."
                )
            self._values[descriptor] = tuple(descriptor.convert(value) for value in values)

    @classmethod
    def _of(cls, values: dict[ChannelDescriptor, tuple[ChannelValue, ...]]) -> Channels:
        self = cls.__new__(cls)
        self._values = values
        return self

    @property
    def descriptors(self) -> tuple[ChannelDescriptor, ...]:
        """tuple[ChannelDescriptor, ...]: one for each axis, in order."""
        return tuple(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def as_mapping(self) -> dict[ChannelDescriptor, list[ChannelValue]]:
        """Get a copy in the form in which volumes take channels."""
        return {descriptor: list(values) for descriptor, values in self._values.items()}

    def axis_of(self, identifier: ChannelIdentifier) -> int:
        """Find the axis that a keyword, tag, descriptor or name of one's own stands for, counted from zero.

        Raises
        ------
        ValueError
            If there is none.
        """
        for axis, descriptor in enumerate(self._values):
            if identifier in (descriptor, descriptor.keyword) or _is_tag_of(identifier, descriptor):
                return axis
        names = ", ".join(str(descriptor) for descriptor in self._values) or "none"
        raise InputError(f"The volume has no channel {identifier!r}; its channels: {names}.")

    def values_of(self, axis: int) -> tuple[ChannelValue, ...]:
        """Get the values along an axis."""
        return self._values[self.descriptors[axis]]

    def index_of(self, axis: int, value: Any) -> int:
        """Find where along an axis a value is.

        Raises
        ------
        ValueError
            If it is not there.
        """
        descriptor, values = self.descriptors[axis], self.values_of(axis)
        converted = descriptor.convert(value)
        if converted not in values:
            raise InputError(f"Channel {descriptor} has no value {value!r}; its values: {list(values)}.")
        return values.index(converted)

    def permuted(self, axes: Sequence[int]) -> Channels:
        """Get the channels in another order."""
        descriptors = self.descriptors
        return Channels._of({descriptors[axis]: self.values_of(axis) for axis in axes})

    def without(self, axes: Sequence[int]) -> Channels:
        """Get the channels but for some axes."""
        return self.permuted([axis for axis in range(len(self)) if axis not in axes])

    def with_only(self, axis: int, index: int) -> Channels:
        """Get the channels with a single value left along one axis."""
        descriptor = self.descriptors[axis]
        return Channels._of({**self._values, descriptor: (self.values_of(axis)[index],)})


def _is_tag_of(identifier: object, descriptor: ChannelDescriptor) -> bool:
    return isinstance(identifier, int) and not isinstance(identifier, bool) and descriptor.tag == identifier
