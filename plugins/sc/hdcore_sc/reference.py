"""What a capture takes over from an image of the study to which it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content.equipment import contributing_equipment
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import fetch, put
from pydicom.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import ContributingEquipment
    from hdcore.model.instance import SOPClass

__all__ = ["belong_to", "required", "subject_parameters"]


def required(dataset: Dataset, keyword: str) -> Any:
    """Get a value that the reference image must have.

    Raises
    ------
    ValueError
        If it is absent.
    """
    value = fetch(dataset, keyword)
    if value is None:
        raise InputError(f"ref_dataset has no {keyword}; it cannot say where the capture belongs.")
    return value


def subject_parameters(image: Dataset, **given: Any) -> dict[str, Any]:
    """Fill in what was not given of the parameters about what is shown.

    The patient's orientation is not taken over: it is that of the reference image's rows and columns, not of the
    capture's.

    Raises
    ------
    TypeError
        If ``image`` is no dataset.
    """
    if not isinstance(image, Dataset):
        raise InputTypeError(f"ref_dataset is {image!r}; expected the dataset of an image.")
    found = {
        "laterality": fetch(image, "Laterality"),
        "anatomical_orientation_type": fetch(image, "AnatomicalOrientationType"),
        "container_identifier": fetch(image, "ContainerIdentifier"),
        "specimen_descriptions": fetch(image, "SpecimenDescriptionSequence"),
    }
    return {name: value if value is not None else found.get(name) for name, value in given.items()}


def belong_to(capture: SOPClass, image: Dataset, equipment: Sequence[ContributingEquipment] | None) -> None:
    """File a capture with the patient and study of an image."""
    capture.copy_patient_and_study_information(image)
    body_part = fetch(image, "BodyPartExamined")
    if body_part is not None:
        put(capture, BodyPartExamined=body_part)
        if capture.get("Laterality") is None:
            capture.pop("Laterality", None)  # only what may be one of a pair is to say, if only that it is not known
    put(capture, ContributingEquipmentSequence=contributing_equipment(image, equipment))
