"""Data elements made and looked at without pydicom's per-attribute cost.

Assigning by keyword (``dataset.Rows = 3``) costs microseconds, most of them in look-ups; a value that is known to be
right needs none. Everything that relies on private names of pydicom is in this module; elements are made of values in
``making``.

*Raw* elements hold their value as encoded bytes. pydicom writes them through untouched when the encoding written is
the dataset's original one, and parses them only when somebody looks at them.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr_element
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import AMBIGUOUS_VR

from hdcore.model.making import make_element, raw_element, tag_of, vr_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydicom.dataelem import DataElement, RawDataElement

D = TypeVar("D", bound=Dataset)

__all__ = [
    "UNDEFINED_LENGTH",
    "UTF_8",
    "DeferredSequence",
    "character_set_of",
    "copy_elements",
    "current_character_set",
    "elements_of",
    "fetch",
    "fetch_text",
    "fill",
    "has",
    "item",
    "mark_as_encoded",
    "original_encoding",
    "put",
    "put_element",
    "put_raw",
    "resolve",
    "shallow_copy",
    "stored",
    "with_elements",
]

DatasetType = TypeVar("DatasetType", bound=Dataset)

# pydicom 3.0 does not know Deflated Image Frame Compression (PS3.5 A.4.13) as a transfer syntax yet.
UID_dictionary.setdefault(
    "1.2.840.10008.1.2.8.1",
    ("Deflated Image Frame Compression", "Transfer Syntax", "", "", "DeflatedImageFrameCompression"),
)

UNDEFINED_LENGTH = 0xFFFFFFFF
"""The length of an element that ends with a delimiter (PS3.5 7.1.1)."""
UTF_8 = ["UTF8"]
"""The Python codec of Specific Character Set ISO_IR 192, as pydicom holds it."""


def _blank_state() -> dict[str, Any]:
    blank = Dataset(parent_encoding=UTF_8)
    blank.set_original_encoding(False, True, UTF_8)
    return blank.__dict__


_BLANK = _blank_state()


class _LookupTag(BaseTag):
    """A tag that is compared as the number that it is, ten times as fast as by pydicom's comparison in Python.

    As the subclass of the two it decides where it is compared with the tags that are the keys of a dataset.
    """

    __hash__ = int.__hash__
    __eq__: Any = int.__eq__
    __ne__: Any = int.__ne__
    __lt__: Any = int.__lt__
    __le__: Any = int.__le__
    __gt__: Any = int.__gt__
    __ge__: Any = int.__ge__


@lru_cache(maxsize=4096)
def _lookup_tag(keyword: str) -> _LookupTag:
    return _LookupTag(tag_of(keyword))


def put(dataset: Dataset, /, **values: Any) -> None:
    """Put elements into a dataset, without the cost of assignment by keyword.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put them.
    **values: Any
        Keyword and value, as :func:`hdcore.model.making.make_element` takes them; ``None`` makes an empty element.
    """
    elements = dataset._dict
    for keyword, value in values.items():
        element = make_element(keyword, value)
        elements[element.tag] = element


def put_element(dataset: Dataset, element: DataElement | RawDataElement) -> None:
    """Put one element into a dataset as it is, neither checked nor parsed.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put it.
    element: pydicom.dataelem.DataElement | pydicom.dataelem.RawDataElement
        The element.
    """
    dataset._dict[BaseTag(element.tag)] = element


def item(**values: Any) -> Dataset:
    """Make a dataset of a few elements, such as an item of a sequence.

    Parameters
    ----------
    **values: Any
        Keyword and value, as :func:`hdcore.model.making.make_element` takes them; those that are ``None`` are left out.

    Returns
    -------
    pydicom.dataset.Dataset
        The item.
    """
    elements: dict[BaseTag, DataElement] = {}
    for keyword, value in values.items():
        if value is not None:
            element = make_element(keyword, value)
            elements[element.tag] = element
    return Dataset(elements)  # type: ignore[arg-type]


def put_raw(dataset: Dataset, keyword: str, vr: str, value: bytes) -> None:
    """Put an element that is encoded as Explicit VR Little Endian into a dataset.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put it.
    keyword: str
        Keyword of the data dictionary.
    vr: str
        Value representation.
    value: bytes
        Encoded value, of even length.
    """
    put_element(dataset, raw_element(keyword, vr, value))


def stored(dataset: Dataset, keyword: str) -> DataElement | RawDataElement | None:
    """Look at an element as it lies in a dataset, without parsing it.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to look.
    keyword: str
        Keyword of the data dictionary.

    Returns
    -------
    pydicom.dataelem.DataElement | pydicom.dataelem.RawDataElement | None
        The element; raw (``.is_raw``) if nobody has looked at it yet. ``None`` if there is none, or if it has been left
        in the file for reading on demand.
    """
    element = dataset._dict.get(tag_of(keyword))
    if element is not None and element.is_raw and element.value is None and element.length:  # type: ignore[union-attr]
        return None
    return element


def fetch(dataset: Dataset, keyword: str, default: Any = None) -> Any:
    """Get the value of an element, faster than by attribute.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to look.
    keyword: str
        Keyword of the data dictionary.
    default: Any, optional
        What to return if the element is absent or empty.

    Returns
    -------
    Any
        The value as pydicom holds it.
    """
    tag = _lookup_tag(keyword)
    element = dataset._dict.get(tag)
    if element is None:
        return default
    if element.is_raw:
        quick = _quick_value(element, keyword)  # type: ignore[arg-type]
        if quick is not None:
            return quick
    value: Any = dataset[tag].value if element.is_raw else element.value
    return default if value is None or (isinstance(value, str) and not value) else value


def _quick_value(element: RawDataElement, keyword: str) -> int | None:
    """Read a single US, by far the most frequent number, without parsing the element; ``None`` if it is none."""
    if element.length != 2 or element.value is None or (element.VR or vr_of(keyword)) != "US":
        return None
    return int.from_bytes(element.value, "little" if element.is_little_endian else "big")


def fetch_text(dataset: Dataset, keyword: str) -> str | None:
    """Get the value of a text attribute, as text, without parsing it if it is raw.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to look.
    keyword: str
        Keyword of an attribute of ASCII text: UI, CS, DS, IS, DA, TM …

    Returns
    -------
    str | None
        The text, several values separated by backslashes; ``None`` if it is absent or empty.
    """
    element = dataset._dict.get(_lookup_tag(keyword))
    if element is None:
        return None
    value = element.value
    if element.is_raw:
        value = value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else dataset[keyword].value
    if value is None or isinstance(value, str):
        return value or None
    return "\\".join(map(str, value)) if isinstance(value, MultiValue) else str(value)


def has(dataset: Dataset, keyword: str) -> bool:
    """Tell whether a dataset has an element, be it empty; faster than ``in``."""
    return _lookup_tag(keyword) in dataset._dict


def elements_of(dataset: Dataset) -> dict[BaseTag, Any]:
    """Look at all elements as they lie in a dataset; changing the dictionary changes the dataset.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset.

    Returns
    -------
    dict[pydicom.tag.BaseTag, pydicom.dataelem.DataElement | pydicom.dataelem.RawDataElement]
        Elements by tag, raw ones unparsed.
    """
    return dataset._dict  # type: ignore[return-value]


def shallow_copy(dataset: DatasetType) -> DatasetType:
    """Copy a dataset without its elements' values: changing one's elements leaves the other's as they are.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset; raw elements stay unparsed.

    Returns
    -------
    pydicom.dataset.Dataset
        Of the same class, with the same attributes.
    """
    other = type(dataset).__new__(type(dataset))
    vars(other).update(vars(dataset))
    vars(other)["_dict"] = dict(dataset._dict)
    return other


def character_set_of(dataset: Dataset) -> str | list[str]:
    """Tell the Python codecs in which the raw texts of a dataset are encoded."""
    return dataset.original_character_set or dataset._character_set  # type: ignore[return-value]


def current_character_set(dataset: Dataset) -> list[str]:
    """Tell the Python codecs that the Specific Character Set of a dataset now asks for."""
    codecs = dataset._character_set
    return [codecs] if isinstance(codecs, str) else list(codecs)


def fill(
    dataset: Dataset,
    elements: Mapping[BaseTag, DataElement | RawDataElement],
    *,
    is_implicit_vr: bool = False,
    character_set: str | list[str] = UTF_8,
) -> None:
    """Initialize a dataset that has not been, ten times faster than ``Dataset.__init__``.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        As ``cls.__new__(cls)`` makes it.
    elements: Mapping[pydicom.tag.BaseTag, pydicom.dataelem.DataElement | pydicom.dataelem.RawDataElement]
        Its elements; the mapping becomes the dataset's own.
    is_implicit_vr: bool, optional
        Whether the raw elements are encoded without value representations. They are little endian.
    character_set: str | list[str], optional
        Python codecs of the raw texts.
    """
    state = dataset.__dict__
    state.update(_BLANK)
    state["_dict"] = elements
    state["_private_blocks"] = {}
    state["_pixel_id"] = {}
    state["_pixel_array_opts"] = {"use_pdh": False}
    if is_implicit_vr:
        state["_read_implicit"] = True
    if character_set is not UTF_8:
        state["_read_charset"] = state["_parent_encoding"] = character_set


def with_elements(dataset: D, elements: Mapping[BaseTag, DataElement | RawDataElement]) -> D:
    """Make a dataset of the same class, encoding and Python attributes as another, of other elements.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The other; it is left as it is.
    elements: Mapping[pydicom.tag.BaseTag, pydicom.dataelem.DataElement | pydicom.dataelem.RawDataElement]
        The elements; the mapping becomes the dataset's own.

    Returns
    -------
    pydicom.dataset.Dataset
        The dataset.
    """
    made = type(dataset).__new__(type(dataset))
    state = made.__dict__
    state.update(dataset.__dict__)
    state["_dict"] = elements
    state["_private_blocks"] = {}
    state["_pixel_id"] = {}
    return made


class DeferredSequence(Sequence):
    """A sequence whose items are made when somebody first looks at one.

    Attributes
    ----------
    is_deferred: bool
        Whether the items are still to be made.
    """

    is_deferred = False

    def _make_items(self) -> list[Dataset]:
        """Make the items."""
        raise AttributeError(f"{type(self).__name__} is deferred but does not tell how to make its items.")

    @property
    def _list(self) -> list[Dataset]:  # pyright: ignore[reportIncompatibleVariableOverride]
        if self.is_deferred:
            # In this order, so that another thread never sees a sequence without items.
            self._items = self._make_items()
            self.is_deferred = False
        return self._items

    @_list.setter
    def _list(self, items: list[Dataset]) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        self.is_deferred = False
        self._items = items


def copy_elements(source: Dataset, target: Dataset, keywords: Iterable[str]) -> None:
    """Copy elements from one dataset to another, so that changing one leaves the other alone.

    Parameters
    ----------
    source: pydicom.dataset.Dataset
        Where to take them from.
    target: pydicom.dataset.Dataset
        Where to put them.
    keywords: Iterable[str]
        Keywords of the attributes; those that ``source`` lacks are skipped.
    """
    for keyword in keywords:
        tag = tag_of(keyword)
        if tag in source._dict:
            target._dict[tag] = deepcopy(source[tag])


def original_encoding(dataset: Dataset) -> tuple[bool, bool]:
    """Tell how the raw elements of a dataset are encoded.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset.

    Returns
    -------
    tuple[bool, bool]
        Whether without value representations, and whether little endian; Explicit VR Little Endian for a dataset that
        was not read.
    """
    implicit, little = dataset.original_encoding
    return bool(implicit), little is not False


def mark_as_encoded(dataset: Dataset) -> None:
    """Declare a dataset's raw elements to be in Explicit VR Little Endian and its own character set.

    pydicom then writes raw elements through untouched under that encoding. Value representations that depend on other
    attributes are settled first, since pydicom does that only for datasets of other encodings.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset; its Specific Character Set has its final value.
    """
    resolve(dataset)
    dataset.set_original_encoding(False, True, dataset._character_set)


def resolve(dataset: Dataset) -> None:
    """Settle the value representations that depend on other attributes, leaving raw elements as they are.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        The dataset; changed in place.
    """
    for nested, ancestors in _walk_parsed(dataset, [dataset]):
        for tag, element in list(nested._dict.items()):
            if element.VR in AMBIGUOUS_VR and not element.is_raw:
                nested._dict[tag] = correct_ambiguous_vr_element(element, nested, True, ancestors)


def _walk_parsed(dataset: Dataset, ancestors: list[Dataset]) -> Iterator[tuple[Dataset, list[Dataset]]]:
    yield dataset, ancestors
    for element in list(dataset._dict.values()):
        if element.VR == "SQ" and not element.is_raw and not getattr(element.value, "is_deferred", False):
            items: Iterable[Dataset] = element.value or ()  # type: ignore[assignment]
            for nested in items:
                yield from _walk_parsed(nested, [nested, *ancestors])
