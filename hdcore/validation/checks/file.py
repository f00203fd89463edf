"""The file around a dataset (PS3.10 chapter 7), and whether there is a dataset at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation.codes import found
from hdcore.validation.elements import keyword_of_tag
from hdcore.validation.values import CharacterSet, check_value, representation_allows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation.context import Context
    from hdcore.validation.elements import Item
    from hdcore.validation.findings import Finding

__all__ = ["check_file"]

_MEDIA_STORAGE_SOP_CLASS = 0x00020002
_MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"
_SYNTAX = 0x00020010
_REQUIRED_META = (0x00020001, 0x00020002, 0x00020003, _SYNTAX, 0x00020012)
_SAME = ((0x00020002, 0x00080016), (0x00020003, 0x00080018))


def check_file(context: Context) -> Iterator[Finding]:
    """Check the preamble, the file meta information and what identifies the object."""
    document, root = context.document, context.root
    for problem in document.problems:
        yield found(problem.code, keyword_of_tag(problem.tag) if problem.tag else "", problem.message)
    if document.is_file and not document.has_preamble:
        yield found("FILE002", "", "has no preamble of 128 bytes followed by the prefix 'DICM'")
    if document.meta is not None:
        yield from _check_meta(context, document.meta)
    elif document.is_file:
        yield found("FILE003", "", "has no file meta information, so the transfer syntax was guessed")
    if not root.elements:
        yield found("FILE001", "", "holds no attribute that can be read")
        return
    if _is_directory(document.meta):
        yield found("IOD001", "", "is a DICOMDIR, of whose records the tables know nothing; only values were checked")
    elif not context.sop_class:
        yield found("IOD004", "SOPClassUID", "is missing, so no definition can be checked")
    elif not context.iod:
        yield _unknown_class(context.sop_class)
    for tag in root.elements:
        if tag >> 16 == 2:
            yield found("FILE009", keyword_of_tag(tag), "belongs into the file meta information")


def _is_directory(meta: Item | None) -> bool:
    """Tell whether a file is a DICOMDIR, whose dataset has no SOP Class UID (PS3.3 F.3)."""
    return meta is not None and meta.first(_MEDIA_STORAGE_SOP_CLASS) == _MEDIA_STORAGE_DIRECTORY


def _unknown_class(uid: str) -> Finding:
    from pydicom.uid import UID

    name = UID(uid, validation_mode=0).name
    what = f"{name} ({uid})" if name != uid else uid
    return found("IOD001", "SOPClassUID", f"is {what}, of which the tables know nothing; only values were checked")


def _check_meta(context: Context, meta: Item) -> Iterator[Finding]:
    for problem in meta.problems:
        yield found(problem.code, keyword_of_tag(problem.tag) if problem.tag else "", problem.message)
    characters = CharacterSet([])
    for element in meta:
        keyword = keyword_of_tag(element.tag)
        for code, message in check_value(element, characters):
            yield found(code, keyword, message)
        expected = representation_allows(element.tag, element.vr)
        if expected:
            yield found("VAL012", keyword, f"has VR {element.vr}; expected {expected}")
    if context.document.is_file:
        yield from _check_required_meta(meta)
    for meta_tag, tag in _SAME:
        said, meant = meta.first(meta_tag), context.root.first(tag)
        if said and meant and said != meant:
            yield found(
                "FILE007", keyword_of_tag(meta_tag), f"is {said}, but {keyword_of_tag(tag)} of the dataset is {meant}"
            )
    yield from _check_transfer_syntax(context.document.transfer_syntax)


def _check_required_meta(meta: Item) -> Iterator[Finding]:
    if meta.get(0x00020000) is None:
        yield found("FILE008", "FileMetaInformationGroupLength", "is missing")
    for tag in _REQUIRED_META:
        element = meta.get(tag)
        if element is None or element.is_empty:
            yield found("FILE008", keyword_of_tag(tag), f"is {'missing' if element is None else 'empty'}")
    version = meta.get(0x00020001)
    if version is not None and bytes(version.data) not in (b"\0\1", b""):
        yield found("FILE008", "FileMetaInformationVersion", f"is {bytes(version.data[:8])!r}; expected 00H 01H")


def _check_transfer_syntax(uid: str) -> Iterator[Finding]:
    from pydicom.uid import UID

    if not uid.startswith("1.2.840.10008."):
        return  # of a manufacturer
    known = UID(uid, validation_mode=0)
    # Transfer syntaxes newer than pydicom's dictionary have no name in it.
    if not uid.startswith("1.2.840.10008.1.2") or (known.name != uid and not known.is_transfer_syntax):
        yield found("FILE005", "TransferSyntaxUID", f"is {uid}, which is not a transfer syntax of the standard")
