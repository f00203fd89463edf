"""The content of a key object selection (PS3.16 TID 2010)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.content import (
    CodedConcept,
    CompositeContentItem,
    ContainerContentItem,
    ContentItem,
    Deviation,
    ImageContentItem,
    ObserverContext,
    RelationshipTypeValues,
    Row,
    Template,
    ValueTypeValues,
    WaveformContentItem,
    concept_key,
    observers_in,
    rows,
)
from hdcore.content.attributes import CONCEPT_NAME
from hdcore.content.bulk import collection_paused
from hdcore.content.observers import observer
from hdcore.content.reference import reference_of
from hdcore.content.template import RootField, root
from hdcore.content.vocabulary import DEVICE, PERSON
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import elements_of, fetch_text
from hdcore.model.making import tag_of
from hdcore.text import short
from pydicom.dataset import Dataset

from hdcore_ko import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import ConceptLike

__all__ = ["KeyObjectSelection"]

_CONTAINS = RelationshipTypeValues.CONTAINS
_WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."
_PRESENTATION_STATES = "1.2.840.10008.5.1.4.1.1.11."
_PIXELS = tuple(tag_of(keyword) for keyword in ("Rows", "PixelData", "FloatPixelData", "DoubleFloatPixelData"))
_WAVEFORM_SEQUENCE = tag_of("WaveformSequence")
_MODIFIERS = {v.REJECTED_FOR_QUALITY: 7011, v.QUALITY_ISSUE: 7011, v.BEST_IN_SET: 7012}
"""Context group of the modifiers that a title asks for (TID 2010, rows 3 and 4)."""

References = ImageContentItem | CompositeContentItem | WaveformContentItem


class ReferenceRow(Row[Any, Any]):
    """The row of the references: takes instances, or content items that refer to them.

    The items have no concept name: the title of the document is the purpose of all references (TID 2010, rows 8 to 10).
    """

    def make_one(self, value: Any) -> Sequence[ContentItem]:
        """Make the item that refers to an instance."""
        if isinstance(value, ContentItem):
            if not isinstance(value, References):
                raise InputTypeError(
                    f"referenced_objects holds a {type(value).__name__}; expected datasets of instances, or items of "
                    "value type IMAGE, COMPOSITE or WAVEFORM."
                )
            item: ContentItem = type(value).from_dataset(value)
            item.RelationshipType = _CONTAINS.value
            return [_without_purpose(item)]
        if not isinstance(value, Dataset):
            raise InputTypeError(f"referenced_objects holds {short(value)}; expected datasets of instances.")
        sop_class, instance = fetch_text(value, "SOPClassUID"), fetch_text(value, "SOPInstanceUID")
        if not sop_class or not instance:
            raise InputError("An instance of referenced_objects has no SOP class or SOP instance UID.")
        kind = _kind_of(value, sop_class)
        return [_without_purpose(kind(v.SOURCE, sop_class, instance, relationship_type=_CONTAINS))]

    def expected(self) -> str:
        """Name what a value is."""
        return "datasets of instances"

    def items_of(self, template: Template) -> list[ContentItem]:
        """Find the references."""
        return [item for item in template.row_items() if isinstance(item, References)]

    def label(self) -> str:
        """Name the row in a path."""
        return "reference to a key object"

    def deviations_of_value(self, found: ContentItem) -> Iterator[Deviation]:
        """Tell whether the item has a purpose of its own."""
        if CONCEPT_NAME in elements_of(found):
            yield Deviation(self.label(), "has a concept name, expected none", is_error=False)


def _without_purpose(item: ContentItem) -> ContentItem:
    elements_of(item).pop(CONCEPT_NAME, None)
    return item


class KeyObjectSelection(Template):
    """A selection of instances, and why they were selected (TID 2010)."""

    TID: ClassVar[str] = "2010"
    ROOT_VALUE_TYPE: ClassVar[str] = "CONTAINER"
    ORDER: ClassVar[tuple[str, ...]] = (
        "title_modifiers",
        "language",
        "observer_person_context",
        "observer_device_context",
        "description",
        "referenced_objects",
    )

    document_title: RootField[ConceptLike, CodedConcept] = root(
        doc="Why the instances were selected (CID 7010).", attribute="name"
    )
    referenced_objects: Row[Sequence[Dataset], list[References]] = ReferenceRow(
        None, _CONTAINS, value_types=("IMAGE", "COMPOSITE", "WAVEFORM"), several=True, doc="The instances."
    )
    observer_person_context: Row[ObserverContext | list[ObserverContext] | None, ObserverContext | None] = observer(
        PERSON, doc="Person who selected them, or several."
    )
    observer_device_context: Row[ObserverContext | list[ObserverContext] | None, ObserverContext | None] = observer(
        DEVICE, doc="Device that selected them, or several."
    )
    description: Row[str | None, str | None] = rows.text(
        v.KEY_OBJECT_DESCRIPTION, _CONTAINS, default=None, doc="Description of the selection."
    )
    title_modifiers: Row[Sequence[ConceptLike] | None, list[CodedConcept]] = rows.code(
        v.DOCUMENT_TITLE_MODIFIER,
        RelationshipTypeValues.HAS_CONCEPT_MOD,
        default=None,
        several=True,
        doc="What qualifies the title: reasons of rejection (CID 7011), what the best is of (CID 7012).",
    )
    language: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.LANGUAGE, RelationshipTypeValues.HAS_CONCEPT_MOD, default=None, doc="Language of the description."
    )

    @collection_paused()
    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if there is something to refer to."""
        objects = values["referenced_objects"]
        if isinstance(objects, Dataset | str) or not (objects is None or hasattr(objects, "__iter__")):
            raise InputTypeError(f"referenced_objects is a {type(objects).__name__}; expected a sequence of datasets.")
        listed = list(objects or ())
        if not listed:
            raise InputError("referenced_objects is empty; expected at least one instance.")
        super().assemble({**values, "referenced_objects": listed}, **root_options)

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the container."""
        return ContainerContentItem(values["document_title"], template_id=self.TID)

    @classmethod
    def from_sequence(
        cls, sequence: Sequence[Dataset], is_root: bool = True, is_sr: bool = True, copy: bool = True
    ) -> Self:
        """Take content that was read as a selection (see :meth:`hdcore.content.Template.from_sequence`)."""
        return super().from_sequence(sequence, is_root=is_root, is_sr=is_sr, copy=copy)

    def get_observer_contexts(self, observer_type: ConceptLike | None = None) -> list[ObserverContext]:
        """Find who selected the instances.

        Parameters
        ----------
        observer_type: pydicom.sr.coding.Code | CodedConcept | None, optional
            Person or device, for those only.

        Returns
        -------
        list[ObserverContext]
            The observers.
        """
        return observers_in(self.row_items(), observer_type)

    def get_references(
        self, value_type: ValueTypeValues | str | None = None, sop_class_uid: str | None = None
    ) -> list[References]:
        """Find the items that refer to instances.

        Parameters
        ----------
        value_type: ValueTypeValues | str | None, optional
            Value type of the items.
        sop_class_uid: str | None, optional
            SOP class of the instances.

        Returns
        -------
        list[ImageContentItem | CompositeContentItem | WaveformContentItem]
            The items.

        Raises
        ------
        ValueError
            If no item of this value type refers to instances.
        """
        kind = None if value_type is None else ValueTypeValues(value_type)
        if kind not in (None, ValueTypeValues.IMAGE, ValueTypeValues.COMPOSITE, ValueTypeValues.WAVEFORM):
            raise InputError(f"value_type is {kind.value}; items that refer are IMAGE, COMPOSITE or WAVEFORM.")
        return [
            item
            for item in self.row_items()
            if isinstance(item, References)
            and (kind is None or item.value_type is kind)
            and (sop_class_uid is None or _is_of(item, sop_class_uid))
        ]

    @property
    def title(self) -> CodedConcept:
        """CodedConcept: why the instances were selected."""
        return self[0].name  # type: ignore[no-any-return]


def _is_of(item: References, sop_class_uid: str) -> bool:
    reference = reference_of(item)
    return reference is not None and fetch_text(reference, "ReferencedSOPClassUID") == sop_class_uid


def modifier_group(title: ConceptLike) -> int | None:
    """Tell the context group of the modifiers that a title needs; ``None`` if it needs none."""
    return _MODIFIERS.get(concept_key(title))


def _kind_of(dataset: Dataset, sop_class: str) -> Any:
    elements = elements_of(dataset)
    if sop_class.startswith(_WAVEFORMS) or _WAVEFORM_SEQUENCE in elements:
        return WaveformContentItem
    if not sop_class.startswith(_PRESENTATION_STATES) and not elements.keys().isdisjoint(_PIXELS):
        return ImageContentItem
    return CompositeContentItem
