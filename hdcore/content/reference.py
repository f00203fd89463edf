"""Content items that refer to instances: composites, images, waveforms (PS3.3 C.18.3 to C.18.5)."""

from __future__ import annotations

from numbers import Integral
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.cutting import items_in, parsed_items
from hdcore.content.enums import RelationshipTypeValues, ValueTypeValues
from hdcore.content.errors import IncompleteItemError
from hdcore.content.item import ContentItem, describe, holds
from hdcore.content.value import uid_element
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, short
from hdcore.model.damage import reading
from hdcore.model.element import character_set_of, elements_of, fill
from hdcore.model.encode import raw
from hdcore.model.references import SINGLE_FRAME_SOP_CLASS_UIDS, has_no_segments
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.tag import BaseTag

    from hdcore.content.code import ConceptLike

_LARGEST_IS, _LARGEST_US = 2**31 - 1, 2**16 - 1
"""What the value representations can hold (PS3.5 table 6.2-1)."""

__all__ = ["CompositeContentItem", "ImageContentItem", "WaveformContentItem"]


class ReferenceItem(ContentItem):
    """An item that refers to an instance."""

    @property
    def value(self) -> tuple[UID, UID]:
        """tuple[UID, UID]: SOP class and SOP instance that are referred to."""
        return self.referenced_sop_class_uid, self.referenced_sop_instance_uid

    @property
    def referenced_sop_class_uid(self) -> UID:
        """UID: SOP class that is referred to."""
        return uid_as_read(self._reference_text(at.REFERENCED_SOP_CLASS_UID))

    @property
    def referenced_sop_instance_uid(self) -> UID:
        """UID: SOP instance that is referred to."""
        return uid_as_read(self._reference_text(at.REFERENCED_SOP_INSTANCE_UID))

    def _reference_text(self, tag: BaseTag) -> str:
        reference = reference_of(self)
        text = "" if reference is None else encoded.text_of(reference, tag)
        if not text:
            raise IncompleteItemError(f"The content item {describe(self)} does not say which instance it refers to.")
        return text

    def _refer(self, class_uid: str, instance_uid: str, *further: Any) -> None:
        elements_of(self)[at.REFERENCED_SOP_SEQUENCE] = encoded.sequence(
            at.REFERENCED_SOP_SEQUENCE,
            [
                (
                    uid_element(at.REFERENCED_SOP_CLASS_UID, class_uid, "referenced_sop_class_uid"),
                    uid_element(at.REFERENCED_SOP_INSTANCE_UID, instance_uid, "referenced_sop_instance_uid"),
                    *further,
                )
            ],
        )


def reference_of(item: Dataset) -> Dataset | None:
    """Give the item of Referenced SOP Sequence; ``None`` if there is none."""
    element: Any = encoded.view_of(item).get(at.REFERENCED_SOP_SEQUENCE)
    if element is None:
        return None
    if not element.is_raw:
        items = parsed_items(element)
        return items[0] if items else None
    character_set = character_set_of(item)
    for elements in items_in(element, character_set):
        reference = Dataset.__new__(Dataset)
        fill(reference, elements, is_implicit_vr=bool(element.is_implicit_VR), character_set=character_set)
        return reference
    return None


def referenced_uids(item: Dataset) -> tuple[str, str] | None:
    """Read SOP class and SOP instance of a reference; ``None`` if there is none."""
    element: Any = encoded.view_of(item).get(at.REFERENCED_SOP_SEQUENCE)
    if element is None:
        return None
    found = items_in(element, "latin_1") if element.is_raw else [elements_of(one) for one in parsed_items(element)]
    return (
        (_uid(found[0], at.REFERENCED_SOP_CLASS_UID), _uid(found[0], at.REFERENCED_SOP_INSTANCE_UID)) if found else None
    )


def _uid(elements: Any, tag: BaseTag) -> str:
    element = elements.get(tag)
    if element is None or not element.value:
        return ""
    return element.value.decode("latin-1").rstrip("\0 ") if element.is_raw else str(element.value)


