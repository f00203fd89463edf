"""Who issued an identifier (PS3.3 10.14, HL7v2 Hierarchic Designator macro)."""

from __future__ import annotations

from copy import deepcopy
from typing import Self

from pydicom.dataset import Dataset

from hdcore.enums import UniversalEntityIDTypeValues
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import short
from hdcore.text import check_text

__all__ = ["IssuerOfIdentifier", "issuer_in_designator", "issuer_of"]

_PARTS = ("LocalNamespaceEntityID", "UniversalEntityID", "UniversalEntityIDType")
_SEPARATOR = "^"


class IssuerOfIdentifier(Dataset):
    """The entity that issued an identifier: a local name, or a universal identifier and its type (PS3.3 10.14)."""

    def __init__(
        self, issuer_of_identifier: str, issuer_of_identifier_type: str | UniversalEntityIDTypeValues | None = None
    ) -> None:
        """Make an issuer.

        Parameters
        ----------
        issuer_of_identifier: str
            Name of the issuer; a universal identifier if a type is given, else a name of local meaning.
        issuer_of_identifier_type: str | UniversalEntityIDTypeValues | None, optional
            What kind of universal identifier it is.

        Raises
        ------
        ValueError
            If the issuer is empty or the type is not one of the standard.
        """
        super().__init__()
        if not isinstance(issuer_of_identifier, str) or not issuer_of_identifier:
            raise InputError(f"issuer_of_identifier is {issuer_of_identifier!r}; expected a text that is not empty.")
        check_text(issuer_of_identifier, "UT", "issuer_of_identifier")
        if issuer_of_identifier_type is None:
            self.LocalNamespaceEntityID = issuer_of_identifier
        else:
            self.UniversalEntityID = issuer_of_identifier
            self.UniversalEntityIDType = UniversalEntityIDTypeValues(issuer_of_identifier_type).value

    @property
    def issuer_of_identifier(self) -> str:
        """str: the local name or universal identifier; empty if a read item has neither."""
        return str(self.get("UniversalEntityID") or self.get("LocalNamespaceEntityID") or "")

    @property
    def issuer_of_identifier_type(self) -> UniversalEntityIDTypeValues | None:
        """UniversalEntityIDTypeValues | None: kind of universal identifier; ``None`` for a local name."""
        kind = self.get("UniversalEntityIDType")
        return UniversalEntityIDTypeValues(kind) if kind else None

    @property
    def hierarchic_designator(self) -> str:
        """str: the issuer as one text, as HL7v2 writes it: ``name^universal identifier^its type``."""
        parts = [str(self.get(keyword) or "") for keyword in _PARTS]
        return _SEPARATOR.join(parts).rstrip(_SEPARATOR)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of a sequence as an issuer.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the issuer itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it names no issuer.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"An issuer is read from a Dataset, not from {type(dataset).__name__}.")
        if "UniversalEntityID" not in dataset and "LocalNamespaceEntityID" not in dataset:
            raise InputError("An issuer item has neither LocalNamespaceEntityID nor UniversalEntityID.")
        issuer = deepcopy(dataset) if copy else dataset
        issuer.__class__ = cls
        return issuer  # type: ignore[return-value]


def issuer_of(issuer: IssuerOfIdentifier, name: str) -> IssuerOfIdentifier:
    """Refuse what is no issuer.

    Raises
    ------
    TypeError
        If ``issuer`` is of another class.
    """
    if not isinstance(issuer, IssuerOfIdentifier):
        raise InputTypeError(f"{name} is {short(issuer)}; expected an IssuerOfIdentifier.")
    return issuer


def issuer_in_designator(designator: str) -> str:
    """Take the universal identifier, or else the local name, from what HL7v2 calls a hierarchic designator."""
    local, universal, *_ = [*designator.split(_SEPARATOR), ""]
    return universal or local
