"""Measurements of the annotations of a group (PS3.3 C.37.1.2)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.element import item, put
from pydicom.dataset import Dataset

from hdcore_ann.buffers import bytes_of
from hdcore_ann.errors import AnnotationIndexError
from hdcore_ann.values import StoredValues

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from pydicom.sr.coding import Code

__all__ = ["Measurements"]


class Measurements(Dataset):
    """One kind of measurement of all or some annotations of a group: an item of the Measurements Sequence."""

    _number_of_values: int | None = None

    def __init__(
        self,
        name: Code | CodedConcept,
        values: ArrayLike,
        unit: Code | CodedConcept,
        annotation_numbers: ArrayLike | None = None,
    ) -> None:
        """Make the measurements.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | hdcore.sr.CodedConcept
            What was measured.
        values: numpy.typing.ArrayLike
            One number per annotation, in their order, shape (annotations,); ``nan`` where there is none. With
            ``annotation_numbers``, one number for each of those. Stored as float32.
        unit: pydicom.sr.coding.Code | hdcore.sr.CodedConcept
            Unit of the values (UCUM).
        annotation_numbers: numpy.typing.ArrayLike | None, optional
            Numbers, counted from one and rising, of the annotations that were measured.

        Raises
        ------
        TypeError
            If the values are not numbers.
        ValueError
            If they are not one-dimensional, are infinite, or are all ``nan``; or the annotation numbers do not match
            them.
        """
        super().__init__()
        numbers, given = _checked_values(values)
        if annotation_numbers is None:
            present = ~np.isnan(numbers)
            indices = None if present.all() else np.flatnonzero(present) + 1
            self._number_of_values = given
            numbers = numbers if indices is None else numbers[present]
        else:
            indices = _checked_numbers(annotation_numbers, given)
            if np.isnan(numbers).any():
                raise InputError("values has nan; with annotation_numbers, leave out those that were not measured.")
        if not len(numbers):
            raise InputError("values has no number; leave out a measurement that no annotation has.")
        put(
            self,
            ConceptNameCodeSequence=[CodedConcept.from_code(name)],
            MeasurementUnitsCodeSequence=[CodedConcept.from_code(unit)],
            MeasurementValuesSequence=[
                item(
                    FloatingPointValues=bytes_of(numbers),
                    AnnotationIndexList=None if indices is None else bytes_of(indices.astype(np.uint32)),
                )
            ],
        )

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of the Measurements Sequence as measurements.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the measurements themselves.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it lacks what measurements have.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"Measurements are read from a Dataset, not from {type(dataset).__name__}.")
        measurements = deepcopy(dataset) if copy else dataset
        for keyword in ("ConceptNameCodeSequence", "MeasurementUnitsCodeSequence"):
            items = measurements.get(keyword)
            if not items:
                raise UnreadableError(f"A Measurements Sequence item has no {keyword}.")
            CodedConcept.from_dataset(items[0], copy=False)
        if not measurements.get("MeasurementValuesSequence"):
            raise UnreadableError("A Measurements Sequence item has no MeasurementValuesSequence.")
        measurements.__class__ = cls
        return measurements  # type: ignore[return-value]

    @property
    def name(self) -> CodedConcept:
        """hdcore.sr.CodedConcept: what was measured."""
        concept: CodedConcept = self.ConceptNameCodeSequence[0]
        return concept

    @property
    def unit(self) -> CodedConcept:
        """hdcore.sr.CodedConcept: unit of the values."""
        concept: CodedConcept = self.MeasurementUnitsCodeSequence[0]
        return concept

    @property
    def is_sparse(self) -> bool:
        """bool: whether some annotations have no value."""
        return "AnnotationIndexList" in self.MeasurementValuesSequence[0]

    def get_stored_values(self) -> tuple[NDArray[np.float32], NDArray[np.int64] | None]:
        """Get the values that there are.

        Returns
        -------
        values: numpy.ndarray
            float32, shape (n,).
        annotation_numbers: numpy.ndarray | None
            Numbers, counted from one, of the annotations that have them, shape (n,); None if all have.

        Raises
        ------
        ValueError
            If there are not as many numbers as values.
        """
        stored = self.MeasurementValuesSequence[0]
        values = StoredValues(stored, "FloatingPointValues").read()
        if not self.is_sparse:
            return values, None
        numbers = StoredValues(stored, "AnnotationIndexList").read().astype(np.int64)
        if len(numbers) != len(values):
            raise UnreadableError(f"Annotation Index List has {len(numbers)} numbers for {len(values)} values.")
        return values, numbers

    def get_values(self, number_of_annotations: int) -> NDArray[np.float32]:
        """Get one value per annotation.

        Parameters
        ----------
        number_of_annotations: int
            How many annotations the group has.

        Returns
        -------
        numpy.ndarray
            float32, shape (number_of_annotations,); ``nan`` where an annotation was not measured.

        Raises
        ------
        IndexError
            If the values are of another number of annotations.
        """
        values, numbers = self.get_stored_values()
        if numbers is None:
            if len(values) != number_of_annotations:
                raise AnnotationIndexError(
                    f"{self.name.meaning} has {len(values)} values for {number_of_annotations} annotations."
                )
            return values.copy()
        if len(numbers) and not (numbers.min() >= 1 and numbers.max() <= number_of_annotations):
            raise AnnotationIndexError(
                f"{self.name.meaning} has values of annotations {numbers.min()} to {numbers.max()}; "
                f"there are {number_of_annotations}."
            )
        full = np.full(number_of_annotations, np.nan, np.float32)
        full[numbers - 1] = values
        return full

    def check_fits(self, number_of_annotations: int) -> None:
        """Refuse measurements of another number of annotations.

        Parameters
        ----------
        number_of_annotations: int
            How many annotations the group has.

        Raises
        ------
        ValueError
            If there are more or fewer values, or values of annotations that do not exist.
        """
        values, numbers = self.get_stored_values()
        count = self._number_of_values if numbers is None or self._number_of_values is not None else None
        count = len(values) if numbers is None else count
        if count is not None and count != number_of_annotations:
            raise InputError(
                f"Measurement {self.name.meaning!r} has {count} values, but there are {number_of_annotations}"
                " annotations."
            )
        if numbers is not None and len(numbers) and numbers.max() > number_of_annotations:
            raise InputError(
                f"Measurement {self.name.meaning!r} has a value of annotation {numbers.max()}, but there are "
                f"{number_of_annotations} annotations."
            )


def _checked_values(values: ArrayLike) -> tuple[NDArray[np.float32], int]:
    array: NDArray[Any] = np.asarray(values)
    if array.dtype.kind not in "iufb":
        raise InputTypeError(f"values is of type {array.dtype}; expected numbers.")
    if array.ndim != 1:
        raise InputError(f"values has shape {array.shape}; expected one number per annotation, shape (annotations,).")
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    if np.isinf(numbers).any():
        raise InputError("values has infinite numbers, or numbers too large for a float32.")
    return numbers, len(numbers)


def _checked_numbers(annotation_numbers: ArrayLike, count: int) -> NDArray[Any]:
    numbers: NDArray[Any] = np.asarray(annotation_numbers)
    if numbers.shape != (count,) or numbers.dtype.kind not in "iu":
        raise InputError(f"annotation_numbers has shape {numbers.shape}; expected {count} integers, one per value.")
    if count and (numbers[0] < 1 or (np.diff(numbers.astype(np.int64)) < 1).any()):
        raise InputError("annotation_numbers must be 1 or more, rise, and not repeat.")
    return numbers
