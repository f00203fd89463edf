"""Datasets in memory as elements with bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hdcore.model.element import elements_of, stored
from hdcore.validation.document import Document
from hdcore.validation.elements import Element, Item, Problem
from hdcore.validation.parser import Parser

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset

__all__ = ["document_of_dataset"]


def document_of_dataset(dataset: Dataset) -> Document:
    """Take in a dataset; it is not changed.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        With or without file meta information.

    Returns
    -------
    Document
        Its elements as they would be written in Explicit VR Little Endian, or as they were read.
    """
    meta = getattr(dataset, "file_meta", None)
    converted_meta = _converted(meta) if meta is not None and len(meta) else None
    syntax = str(converted_meta.first(0x00020010) or "") if converted_meta is not None else ""
    name = str(getattr(dataset, "filename", None) or "")
    return Document(_converted(dataset), converted_meta, transfer_syntax=syntax, name=name, view=view_of(dataset))


def view_of(dataset: Dataset) -> Dataset:
    """Give a dataset of the same elements, so that parsing one on demand does not change the original."""
    from pydicom.dataset import Dataset

    view = Dataset(dict(elements_of(dataset)))
    implicit, little = dataset.original_encoding
    view.set_original_encoding(implicit, little, dataset.original_character_set)
    for name in ("file_meta", "filename", "fileobj_type", "timestamp"):  # all that a deferred element is read with
        if hasattr(dataset, name):
            setattr(view, name, getattr(dataset, name))
    return view


def _converted(dataset: Dataset, encodings: list[str] | None = None) -> Item:
    elements: dict[int, Element] = {}
    problems: list[Problem] = []
    encodings = _encodings(dataset) or encodings or ["iso8859"]
    for tag, element in sorted(elements_of(dataset).items()):
        try:
            if element.is_raw and element.value is None and element.length:
                element = dataset.get_item(tag)  # deferred  # noqa: PLW2901
            if element.is_raw:
                elements[int(tag)] = _of_raw(element, problems)
            else:
                elements[int(tag)] = _of_element(element, encodings)
        except Exception as error:  # values of any type may have been assigned
            problems.append(Problem("FILE020", f"cannot be encoded: {error}", int(tag)))
    return Item(elements, problems)


def _encodings(dataset: Dataset) -> list[str]:
    """Give the codecs of a dataset's texts without parsing anything; UTF-8 if there is none such."""
    from pydicom.charset import convert_encodings, python_encoding

    element = stored(dataset, "SpecificCharacterSet")
    if element is None:
        return []
    value: Any = element.value
    if isinstance(value, bytes):
        value = value.decode("latin-1").split("\\")
    texts = [value] if isinstance(value, str) else value
    terms = [str(term).strip(" \0") for term in texts] if isinstance(texts, Iterable) else []
    if not terms or not all(term in python_encoding for term in terms):
        return ["utf8"] if terms else []
    return list(convert_encodings(terms))


def _of_raw(element: RawDataElement | Any, problems: list[Problem]) -> Element:
    tag = int(element.tag)
    parser = Parser(is_implicit=bool(element.is_implicit_VR), is_little_endian=bool(element.is_little_endian))
    value: Any = element.value
    vr = str(element.VR or parser.vr_of(tag))
    if isinstance(value, list):  # pydicom's reader gives sequences of undefined length so
        return Element(tag, "SQ", items=[_converted(item) for item in value])
    data: Any = value if value is not None else b""
    if vr == "SQ":
        items, found = parser.items(data)
        problems += [Problem(problem.code, problem.message, tag) for problem in found]
        return Element(tag, vr, data, items=items, is_little_endian=parser.is_little_endian)
    if tag == 0x7FE00010 and element.length == 0xFFFFFFFF:
        return Element(tag, vr, data, fragments=parser.fragments(data, problems))
    return Element(tag, vr, data, is_little_endian=parser.is_little_endian)


def _of_element(element: DataElement, encodings: list[str]) -> Element:
    from pydicom.dataelem import DataElement
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_data_element

    tag, vr, value = int(element.tag), str(element.VR), element.value
    if vr == "SQ":
        return Element(tag, vr, items=[_converted(item, encodings) for item in value or ()])
    if isinstance(value, bytes) and vr in ("OB", "OW", "OF", "OD", "OL", "OV", "UN"):
        if tag == 0x7FE00010 and element.is_undefined_length:
            found: list[Problem] = []
            parser = Parser(is_implicit=False, is_little_endian=True)
            return Element(tag, vr, value, fragments=parser.fragments(value, found))
        # A writer pads what is odd.
        return Element(tag, vr, value + b"\0" if len(value) % 2 and len(value) < 1 << 16 else value)
    written = _written_vr(vr, value)
    if written != vr:
        element = DataElement(tag, written, value)
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_data_element(buffer, element, encodings)
    return Element(tag, written, buffer.getvalue()[8:])


def _written_vr(vr: str, value: Any) -> str:
    """Tell which representation an ambiguous one becomes, as far as values are concerned."""
    if " or " not in vr:
        return vr
    if vr.startswith("US or SS") and not isinstance(value, bytes):
        numbers = value if isinstance(value, (list, tuple)) or hasattr(value, "__iter__") else [value]
        return "SS" if any(isinstance(number, int) and number < 0 for number in numbers) else "US"
    return "OW" if isinstance(value, bytes) else "US"
