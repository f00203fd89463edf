"""Change every element of an object in every mechanical way; most changes make it break the standard, some do not."""

from __future__ import annotations

import copy
import io
from typing import TYPE_CHECKING, NamedTuple

import pydicom
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Step = tuple[int, int]
    Act = Callable[[Dataset, int], None]

__all__ = ["Mutation", "mutated", "mutations_of"]

_WRONG = {
    "AE": b"x" * 18,
    "AS": b"42  ",
    "CS": b"ODD_VALUE ",
    "DA": b"20201341",
    "DS": b"some",
    "DT": b"20201341",
    "IS": b"some",
    "LO": b"x" * 66,
    "LT": b"\x01 ",
    "PN": b"A=B=C=D ",
    "SH": b"x" * 18,
    "ST": b"\x01 ",
    "TM": b"2561",
    "UI": b"1.2.03.4",
    "UR": b"a b ",
    "UT": b"\x01 ",
}
"""Values that no attribute of the representation may have; of numbers, see ``_wrong``."""
_NUMBERS = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "AT": 4, "OF": 4, "OD": 8, "OL": 4, "OW": 2}


class Mutation(NamedTuple):
    """A change of one element."""

    kind: str
    """What is done, such as ``"deleted"``."""
    path: tuple[Step, ...]
    """Sequences and items on the way to the element."""
    tag: int

    def __str__(self) -> str:
        steps = [f"{pydicom.datadict.keyword_for_tag(tag) or hex(tag)}[{number}]" for tag, number in self.path]
        return f"{'/'.join([*steps, pydicom.datadict.keyword_for_tag(self.tag) or hex(self.tag)])} {self.kind}"


def mutations_of(content: bytes) -> Iterator[Mutation]:
    """Give the changes that make sense of an object's elements, those in the first items of sequences included."""
    dataset = pydicom.dcmread(io.BytesIO(content))
    for path, element in _elements(dataset, ()):
        for kind, (applies, _) in _KINDS.items():
            if applies(element):
                yield Mutation(kind, path, int(element.tag))


def mutated(content: bytes, mutation: Mutation) -> bytes:
    """Give the content of the file after the change."""
    dataset = item = pydicom.dcmread(io.BytesIO(content))
    for tag, number in mutation.path:
        item = item[tag].value[number]
    _KINDS[mutation.kind][1](item, mutation.tag)
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _elements(item: Dataset, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], DataElement]]:
    for element in item:
        yield path, element
        if element.VR == "SQ" and element.value:
            yield from _elements(element.value[0], (*path, (int(element.tag), 0)))


def _delete(item: Dataset, tag: int) -> None:
    del item[tag]


def _empty(item: Dataset, tag: int) -> None:
    item[tag] = DataElement(tag, item[tag].VR, [] if item[tag].VR == "SQ" else None)


def _wrong(item: Dataset, tag: int) -> None:
    vr = item[tag].VR
    value = _WRONG[vr] if vr in _WRONG else b"\xff" * _NUMBERS[vr]
    item[tag] = RawDataElement(item[tag].tag, vr, len(value), value, 0, False, True)


def _of_wrong_length(item: Dataset, tag: int) -> None:
    vr = item[tag].VR
    value = b"\1" * (_NUMBERS[vr] + _NUMBERS[vr] // 2 if _NUMBERS[vr] > 2 else 3)
    item[tag] = RawDataElement(item[tag].tag, vr, len(value), value, 0, False, True)


def _of_two_values(item: Dataset, tag: int) -> None:
    value = item[tag].value
    item[tag] = DataElement(tag, item[tag].VR, [value, value])


def _of_other_representation(item: Dataset, tag: int) -> None:
    vr = "LO" if item[tag].VR != "LO" else "SH"
    item[tag] = RawDataElement(item[tag].tag, vr, 2, b"1 ", 0, False, True)


def _of_two_items(item: Dataset, tag: int) -> None:
    item[tag].value.append(copy.deepcopy(item[tag].value[0]))


def _of_an_empty_item(item: Dataset, tag: int) -> None:
    item[tag].value[0] = Dataset()


def _is_full(element: DataElement) -> bool:
    return not element.is_empty


def _is_of_one_value(element: DataElement) -> bool:
    return element.VR in ("CS", "DA", "DS", "IS", "LO", "SH", "TM", "UI", "US", "FD", "FL", "UL") and element.VM == 1


def _has_one_item(element: DataElement) -> bool:
    return element.VR == "SQ" and len(element.value) == 1


_KINDS: dict[str, tuple[Callable[[DataElement], bool], Act]] = {
    "deleted": (lambda _: True, _delete),
    "emptied": (_is_full, _empty),
    "with a wrong value": (lambda one: _is_full(one) and (one.VR in _WRONG or one.VR in _NUMBERS), _wrong),
    # Of Pixel Representation pydicom needs a value to write the others.
    "of wrong length": (lambda one: one.VR in _NUMBERS and one.tag != 0x00280103, _of_wrong_length),
    "of two values": (_is_of_one_value, _of_two_values),
    "of another representation": (lambda one: one.VR != "SQ", _of_other_representation),
    "of two items": (_has_one_item, _of_two_items),
    "of an empty item": (_has_one_item, _of_an_empty_item),
}
