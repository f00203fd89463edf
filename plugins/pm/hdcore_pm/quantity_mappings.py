"""Which mappings go with which quantity of the caller's array."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from pydicom.dataset import Dataset

from hdcore_pm.mapping import RealWorldValueMapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore_pm.encoding import MapEncoding, Quantities

__all__ = ["check_coverage", "mappings_of"]


def mappings_of(
    mappings: Any,
    quantities: Quantities,
    encoding: MapEncoding,
) -> list[list[RealWorldValueMapping]]:
    """Divide mappings among quantities.

    Parameters
    ----------
    mappings: Sequence[RealWorldValueMapping] | Sequence[Sequence[RealWorldValueMapping]]
        Flat, if the array has no axis of quantities; else one sequence per quantity.
    quantities: Quantities
        The array.
    encoding: MapEncoding
        How it is stored.

    Returns
    -------
    list[list[RealWorldValueMapping]]
        The mappings of each quantity, at least one.

    Raises
    ------
    TypeError
        If they are not nested as the array is, or one is not a mapping.
    ValueError
        If there are more or fewer than quantities, one has none, or one is about other than the stored type of values.

    Warns
    -----
    HdcoreWarning
        If the labels of alternatives, or of quantities, are the same.
    """
    if isinstance(mappings, RealWorldValueMapping) or not hasattr(mappings, "__iter__"):
        raise InputTypeError("real_world_value_mappings is not a sequence; expected a list of RealWorldValueMapping.")
    given: list[Any] = list(mappings)
    nested = bool(given) and hasattr(given[0], "__iter__") and not isinstance(given[0], str | Dataset)
    if quantities.has_channels and given and not nested:
        raise InputTypeError(
            f"pixel_array has the shape {quantities.array.shape}, with quantities along its last axis; expected "
            "real_world_value_mappings to have one list of mappings per quantity."
        )
    if not quantities.has_channels and nested:
        raise InputTypeError("real_world_value_mappings is nested, but pixel_array has no axis of quantities.")
    lists = (
        [_checked(each, f"real_world_value_mappings[{index}]") for index, each in enumerate(given)]
        if nested
        else [_checked(given, "real_world_value_mappings")]
    )
    if len(lists) != quantities.channels:
        raise InputError(
            f"real_world_value_mappings has {len(lists)} lists but pixel_array has {quantities.channels} quantities; "
            "expected one list per quantity."
        )
    for mapping in (mapping for each in lists for mapping in each):
        if mapping.is_floating_point() != encoding.is_float:
            needed, stored = ("floats", "floating-point numbers") if encoding.is_float else ("integers", "integers")
            raise InputError(
                f"The mapping {mapping.label!r} has the value_range {mapping.value_range}, but pixel_array is of "
                f"{stored}; expected a range of {needed}."
            )
    _warn_of_labels(lists)
    return lists


def _warn_of_labels(lists: Sequence[Sequence[RealWorldValueMapping]]) -> None:
    """Warn of labels that do not tell: of the alternatives of one quantity, and of the first of each quantity."""
    for labels in (*([one.label for one in each] for each in lists), [each[0].label for each in lists]):
        if len(set(labels)) < len(labels):
            warnings.warn(
                f"real_world_value_mappings have the labels {labels}, which do not tell them apart; give each its own.",
                HdcoreWarning,
                stacklevel=4,
            )


def _checked(mappings: Any, name: str) -> list[RealWorldValueMapping]:
    if not hasattr(mappings, "__iter__") or isinstance(mappings, RealWorldValueMapping):
        raise InputTypeError(f"{name} is a {type(mappings).__name__}; expected a list of RealWorldValueMapping.")
    listed = list(mappings)
    if not listed:
        raise InputError(f"{name} is empty; expected at least one RealWorldValueMapping.")
    for mapping in listed:
        if not isinstance(mapping, RealWorldValueMapping):
            raise InputTypeError(f"{name} has a {type(mapping).__name__}; expected RealWorldValueMapping.")
    return listed


def check_coverage(mappings: Sequence[Sequence[RealWorldValueMapping]], ranges: Sequence[tuple[float, float]]) -> None:
    """Refuse mappings that are about no stored value at all, and warn of values that have no mapping.

    Parameters
    ----------
    mappings: Sequence[Sequence[RealWorldValueMapping]]
        The mappings of each quantity.
    ranges: Sequence[tuple[float, float]]
        Lowest and highest stored value of each.

    Raises
    ------
    ValueError
        If the values of a quantity are all outside its mappings.

    Warns
    -----
    HdcoreWarning
        If some are.
    """
    for of_quantity, (low, high) in zip(mappings, ranges, strict=True):
        first = min(mapping.value_range[0] for mapping in of_quantity)
        last = max(mapping.value_range[1] for mapping in of_quantity)
        label = of_quantity[0].label
        found = f"pixel_array has values from {low:g} to {high:g}; the mapping {label!r} is about {first:g} to {last:g}"
        if low > last or high < first:
            raise InputError(f"{found}, which covers none of them.")
        if low < first or high > last:
            warnings.warn(f"{found}; the others have no real-world value.", HdcoreWarning, stacklevel=4)
