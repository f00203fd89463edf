"""Context groups: the concepts that a value or a name may be (PS3.16 section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from hdcore.content.code import concept_key
from hdcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hdcore.content.code import ConceptLike

    ContextGroup: TypeAlias = "int | tuple[ConceptLike, ...]"

__all__ = ["is_in_context_group", "members_of", "name_of_group"]

_SHOWN = 8


def is_in_context_group(value: ConceptLike | Any, group: ContextGroup) -> bool:
    """Tell whether a concept is in a context group.

    Parameters
    ----------
    value: pydicom.sr.coding.Code | CodedConcept
        The concept.
    group: int | tuple[pydicom.sr.coding.Code | CodedConcept, ...]
        Number of a context group of PS3.16, as pydicom lists it; or the concepts of a group of your own.

    Raises
    ------
    ValueError
        If pydicom has no such group.
    """
    if not isinstance(group, int):
        key = concept_key(value)
        return any(concept_key(member) == key for member in group)
    keys = _keys.get(group)
    if keys is None:
        keys = _keys[group] = frozenset(concept_key(member) for member in members_of(group))
    return concept_key(value) in keys


def members_of(group: ContextGroup) -> Iterable[ConceptLike]:
    """Give the concepts of a context group (parameter as that of :func:`is_in_context_group`)."""
    if not isinstance(group, int):
        return group
    from pydicom.sr.codedict import codes

    members = getattr(codes, f"cid{group}", None)
    if members is None:
        raise InputError(f"pydicom has no context group {group}; list its concepts in a tuple.")
    return members.concepts.values()  # type: ignore[no-any-return]


def name_of_group(group: ContextGroup) -> str:
    """Name a context group in a message: by its number, or by its concepts."""
    if isinstance(group, int):
        return f"CID {group}"
    return f"the group of {listed(group)}"


def listed(group: ContextGroup) -> str:
    """List the concepts of a context group for a message; of many the first."""
    meanings = [member.meaning for member in members_of(group)]
    return ", ".join(meanings[:_SHOWN]) + (", …" if len(meanings) > _SHOWN else "")


_keys: dict[int, frozenset[tuple[str, str]]] = {}
