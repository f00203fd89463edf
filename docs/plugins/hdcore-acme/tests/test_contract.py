from __future__ import annotations

import hdcore as hd
import pytest
from hdcore.testing import IODContract, sources
from pydicom.dataset import Dataset

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n."


def make(pdf=PDF):
    return hd.create(
        "acme",
        pdf,
        title="Report",
        source_image=sources.ct_series(1)[0],
        series_instance_uid=hd.UID(),
        series_number=9,
        sop_instance_uid=hd.UID(),
        instance_number=1,
    )


class TestAcme(IODContract):
    iod_name = "acme"

    def examples(self):
        return {"odd length": make, "even length": lambda: make(PDF + b".")}

    def breakages(self):
        return {
            "ACME001": lambda document: setattr(document, "MIMETypeOfEncapsulatedDocument", "text/plain"),
            "ACME002": lambda document: setattr(document, "EncapsulatedDocument", b"<html>"),
            "ACME003": lambda document: setattr(document, "EncapsulatedDocumentLength", 3),
        }


def test_what_is_read_is_the_document_that_was_filed():
    assert make().pdf == PDF


def test_anything_but_a_pdf_is_refused():
    with pytest.raises(ValueError, match="begins with b'<html'"):
        make(b"<html>")


def test_another_instance_is_refused():
    with pytest.raises(ValueError, match="Encapsulated PDF"):
        hd.acme.EncapsulatedPDF.from_dataset(Dataset())
