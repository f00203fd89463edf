"""Contexts of measurements: what is tracked, by which algorithm, of whom, when (PS3.16 TID 1001 ff., 1502, 4019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.content import (
    CodeContentItem,
    CodedConcept,
    Deviation,
    NumContentItem,
    ObserverContext,
    RelationshipTypeValues,
    Row,
    Template,
    concept_key,
    observers_in,
    rows,
    same_concept,
)
from hdcore.content.context_group import is_in_context_group
from hdcore.content.observers import observer
from hdcore.content.tree import set_children
from hdcore.content.vocabulary import DEVICE as DEVICE_OBSERVER
from hdcore.content.vocabulary import OBSERVER_TYPE
from hdcore.content.vocabulary import PERSON as PERSON_OBSERVER
from hdcore.errors import InputError, InputTypeError
from hdcore.uid import UID

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import ConceptLike
    from pydicom.dataset import Dataset

__all__ = [
    "AlgorithmIdentification",
    "LanguageOfContentItemAndDescendants",
    "LongitudinalTemporalOffsetFromEvent",
    "ObservationContext",
    "SubjectContext",
    "SubjectContextDevice",
    "SubjectContextFetus",
    "SubjectContextSpecimen",
    "TimePointContext",
    "TrackingIdentifier",
]

_CONTEXT = RelationshipTypeValues.HAS_OBS_CONTEXT
_MODIFIER = RelationshipTypeValues.HAS_CONCEPT_MOD


class AlgorithmIdentification(Template):
    """The algorithm that measured (TID 4019)."""

    TID: ClassVar[str] = "4019"
    ORDER: ClassVar[tuple[str, ...]] = ("name", "version", "manufacturer", "parameters", "family")

    name: Row[str, str | None] = rows.text(v.ALGORITHM_NAME, _MODIFIER, doc="Name of the algorithm.")
    version: Row[str, str | None] = rows.text(v.ALGORITHM_VERSION, _MODIFIER, doc="Version of the algorithm.")
    parameters: Row[Sequence[str] | None, list[str]] = rows.text(
        v.ALGORITHM_PARAMETERS, _MODIFIER, default=None, several=True, doc="Parameters of the algorithm."
    )
    family: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.ALGORITHM_FAMILY, _MODIFIER, default=None, values=7162, doc="Kind of algorithm (CID 7162)."
    )
    manufacturer: Row[str | None, str | None] = rows.text(
        v.ALGORITHM_MANUFACTURER, _MODIFIER, default=None, doc="Manufacturer of the algorithm."
    )


class LanguageOfContentItemAndDescendants(Template):
    """The language of a report (TID 1204)."""

    TID: ClassVar[str] = "1204"

    language: Row[ConceptLike, CodedConcept | None] = rows.code(
        v.LANGUAGE, _MODIFIER, mandatory=False, doc="Language (CID 5000)."
    )


class TrackingIdentifier(Template):
    """What identifies something that is measured again and again (TID 4108)."""

    TID: ClassVar[str] = "4108"
    ORDER: ClassVar[tuple[str, ...]] = ("identifier", "uid")

    uid: Row[str | None, UID | None] = rows.uid(
        v.TRACKING_UNIQUE_IDENTIFIER, _CONTEXT, default=None, doc="Unique identifier; a new one if absent."
    )
    identifier: Row[str | None, str | None] = rows.text(
        v.TRACKING_IDENTIFIER, _CONTEXT, default=None, doc="Identifier for people."
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, with a new unique identifier if there is none."""
        super().assemble({**values, "uid": UID() if values["uid"] is None else values["uid"]}, **root_options)


class LongitudinalTemporalOffsetFromEvent(NumContentItem):
    """Time after an event (TID 1502)."""

    def __init__(self, value: float, unit: ConceptLike, event_type: ConceptLike) -> None:
        """Make an offset.

        Parameters
        ----------
        value: float
            Time after the event, in ``unit``.
        unit: pydicom.sr.coding.Code | CodedConcept
            Unit of time.
        event_type: pydicom.sr.coding.Code | CodedConcept
            Kind of event.
        """
        super().__init__(v.LONGITUDINAL_TEMPORAL_OFFSET_FROM_EVENT, value, unit, relationship_type=_CONTEXT)
        set_children(self, [CodeContentItem(v.LONGITUDINAL_TEMPORAL_EVENT_TYPE, event_type, _MODIFIER)])


class _OffsetRows(Template):
    """What is below a time after an event."""

    ROOT_VALUE_TYPE: ClassVar[str] = "NUM"

    event_type: Row[ConceptLike, CodedConcept | None] = rows.code(
        v.LONGITUDINAL_TEMPORAL_EVENT_TYPE, _MODIFIER, doc="Kind of event."
    )


