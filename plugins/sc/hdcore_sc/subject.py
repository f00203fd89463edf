"""What a secondary capture shows: a patient, or specimens on a slide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hdcore.enums import (
    AnatomicalOrientationTypeValues,
    CoordinateSystemNames,
    LateralityValues,
    PatientOrientationValuesBiped,
    PatientOrientationValuesQuadruped,
)
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import list_of
from hdcore.model.element import put
from hdcore.text import check_text
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import IssuerOfIdentifier
    from hdcore.content.specimen import SpecimenDescription

__all__ = ["Subject", "spacing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The parameters about what was imaged; :meth:`describe` writes them."""

    coordinate_system: CoordinateSystemNames | str
    laterality: LateralityValues | str | None = None
    patient_orientation: Sequence[PatientOrientationValuesBiped | PatientOrientationValuesQuadruped | str] | None = None
    anatomical_orientation_type: AnatomicalOrientationTypeValues | str | None = None
    container_identifier: str | None = None
    issuer_of_container_identifier: IssuerOfIdentifier | None = None
    specimen_descriptions: Sequence[SpecimenDescription] | None = None

    def describe(self, instance: Dataset) -> None:
        """Write the attributes of General Image, General Series, or Specimen.

        Raises
        ------
        TypeError
            If the patient orientation is required and absent, or the container or specimens are.
        ValueError
            If one of the terms is not defined.
        """
        if CoordinateSystemNames(self.coordinate_system) is CoordinateSystemNames.PATIENT:
            self._describe_patient(instance)
        else:
            self._describe_slide(instance)

    def _describe_patient(self, instance: Dataset) -> None:
        if self.patient_orientation is None:
            raise InputTypeError(
                "patient_orientation is required where coordinate_system is 'PATIENT': e.g. ('L', 'F')."
            )
        kind: type[AnatomicalOrientationTypeValues] = AnatomicalOrientationTypeValues
        animal = self.anatomical_orientation_type is not None and (
            kind(self.anatomical_orientation_type) is kind.QUADRUPED
        )
        # PS3.3 C.7.6.1.1.1: orientations are those of a biped unless the type says otherwise
        if self.anatomical_orientation_type is not None:
            put(instance, AnatomicalOrientationType=kind(self.anatomical_orientation_type).value)
        put(instance, PatientOrientation=[_orientation(value, animal) for value in _pair(self.patient_orientation)])
        # PS3.3 C.7.3.1: type 2C of a paired body part, and this one may be
        laterality = None if self.laterality is None else LateralityValues(self.laterality).value
        put(instance, Laterality=laterality)

    def _describe_slide(self, instance: Dataset) -> None:
        specimens = list_of(Dataset, self.specimen_descriptions, "specimen_descriptions", "SpecimenDescription")
        for name, value in (("container_identifier", self.container_identifier), ("specimen_descriptions", specimens)):
            if not value:
                raise InputTypeError(f"{name} is required where coordinate_system is 'SLIDE'.")
        from hdcore.content import CodedConcept

        check_text(self.container_identifier or "", "LO", "container_identifier")
        issuer = self.issuer_of_container_identifier
        if not isinstance(issuer, Dataset | None):
            raise InputTypeError(f"issuer_of_container_identifier is {issuer!r}; expected an IssuerOfIdentifier.")
        put(
            instance,
            ContainerIdentifier=self.container_identifier,
            IssuerOfTheContainerIdentifierSequence=[issuer] if issuer is not None else [],
            ContainerTypeCodeSequence=[CodedConcept("433466003", "SCT", "Microscope slide")],
            SpecimenDescriptionSequence=specimens,
            PatientOrientation=None,  # PS3.3 C.7.6.1: type 2C where there is no Image Orientation (Patient)
        )


def _pair(values: Sequence[Any]) -> Sequence[Any]:
    if isinstance(values, str) or not hasattr(values, "__len__") or len(values) != 2:
        raise InputError(f"patient_orientation is {values!r}; expected a pair: of the rows and of the columns.")
    return values


def _orientation(value: Any, animal: bool) -> str:
    """Check the letters of one direction; a direction between axes has several, such as ``"AL"``."""
    if isinstance(value, (PatientOrientationValuesBiped, PatientOrientationValuesQuadruped)):
        return str(value.value)
    text = str(value)
    if not animal:
        letters = [PatientOrientationValuesBiped(letter).value for letter in text]
        if not letters:
            raise InputError("patient_orientation holds an empty direction.")
        return "".join(letters)
    remaining = text
    known = sorted((term.value for term in PatientOrientationValuesQuadruped), key=len, reverse=True)
    while remaining:
        term = next((term for term in known if remaining.startswith(term)), None)
        if term is None:
            raise InputError(f"patient_orientation holds {text!r}; directions of a quadruped are {', '.join(known)}.")
        remaining = remaining[len(term) :]
    return text


def spacing_of(pixel_spacing: Sequence[float]) -> list[float]:
    """Check the distances between rows and between columns, in millimetres.

    Raises
    ------
    ValueError
        If there are not two positive numbers.
    """
    try:
        values = [float(value) for value in pixel_spacing]
    except (TypeError, ValueError):
        values = []
    if len(values) != 2 or not all(0 < value < float("inf") for value in values):
        raise InputError(f"pixel_spacing is {pixel_spacing!r}; expected two positive numbers in millimetres.")
    return values
