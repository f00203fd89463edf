"""What templates of one's own can say of their rows, and what mistakes in them lead to."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.sr.codedict import codes

from hdcore.content import (
    CodeContentItem,
    Concept,
    ContainerContentItem,
    Deviation,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeValues,
    Row,
    Template,
    TextContentItem,
    children_of,
    root,
    rows,
    same_concept,
)
from hdcore.content.tree import set_children

CONTAINS, PROPERTIES = RelationshipTypeValues.CONTAINS, RelationshipTypeValues.HAS_PROPERTIES
QUALITY, GRADE, NOTE, PICTURE, FAULT, WEIGHT, PERSON, AGE, WIDTH, ELSE, GOOD, BAD = (
    Concept(str(number), "99HD", f"c{number}") for number in range(12)
)
YEARS = Concept("a", "UCUM", "year")


class Person(Template):
    name: Row[Any, Any] = rows.person(PERSON, CONTAINS)
    age: Row[Any, Any] = rows.number(AGE, CONTAINS, YEARS, default=None)


class Fault(Template):
    ROOT = FAULT
    ROOT_VALUE_TYPE = "CODE"

    value: Any = root(values=(GOOD, BAD))
    weight: Row[Any, Any] = rows.number(WEIGHT, PROPERTIES, codes.UCUM.NoUnits, default=None)

    def make_root(self, values):
        return CodeContentItem(FAULT, values["value"])


class Quality(Template):
    TID = "9000"
    ROOT = QUALITY
    ROOT_VALUE_TYPE = "CONTAINER"

    grade: Row[Any, Any] = rows.code(GRADE, CONTAINS, values=(GOOD, BAD), is_extensible=False)
    reader: Row[Any, Any] = rows.include(Person, default=None)
    faults: Row[Any, Any] = rows.include(
        Fault,
        default=None,
        several=True,
        required_if=lambda quality: quality.grade is not None and same_concept(quality.grade, BAD),
        condition="it is bad",
    )
    picture: Row[Any, Any] = rows.item(ImageContentItem, PICTURE, CONTAINS, ("IMAGE",), default=None)
    widths: Row[Any, Any] = rows.item(
        NumContentItem, None, CONTAINS, ("NUM",), names=((WIDTH,),), several=True, default=None
    )
    note: Row[Any, Any] = rows.text(NOTE, "CONTAINS", default=None, may_repeat=True)


def width(name=WIDTH):
    return NumContentItem(name, 1, YEARS)


def test_a_container_is_made_of_the_name_and_number_of_its_template():
    made = Quality(GOOD)
    assert (made[0].name, made[0].template_id, made[0].relationship_type) == (QUALITY, "9000", None)


def test_what_is_included_gets_a_relationship_if_it_has_none():
    (fault,) = children_of(Quality(BAD, faults=[Fault(BAD, weight=1)])[0])[1:]
    assert fault.relationship_type is CONTAINS
    assert Quality(BAD, faults=[Fault(BAD, weight=1)]).faults[0].weight == 1


def test_rows_without_a_name_leave_to_others_what_these_name():
    made = Quality(GOOD, Person("Doe^Jane", 40), widths=[width()])
    assert [item.name for item in made.widths] == [WIDTH]
    assert made.reader.age == 40


def test_an_item_that_would_not_be_found_by_its_name_is_refused():
    image = ImageContentItem(ELSE, "1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    with pytest.raises(ValueError, match=r"picture is IMAGE 'c9', under which name it would not be found.*'c3'"):
        Quality(GOOD, picture=image)


def test_values_outside_of_a_closed_group_are_refused_and_an_error():
    with pytest.raises(ValueError, match="grade is 'c9', which is not of the group of c10, c11; expected c10, c11"):
        Quality(ELSE)
    made = Quality(GOOD)
    children_of(made[0])[0].ConceptCodeSequence[0].CodeValue = "9"
    assert list(made.deviations()) == [Deviation("c0/c1", "is 'c10', which is not of the group of c10, c11")]


def test_names_and_values_of_roots_outside_of_an_open_group_are_advised_against():
    made = Quality(BAD, faults=[Fault(ELSE)], widths=[width(ELSE)])
    assert list(made.deviations()) == [
        Deviation("c0/c4/value", "is 'c9', which is not of the group of c10, c11", is_error=False),
        Deviation("c0/widths", "is named 'c9', which is not of the group of c8", is_error=False),
    ]


def test_a_conditional_row_is_asked_for_when_made_and_when_read():
    with pytest.raises(ValueError, match="faults is missing; it is required if it is bad"):
        Quality(BAD)
    made = Quality(BAD, faults=[Fault(BAD)])
    assert list(made.deviations()) == []
    made.faults = None
    assert list(made.deviations()) == [Deviation("c0/Fault", "is missing; it is required if it is bad")]
    assert list(Quality(GOOD).deviations()) == []


def test_a_row_that_may_repeat_gives_the_first():
    made = Quality(GOOD, note="a")
    children_of(made[0]).append(TextContentItem(NOTE, "b", CONTAINS))
    assert made.note == "a"
    assert list(made.deviations()) == []


def test_what_is_included_once_is_one_in_whatever_order_its_items_are():
    made = Quality(GOOD, Person("Doe^Jane", 40))
    set_children(made[0], reversed(children_of(made[0])))
    assert (made.reader.name, made.reader.age) == ("Doe^Jane", 40)
    assert list(made.deviations()) == []


def test_items_below_an_item_follow_the_template_that_describes_them():
    class Described(Template):
        item: Row[Any, Any] = rows.item(CodeContentItem, FAULT, CONTAINS, ("CODE",), described_by=Fault)

    item = CodeContentItem(FAULT, GOOD)
    set_children(item, [NumContentItem(WEIGHT, 1, YEARS, relationship_type=CONTAINS)])
    assert [message for _, message, _ in Described(item).deviations()] == [
        "has relationship 'CONTAINS', expected HAS PROPERTIES"
    ]


def test_a_root_of_another_name_is_reported():
    read = Quality.from_sequence([ContainerContentItem(ELSE)])
    assert next(read.deviations()) == Deviation("c9", "is the root's name, expected 'c0'")


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: Person(5), TypeError, "name is 5; expected a person's name"),
        (lambda: Person("A^B", "old"), TypeError, "age is 'old'; expected a number"),
        (
            lambda: Person("A^B", float("nan")),
            ValueError,
            "age: value of .* is nan; expected a finite one",
        ),
        (lambda: Quality(GOOD, "x"), TypeError, "reader is 'x'; expected Person"),
        (lambda: Quality(BAD, faults=Fault(BAD)), TypeError, "faults is a CodeContentItem; expected Fault"),
        (lambda: Quality(GOOD, note=5), TypeError, "note is 5; expected a text"),
        (lambda: Quality("x"), TypeError, "grade is 'x'; expected a CodedConcept"),
        (lambda: Quality.from_sequence([]), ValueError, "read from one item; given were 0"),
    ],
)
def test_values_of_other_kinds_are_refused_by_the_name_of_the_row(make, kind, message):
    with pytest.raises(kind, match=message):
        make()


def test_an_order_of_rows_that_do_not_exist_is_refused_where_it_stands():
    with pytest.raises(TypeError, match="ORDER of Wrong names 'notes', which is no field; there are note"):

        class Wrong(Template):
            ORDER = ("notes",)
            note: Row[Any, Any] = rows.text(NOTE, CONTAINS)


def test_a_mandatory_row_after_an_optional_one_is_refused_where_it_stands():
    with pytest.raises(TypeError, match="grade of Wrong has no default but stands after note"):

        class Wrong(Template):
            note: Row[Any, Any] = rows.text(NOTE, CONTAINS, default=None)
            grade: Row[Any, Any] = rows.code(GRADE, CONTAINS)


def test_a_root_that_nobody_says_how_to_make_is_refused():
    class Wrong(Template):
        ROOT_VALUE_TYPE = "NUM"
        note: Row[Any, Any] = rows.text(NOTE, CONTAINS)

    with pytest.raises(TypeError, match="Wrong does not say how its root item, of value type NUM, is made"):
        Wrong("x")


def test_a_context_group_that_pydicom_does_not_know_is_named():
    with pytest.raises(ValueError, match="pydicom has no context group 999999; list its concepts in a tuple"):
        rows.is_in_context_group(GOOD, 999999)
