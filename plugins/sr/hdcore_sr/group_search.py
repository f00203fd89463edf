"""Conditions by which measurement groups are found: what each must hold, without reading all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.content import GraphicTypeValues, GraphicTypeValues3D, concept_key, same_concept
from hdcore.content import attributes as at
from hdcore.content.encoded import concept_of, text_of
from hdcore.content.glance import may_hold, skim
from hdcore.content.item import name_key, value_type_of
from hdcore.content.reference import reference_of
from hdcore.content.search import skim_all
from hdcore.errors import InputError

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hdcore.content.code import ConceptLike

__all__ = [
    "check_reference_type",
    "finding_conditions",
    "instance_conditions",
    "referring_items",
    "region_conditions",
]

_REFERRING = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM", "SCOORD", "SCOORD3D"})
_VALUE_MAP = concept_key(v.REAL_WORLD_VALUE_MAP)


def finding_conditions(
    tracking_uid: str | None, finding_type: ConceptLike | None, finding_site: ConceptLike | None
) -> Iterator[Callable[[Any], bool]]:
    """Ask for what was found, where, and as what it is tracked over time; what is None is not asked for."""
    if tracking_uid is not None:
        tracking = concept_key(v.TRACKING_UNIQUE_IDENTIFIER)
        yield (
            lambda group: (
                may_hold(group, tracking_uid)
                and any(name_key(item) == tracking and text_of(item, at.UID) == tracking_uid for item in skim(group))
            )
        )
    for name, wanted in ((v.FINDING, finding_type), (v.FINDING_SITE, finding_site)):
        if wanted is not None:
            yield _has_code(concept_key(name), concept_key(wanted))


def _has_code(name: tuple[str, str], wanted: tuple[str, str]) -> Callable[[Any], bool]:
    def holds(group: Any) -> bool:
        values = (concept_of(item, at.CONCEPT_CODE) for item in skim(group) if name_key(item) == name)
        return any(value is not None and concept_key(value) == wanted for value in values)

    return holds


def region_conditions(
    reference_type: ConceptLike | None, graphic_type: Any, drawn: set[Any]
) -> Iterator[Callable[[Any], bool]]:
    """Ask what a group refers to, and for a graphic type of its regions, which have one of the names ``drawn``."""
    if reference_type is not None:
        wanted = concept_key(reference_type)
        yield lambda group: any(name_key(item) == wanted for item in skim(group))
    if graphic_type is not None:
        term, kinds = _graphic_term(graphic_type)
        names = {concept_key(name) for name in drawn}
        yield lambda group: any(
            name_key(item) in names and text_of(item, at.VALUE_TYPE) in kinds and text_of(item, at.GRAPHIC_TYPE) == term
            for item in skim(group)
        )


def _graphic_term(graphic_type: Any) -> tuple[str, tuple[str, ...]]:
    """Give the term of a graphic type and the value types that it is of; a text may be of both."""
    vocabularies: dict[str, Any] = {"SCOORD": GraphicTypeValues, "SCOORD3D": GraphicTypeValues3D}
    for kind, terms in vocabularies.items():
        if isinstance(graphic_type, terms):
            return str(graphic_type.value), (kind,)
    kinds = tuple(kind for kind, terms in vocabularies.items() if graphic_type in {one.value for one in terms})
    if not kinds:
        known = dict.fromkeys(one.value for terms in vocabularies.values() for one in terms)
        raise InputError(f"graphic_type is {graphic_type!r}; expected one of {', '.join(known)}.")
    return graphic_type, kinds


def instance_conditions(instance_uid: str | None, class_uid: str | None) -> Iterator[Callable[[Any], bool]]:
    """Ask for an image or another instance that the group is about, or for its SOP class."""
    if instance_uid is None and class_uid is None:
        return

    def holds(group: Any) -> bool:
        if not all(uid is None or may_hold(group, uid) for uid in (instance_uid, class_uid)):
            return False
        for item in referring_items(skim_all(group)):
            reference = reference_of(item)
            if (
                reference is not None
                and instance_uid in (None, text_of(reference, at.REFERENCED_SOP_INSTANCE_UID))
                and class_uid in (None, text_of(reference, at.REFERENCED_SOP_CLASS_UID))
            ):
                return True
        return False

    yield holds


def referring_items(items: Iterable[tuple[int, Any]]) -> Iterator[Any]:
    """Select the items that say what a group is about: regions, segments, surfaces and images, and those below them.

    Images that a single measurement was made from, and its real-world value map, are not what the group is about.

    Parameters
    ----------
    items: Iterable[tuple[int, hdcore.content.ContentItem]]
        The items below the group and their levels, counted from zero, parents before children.
    """
    is_about = False
    for level, item in items:
        if level == 0:
            is_about = value_type_of(item) in _REFERRING and name_key(item) != _VALUE_MAP
        if is_about:
            yield item


def check_reference_type(reference_type: ConceptLike | None, allowed: tuple[Any, ...]) -> None:
    """Refuse a kind of reference that such groups do not have.

    Raises
    ------
    ValueError
        If it is not among those allowed.
    """
    if reference_type is not None and not any(same_concept(reference_type, one) for one in allowed):
        names = ", ".join(one.meaning for one in allowed)
        raise InputError(f"reference_type is {reference_type.meaning!r}; expected one of {names}.")
