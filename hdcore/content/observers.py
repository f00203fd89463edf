"""Who observed: persons and devices (PS3.16 TID 1002 to 1004)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import rows
from hdcore.content import vocabulary as v
from hdcore.content.code import CodedConcept, concept_key, same_concept
from hdcore.content.enums import RelationshipTypeValues
from hdcore.content.template import Template
from hdcore.errors import InputError, InputTypeError
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset
    from pydicom.valuerep import PersonName

    from hdcore.content.code import ConceptLike
    from hdcore.content.encoded import Concept
    from hdcore.content.row import Deviation, Row
    from hdcore.uid import UID

__all__ = [
    "DeviceObserverIdentifyingAttributes",
    "ObserverContext",
    "PersonObserverIdentifyingAttributes",
    "observer",
    "observers_in",
]

_CONTEXT = RelationshipTypeValues.HAS_OBS_CONTEXT


class PersonObserverIdentifyingAttributes(Template):
    """A person who observed (TID 1003)."""

    TID: ClassVar[str] = "1003"

    name: Row[str | PersonName, PersonName | None] = rows.person(v.PERSON_OBSERVER_NAME, _CONTEXT, doc="Person's name.")
    login_name: Row[str | None, str | None] = rows.text(
        v.PERSON_OBSERVER_LOGIN_NAME, _CONTEXT, default=None, doc="Name with which the person logs in."
    )
    organization_name: Row[str | None, str | None] = rows.text(
        v.PERSON_OBSERVER_ORGANIZATION_NAME, _CONTEXT, default=None, doc="Organization of the person."
    )
    role_in_organization: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.PERSON_OBSERVER_ROLE_IN_ORGANIZATION, _CONTEXT, default=None, values=7452, doc="Role in the organization."
    )
    role_in_procedure: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.PERSON_OBSERVER_ROLE_IN_PROCEDURE, _CONTEXT, default=None, values=7453, doc="Role in the procedure."
    )


class DeviceObserverIdentifyingAttributes(Template):
    """A device that observed (TID 1004)."""

    TID: ClassVar[str] = "1004"

    uid: Row[str, UID | None] = rows.uid(v.DEVICE_OBSERVER_UID, _CONTEXT, doc="Identifier of the device.")
    name: Row[str | None, str | None] = rows.text(v.DEVICE_OBSERVER_NAME, _CONTEXT, default=None, doc="Device's name.")
    manufacturer_name: Row[str | None, str | None] = rows.text(
        v.DEVICE_OBSERVER_MANUFACTURER, _CONTEXT, default=None, doc="Manufacturer of the device."
    )
    model_name: Row[str | None, str | None] = rows.text(
        v.DEVICE_OBSERVER_MODEL_NAME, _CONTEXT, default=None, doc="Model of the device."
    )
    serial_number: Row[str | None, str | None] = rows.text(
        v.DEVICE_OBSERVER_SERIAL_NUMBER, _CONTEXT, default=None, doc="Serial number of the device."
    )
    physical_location: Row[str | None, str | None] = rows.text(
        v.DEVICE_OBSERVER_LOCATION, _CONTEXT, default=None, doc="Where the device was."
    )
    role_in_procedure: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.DEVICE_ROLE_IN_PROCEDURE, _CONTEXT, default=None, may_repeat=True, values=7445, doc="Role in the procedure."
    )


_ATTRIBUTES: dict[tuple[str, str], type[Template]] = {
    concept_key(v.PERSON): PersonObserverIdentifyingAttributes,
    concept_key(v.DEVICE): DeviceObserverIdentifyingAttributes,
}


class ObserverContext(Template):
    """An observer: its type and what identifies it (TID 1002)."""

    TID: ClassVar[str] = "1002"

    observer_type: Row[ConceptLike, CodedConcept | None] = rows.code(
        v.OBSERVER_TYPE, _CONTEXT, values=270, mandatory=False, doc="Person or device (CID 270)."
    )
    observer_identifying_attributes: Row[
        PersonObserverIdentifyingAttributes | DeviceObserverIdentifyingAttributes,
        PersonObserverIdentifyingAttributes | DeviceObserverIdentifyingAttributes | None,
    ] = rows.include(
        (PersonObserverIdentifyingAttributes, DeviceObserverIdentifyingAttributes), doc="What identifies the observer."
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if the attributes are of the type of observer."""
        kind, attributes = values["observer_type"], values["observer_identifying_attributes"]
        if not hasattr(kind, "scheme_designator"):
            raise InputTypeError(f"observer_type is {short(kind)}; expected a CodedConcept or a pydicom Code.")
        key = concept_key(kind)
        if key not in _ATTRIBUTES:
            raise InputTypeError(f"observer_type is {kind.meaning!r}; expected Person or Device (CID 270).")
        wanted = _ATTRIBUTES[key]
        if not isinstance(attributes, wanted):
            raise InputTypeError(
                f"observer_identifying_attributes is a {type(attributes).__name__}; "
                f"for observer type {kind.meaning!r} expected {wanted.__name__}."
            )
        super().assemble(values, **root_options)


def observers_in(items: Sequence[Dataset], observer_type: ConceptLike | None = None) -> list[ObserverContext]:
    """Find the observers among items of one level.

    Parameters
    ----------
    items: Sequence[pydicom.dataset.Dataset]
        The items.
    observer_type: pydicom.sr.coding.Code | CodedConcept | None, optional
        Person or device, for those only.

    Returns
    -------
    list[ObserverContext]
        The observers. An observer without a type is a person (TID 1002).
    """
    own: list[Any] = [item for item in items if ObserverContext.has_item(item)]  # type: ignore[arg-type]
    observers = [ObserverContext.of(part) for part in ObserverContext.split(own)]
    if observer_type is None:
        return observers
    return [one for one in observers if same_concept(one.observer_type or v.PERSON, observer_type)]


class ObserverRow(rows.IncludeRow[Any, Any]):
    """A row of the observers of one type, who may be several (TID 1001 and 2010 include TID 1002 1-n times)."""

    def __init__(self, observer_type: Concept, **options: Any) -> None:
        super().__init__((ObserverContext,), **options)
        self.observer_type = observer_type

    def make(self, value: Any) -> list[Any]:
        """Make the items of an observer, or of those that a list holds."""
        if isinstance(value, list | tuple):
            return [made for one in value for made in self.make_one(one)]
        return super().make(value)

    def make_one(self, value: Any) -> Sequence[Any]:
        """Check the type of an observer and take its items."""
        if isinstance(value, ObserverContext) and not same_concept(value.observer_type or v.PERSON, self.observer_type):
            raise InputError(f"{self.name} is not of observer type {self.observer_type.meaning!r}.")
        return super().make_one(value)

    def items_of(self, template: Template) -> list[Any]:
        """Find the items of the observers."""
        return [found for part in self.parts_of(template) for found in part]

    def parts_of(self, template: Template) -> list[Template]:
        """Find the observers."""
        return list(observers_in(template.row_items(), self.observer_type))

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell what is off about the observers."""
        for part in self.parts_of(template):
            yield from part.deviations()

    def label(self) -> str:
        """Name the observers in a path."""
        return f"{self.observer_type.meaning} observer"


def observer(observer_type: Concept, doc: str) -> Any:
    """Declare a row of the observers of one type: ``vocabulary.PERSON`` or ``vocabulary.DEVICE``.

    It takes one, or a list of several; what is read is the first, and :func:`observers_in` finds all.
    """
    return ObserverRow(observer_type, default=None, doc=doc)