@holds(ValueTypeValues.COMPOSITE)
class CompositeContentItem(ReferenceItem):
    """A reference to an instance of any kind (value type COMPOSITE)."""

    def __init__(
        self,
        name: ConceptLike,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        referenced_sop_class_uid: str | UID
            SOP class to refer to.
        referenced_sop_instance_uid: str | UID
            SOP instance to refer to.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        ValueError
            If one is not a unique identifier.
        """
        super().__init__(ValueTypeValues.COMPOSITE, name, relationship_type)
        self._refer(referenced_sop_class_uid, referenced_sop_instance_uid)


@holds(ValueTypeValues.IMAGE)
class ImageContentItem(ReferenceItem):
    """A reference to an image, or to frames or segments of it (value type IMAGE, PS3.3 C.18.4)."""

    def __init__(
        self,
        name: ConceptLike,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        referenced_frame_numbers: int | Sequence[int] | None = None,
        referenced_segment_numbers: int | Sequence[int] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        referenced_sop_class_uid: str | UID
            SOP class of the image.
        referenced_sop_instance_uid: str | UID
            SOP instance of the image.
        referenced_frame_numbers: int | Sequence[int] | None, optional
            Numbers of the frames meant, counted from one; all if absent. Only of multi-frame images.
        referenced_segment_numbers: int | Sequence[int] | None, optional
            Numbers of the segments meant, of a segmentation. Not together with frames: the standard allows one or the
            other (PS3.3 table 10-3).
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If a number is not an integer.
        ValueError
            If a number is below one, frames are given of a SOP class whose images have one, or segments of one that has
            none, or one is not a unique identifier.
        """
        super().__init__(ValueTypeValues.IMAGE, name, relationship_type)
        further = []
        if referenced_frame_numbers is not None:
            frames = positive_numbers(referenced_frame_numbers, "referenced_frame_numbers")
            _check_has_frames(referenced_sop_class_uid, frames)
            further.append(encoded.text(at.REFERENCED_FRAME_NUMBER, "IS", "\\".join(map(str, frames))))
        if referenced_segment_numbers is not None:
            segments = positive_numbers(referenced_segment_numbers, "referenced_segment_numbers", _LARGEST_US)
            _check_has_segments(referenced_sop_class_uid, segments)
            further.append(raw(at.REFERENCED_SEGMENT_NUMBER, "US", pack(f"<{len(segments)}H", *segments)))
        self._refer(referenced_sop_class_uid, referenced_sop_instance_uid, *further)

    @property
    def referenced_frame_numbers(self) -> list[int] | None:
        """list[int] | None: numbers of the frames meant, counted from one; ``None`` for all."""
        return self._numbers(at.REFERENCED_FRAME_NUMBER)

    @property
    def referenced_segment_numbers(self) -> list[int] | None:
        """list[int] | None: numbers of the segments meant."""
        return self._numbers(at.REFERENCED_SEGMENT_NUMBER)

    def _numbers(self, tag: BaseTag) -> list[int] | None:
        reference = reference_of(self)
        if reference is None or tag not in elements_of(reference):
            return None
        with reading(f"{keyword_for_tag(tag)} of the content item {describe(self)}"):
            value = reference[tag].value
            if value is None or value == "":
                return None
            return [int(number) for number in value] if hasattr(value, "__iter__") else [int(value)]


def _check_has_frames(class_uid: Any, numbers: list[int]) -> None:
    if isinstance(class_uid, str) and class_uid in SINGLE_FRAME_SOP_CLASS_UIDS:
        raise InputError(
            f"referenced_frame_numbers is {numbers}, but a {UID(class_uid).name} instance has one frame; leave it out."
        )


def _check_has_segments(class_uid: Any, numbers: list[int]) -> None:
    if isinstance(class_uid, str) and has_no_segments(class_uid):
        raise InputError(
            f"referenced_segment_numbers is {numbers}, but a {UID(class_uid).name} instance has no segments."
        )


def positive_numbers(numbers: Any, argument: str, largest: int = _LARGEST_IS) -> list[int]:
    """Check numbers of frames or segments: integers that count from one."""
    checked = [numbers] if isinstance(numbers, Integral) else listed(numbers, argument, "integers")
    if not checked:
        raise InputError(f"{argument} is empty; leave it out to refer to all.")
    return [positive_number(number, argument, largest) for number in checked]


def positive_number(number: Any, argument: str, largest: int = _LARGEST_IS) -> int:
    """Check the number of a frame or segment: an integer that counts from one."""
    if isinstance(number, bool) or not isinstance(number, Integral):
        raise InputTypeError(f"{argument} holds {short(number)}; expected integers.")
    whole = int(number)
    if not 1 <= whole <= largest:
        raise InputError(f"{argument} holds {whole}; numbers count from one, and are {largest} at most.")
    return whole


@holds(ValueTypeValues.WAVEFORM)
class WaveformContentItem(ReferenceItem):
    """A reference to a waveform, or to channels of it (value type WAVEFORM, PS3.3 C.18.5)."""

    def __init__(
        self,
        name: ConceptLike,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        referenced_waveform_channels: Sequence[tuple[int, int]] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        """Make an item.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept
            Concept name.
        referenced_sop_class_uid: str | UID
            SOP class of the waveform.
        referenced_sop_instance_uid: str | UID
            SOP instance of the waveform.
        referenced_waveform_channels: Sequence[tuple[int, int]] | None, optional
            Channels meant: number of the item of Waveform Sequence and number of the channel, both from one.
        relationship_type: str | RelationshipTypeValues | None, optional
            Relationship with the parent item.

        Raises
        ------
        TypeError
            If the channels are not pairs of integers.
        ValueError
            If one is not a unique identifier.
        """
        super().__init__(ValueTypeValues.WAVEFORM, name, relationship_type)
        further = []
        if referenced_waveform_channels is not None:
            numbers = _channels(referenced_waveform_channels)
            further.append(raw(at.REFERENCED_WAVEFORM_CHANNELS, "US", pack(f"<{len(numbers)}H", *numbers)))
        self._refer(referenced_sop_class_uid, referenced_sop_instance_uid, *further)

    @property
    def referenced_waveform_channels(self) -> list[tuple[int, int]] | None:
        """list[tuple[int, int]] | None: channels meant, as pairs of multiplex group and channel; ``None`` for all."""
        reference = reference_of(self)
        if reference is None or at.REFERENCED_WAVEFORM_CHANNELS not in elements_of(reference):
            return None
        element = elements_of(reference)[at.REFERENCED_WAVEFORM_CHANNELS]
        if element.is_raw:
            order = "<" if element.is_little_endian else ">"
            value = element.value or b""
            numbers = list(unpack(f"{order}{len(value) // 2}H", value[: len(value) // 2 * 2]))
        else:
            with reading(f"ReferencedWaveformChannels of the content item {describe(self)}"):
                numbers = [int(number) for number in element.value or ()]
        return list(zip(numbers[::2], numbers[1::2], strict=False))


def _channels(channels: Any) -> list[int]:
    pairs = listed(channels, "referenced_waveform_channels", "pairs of multiplex group and channel number")
    if not pairs:
        raise InputError("referenced_waveform_channels is empty; leave it out to refer to all.")
    return [number for channel in pairs for number in _pair(channel)]


def _pair(channel: Any) -> list[int]:
    if isinstance(channel, str | bytes) or not hasattr(channel, "__len__") or len(channel) != 2:
        raise InputTypeError(
            f"referenced_waveform_channels holds {short(channel)}; expected pairs of multiplex group and channel."
        )
    return positive_numbers(channel, "referenced_waveform_channels", _LARGEST_US)
