"""What an object is called, and who made its content (Content Identification macro, PS3.3 10.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset

from hdcore.model.arguments import list_of
from hdcore.model.element import put
from hdcore.text import check_person_name, check_text

if TYPE_CHECKING:
    from pydicom.valuerep import PersonName

    from hdcore.content.creator import ContentCreatorIdentificationCodeSequence

__all__ = ["put_content_identification"]


def put_content_identification(
    instance: Dataset,
    label: str,
    description: str | None,
    creator_name: str | PersonName | None,
    creator_identification: ContentCreatorIdentificationCodeSequence | None,
) -> None:
    """Put the Content Identification macro into an instance (PS3.3 10.9).

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        Where to put it.
    label: str
        Content Label: upper case letters, digits, spaces and underscores.
    description: str | None
        Content Description.
    creator_name: str | pydicom.valuerep.PersonName | None
        Content Creator's Name.
    creator_identification: ContentCreatorIdentificationCodeSequence | None
        Who the creator is.

    Raises
    ------
    ValueError
        If a text cannot be written under its value representation.
    """
    check_text(label, "CS", "content_label")
    if description is not None:
        check_text(description, "LO", "content_description")
    if creator_name is not None:
        check_person_name(creator_name, "content_creator_name")
    put(instance, ContentLabel=label, ContentDescription=description, ContentCreatorName=creator_name)
    if creator_identification is not None:
        items = list_of(Dataset, creator_identification, "content_creator_identification")
        put(instance, ContentCreatorIdentificationCodeSequence=items)
