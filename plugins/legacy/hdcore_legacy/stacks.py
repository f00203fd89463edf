"""Sorting a heap of files into stacks that can be converted, each to one image."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputTypeError, UnreadableError
from hdcore.model.damage import reading
from hdcore.model.making import tag_of
from pydicom import dcmread
from pydicom.dataset import Dataset

from hdcore_legacy.elements import Elements, encoded_elements, text_of
from hdcore_legacy.keywords import APART, EQUAL
from hdcore_legacy.ordering import SAME_PLACE, numbers_of
from hdcore_legacy.sources import problem_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

__all__ = ["LegacyStack", "Stacks", "find_stacks"]

_SOP_CLASSES = {
    "CT": "1.2.840.10008.5.1.4.1.1.2",
    "MR": "1.2.840.10008.5.1.4.1.1.4",
    "PT": "1.2.840.10008.5.1.4.1.1.128",
}
_KEYS = (*EQUAL, "SeriesInstanceUID", "PixelSpacing")


@dataclass(frozen=True)
class LegacyStack:
    """Images that can be converted together, in the order of their positions."""

    sources: tuple[Path | Dataset, ...]
    modality: str
    spacing: float | None
    """Distance between slices in millimetres; None for a single image, or images that are no regular volume."""
    note: str = ""
    """Why the images are a stack of their own, where their series had to be split."""

    def __len__(self) -> int:
        return len(self.sources)

    def load(self) -> list[Dataset]:
        """Read the images with their pixels.

        Returns
        -------
        list[pydicom.dataset.Dataset]
            What :func:`hdcore.legacy.convert` takes.
        """
        return [one if isinstance(one, Dataset) else dcmread(one) for one in self.sources]


@dataclass(frozen=True)
class Stacks:
    """What was found."""

    stacks: tuple[LegacyStack, ...]
    rejected: tuple[tuple[Path | Dataset, str], ...]
    """What cannot be converted, and why."""

    def __len__(self) -> int:
        return len(self.stacks)

    def __iter__(self) -> Any:
        return iter(self.stacks)

    def __getitem__(self, index: int) -> LegacyStack:
        return self.stacks[index]


def find_stacks(sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str] | Dataset]) -> Stacks:
    """Sort files or datasets into stacks that can be converted, each to one image with regularly spaced frames.

    Images are together if they are of one patient, study, series, frame of reference, size, pixel format and
    orientation. Where a series has several images at one place, they are told apart by acquisition, time, echo and the
    like; where it has gaps, it is cut at them.

    Parameters
    ----------
    sources: str | os.PathLike | Iterable[str | os.PathLike | pydicom.dataset.Dataset]
        A folder, of which all files are looked at, also those in folders within; or files or datasets.

    Returns
    -------
    Stacks
        The stacks, the largest first, and what cannot be converted with the reason.

    Raises
    ------
    FileNotFoundError
        If there is no such file or folder.
    TypeError
        If something is neither a path nor a dataset.
    """
    groups: dict[tuple[Any, ...], list[tuple[Path | Dataset, Elements]]] = defaultdict(list)
    rejected: list[tuple[Path | Dataset, str]] = []
    seen: set[str] = set()
    for source in _listed(sources):
        said = _read(source)
        problem = "is not a DICOM file" if said is None else _problem(said, seen)
        if said is None or problem:
            rejected.append((source, problem))
        else:
            groups[_key(said)].append((source, said))
    stacks = [stack for members in groups.values() for stack in _stacks_of(members)]
    return Stacks(tuple(sorted(stacks, key=len, reverse=True)), tuple(rejected))


def _listed(sources: Any) -> list[Path | Dataset]:
    if isinstance(sources, Dataset):
        raise InputTypeError("sources is a single dataset; expected a folder, or several files or datasets.")
    if isinstance(sources, (str, Path)) or hasattr(sources, "__fspath__"):
        path = Path(sources)
        if not path.exists():
            raise FileNotFoundError(f"There is no file or folder {path}.")
        found = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        return [*found]
    try:
        return [one if isinstance(one, Dataset) else Path(one) for one in sources]
    except TypeError as error:
        raise InputTypeError(f"sources has something that is neither a path nor a dataset: {error}.") from error


def _read(source: Path | Dataset) -> Elements | None:
    if isinstance(source, Dataset):
        return encoded_elements(source)
    try:
        with reading(str(source)):
            return encoded_elements(dcmread(source, stop_before_pixels=True))
    except UnreadableError:
        return None


def _text(elements: Elements, keyword: str) -> str:
    return text_of(elements.get(int(tag_of(keyword))))


def _problem(elements: Elements, seen: set[str]) -> str:
    modality = _text(elements, "Modality")
    if modality not in _SOP_CLASSES:
        return f"is of modality {modality!r}, which cannot be converted"
    problem = problem_of(elements, modality, _SOP_CLASSES[modality])
    uid = _text(elements, "SOPInstanceUID")
    if not problem and uid in seen:
        problem = f"has the SOP Instance UID {uid} of another one"
    seen.add(uid)
    return problem


def _key(elements: Elements) -> tuple[Any, ...]:
    orientation = numbers_of([elements.get(int(tag_of("ImageOrientationPatient")))], 6)
    turned = () if orientation is None else tuple(np.round(orientation[0], 3).tolist())
    return (*(elements.get(int(tag_of(keyword))) for keyword in _KEYS), turned)


def _stacks_of(members: list[tuple[Path | Dataset, Elements]]) -> list[LegacyStack]:
    modality = _text(members[0][1], "Modality")
    said = [elements for _, elements in members]
    positions = numbers_of([one.get(int(tag_of("ImagePositionPatient"))) for one in said], 3)
    orientations = numbers_of([one.get(int(tag_of("ImageOrientationPatient"))) for one in said], 6)
    if positions is None or orientations is None:
        return [LegacyStack(tuple(source for source, _ in members), modality, None, "An image has no position.")]
    normal = np.cross(orientations[0][:3], orientations[0][3:])
    places = positions - np.outer(positions @ normal, normal)  # where the corner is within its plane
    distances = -(positions @ normal)
    stacks = []
    for part, note in _parted(said, distances, places):
        for run, spacing, gap in _runs(part[np.argsort(distances[part], kind="stable")], distances):
            stacks.append(
                LegacyStack(tuple(members[at][0] for at in run), modality, spacing, " ".join(filter(None, (note, gap))))
            )
    return stacks


def _parted(
    said: Sequence[Elements], distances: np.ndarray[Any, Any], places: np.ndarray[Any, Any]
) -> list[tuple[np.ndarray[Any, np.dtype[np.intp]], str]]:
    """Part images until no two of a part are at the same place."""
    waiting: list[tuple[np.ndarray[Any, np.dtype[np.intp]], tuple[str, ...]]] = [(np.arange(len(said)), ())]
    parted = []
    while waiting:
        part, known = waiting.pop(0)
        if not _repeats(distances[part]) and not np.ptp(places[part], axis=0).max() > 0.1:
            parted.append((part, f"Apart by {', '.join(known)}." if known else ""))
            continue
        name, values = _difference(said, part, known, distances, places)
        groups: dict[Any, list[int]] = defaultdict(list)
        for at, value in zip(part.tolist(), values, strict=True):
            groups[value].append(at)
        waiting += [(np.array(group, np.intp), (*known, name)) for group in groups.values()]
    return parted


def _difference(
    said: Sequence[Elements],
    part: np.ndarray[Any, Any],
    known: tuple[str, ...],
    distances: np.ndarray[Any, Any],
    places: np.ndarray[Any, Any],
) -> tuple[str, list[Any]]:
    """Find what tells images apart: its name, and its value for each."""
    for keyword in APART:
        values: list[Any] = [_text(said[at], keyword) for at in part]
        if keyword not in known and len(set(values)) > 1:
            return keyword, values
    values = [tuple(row) for row in np.round(places[part], 1).tolist()]
    if len(set(values)) > 1:
        return "place in the plane", values
    # nothing else tells them apart: the first, second … of those at each place
    order = np.argsort(distances[part], kind="stable")
    cluster = np.empty(len(part), np.intp)
    cluster[order] = np.cumsum(np.diff(distances[part][order], prepend=np.inf) >= SAME_PLACE)
    numbers = [_text(said[at], "InstanceNumber") for at in part]
    ranks = [0] * len(part)
    counts: dict[int, int] = defaultdict(int)
    for at in sorted(range(len(part)), key=lambda one: (len(numbers[one]), numbers[one])):
        ranks[at] = counts[int(cluster[at])]
        counts[int(cluster[at])] += 1
    return "InstanceNumber", ranks


def _repeats(distances: np.ndarray[Any, Any]) -> bool:
    return len(distances) > 1 and float(np.diff(np.sort(distances)).min()) < SAME_PLACE


def _runs(
    order: np.ndarray[Any, np.dtype[np.intp]], distances: np.ndarray[Any, Any]
) -> list[tuple[list[int], float | None, str]]:
    """Cut images in the order of their places where the distance between them changes."""
    if len(order) == 1:
        return [(order.tolist(), None, "")]
    steps = np.diff(distances[order])
    usual = float(np.sort(steps)[len(steps) // 2])
    cuts = np.flatnonzero(np.abs(steps - usual) > 0.01 * usual)
    runs = np.split(order, cuts + 1)
    note = "" if len(runs) == 1 else f"Cut at {len(cuts)} steps other than {usual:.4g} mm."
    return [(run.tolist(), usual if len(run) > 1 else None, note) for run in runs]
