"""What makes an encapsulated PDF conform, beyond the tables of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation import equals, finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["RULES"]


@rule("ACME002", ref="PS3.3 C.24.2")
def document_is_a_pdf(dataset: Dataset) -> Iterator[Draft]:
    """The document must be a PDF."""
    beginning = bytes(dataset.EncapsulatedDocument[:5])
    if beginning != b"%PDF-":
        yield finding("EncapsulatedDocument", f"begins with {beginning!r}")


@rule("ACME003", ref="PS3.3 C.24.2.1")
def length_is_that_of_the_document(dataset: Dataset) -> Iterator[Draft]:
    """The length must be that of the document, without its padding."""
    written, there = dataset.EncapsulatedDocumentLength, len(dataset.EncapsulatedDocument)
    if there - written not in (0, 1):
        yield finding("EncapsulatedDocumentLength", f"is {written}, but there are {there} bytes")


RULES = [
    equals("ACME001", "MIMETypeOfEncapsulatedDocument", "application/pdf", ref="PS3.3 A.45.1.4"),
    document_is_a_pdf,
    length_is_that_of_the_document,
]
