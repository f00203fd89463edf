"""The single-frame images that are converted: what they must share, and in which order their frames go."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hdcore.errors import HdcoreWarning, InputError
from hdcore.model.arguments import list_of
from hdcore.model.damage import reading
from hdcore.model.making import tag_of
from pydicom.dataset import Dataset

from hdcore_legacy.elements import Elements, encoded_elements, equal_bytes, text_of
from hdcore_legacy.keywords import EQUAL
from hdcore_legacy.ordering import numbered_order, spatial_order

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Sources", "describe_differences", "problem_of"]

_LISTED = 5
_ADVICE = "Sort them with hdcore.legacy.find_stacks, which makes stacks that are."
_ROWS, _COLUMNS = int(tag_of("Rows")), int(tag_of("Columns"))
_PER_FRAME = int(tag_of("PerFrameFunctionalGroupsSequence"))
_SOP_INSTANCE_UID = int(tag_of("SOPInstanceUID"))
_PIXEL_DATA = tag_of("PixelData")


@dataclass(frozen=True)
class Sources:
    """Images in the order of their frames, and what each of them says as encoded elements."""

    datasets: list[Dataset]
    elements: list[Elements]
    spacing: float | None
    """Distance between slices in millimetres, if the images are a regular volume."""
    ordering: tuple[str, ...]
    """What the frames are ordered by: ``ImagePositionPatient``, or series and instance numbers, or nothing."""

    @classmethod
    def of(
        cls, datasets: Sequence[Dataset], modality: str, sop_class_uid: str, *, index: bool | None, volume: bool
    ) -> Sources:
        """Check images and put them in order.

        Parameters
        ----------
        datasets: Sequence[pydicom.dataset.Dataset]
            The images.
        modality: str
            Modality that they must be of.
        sop_class_uid: str
            SOP class that they must be of.
        index: bool | None
            Whether frames must be ordered by a dimension (True), may be (None), or must stay as they are (False).
        volume: bool
            Whether they must be a regular volume.

        Raises
        ------
        TypeError
            If something is not a dataset.
        ValueError
            If they cannot be converted together; the message names each image that is in the way.
        """
        listed = _listed(datasets)
        elements = [_said_by(dataset, number) for number, dataset in enumerate(listed)]
        _check(listed, elements, modality, sop_class_uid)
        differences = describe_differences(elements, EQUAL)
        if differences:
            raise InputError(
                "The images cannot be converted together; group them with hdcore.legacy.find_stacks. "
                + " ".join(differences)
            )
        order, spacing, problem, is_surprise = spatial_order(elements)
        if order is not None:
            problem = " ".join(describe_differences(elements, ("SeriesInstanceUID", "PixelSpacing")))
        if volume and problem:
            raise InputError(f"The images are not a regular volume: {problem} {_ADVICE}")
        ordering: tuple[str, ...] = ("ImagePositionPatient",) if order is not None else ()
        if index is False:
            order, ordering = None, ()
        elif order is None:
            order, ordering = numbered_order(elements)
            if index is None and is_surprise:
                _warn_of(problem)
            if order is None and index:
                raise InputError(
                    "include_dimension_index is True, but nothing orders the images: they are not a regular volume "
                    f"({problem}), and their series and instance numbers are missing or repeat."
                )
        places = list(range(len(listed))) if order is None else order
        return cls([listed[at] for at in places], [elements[at] for at in places], spacing, ordering)

    def column(self, keyword: str) -> list[bytes | None]:
        """Give an element of every image, encoded; None where an image has not got it."""
        tag = int(tag_of(keyword))
        return [elements.get(tag) for elements in self.elements]

    def __len__(self) -> int:
        return len(self.datasets)


def _listed(datasets: Sequence[Dataset]) -> list[Dataset]:
    images = list_of(Dataset, datasets, "legacy_datasets")
    if not images:
        raise InputError("legacy_datasets is empty; expected at least one image.")
    return images


def _said_by(dataset: Dataset, number: int) -> Elements:
    with reading(f"legacy_datasets[{number}]"):
        return encoded_elements(dataset)


def _check(datasets: list[Dataset], elements: list[Elements], modality: str, sop_class_uid: str) -> None:
    problems: list[str] = []
    for number, (dataset, said) in enumerate(zip(datasets, elements, strict=True)):
        problem = problem_of(said, modality, sop_class_uid)
        if not problem and _PIXEL_DATA not in dataset:
            problem = "is not an image: it has no Pixel Data"
        if problem:
            problems.append(f"legacy_datasets[{number}] {problem}")
    uids = Counter(text_of(said.get(_SOP_INSTANCE_UID)) for said in elements)
    problems += [f"SOP Instance UID {uid} occurs more than once" for uid, count in uids.items() if count > 1]
    if problems:
        more = f"; and {len(problems) - _LISTED} more problems" if len(problems) > _LISTED else ""
        raise InputError("; ".join(problems[:_LISTED]) + more + ".")


def problem_of(elements: Elements, modality: str, sop_class_uid: str) -> str:
    """Say why an image cannot be converted whatever the others are.

    Parameters
    ----------
    elements: dict[int, bytes]
        What it says.
    modality: str
        Modality that it must be of.
    sop_class_uid: str
        SOP class that it must be of.

    Returns
    -------
    str
        What is wrong; empty if nothing is.
    """

    def text(keyword: str) -> str:
        return text_of(elements.get(int(tag_of(keyword))))

    if not text("SOPInstanceUID"):
        return "has no SOP Instance UID"
    if text("Modality") != modality:
        return f"is of modality {text('Modality')!r}, not {modality!r}"
    if not {_ROWS, _COLUMNS} <= elements.keys():
        return "is not an image: it has no Rows or Columns"
    if text("NumberOfFrames") not in ("", "1") or _PER_FRAME in elements:
        return f"is a multi-frame image of {text('NumberOfFrames') or 'several'} frames"
    if text("SOPClassUID") != sop_class_uid:
        return f"is of SOP class {text('SOPClassUID') or 'none'}, not {sop_class_uid}"
    return ""


def describe_differences(elements: Sequence[Elements], keywords: Sequence[str]) -> list[str]:
    """Say in what images differ.

    Parameters
    ----------
    elements: Sequence[dict[int, bytes]]
        What each image says.
    keywords: Sequence[str]
        What they must say alike.

    Returns
    -------
    list[str]
        One sentence per attribute that differs, with the images that say otherwise than most.
    """
    sentences = []
    for keyword in keywords:
        tag = int(tag_of(keyword))
        column = [one.get(tag) for one in elements]
        if equal_bytes(column):
            continue
        counts = Counter(column).most_common()
        usual = counts[0][0]
        others = [f"{number} ({_shown(element)})" for number, element in enumerate(column) if element != usual]
        more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        sentences.append(
            f"{keyword} is {_shown(usual)}, but differs in legacy_datasets {', '.join(others[:_LISTED])}{more}."
        )
    return sentences


def _shown(element: bytes | None) -> str:
    if element is None:
        return "absent"
    if element[4:6] == b"US":
        return str(int.from_bytes(element[8:10], "little"))
    return repr(text_of(element))


def _warn_of(problem: str) -> None:
    warnings.warn(
        f"The images are not a regular volume: {problem} They are converted in the order of their numbers. {_ADVICE}"
        " If they are meant to be so, pass include_dimension_index=False to keep their order.",
        HdcoreWarning,
        stacklevel=2,
    )