class TimePointContext(Template):
    """When in a series of examinations something was measured (TID 1502)."""

    TID: ClassVar[str] = "1502"
    ORDER: ClassVar[tuple[str, ...]] = (
        "subject_time_point_identifier",
        "protocol_time_point_identifier",
        "time_point",
        "time_point_type",
        "time_point_order",
        "temporal_offset_from_event",
    )

    time_point: Row[str, str | None] = rows.text(v.TIME_POINT, _CONTEXT, doc="The time point.")
    time_point_type: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.TIME_POINT_TYPE, _CONTEXT, default=None, values=6146, doc="Kind of time point (CID 6146)."
    )
    time_point_order: Row[int | None, float | None] = rows.number(
        v.TIME_POINT_ORDER, _CONTEXT, v.NO_UNITS, default=None, doc="Place in the series."
    )
    subject_time_point_identifier: Row[str | None, str | None] = rows.text(
        v.SUBJECT_TIME_POINT_IDENTIFIER, _CONTEXT, default=None, doc="Identifier among those of the subject."
    )
    protocol_time_point_identifier: Row[str | None, str | None] = rows.text(
        v.PROTOCOL_TIME_POINT_IDENTIFIER, _CONTEXT, default=None, doc="Identifier among those of the protocol."
    )
    temporal_offset_from_event: Row[
        LongitudinalTemporalOffsetFromEvent | None, LongitudinalTemporalOffsetFromEvent | None
    ] = rows.item(
        LongitudinalTemporalOffsetFromEvent,
        v.LONGITUDINAL_TEMPORAL_OFFSET_FROM_EVENT,
        _CONTEXT,
        ("NUM",),
        default=None,
        described_by=_OffsetRows,
        doc="Time after an event.",
    )


class SubjectContextFetus(Template):
    """A fetus as subject (TID 1008)."""

    TID: ClassVar[str] = "1008"

    subject_id: Row[str, str | None] = rows.text(
        v.SUBJECT_ID, _CONTEXT, mandatory=False, doc="Identifier of the fetus."
    )
    fetus_number: Row[int | None, float | None] = rows.number(
        v.FETUS_NUMBER, _CONTEXT, v.NO_UNITS, default=None, doc="Number of the fetus among several (PS3.17 I.3)."
    )


class SubjectContextSpecimen(Template):
    """A specimen as subject (TID 1009)."""

    TID: ClassVar[str] = "1009"
    ORDER: ClassVar[tuple[str, ...]] = ("uid", "identifier", "specimen_type", "container_identifier")

    uid: Row[str, UID | None] = rows.uid(v.SPECIMEN_UID, _CONTEXT, doc="Unique identifier of the specimen.")
    identifier: Row[str | None, str | None] = rows.text(
        v.SPECIMEN_IDENTIFIER, _CONTEXT, default=None, doc="Identifier of the specimen."
    )
    container_identifier: Row[str | None, str | None] = rows.text(
        v.SPECIMEN_CONTAINER_IDENTIFIER, _CONTEXT, default=None, doc="Identifier of its container."
    )
    specimen_type: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.SPECIMEN_TYPE, _CONTEXT, default=None, values=8103, doc="Type of the specimen (CID 8103)."
    )

    @classmethod
    def from_image(cls, image: Dataset) -> Self:
        """Take the specimen of an image.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            An image with the Specimen module.

        Raises
        ------
        ValueError
            If it has no, or several, specimens.
        """
        specimens = list(image.get("SpecimenDescriptionSequence") or ())
        if len(specimens) != 1:
            raise InputError(f"The image shows {len(specimens)} specimens; expected one.")
        specimen = specimens[0]
        types = specimen.get("SpecimenTypeCodeSequence")
        return cls(
            uid=str(specimen.SpecimenUID),
            identifier=specimen.get("SpecimenIdentifier"),
            container_identifier=image.get("ContainerIdentifier") or None,
            specimen_type=CodedConcept.from_dataset(types[0]) if types else None,
        )

    @property
    def specimen_uid(self) -> UID | None:
        """UID | None: unique identifier of the specimen."""
        return self.uid

    @property
    def specimen_identifier(self) -> str | None:
        """Str | None: identifier of the specimen."""
        return self.identifier


