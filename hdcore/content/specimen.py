"""Specimens (PS3.3 C.7.6.22)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Self

from pydicom.dataset import Dataset

from hdcore.content.code import CodedConcept
from hdcore.content.errors import IncompleteItemError
from hdcore.content.identifier import IssuerOfIdentifier, issuer_of
from hdcore.content.location import location_items, read_location
from hdcore.content.preparation import (
    SpecimenCollection,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
)
from hdcore.content.value import uid_element
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, short
from hdcore.model.items import items_of
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
        if not specimen_id:
            raise InputError("specimen_id is empty; expected an identifier.")
        uid_element(tag_of("SpecimenUID"), specimen_uid, "specimen_uid")
        self.SpecimenIdentifier = specimen_id
        self.SpecimenUID = specimen_uid
        self.SpecimenPreparationSequence = _steps(specimen_preparation_steps)
        self.IssuerOfTheSpecimenIdentifierSequence = (
            [] if issuer_of_specimen_id is None else [issuer_of(issuer_of_specimen_id, "issuer_of_specimen_id")]
        )
        if specimen_location is not None:
            self.SpecimenLocalizationContentItemSequence = location_items(specimen_location)
        if specimen_type is not None:
            self.SpecimenTypeCodeSequence = [CodedConcept.from_code(specimen_type)]
        if specimen_short_description is not None:
            check_text(specimen_short_description, "LO", "specimen_short_description")
            self.SpecimenShortDescription = specimen_short_description
        if specimen_detailed_description is not None:
            check_text(specimen_detailed_description, "UT", "specimen_detailed_description")
            self.SpecimenDetailedDescription = specimen_detailed_description
        if primary_anatomic_structures is not None:
            structures = listed(primary_anatomic_structures, "primary_anatomic_structures", "coded concepts")
            self.PrimaryAnatomicStructureSequence = [CodedConcept.from_code(structure) for structure in structures]

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
        steps = [SpecimenPreparationStep.from_dataset(step) for step in items_of(taken, "SpecimenPreparationSequence")]
        taken.SpecimenPreparationSequence = steps
        return taken  # type: ignore[return-value]

    @property
    def specimen_id(self) -> str:
        """str: identifier of the specimen."""
        return str(self.SpecimenIdentifier)

    @property
    def specimen_uid(self) -> UID:
        """UID: unique identifier of the specimen."""
        return uid_as_read(str(self.SpecimenUID))

    @property
    def specimen_location(self) -> str | tuple[float, float, float] | None:
        """Str | tuple[float, float, float] | None: where in its container it is (x, y in mm, z in µm).

        What others wrote is a text where it is not three lengths: their own text, or names and values of what they
        wrote, such as offsets in pixels.
        """
        return read_location(items_of(self, "SpecimenLocalizationContentItemSequence"))

    @property
    def specimen_preparation_steps(self) -> list[SpecimenPreparationStep]:
        """list[SpecimenPreparationStep]: steps of its preparation."""
        return list(self.get("SpecimenPreparationSequence") or ())

    @property
    def issuer_of_specimen_id(self) -> IssuerOfIdentifier | None:
        """IssuerOfIdentifier | None: issuer of the identifier."""
        items = items_of(self, "IssuerOfTheSpecimenIdentifierSequence")
        return IssuerOfIdentifier.from_dataset(items[0], copy=False) if items else None

    @property
    def primary_anatomic_structures(self) -> list[CodedConcept] | None:
        """list[CodedConcept] | None: sites of the body that it was taken from."""
        if "PrimaryAnatomicStructureSequence" not in self:
            return None
        items = items_of(self, "PrimaryAnatomicStructureSequence")
        return [CodedConcept.from_dataset(item, copy=False) for item in items]

    @property
    def specimen_type(self) -> CodedConcept | None:
        """CodedConcept | None: type of the specimen."""
        items = items_of(self, "SpecimenTypeCodeSequence")
        return CodedConcept.from_dataset(items[0], copy=False) if items else None

    @property
    def specimen_short_description(self) -> str | None:
        """Str | None: short description."""
        return self.get("SpecimenShortDescription")  # type: ignore[no-any-return]

    @property
    def specimen_detailed_description(self) -> str | None:
        """Str | None: long description."""
        return self.get("SpecimenDetailedDescription")  # type: ignore[no-any-return]


def _steps(steps: Sequence[SpecimenPreparationStep] | None) -> list[SpecimenPreparationStep]:
    given = [] if steps is None else listed(steps, "specimen_preparation_steps", "SpecimenPreparationStep")
    for index, step in enumerate(given):
        if not isinstance(step, SpecimenPreparationStep):
            raise InputTypeError(
                f"specimen_preparation_steps[{index}] is {short(step)}; expected a SpecimenPreparationStep."
            )
    return given
