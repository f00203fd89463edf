"""Templates whose rows are fields."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from pydicom.sr.codedict import codes

from hdcore.content import (
    CodedConcept,
    Concept,
    ContainerContentItem,
    DeviceObserverIdentifyingAttributes,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    RelationshipTypeValues,
    Row,
    Template,
    TextContentItem,
    duplicate,
    observers_in,
    rows,
)

CONTAINS = RelationshipTypeValues.CONTAINS
TITLE, NOTE, GRADE, SIZE, WHEN, AUTHOR, UNIQUE = (Concept(str(number), "99HD", f"c{number}") for number in range(7))


class Inner(Template):
    note: Row[str, str | None] = rows.text(NOTE, CONTAINS)
    grade: Row[Any, CodedConcept | None] = rows.code(GRADE, CONTAINS, default=None, values=270, is_extensible=False)


class Outer(Template):
    TID = "9000"
    ROOT_VALUE_TYPE = "CONTAINER"
    ORDER = ("author", "sizes", "inner", "when", "unique")

    sizes: Row[Any, list[float]] = rows.number(SIZE, CONTAINS, Concept("mm", "UCUM", "mm"), several=True)
    inner: Row[Any, list[Inner]] = rows.include(Inner, default=None, several=True)
    author: Row[Any, Any] = rows.person(AUTHOR, CONTAINS, default=None)
    when: Row[Any, Any] = rows.datetime(WHEN, CONTAINS, default=None)
    unique: Row[Any, Any] = rows.uid(UNIQUE, CONTAINS, default=None)

    def make_root(self, values):
        return ContainerContentItem(TITLE, template_id=self.TID)


def outer(**options):
    return Outer([1.5, 2], [Inner("a"), Inner("b", codes.DCM.Person)], "Doe^Jane", "20200102", "1.2.3", **options)


def test_the_constructor_has_the_fields_as_parameters():
    signature = inspect.signature(Outer.__init__)
    assert list(signature.parameters) == ["self", "sizes", "inner", "author", "when", "unique"]
    assert signature.parameters["sizes"].default is inspect.Parameter.empty
    assert signature.parameters["inner"].default is None


def test_attributes_give_back_what_was_put_in():
    made = outer()
    assert made.sizes == [1.5, 2]
    assert [(one.note, one.grade) for one in made.inner] == [("a", None), ("b", codes.DCM.Person)]
    assert made.author == "Doe^Jane"
    assert made.when.year == 2020
    assert made.unique == "1.2.3"


def test_items_stand_in_the_order_of_the_table():
    names = [item.name.meaning for item in outer()[0].ContentSequence]
    assert names == ["c5", "c3", "c3", "c1", "c1", "c2", "c4", "c6"]


def test_rows_can_be_replaced_in_their_place():
    made = outer()
    made.sizes = [7]
    made.author = None
    made.inner = [Inner("c")]
    assert (made.sizes, made.author, [one.note for one in made.inner]) == ([7], None, ["c"])
    made.author = "Roe^Ann"
    assert [item.name.meaning for item in made[0].ContentSequence] == ["c5", "c3", "c1", "c4", "c6"]


def test_what_was_read_is_the_template_without_being_copied():
    root = duplicate(outer()[0])
    assert Outer.from_sequence([root], copy=False)[0] is root
    assert Outer.from_sequence([root])[0] is not root


def test_deviations_name_the_row():
    made = outer()
    items = made[0].ContentSequence
    items[:] = [item for item in items if item.name.meaning not in ("c3",)]
    items.append(TextContentItem(AUTHOR, "x", "CONTAINS"))
    items[0].RelationshipType = "HAS OBS CONTEXT"
    next(item for item in items if item.name.meaning == "c2").ConceptCodeSequence[0].CodeValue = "0"
    found = {path: message for path, message, is_error in made.deviations() if is_error}
    assert found["c0/c3"] == "is missing"
    assert "value type" in found["c0/c5"] or "relationship" in found["c0/c5"]
    assert "CID 270" in found["c0/c2"]


@pytest.mark.parametrize(
    ("build", "kind"),
    [
        (lambda: Outer("x"), TypeError),
        (lambda: Outer(["x"]), TypeError),
        (lambda: Outer([1], [3]), TypeError),
        (lambda: Outer(None), TypeError),
        (lambda: Outer([1], when="someday"), ValueError),
        (lambda: Outer([1], unique="x"), ValueError),
        (lambda: Outer.from_sequence([]), ValueError),
        (lambda: Outer.from_sequence([TextContentItem(NOTE, "x")]), ValueError),
        (lambda: Outer.from_sequence(3), TypeError),
        (lambda: Inner(grade=codes.DCM.Person), TypeError),
    ],
)
def test_bad_input_is_refused(build, kind):
    with pytest.raises(kind):
        build()


def test_observers_are_told_apart():
    person = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane", role_in_procedure=GRADE))
    device = ObserverContext(codes.DCM.Device, DeviceObserverIdentifyingAttributes("1.2.3", model_name="M"))
    found = observers_in([*person, *device, *person])
    assert [one.observer_type.meaning for one in found] == ["Person", "Device", "Person"]
    (one,) = observers_in([*person, *device], codes.DCM.Device)
    assert one.observer_identifying_attributes.model_name == "M"
    untyped = person[1:]
    assert observers_in(untyped, codes.DCM.Person)[0].observer_identifying_attributes.name == "Doe^Jane"
    with pytest.raises(TypeError, match="DeviceObserver"):
        ObserverContext(codes.DCM.Device, PersonObserverIdentifyingAttributes("Doe^Jane"))
    with pytest.raises(TypeError, match="Person or Device"):
        ObserverContext(GRADE, PersonObserverIdentifyingAttributes("Doe^Jane"))
