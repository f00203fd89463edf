"""What datasets hold, compared at every depth, without classes and ways of writing numbers."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset


def plain(value: Any) -> Any:
    """What a dataset holds, without classes and ways of writing numbers."""
    if isinstance(value, Dataset):
        return {element.keyword: plain(element.value) for element in value}
    if isinstance(value, list) or (hasattr(value, "__iter__") and not isinstance(value, str | bytes)):
        return [plain(one) for one in value]
    try:
        return float(str(value))
    except ValueError:
        return str(value)


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two of what :func:`plain` gives differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = [f"{path}/{key}" for key in one.keys() ^ other.keys()]
        return found + [
            line for key in one.keys() & other.keys() for line in differences(one[key], other[key], f"{path}/{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            line
            for place, pair in enumerate(zip(one, other, strict=True))
            for line in differences(*pair, f"{path}[{place}]")
        ]
    return [] if one == other else [f"{path}: {one} != {other}"]
