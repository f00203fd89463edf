"""Identification of coding schemes (PS3.3 C.12.1, Coding Scheme Identification Sequence)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from hdcore.errors import InputError
from hdcore.text import check_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CodingSchemeIdentificationItem", "CodingSchemeResourceItem"]

_URL_TYPES = ("DOC", "OWL", "CSV", "FHIR")


class CodingSchemeResourceItem(Dataset):
    """Where a coding scheme can be found: an item of the Coding Scheme Resources Sequence."""

    def __init__(self, url: str, url_type: str) -> None:
        """Make a resource.

        Parameters
        ----------
        url: str
            Address of the resource.
        url_type: str
            What is there: ``"DOC"``, ``"OWL"``, ``"CSV"`` or ``"FHIR"``.

        Raises
        ------
        ValueError
            If the kind is none of these, or the address is empty.
        """
        super().__init__()
        if url_type not in _URL_TYPES:
            raise InputError(f"url_type is {url_type!r}; expected one of {', '.join(_URL_TYPES)}.")
        if not url:
            raise InputError("url of a coding scheme resource is empty.")
        self.CodingSchemeURL = str(url)
        self.CodingSchemeURLType = str(url_type)


class CodingSchemeIdentificationItem(Dataset):
    """What a coding scheme designator means: an item of the Coding Scheme Identification Sequence."""

    def __init__(
        self,
        designator: str,
        name: str | None = None,
        version: str | None = None,
        registry: str | None = None,
        uid: str | None = None,
        external_id: str | None = None,
        responsible_organization: str | None = None,
        resources: Sequence[CodingSchemeResourceItem] | None = None,
    ) -> None:
        """Identify a scheme.

        Parameters
        ----------
        designator: str
            Coding Scheme Designator that codes use.
        name: str | None, optional
            Name of the scheme.
        version: str | None, optional
            Version of the scheme.
        registry: str | None, optional
            Registry that the scheme is in; required if it is registered.
        uid: str | None, optional
            UID of the scheme; required if registered with one.
        external_id: str | None, optional
            Identifier in the registry; required if registered without a UID.
        responsible_organization: str | None, optional
            Organization that is responsible for the scheme.
        resources: Sequence[CodingSchemeResourceItem] | None, optional
            Where the scheme can be found.

        Raises
        ------
        ValueError
            If a registered scheme has neither a UID nor an external identifier, or both; or a text is too long.
        """
        super().__init__()
        if registry is not None and (uid is None) == (external_id is None):
            raise InputError(
                "A registered coding scheme is identified by either uid or external_id; "
                f"given were uid={uid!r} and external_id={external_id!r}."
            )
        texts = {
            "CodingSchemeDesignator": (designator, "SH"),
            "CodingSchemeRegistry": (registry, "LO"),
            "CodingSchemeUID": (uid, "UI"),
            "CodingSchemeExternalID": (external_id, "ST"),
            "CodingSchemeName": (name, "ST"),
            "CodingSchemeVersion": (version, "SH"),
            "CodingSchemeResponsibleOrganization": (responsible_organization, "ST"),
        }
        for keyword, (text, value_representation) in texts.items():
            if text is not None:
                check_text(text, value_representation, keyword)
                setattr(self, keyword, text)
        if resources is not None:
            self.CodingSchemeResourcesSequence = list(resources)