class SubjectContextDevice(Template):
    """A device as subject (TID 1010)."""

    TID: ClassVar[str] = "1010"

    name: Row[str, str | None] = rows.text(v.DEVICE_SUBJECT_NAME, _CONTEXT, doc="Name of the device.")
    uid: Row[str | None, UID | None] = rows.uid(
        v.DEVICE_SUBJECT_UID, _CONTEXT, default=None, doc="Identifier of the device."
    )
    manufacturer_name: Row[str | None, str | None] = rows.text(
        v.DEVICE_SUBJECT_MANUFACTURER, _CONTEXT, default=None, doc="Manufacturer of the device."
    )
    model_name: Row[str | None, str | None] = rows.text(
        v.DEVICE_SUBJECT_MODEL_NAME, _CONTEXT, default=None, doc="Model of the device."
    )
    serial_number: Row[str | None, str | None] = rows.text(
        v.DEVICE_SUBJECT_SERIAL_NUMBER, _CONTEXT, default=None, doc="Serial number of the device."
    )
    physical_location: Row[str | None, str | None] = rows.text(
        v.DEVICE_SUBJECT_LOCATION, _CONTEXT, default=None, doc="Where the device was."
    )

    device_name = property(lambda self: self.name, doc="str | None: name of the device.")
    device_uid = property(lambda self: self.uid, doc="UID | None: identifier of the device.")
    device_manufacturer_name = property(lambda self: self.manufacturer_name, doc="str | None: manufacturer.")
    device_model_name = property(lambda self: self.model_name, doc="str | None: model.")
    device_serial_number = property(lambda self: self.serial_number, doc="str | None: serial number.")
    device_physical_location = property(lambda self: self.physical_location, doc="str | None: where it was.")


AnySubject = SubjectContextFetus | SubjectContextSpecimen | SubjectContextDevice
_SUBJECTS: dict[tuple[str, str], type[Template]] = {
    concept_key(v.FETUS): SubjectContextFetus,
    concept_key(v.SPECIMEN): SubjectContextSpecimen,
    concept_key(v.DEVICE_SUBJECT): SubjectContextDevice,
}


def subject_class_of(concept: ConceptLike) -> ConceptLike:
    """Give a class of subjects as CID 271 codes it: what is called a device elsewhere is a device subject there."""
    return v.DEVICE_SUBJECT if same_concept(concept, v.DEVICE) else concept


class SubjectContext(Template):
    """The subject of a report where it is not the patient (TID 1006)."""

    TID: ClassVar[str] = "1006"

    subject_class: Row[ConceptLike, CodedConcept | None] = rows.code(
        v.SUBJECT_CLASS, _CONTEXT, values=271, mandatory=False, doc="Kind of subject (CID 271)."
    )
    subject_class_specific_context: Row[AnySubject, AnySubject | None] = rows.include(
        (SubjectContextFetus, SubjectContextSpecimen, SubjectContextDevice),
        mandatory=False,
        doc="What identifies the subject.",
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if the context is one of the kind of subject."""
        kind, context = values["subject_class"], values["subject_class_specific_context"]
        if not hasattr(kind, "scheme_designator"):
            raise InputTypeError(f"subject_class is {kind!r}; expected a CodedConcept or a pydicom Code.")
        kind = subject_class_of(kind)
        key = concept_key(kind)
        if key not in _SUBJECTS:
            raise InputTypeError(
                f"subject_class is {kind.meaning!r}; expected Fetus, Specimen or Device Subject (CID 271)."
            )
        if not isinstance(context, _SUBJECTS[key]):
            raise InputTypeError(
                f"subject_class_specific_context is a {type(context).__name__}; "
                f"for subject class {kind.meaning!r} expected {_SUBJECTS[key].__name__}."
            )
        super().assemble({**values, "subject_class": kind}, **root_options)

    @classmethod
    def from_image(cls, image: Dataset) -> Self | None:
        """Take the subject of an image, if it is a specimen.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            The image.

        Returns
        -------
        SubjectContext | None
            The specimen; ``None`` if the image does not show one.
        """
        if len(image.get("SpecimenDescriptionSequence") or ()) != 1:
            return None
        return cls(v.SPECIMEN, SubjectContextSpecimen.from_image(image))


class ObservationContext(Template):
    """Who observed whom (TID 1001)."""

    TID: ClassVar[str] = "1001"

    observer_person_context: Row[ObserverContext | list[ObserverContext] | None, ObserverContext | None] = observer(
        PERSON_OBSERVER, doc="Person who observed, or several."
    )
    observer_device_context: Row[ObserverContext | list[ObserverContext] | None, ObserverContext | None] = observer(
        DEVICE_OBSERVER, doc="Device that observed, or several."
    )
    subject_context: Row[SubjectContext | None, SubjectContext | None] = rows.include(
        SubjectContext, default=None, doc="Subject, where it is not the patient."
    )

    @classmethod
    def split(cls, items: Sequence[Any]) -> list[list[Any]]:
        """Keep all items together: a report has the context once."""
        return [list(items)]

    def deviations(self) -> Iterator[Deviation]:
        """Tell in what the items differ from the template's table, those of observers of unknown types too."""
        yield from super().deviations()
        for observer_context in observers_in(self.row_items()):
            kind = observer_context.observer_type
            if kind is not None and not is_in_context_group(kind, 270):
                yield Deviation(OBSERVER_TYPE.meaning, f"is {kind.meaning!r}, which is not of CID 270", is_error=False)
