"""Documents whose content is a tree: structured reports and key object selections (PS3.3 C.17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Self

from pydicom.dataset import Dataset

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.bulk import collection_paused
from hdcore.content.container import ContainerContentItem
from hdcore.content.cutting import scan_items
from hdcore.content.evidence import CURRENT, OTHER, evidence_element, split_evidence
from hdcore.content.item import ContentItem, describe, value_type_of
from hdcore.content.tree import children_of, datasets_of, duplicate, typed
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.arguments import listed
from hdcore.model.damage import reading, refuse_truncated
from hdcore.model.element import (
    UTF_8,
    character_set_of,
    current_character_set,
    elements_of,
    fetch_text,
    fill,
    mark_as_encoded,
    original_encoding,
    put_element,
    shallow_copy,
    with_elements,
)
from hdcore.model.encode import encode_elements, encode_items, raw
from hdcore.model.given import for_pydicom
from hdcore.model.instance import SOPClass
from hdcore.model.repertoire import check_texts

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

__all__ = ["ContentDocument", "read_document", "root_of"]

_ROOT_TAGS = (
    at.VALUE_TYPE,
    at.CONCEPT_NAME,
    at.CONTINUITY_OF_CONTENT,
    at.CONTENT_TEMPLATE,
    at.CONTENT,
)
_LITTLE_ENDIAN = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"})


class ContentDocument(SOPClass):
    """An instance whose own attributes are the root item of a tree."""

    SOP_CLASSES: ClassVar[frozenset[str]] = frozenset()
    """SOP classes that are read as this class; of any if it is empty."""

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a document of this class.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The dataset.
        copy: bool, optional
            Whether to leave it as it is; otherwise it becomes the document itself.

        Raises
        ------
        TypeError
            If it is not a dataset.
        ValueError
            If it is of another SOP class.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A {cls.__name__} is read from a Dataset, not from {type(dataset).__name__}.")
        if cls.SOP_CLASSES and str(dataset.get("SOPClassUID")) not in cls.SOP_CLASSES:
            raise InputError(
                f"The dataset is of SOP class {dataset.get('SOPClassUID', 'unknown')}, not a {cls.__name__}."
            )
        document: Any = duplicate(dataset) if copy else dataset
        document.__class__ = cls
        taken: Self = document
        return taken

    def __getitem__(self, key: Any) -> Any:
        """Get an element; the items of Content Sequence are content items."""
        if key == at.CONTENT and at.CONTENT in elements_of(self):
            children_of(self)
        return super().__getitem__(key)

    @collection_paused()
    def put_content(
        self,
        root: ContentItem,
        evidence: Sequence[Dataset],
        record_evidence: bool = True,
        *,
        is_one_procedure: bool = False,
    ) -> None:
        """Take over a root item, which is not copied, and name the evidence.

        Parameters
        ----------
        root: ContentItem
            The root.
        evidence: Sequence[pydicom.dataset.Dataset]
            All instances that the content refers to, and others.
        record_evidence: bool, optional
            Whether instances of other studies are named that the content does not refer to.
        is_one_procedure: bool, optional
            Whether all instances that the content refers to, of whatever study, and no others are named as evidence of
            the current procedure, as in key object selections (PS3.3 C.17.6.2).

        Raises
        ------
        ValueError
            If the content refers to an instance that is not among the evidence, or the Specific Character Set cannot
            hold one of its texts.
        """
        current, other, references = split_evidence(evidence, root, str(self.StudyInstanceUID))
        if is_one_procedure:
            current, other = [one for one in (*current, *other) if one.sop_instance_uid in references], []
        if not record_evidence:
            other = [one for one in other if one.sop_instance_uid in references]
        if current:
            put_element(self, evidence_element(CURRENT, current))
        if other:
            put_element(self, evidence_element(OTHER, other))
        elements = elements_of(self)
        for tag in _ROOT_TAGS:
            if tag in elements_of(root):
                element = elements_of(root)[tag]
                is_plain = not element.is_raw or (element.value or b"").isascii()
                elements[tag] = element if is_plain else root[tag]
        check_texts(self, is_new=True)

    def save_as(self, filename: Any, /, *args: Any, **kwargs: Any) -> None:
        """Write the document in the DICOM file format; its content is encoded in one pass.

        Parameters
        ----------
        filename: str | os.PathLike | BinaryIO
            Where to write it.
        *args: Any
            As those of :meth:`hdcore.SOPClass.save_as`.
        **kwargs: Any
            As those of :meth:`hdcore.SOPClass.save_as`.
        """
        if not self._keeps_character_set():
            check_texts(self)
            SOPClass.save_as(self._recoded(), filename, *args, **kwargs)
            return
        element = elements_of(self).get(at.CONTENT)
        if element is None or element.is_raw or args or not self._is_written_as_it_is(kwargs):
            super().save_as(filename, *args, **kwargs)
            return
        written = shallow_copy(self)
        value = encode_items(children_of(self), current_character_set(self))
        elements_of(written)[at.CONTENT] = raw(at.CONTENT, "SQ", value)
        SOPClass.save_as(written, filename, **kwargs)

    def _is_written_as_it_is(self, options: dict[str, Any]) -> bool:
        return (
            options.get("implicit_vr") is None
            and options.get("little_endian") is None
            and options.get("enforce_file_format", True)
            and self.transfer_syntax_uid in _LITTLE_ENDIAN
        )

    def _keeps_character_set(self) -> bool:
        current = current_character_set(self)
        if self.original_character_set:
            return character_set_of(self) in (current, *current[:1])
        return current == UTF_8

    def _recoded(self) -> Self:
        """Give the document with all texts in its present character set, whichever those of its items are in."""
        encoding = current_character_set(self)
        (elements,) = scan_items(encoded.encode_item([encode_elements(self, encoding)]), is_implicit=False)
        written = with_elements(self, elements)
        mark_as_encoded(written)
        return written


def read_document(fp: str | bytes | os.PathLike[str] | BinaryIO) -> Dataset:
    """Read the dataset of a document, whatever its SOP class.

    Parameters
    ----------
    fp: str | bytes | os.PathLike | BinaryIO
        The file, its path, or its content as bytes.

    Returns
    -------
    pydicom.dataset.Dataset
        The dataset; its content is not parsed.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``fp`` is nothing that can be read.
    ValueError
        If the file is not DICOM, or is damaged.
    """
    import pydicom
    from pydicom.errors import InvalidDicomError

    with reading("The file"):
        try:
            dataset = pydicom.dcmread(for_pydicom(fp))
        except InvalidDicomError as error:
            raise UnreadableError(f"The file is not in the DICOM file format: {error}") from error
    refuse_truncated(dataset, "The file")
    return dataset


def root_of(document: Dataset) -> ContentItem:
    """Give the root item of a document's tree: an item that shares the document's content.

    Parameters
    ----------
    document: pydicom.dataset.Dataset
        The document.
    """
    children_of(document)
    elements = elements_of(document)
    root = ContainerContentItem.__new__(ContainerContentItem)
    fill(
        root,
        {tag: elements[tag] for tag in _ROOT_TAGS if tag in elements},
        is_implicit_vr=original_encoding(document)[0],
        character_set=character_set_of(document),
    )
    return root


def single_root(content: Dataset | Sequence[Dataset]) -> ContentItem:
    """Take the root item of content that a caller gave as an item or as a sequence of one.

    Raises
    ------
    TypeError
        If it is no dataset, or no container.
    ValueError
        If there is not one.
    """
    if isinstance(content, Dataset):
        item = content
    else:
        items = datasets_of(content)
        if len(items) != 1:
            raise InputError(f"content has {len(items)} root items; expected one.")
        item = items[0]
    if value_type_of(item) != "CONTAINER":
        raise InputTypeError(f"The root item of content is {describe(item)}; expected one of value type CONTAINER.")
    if at.RELATIONSHIP_TYPE in elements_of(item):
        raise InputError("The root item of content has a relationship type; a root has none.")
    return typed(item)


def list_evidence(evidence: Any) -> list[Dataset]:
    """List the instances that are given as evidence; patient and study are copied from the first.

    Raises
    ------
    TypeError
        If they are not datasets.
    ValueError
        If there is none, or the first is of no study.
    """
    datasets = listed(evidence, "evidence", "datasets")
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"evidence holds a {type(dataset).__name__}; expected datasets.")
    if not datasets:
        raise InputError("evidence is empty; expected at least one instance, from which patient and study are copied.")
    if not fetch_text(datasets[0], "StudyInstanceUID"):
        raise InputError("The first instance of evidence has no Study Instance UID, which the document is to have.")
    return datasets
