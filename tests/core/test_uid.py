"""Unique identifiers are new, or derived from UUIDs."""

from __future__ import annotations

import copy
import pickle
from uuid import UUID

import pydicom.uid
import pytest

import hdcore as hd

# the example of PS3.5 B.2
TEXT, DERIVED = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "2.25.329800735698586629295641978511506172918"


def test_new_identifiers_are_valid_and_never_the_same():
    made = [hd.UID() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(uid.is_valid and uid.startswith("2.25.") for uid in made)


@pytest.mark.parametrize("uuid", [TEXT, TEXT.upper(), f"urn:uuid:{TEXT}", TEXT.replace("-", ""), UUID(TEXT)])
def test_an_identifier_is_derived_from_a_uuid_as_the_standard_says(uuid):
    assert hd.UID.from_uuid(uuid) == DERIVED
    assert type(hd.UID.from_uuid(uuid)) is hd.UID


@pytest.mark.parametrize("uuid", ["x", "", None, 3])
def test_what_is_no_uuid_is_refused(uuid):
    with pytest.raises(hd.InputError, match=r"uuid is .*expected a UUID"):
        hd.UID.from_uuid(uuid)


def test_identifiers_are_those_of_pydicom_and_survive_copying_and_pickling():
    uid = hd.UID("1.2.840.10008.5.1.4.1.1.2")
    assert isinstance(uid, pydicom.uid.UID)
    assert uid.name == "CT Image Storage"
    for again in (copy.deepcopy(uid), pickle.loads(pickle.dumps(uid))):
        assert again == uid
        assert type(again) is hd.UID


@pytest.mark.parametrize("text", ["abc", "1.2.", ".1", "1..2", "1.02.3", "1" * 65])
def test_a_malformed_identifier_is_refused_when_it_is_made(text):
    with pytest.raises(hd.InputError, match=r"The UID is .*expected at most 64 characters"):
        hd.UID(text)


def test_an_identifier_is_made_of_text_or_of_nothing():
    with pytest.raises(TypeError, match="made of a string, not of 5"):
        hd.UID(5)
    assert hd.UID(None) != hd.UID(None)


def test_malformed_identifiers_of_others_are_read_copied_and_pickled():
    from hdcore.testing.sources import ct_series

    dataset = ct_series(slices=1)[0]
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.UID("1.2.840.10008.1.02", 0)
    uid = hd.Image.from_dataset(dataset).transfer_syntax_uid
    assert uid == "1.2.840.10008.1.02"
    for again in (copy.deepcopy(uid), pickle.loads(pickle.dumps(uid))):
        assert (again, type(again)) == (uid, hd.UID)
