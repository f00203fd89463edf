"""How specimens were prepared (PS3.16 TID 8001 to 8003)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydicom.dataset import Dataset

from hdcore.content import vocabulary as v
from hdcore.content.code import CodedConcept, concept_key
from hdcore.content.errors import IncompleteItemError
from hdcore.content.identifier import issuer_in_designator, issuer_of
from hdcore.content.item import ContentItem, describe, name_key
from hdcore.content.moment import DateTimeContentItem
from hdcore.content.tree import ContentSequence, typed
from hdcore.content.value import CodeContentItem, TextContentItem
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed, moment, short
from hdcore.model.items import items_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hdcore.content.code import ConceptLike
    from hdcore.content.encoded import Concept
    from hdcore.content.identifier import IssuerOfIdentifier

__all__ = [
    "SpecimenCollection",
    "SpecimenPreparationStep",
    "SpecimenProcessing",
    "SpecimenSampling",
    "SpecimenStaining",
]


def _code_or_text(name: Concept, value: Any, argument: str) -> ContentItem:
    if isinstance(value, str):
        return TextContentItem(name, value)
    if not hasattr(value, "scheme_designator"):
        raise InputTypeError(f"{argument} is {short(value)}; expected a text, a CodedConcept or a pydicom Code.")
    return CodeContentItem(name, value)


def value_of(item: Dataset) -> Any:
    """Read the value of an item that anybody may have written.

    Raises
    ------
    AttributeError
        If its value type has none, or it has no value type.
    """
    if not hasattr(type(item), "value"):
        raise IncompleteItemError(f"The content item {describe(item)} has no value.")
    return item.value


class _Procedure(ContentSequence):
    """The items of one kind of preparation step, which have no relationships."""

    PROCESSING_TYPE: ClassVar[Concept]
    KEYS: ClassVar[frozenset[tuple[str, str]]] = frozenset()

    def _values(self, name: Concept) -> list[Any]:
        return [value_of(item) for item in self.find(name)]

    def _value(self, name: Concept) -> Any:
        values = self._values(name)
        if not values:
            raise IncompleteItemError(f"The {type(self).__name__} has no {name.meaning}.")
        return values[0]


class SpecimenCollection(_Procedure):
    """Collection of a specimen from a patient (TID 8001, row 7)."""

    PROCESSING_TYPE = v.SPECIMEN_COLLECTION
    KEYS = frozenset({concept_key(v.SPECIMEN_COLLECTION)})

    def __init__(self, procedure: ConceptLike) -> None:
        """Describe a collection.

        Parameters
        ----------
        procedure: pydicom.sr.coding.Code | CodedConcept
            Surgical procedure with which the specimen was collected (CID 8109).
        """
        super().__init__([CodeContentItem(v.SPECIMEN_COLLECTION, procedure)], is_sr=False)

    @property
    def procedure(self) -> CodedConcept:
        """CodedConcept: surgical procedure with which the specimen was collected."""
        return self._value(v.SPECIMEN_COLLECTION)  # type: ignore[no-any-return]


class SpecimenSampling(_Procedure):
    """Sampling of a specimen from another (TID 8002)."""

    PROCESSING_TYPE = v.SPECIMEN_SAMPLING
    KEYS = frozenset(
        concept_key(name)
        for name in (
            v.SAMPLING_METHOD,
            v.PARENT_SPECIMEN_IDENTIFIER,
            v.ISSUER_OF_PARENT_SPECIMEN_IDENTIFIER,
            v.PARENT_SPECIMEN_TYPE,
        )
    )

    def __init__(
        self,
        method: ConceptLike,
        parent_specimen_id: str,
        parent_specimen_type: ConceptLike,
        issuer_of_parent_specimen_id: IssuerOfIdentifier | None = None,
    ) -> None:
        """Describe a sampling.

        Parameters
        ----------
        method: pydicom.sr.coding.Code | CodedConcept
            How the specimen was taken (CID 8110).
        parent_specimen_id: str
            Identifier of the specimen that it was taken from.
        parent_specimen_type: pydicom.sr.coding.Code | CodedConcept
            Type of that specimen (CID 8103).
        issuer_of_parent_specimen_id: IssuerOfIdentifier | None, optional
            Issuer of that identifier.
        """
        items: list[ContentItem] = [
            CodeContentItem(v.SAMPLING_METHOD, method),
            TextContentItem(v.PARENT_SPECIMEN_IDENTIFIER, parent_specimen_id),
        ]
        if issuer_of_parent_specimen_id is not None:
            issuer = issuer_of(issuer_of_parent_specimen_id, "issuer_of_parent_specimen_id")
            items.append(TextContentItem(v.ISSUER_OF_PARENT_SPECIMEN_IDENTIFIER, issuer.hierarchic_designator))
        items.append(CodeContentItem(v.PARENT_SPECIMEN_TYPE, parent_specimen_type))
        super().__init__(items, is_sr=False)

    @property
    def method(self) -> CodedConcept:
        """CodedConcept: how the specimen was taken."""
        return self._value(v.SAMPLING_METHOD)  # type: ignore[no-any-return]

    @property
    def parent_specimen_id(self) -> str:
        """str: identifier of the specimen that it was taken from."""
        return str(self._value(v.PARENT_SPECIMEN_IDENTIFIER))

    @property
    def parent_specimen_type(self) -> CodedConcept:
        """CodedConcept: type of that specimen."""
        return self._value(v.PARENT_SPECIMEN_TYPE)  # type: ignore[no-any-return]


class SpecimenStaining(_Procedure):
    """Staining of a specimen (TID 8003)."""

    PROCESSING_TYPE = v.SPECIMEN_STAINING
    KEYS = frozenset({concept_key(v.USING_SUBSTANCE)})

    def __init__(self, substances: Sequence[ConceptLike | str]) -> None:
        """Describe a staining.

        Parameters
        ----------
        substances: Sequence[pydicom.sr.coding.Code | CodedConcept | str]
            Substances used (CID 8112), at least one.
        """
        given = listed(substances, "substances", "codes or texts")
        items = [_code_or_text(v.USING_SUBSTANCE, substance, "substances") for substance in given]
        if not items:
            raise InputError("substances is empty; expected at least one.")
        super().__init__(items, is_sr=False)

    @property
    def substances(self) -> list[CodedConcept | str]:
        """list[CodedConcept | str]: substances used."""
        return self._values(v.USING_SUBSTANCE)


class SpecimenProcessing(_Procedure):
    """Any other processing of a specimen (TID 8001, rows 5 and 6)."""

    PROCESSING_TYPE = v.SPECIMEN_PROCESSING
    KEYS = frozenset({concept_key(v.PROCESSING_STEP_DESCRIPTION)})

    def __init__(self, description: ConceptLike | str) -> None:
        """Describe a processing.

        Parameters
        ----------
        description: pydicom.sr.coding.Code | CodedConcept | str
            What was done (CID 8113).
        """
        super().__init__([_code_or_text(v.PROCESSING_STEP_DESCRIPTION, description, "description")], is_sr=False)

    @property
    def description(self) -> CodedConcept | str:
        """CodedConcept | str: what was done."""
        return self._value(v.PROCESSING_STEP_DESCRIPTION)  # type: ignore[no-any-return]


_PROCEDURES: dict[tuple[str, str], type[_Procedure]] = {
    concept_key(kind.PROCESSING_TYPE): kind
    for kind in (SpecimenCollection, SpecimenSampling, SpecimenStaining, SpecimenProcessing)
}


class SpecimenPreparationStep(Dataset):
    """A step of the preparation of a specimen: an item of Specimen Preparation Sequence (TID 8001).

    Where others wrote a text in place of a code, the text is read.
    """

    def __init__(
        self,
        specimen_id: str,
        processing_procedure: SpecimenCollection | SpecimenSampling | SpecimenStaining | SpecimenProcessing,
        processing_description: str | ConceptLike | None = None,
        processing_datetime: datetime | None = None,
        issuer_of_specimen_id: IssuerOfIdentifier | None = None,
        fixative: ConceptLike | None = None,
        embedding_medium: ConceptLike | None = None,
        specimen_container: ConceptLike | None = None,
        specimen_type: ConceptLike | None = None,
    ) -> None:
        """Describe a step.

        Parameters
        ----------
        specimen_id: str
            Identifier of the specimen that was processed.
        processing_procedure: SpecimenCollection | SpecimenSampling | SpecimenStaining | SpecimenProcessing
            What was done.
        processing_description: str | pydicom.sr.coding.Code | CodedConcept | None, optional
            Description of it.
        processing_datetime: datetime.datetime | None, optional
            When it was done.
        issuer_of_specimen_id: IssuerOfIdentifier | None, optional
            Issuer of the identifier.
        fixative: pydicom.sr.coding.Code | CodedConcept | None, optional
            Fixative used (CID 8114).
        embedding_medium: pydicom.sr.coding.Code | CodedConcept | None, optional
            Embedding medium used (CID 8115).
        specimen_container: pydicom.sr.coding.Code | CodedConcept | None, optional
            Container that the specimen is in (CID 8101).
        specimen_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Type of the specimen (CID 8103).

        Raises
        ------
        TypeError
            If ``processing_procedure`` is not a procedure.
        ValueError
            If ``processing_description`` is given with a ``SpecimenProcessing``, which is a description itself.
        """
        super().__init__()
        if not isinstance(processing_procedure, _Procedure):
            raise InputTypeError(
                f"processing_procedure is a {type(processing_procedure).__name__}; expected one of "
                f"{', '.join(kind.__name__ for kind in _PROCEDURES.values())}."
            )
        if isinstance(processing_procedure, SpecimenProcessing) and processing_description is not None:
            raise InputError(
                "processing_description is given, but the SpecimenProcessing describes the step already (TID 8001 has "
                "one Processing step description); leave one of them out."
            )
        items: list[Any] = [TextContentItem(v.SPECIMEN_IDENTIFIER, specimen_id)]
        if issuer_of_specimen_id is not None:
            issuer = issuer_of(issuer_of_specimen_id, "issuer_of_specimen_id")
            items.append(TextContentItem(v.ISSUER_OF_SPECIMEN_IDENTIFIER, issuer.hierarchic_designator))
        items.append(CodeContentItem(v.PROCESSING_TYPE, processing_procedure.PROCESSING_TYPE))
        if processing_datetime is not None:
            processed = moment(processing_datetime, "DT", "processing_datetime")
            items.append(DateTimeContentItem(v.DATETIME_OF_PROCESSING, processed))
        if processing_description is not None:
            items.append(_code_or_text(v.PROCESSING_STEP_DESCRIPTION, processing_description, "processing_description"))
        items.extend(processing_procedure)
        for name, value in (
            (v.TISSUE_FIXATIVE, fixative),
            (v.TISSUE_EMBEDDING_MEDIUM, embedding_medium),
            (v.SPECIMEN_CONTAINER, specimen_container),
            (v.SPECIMEN_TYPE, specimen_type),
        ):
            if value is not None:
                items.append(CodeContentItem(name, value))
        self.SpecimenPreparationStepContentItemSequence = ContentSequence(items, is_sr=False)

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> Self:
        """Take an item of Specimen Preparation Sequence as a step.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item, which is copied.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it lacks the content items, or the type of processing.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A preparation step is read from a Dataset, not from {type(dataset).__name__}.")
        if "SpecimenPreparationStepContentItemSequence" not in dataset:
            raise IncompleteItemError("The preparation step has no SpecimenPreparationStepContentItemSequence.")
        step = deepcopy(dataset)
        step.__class__ = cls
        taken: Self = step  # type: ignore[assignment]
        if not taken._values(v.PROCESSING_TYPE):
            raise IncompleteItemError("The preparation step has no Processing type.")
        return taken

    def _items(self) -> list[ContentItem]:
        return [typed(item) for item in items_of(self, "SpecimenPreparationStepContentItemSequence")]

    def _values(self, name: Concept) -> list[Any]:
        key = concept_key(name)
        return [value_of(item) for item in self._items() if name_key(item) == key]

    def _optional(self, name: Concept) -> Any:
        return next(iter(self._values(name)), None)

    @property
    def specimen_id(self) -> str:
        """str: identifier of the specimen that was processed; empty if there is none."""
        return str(self._optional(v.SPECIMEN_IDENTIFIER) or "")

    @property
    def processing_type(self) -> CodedConcept:
        """CodedConcept: kind of processing."""
        return self._values(v.PROCESSING_TYPE)[0]  # type: ignore[no-any-return]

    @property
    def processing_procedure(self) -> SpecimenCollection | SpecimenSampling | SpecimenStaining | SpecimenProcessing:
        """SpecimenCollection | SpecimenSampling | SpecimenStaining | SpecimenProcessing: what was done."""
        given = self.processing_type
        named = _PROCEDURES.get(concept_key(given)) if isinstance(given, CodedConcept) else None
        kind = named or SpecimenProcessing
        items = [item for item in self._items() if name_key(item) in kind.KEYS]
        return kind.of(items, is_sr=False)  # type: ignore[return-value]

    @property
    def processing_description(self) -> str | CodedConcept | None:
        """Str | CodedConcept | None: description of what was done."""
        return self._optional(v.PROCESSING_STEP_DESCRIPTION)  # type: ignore[no-any-return]

    @property
    def processing_datetime(self) -> datetime | None:
        """datetime.datetime | None: when it was done."""
        return self._optional(v.DATETIME_OF_PROCESSING)  # type: ignore[no-any-return]

    @property
    def issuer_of_specimen_id(self) -> str | None:
        """Str | None: issuer of the identifier: its universal identifier, or else its local name."""
        designator = self._optional(v.ISSUER_OF_SPECIMEN_IDENTIFIER)
        return None if designator is None else issuer_in_designator(str(designator))

    @property
    def fixative(self) -> CodedConcept | None:
        """CodedConcept | None: fixative used."""
        return self._optional(v.TISSUE_FIXATIVE)  # type: ignore[no-any-return]

    @property
    def embedding_medium(self) -> CodedConcept | None:
        """CodedConcept | None: embedding medium used."""
        return self._optional(v.TISSUE_EMBEDDING_MEDIUM)  # type: ignore[no-any-return]

    @property
    def specimen_container(self) -> CodedConcept | None:
        """CodedConcept | None: container that the specimen is in."""
        return self._optional(v.SPECIMEN_CONTAINER)  # type: ignore[no-any-return]

    @property
    def specimen_type(self) -> CodedConcept | None:
        """CodedConcept | None: type of the specimen."""
        return self._optional(v.SPECIMEN_TYPE)  # type: ignore[no-any-return]
