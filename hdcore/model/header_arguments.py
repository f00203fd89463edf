"""What the header of an instance can be made of (see :class:`hdcore.model.instance.SOPClass`)."""

from __future__ import annotations

import re
from operator import index
from typing import TYPE_CHECKING, Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.uid import UID, ExplicitVRBigEndian
from pydicom.valuerep import PersonName

from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, short, texts
from hdcore.text import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_header", "scheme_items"]

_TEXTS = {
    "modality": "CS",
    "manufacturer": "LO",
    "series_description": "LO",
    "manufacturer_model_name": "LO",
    "device_serial_number": "LO",
    "institution_name": "LO",
    "institutional_department_name": "LO",
}
"""Texts that describe the new instance. Those of patient and study come from elsewhere, and are taken as they are."""
_TEXTS_OF_SOURCES = ("patient_id", "accession_number", "study_id")
_NAMES = ("patient_name", "referring_physician_name")
_MOST = 2**31 - 1
"""The greatest integer string (VR IS)."""
_UIDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid", "sop_class_uid", "transfer_syntax_uid")
_TRANSFER_SYNTAXES = "1.2.840.10008.1.2."
"""What UIDs of transfer syntaxes begin with, also of those that pydicom does not know yet."""
_UID_CHARACTERS = re.compile(r"[0-9.]{1,64}")


def check_header(given: dict[str, Any]) -> None:
    """Refuse what the header of an instance cannot be made of.

    Parameters
    ----------
    given: dict[str, Any]
        Arguments of :class:`hdcore.model.instance.SOPClass` by name.

    Raises
    ------
    TypeError
        If one is of another type.
    ValueError
        If a number is below 1, or a text cannot be written under its value representation.
    """
    for name in ("series_number", "instance_number"):
        try:
            index(given[name])
        except TypeError as error:
            raise InputTypeError(f"{name} is {short(given[name])}; expected a positive integer.") from error
        if not 1 <= given[name] <= _MOST:
            raise InputError(f"{name} is {given[name]!r}; expected a positive integer, at most {_MOST} (VR IS).")
    for name, vr in _TEXTS.items():
        if given[name] is not None:
            check_text(given[name], vr, name)
    for name in _TEXTS_OF_SOURCES:
        if not isinstance(given[name], str | MultiValue | None):
            raise InputTypeError(f"{name} is {short(given[name])}; expected a string.")
    for name in _NAMES:
        if not isinstance(given[name], str | PersonName | None):
            raise InputTypeError(f"{name} is {short(given[name])}; expected a string such as 'Doe^Jane'.")
    if given["software_versions"] is not None:
        texts(given["software_versions"], "LO", "software_versions")
    _check_uids(given)


def _check_uids(given: dict[str, Any]) -> None:
    for name in _UIDS:
        uid = given[name]
        if uid is None and name == "transfer_syntax_uid":
            continue
        if not isinstance(uid, str):
            raise InputTypeError(f"{name} is {short(uid)}; expected a string.")
        if not _UID_CHARACTERS.fullmatch(uid):
            raise InputError(f"{name} is {uid!r}; expected at most 64 digits and periods (VR UI).")
    syntax = given["transfer_syntax_uid"]
    if syntax is not None and not (UID(syntax).is_transfer_syntax or syntax.startswith(_TRANSFER_SYNTAXES)):
        raise InputError(f"transfer_syntax_uid is {syntax!r}, which is not a transfer syntax.")
    if syntax == ExplicitVRBigEndian:
        raise InputError(
            f"transfer_syntax_uid is {syntax!r}, Explicit VR Big Endian, which is retired (PS3.5 A.3) and not written; "
            "expected one that is little endian."
        )


def scheme_items(items: Sequence[Dataset] | None) -> list[Dataset] | None:
    """Take items of the Coding Scheme Identification Sequence; ``None`` if there are none.

    Raises
    ------
    TypeError
        If they are no sequence of datasets.
    """
    schemes = [] if items is None else listed(items, "coding_schemes", "datasets")
    for place, scheme in enumerate(schemes):
        if not isinstance(scheme, Dataset):
            raise InputTypeError(
                f"coding_schemes[{place}] is {short(scheme)}; expected CodingSchemeIdentificationItem."
            )
    return schemes or None
