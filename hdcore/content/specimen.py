"""Specimens (PS3.3 C.7.6.22)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

from pydicom.dataset import Dataset

from hdcore.content import vocabulary as v
from hdcore.content.code import CodedConcept, concept_key
from hdcore.content.errors import IncompleteItemError
from hdcore.content.identifier import IssuerOfIdentifier
from hdcore.content.item import ContentItem, name_key
from hdcore.content.number import NumContentItem
from hdcore.content.preparation import (
    SpecimenCollection,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
)
from hdcore.content.tree import ContentSequence, typed
from hdcore.content.value import TextContentItem, uid_element
from hdcore.errors import InputError, InputTypeError
from hdcore.model.making import tag_of
from hdcore.text import check_text
from hdcore.uid import UID, uid_as_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.code import ConceptLike

__all__ = [
    "SpecimenCollection",
    "SpecimenDescription",
    "SpecimenPreparationStep",
    "SpecimenProcessing",
    "SpecimenSampling",
    "SpecimenStaining",
]

_OFFSETS = (
    (v.LOCATION_OF_SPECIMEN_X, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Y, v.MILLIMETER),
    (v.LOCATION_OF_SPECIMEN_Z, v.MICROMETER),
)
"""Offsets of a specimen in its container, in millimetres, along the depth in micrometres (TID 8004)."""


class SpecimenDescription(Dataset):
    """A specimen: an item of Specimen Description Sequence (PS3.3 C.7.6.22)."""

    def __init__(
        self,
        specimen_id: str,
        specimen_uid: str,
        specimen_location: str | tuple[float, float, float] | None = None,
        specimen_preparation_steps: Sequence[SpecimenPreparationStep] | None = None,
        issuer_of_specimen_id: IssuerOfIdentifier | None = None,
        primary_anatomic_structures: Sequence[ConceptLike] | None = None,
        specimen_type: ConceptLike | None = None,
        specimen_short_description: str | None = None,
        specimen_detailed_description: str | None = None,
    ) -> None:
        """Describe a specimen.

        Parameters
        ----------
        specimen_id: str
            Identifier of the specimen.
        specimen_uid: str
            Unique identifier of the specimen.
        specimen_location: str | tuple[float, float, float] | None, optional
            Where in its container it is: as a text, or as x and y in millimetres and z in micrometres.
        specimen_preparation_steps: Sequence[SpecimenPreparationStep] | None, optional
            Steps of its preparation.
        issuer_of_specimen_id: IssuerOfIdentifier | None, optional
            Issuer of the identifier.
        primary_anatomic_structures: Sequence[pydicom.sr.coding.Code | CodedConcept] | None, optional
            Sites of the body that it was taken from.
        specimen_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Type of the specimen (CID 8103).
        specimen_short_description: str | None, optional
            Description of at most 64 characters.
        specimen_detailed_description: str | None, optional
            Description of any length.

        Raises
        ------
        TypeError
            If a step or the issuer is of another class.
        ValueError
            If the unique identifier is none, a text is too long, or the location has not three numbers.
        """
        super().__init__()
        check_text(specimen_id, "LO", "specimen_id")
        uid_element(tag_of("SpecimenUID"), specimen_uid, "specimen_uid")
        self.SpecimenIdentifier = specimen_id
        self.SpecimenUID = specimen_uid
        self.SpecimenPreparationSequence = _checked(specimen_preparation_steps or (), SpecimenPreparationStep)
        self.IssuerOfTheSpecimenIdentifierSequence = (
            [] if issuer_of_specimen_id is None else _checked([issuer_of_specimen_id], IssuerOfIdentifier)
        )
        if specimen_location is not None:
            self.SpecimenLocalizationContentItemSequence = ContentSequence(_location(specimen_location), is_sr=False)
        if specimen_type is not None:
            self.SpecimenTypeCodeSequence = [CodedConcept.from_code(specimen_type)]
        if specimen_short_description is not None:
            check_text(specimen_short_description, "LO", "specimen_short_description")
            self.SpecimenShortDescription = specimen_short_description
        if specimen_detailed_description is not None:
            self.SpecimenDetailedDescription = specimen_detailed_description
        if primary_anatomic_structures is not None:
            self.PrimaryAnatomicStructureSequence = [CodedConcept.from_code(one) for one in primary_anatomic_structures]

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> Self:
        """Take an item of Specimen Description Sequence as a description.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item, which is copied.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it lacks the identifier or the unique identifier.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A specimen is read from a Dataset, not from {type(dataset).__name__}.")
        for keyword in ("SpecimenIdentifier", "SpecimenUID"):
            if keyword not in dataset:
                raise IncompleteItemError(f"The specimen has no {keyword}.")
        taken = deepcopy(dataset)
        taken.__class__ = cls
        steps = [SpecimenPreparationStep.from_dataset(step) for step in taken.get("SpecimenPreparationSequence") or ()]
        taken.SpecimenPreparationSequence = steps
        return taken  # type: ignore[return-value]

    @property
    def specimen_id(self) -> str:
        """str: identifier of the specimen."""
        return str(self.SpecimenIdentifier)

    @property
    def specimen_uid(self) -> UID:
        """UID: unique identifier of the specimen."""
        return uid_as_read(self.SpecimenUID)

    @property
    def specimen_location(self) -> str | tuple[float, float, float] | None:
        """Str | tuple[float, float, float] | None: where in its container it is (x, y in mm, z in µm)."""
        items = [typed(item) for item in self.get("SpecimenLocalizationContentItemSequence") or ()]
        if not items:
            return None
        by_name = {name_key(item): item.value for item in items}
        offsets = [by_name.get(concept_key(name)) for name, _ in _OFFSETS]
        if None not in offsets:
            return tuple(float(offset) for offset in offsets if offset is not None)  # type: ignore[return-value]
        return str(by_name.get(concept_key(v.LOCATION_OF_SPECIMEN)) or next(iter(by_name.values())))

    @property
    def specimen_preparation_steps(self) -> list[SpecimenPreparationStep]:
        """list[SpecimenPreparationStep]: steps of its preparation."""
        return list(self.get("SpecimenPreparationSequence") or ())

    @property
    def issuer_of_specimen_id(self) -> IssuerOfIdentifier | None:
        """IssuerOfIdentifier | None: issuer of the identifier."""
        items = self.get("IssuerOfTheSpecimenIdentifierSequence")
        return IssuerOfIdentifier.from_dataset(items[0], copy=False) if items else None

    @property
    def primary_anatomic_structures(self) -> list[CodedConcept] | None:
        """list[CodedConcept] | None: sites of the body that it was taken from."""
        items = self.get("PrimaryAnatomicStructureSequence")
        return None if items is None else [CodedConcept.from_dataset(item, copy=False) for item in items]

    @property
    def specimen_type(self) -> CodedConcept | None:
        """CodedConcept | None: type of the specimen."""
        items = self.get("SpecimenTypeCodeSequence")
        return CodedConcept.from_dataset(items[0], copy=False) if items else None

    @property
    def specimen_short_description(self) -> str | None:
        """Str | None: short description."""
        return self.get("SpecimenShortDescription")  # type: ignore[no-any-return]

    @property
    def specimen_detailed_description(self) -> str | None:
        """Str | None: long description."""
        return self.get("SpecimenDetailedDescription")  # type: ignore[no-any-return]


def _checked(items: Sequence[Any], kind: type[Dataset]) -> list[Any]:
    for item in items:
        if not isinstance(item, kind):
            raise InputTypeError(f"Expected a {kind.__name__}, not {type(item).__name__}.")
    return list(items)


def _location(location: str | tuple[float, float, float]) -> list[ContentItem]:
    if isinstance(location, str):
        return [TextContentItem(v.LOCATION_OF_SPECIMEN, location)]
    offsets = tuple(location)
    if len(offsets) != len(_OFFSETS):
        raise InputError(f"specimen_location is {location!r}; expected a text or three numbers.")
    return [NumContentItem(name, offset, unit) for (name, unit), offset in zip(_OFFSETS, offsets, strict=True)]
