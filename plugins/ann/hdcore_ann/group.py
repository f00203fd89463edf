"""Annotation groups (PS3.3 C.37.1.2)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.color import CIELabColor
from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.arguments import list_of, listed
from hdcore.model.damage import reading
from hdcore.model.element import put
from hdcore.text import check_text, short
from hdcore.uid import UID, uid_as_read
from pydicom.dataset import Dataset

from hdcore_ann.checks import check_shapes
from hdcore_ann.enums import AnnotationCoordinateTypeValues, AnnotationGroupGenerationTypeValues, GraphicTypeValues
from hdcore_ann.graphics import GraphicData, encode
from hdcore_ann.measurements import Measurements
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore import AlgorithmIdentificationSequence
    from numpy.typing import ArrayLike, NDArray
    from pydicom.sr.coding import Code

__all__ = ["AnnotationGroup"]

_REQUIRED = (
    "AnnotationGroupNumber",
    "AnnotationGroupUID",
    "AnnotationGroupLabel",
    "AnnotationGroupGenerationType",
    "AnnotationPropertyCategoryCodeSequence",
    "AnnotationPropertyTypeCodeSequence",
    "GraphicType",
)
_OPTIONAL = (
    "AnatomicRegionSequence",
    "AnnotationGroupAlgorithmIdentificationSequence",
    "AnnotationGroupDescription",
    "PrimaryAnatomicStructureSequence",
    "RecommendedDisplayCIELabValue",
    "ReferencedOpticalPathIdentifier",
)


class AnnotationGroup(Dataset):
    """Shapes of one graphic type and one meaning, with measurements: an item of the Annotation Group Sequence."""

    _coordinate_type: AnnotationCoordinateTypeValues | None = None

    def __init__(
        self,
        number: int,
        uid: str,
        label: str,
        annotated_property_category: Code | CodedConcept,
        annotated_property_type: Code | CodedConcept,
        graphic_type: str | GraphicTypeValues,
        graphic_data: Sequence[NDArray[Any]] | NDArray[Any] | Shapes,
        algorithm_type: str | AnnotationGroupGenerationTypeValues,
        algorithm_identification: AlgorithmIdentificationSequence | None = None,
        measurements: Sequence[Measurements] | None = None,
        description: str | None = None,
        anatomic_regions: Sequence[Code | CodedConcept] | None = None,
        primary_anatomic_structures: Sequence[Code | CodedConcept] | None = None,
        display_color: CIELabColor | None = None,
        optical_path_identifiers: Sequence[str] | None = None,
    ) -> None:
        """Make a group.

        Parameters
        ----------
        number: int
            Number of the group, counted from one.
        uid: str
            Unique identifier of the group.
        label: str
            What people call the group, at most 64 characters.
        annotated_property_category: pydicom.sr.coding.Code | hdcore.sr.CodedConcept
            Category of what the shapes outline (CID 7150).
        annotated_property_type: pydicom.sr.coding.Code | hdcore.sr.CodedConcept
            What the shapes outline (CID 8135).
        graphic_type: str | GraphicTypeValues
            What the shapes are.
        graphic_data: Sequence[numpy.ndarray] | numpy.ndarray | Shapes
            Points of each shape: (column, row) in pixels from the top left corner of the image, shape (k, 2), or
            (x, y, z) in millimetres, shape (k, 3). One array per shape; or one array of shape (shapes, k, 2 or 3); or
            :class:`Shapes`, which needs no object per shape. float32 is stored as such, float64 with twice the memory.
        algorithm_type: str | AnnotationGroupGenerationTypeValues
            How the shapes were found.
        algorithm_identification: hdcore.AlgorithmIdentificationSequence | None, optional
            Which algorithm found them; needed unless they were found by hand.
        measurements: Sequence[Measurements] | None, optional
            Measurements of the shapes.
        description: str | None, optional
            Description of the group.
        anatomic_regions: Sequence[pydicom.sr.coding.Code | hdcore.sr.CodedConcept] | None, optional
            Where in the body the shapes are.
        primary_anatomic_structures: Sequence[pydicom.sr.coding.Code | hdcore.sr.CodedConcept] | None, optional
            Anatomic structures that the shapes show.
        display_color: hdcore.color.CIELabColor | None, optional
            Colour in which to show the shapes.
        optical_path_identifiers: Sequence[str] | None, optional
            Optical paths of the image that the shapes apply to; all if absent.

        Raises
        ------
        TypeError
            If the algorithm is not identified where it must be, or a value is of a wrong type.
        ValueError
            If the number is below 1, a text cannot be written, measurements do not fit the shapes, or the shapes are
            not what they claim to be (see :func:`hdcore_ann.checks.check_shapes`).
        """
        super().__init__()
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise InputTypeError(f"number is {short(number)}; expected an integer.")
        if number < 1:
            raise InputError(f"number is {number}; annotation groups are numbered from 1.")
        check_text(label, "LO", "label")
        if not label.strip():
            raise InputError("label is empty; expected what people call the group (Annotation Group Label, type 1).")
        shapes = Shapes.of(graphic_type, graphic_data)
        check_shapes(shapes)
        put(
            self,
            AnnotationGroupNumber=int(number),
            AnnotationGroupUID=UID(uid),
            AnnotationGroupLabel=label,
            AnnotationPropertyCategoryCodeSequence=[CodedConcept.from_code(annotated_property_category)],
            AnnotationPropertyTypeCodeSequence=[CodedConcept.from_code(annotated_property_type)],
            **encode(shapes),
        )
        self._coordinate_type = self._graphics.coordinate_type
        self._set_generation(algorithm_type, algorithm_identification)
        self._set_optical_paths(optical_path_identifiers)
        self._set_measurements(measurements)
        if description is not None:
            put(self, AnnotationGroupDescription=str(description))
        if anatomic_regions is not None:
            regions = listed(anatomic_regions, "anatomic_regions", "coded concepts")
            put(self, AnatomicRegionSequence=[CodedConcept.from_code(region) for region in regions])
        if primary_anatomic_structures is not None:
            structures = listed(primary_anatomic_structures, "primary_anatomic_structures", "coded concepts")
            put(self, PrimaryAnatomicStructureSequence=[CodedConcept.from_code(one) for one in structures])
        if display_color is not None:
            if not isinstance(display_color, CIELabColor):
                raise InputTypeError(f"display_color is {short(display_color)}; expected a CIELabColor.")
            put(self, RecommendedDisplayCIELabValue=list(display_color.value))

    def _set_generation(
        self,
        algorithm_type: str | AnnotationGroupGenerationTypeValues,
        algorithm_identification: AlgorithmIdentificationSequence | None,
    ) -> None:
        generation = AnnotationGroupGenerationTypeValues(algorithm_type)
        put(self, AnnotationGroupGenerationType=generation.value)
        if algorithm_identification is not None:
            items = list_of(Dataset, algorithm_identification, "algorithm_identification")
            put(self, AnnotationGroupAlgorithmIdentificationSequence=items)
        elif generation is not AnnotationGroupGenerationTypeValues.MANUAL:
            raise InputTypeError(
                f"algorithm_type is {generation.value!r}, so algorithm_identification must say which algorithm it was."
            )

    def _set_optical_paths(self, identifiers: Sequence[str] | None) -> None:
        put(self, AnnotationAppliesToAllOpticalPaths="YES" if identifiers is None else "NO")
        if identifiers is not None:
            paths = listed(identifiers, "optical_path_identifiers", "identifiers")
            if not paths:
                raise InputError("optical_path_identifiers is empty; expected identifiers, or None for all paths.")
            for identifier in paths:
                check_text(identifier, "SH", "An optical path identifier")
            put(self, ReferencedOpticalPathIdentifier=paths)

    def _set_measurements(self, measurements: Sequence[Measurements] | None) -> None:
        several = list_of(Measurements, measurements, "measurements")
        for measurement in several:
            measurement.check_fits(self.number_of_annotations)
        if several:
            put(self, MeasurementsSequence=several)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of the Annotation Group Sequence as a group.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the group itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it lacks what a group has.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"An annotation group is read from a Dataset, not from {type(dataset).__name__}.")
        missing = [keyword for keyword in _REQUIRED if keyword not in dataset]
        if missing:
            raise UnreadableError(f"An Annotation Group Sequence item has no {', '.join(missing)}.")
        with reading("An Annotation Group Sequence item"):
            for keyword in (*_REQUIRED, *(keyword for keyword in _OPTIONAL if keyword in dataset)):
                dataset[keyword]  # parses it
        group = deepcopy(dataset) if copy else dataset
        group.__class__ = cls
        return group  # type: ignore[return-value]

    @property
    def label(self) -> str:
        """str: what people call the group."""
        return str(self.AnnotationGroupLabel)

    @property
    def number(self) -> int:
        """int: number of the group, counted from one."""
        return int(self.AnnotationGroupNumber)

    @property
    def uid(self) -> UID:
        """hdcore.UID: unique identifier of the group."""
        return uid_as_read(self.AnnotationGroupUID)

    @property
    def annotated_property_category(self) -> CodedConcept:
        """hdcore.sr.CodedConcept: category of what the shapes outline."""
        return self._concepts("AnnotationPropertyCategoryCodeSequence")[0]

    @property
    def annotated_property_type(self) -> CodedConcept:
        """hdcore.sr.CodedConcept: what the shapes outline."""
        return self._concepts("AnnotationPropertyTypeCodeSequence")[0]

    @property
    def anatomic_regions(self) -> list[CodedConcept]:
        """list[hdcore.sr.CodedConcept]: where in the body the shapes are; may be empty."""
        return self._concepts("AnatomicRegionSequence")

    @property
    def primary_anatomic_structures(self) -> list[CodedConcept]:
        """list[hdcore.sr.CodedConcept]: anatomic structures that the shapes show; may be empty."""
        return self._concepts("PrimaryAnatomicStructureSequence")

    @property
    def graphic_type(self) -> GraphicTypeValues:
        """GraphicTypeValues: what the shapes are."""
        return GraphicTypeValues(self.GraphicType)

    @property
    def algorithm_type(self) -> AnnotationGroupGenerationTypeValues:
        """AnnotationGroupGenerationTypeValues: how the shapes were found."""
        return AnnotationGroupGenerationTypeValues(self.AnnotationGroupGenerationType)

    @property
    def algorithm_identification(self) -> AlgorithmIdentificationSequence | None:
        """hdcore.AlgorithmIdentificationSequence | None: which algorithm found the shapes."""
        from hdcore.content.algorithm import AlgorithmIdentificationSequence

        sequence = self.get("AnnotationGroupAlgorithmIdentificationSequence")
        if not sequence:
            return None
        if isinstance(sequence, AlgorithmIdentificationSequence):
            return sequence
        with reading("Annotation Group Algorithm Identification Sequence"):
            return AlgorithmIdentificationSequence.from_sequence(sequence, copy=False)

    @property
    def optical_path_identifiers(self) -> list[str] | None:
        """list[str] | None: optical paths that the shapes apply to; None if to all."""
        identifiers = self.get("ReferencedOpticalPathIdentifier")
        if identifiers is None:
            return None
        return [identifiers] if isinstance(identifiers, str) else [str(one) for one in identifiers]

    @property
    def number_of_annotations(self) -> int:
        """int: how many shapes there are."""
        return self._graphics.count

    @property
    def coordinate_type(self) -> AnnotationCoordinateTypeValues:
        """AnnotationCoordinateTypeValues: whether coordinates are in pixels or in millimetres."""
        return self._graphics.coordinate_type

    def get_shapes(self) -> Shapes:
        """Get all shapes as one array of points and one of offsets, without an object per shape.

        Returns
        -------
        Shapes
            The shapes; their points may be read-only, since they are the dataset's own bytes.

        Raises
        ------
        ValueError
            If the stored coordinates or their index are not readable.
        """
        return self._graphics.shapes()

    def get_graphic_data(self, coordinate_type: str | AnnotationCoordinateTypeValues) -> list[NDArray[Any]]:
        """Get the points of all shapes.

        Parameters
        ----------
        coordinate_type: str | AnnotationCoordinateTypeValues
            The coordinates that are expected.

        Returns
        -------
        list[numpy.ndarray]
            Points of each shape, shape (k, 2) or (k, 3).

        Raises
        ------
        ValueError
            If the coordinates are of another type, or not readable.
        """
        shapes = self._expect(coordinate_type).shapes()
        if not shapes.points.flags.writeable:
            shapes = shapes.with_points(shapes.points.copy())
        return shapes.to_list()

    def get_coordinates(
        self, annotation_number: int, coordinate_type: str | AnnotationCoordinateTypeValues
    ) -> NDArray[Any]:
        """Get the points of one shape; the others are not read.

        Parameters
        ----------
        annotation_number: int
            Number of the annotation, counted from one.
        coordinate_type: str | AnnotationCoordinateTypeValues
            The coordinates that are expected.

        Returns
        -------
        numpy.ndarray
            Points, shape (k, 2) or (k, 3).

        Raises
        ------
        ValueError
            If the coordinates are of another type, or not readable.
        IndexError
            If there is no such annotation.
        """
        points = self._expect(coordinate_type).one(annotation_number)
        return points if points.flags.writeable else points.copy()

    def find_annotations(self, region: ArrayLike, *, inside: bool = False) -> NDArray[np.intp]:
        """Find the annotations in a region by their bounding boxes.

        Parameters
        ----------
        region: numpy.typing.ArrayLike
            Lowest corner, then highest: (left, top, right, bottom) in pixels, or six numbers in millimetres.
        inside: bool, optional
            Whether the box must lie inside the region; otherwise it is enough that they touch.

        Returns
        -------
        numpy.ndarray
            Numbers of the annotations, counted from one, rising.

        Raises
        ------
        ValueError
            If the region is not of the shapes' dimension, or its corners are the wrong way round.
        """
        return self.get_shapes().find(region, inside=inside) + 1

    def get_measurements(
        self, name: Code | CodedConcept | None = None
    ) -> tuple[list[CodedConcept], NDArray[np.float32], list[CodedConcept]]:
        """Get measurements.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | hdcore.sr.CodedConcept | None, optional
            Only measurements of this name.

        Returns
        -------
        names: list[hdcore.sr.CodedConcept]
            What was measured.
        values: numpy.ndarray
            float32, shape (annotations, measurements); ``nan`` where an annotation was not measured.
        units: list[hdcore.sr.CodedConcept]
            Units of the measurements.

        Raises
        ------
        IndexError
            If a measurement is of another number of annotations.
        """
        with reading("Measurements Sequence"):
            chosen = [one for one in self._measurements() if name is None or one.name == name]
            count = self.number_of_annotations
            values = np.empty((count, len(chosen)), np.float32)
            for column, measurement in enumerate(chosen):
                values[:, column] = measurement.get_values(count)
        return [one.name for one in chosen], values, [one.unit for one in chosen]

    def _measurements(self) -> list[Measurements]:
        return [
            one if isinstance(one, Measurements) else Measurements.from_dataset(one, copy=False)
            for one in self.get("MeasurementsSequence") or ()
        ]

    @property
    def _graphics(self) -> GraphicData:
        with reading("An annotation group"):
            return GraphicData(self, self._coordinate_type)

    def _expect(self, coordinate_type: str | AnnotationCoordinateTypeValues) -> GraphicData:
        expected = AnnotationCoordinateTypeValues(coordinate_type)
        graphics = self._graphics
        if graphics.coordinate_type is not expected:
            raise InputError(
                f"coordinate_type is {expected.value!r}, but the group's coordinates are "
                f"{graphics.coordinate_type.value!r}."
            )
        return graphics

    def _concepts(self, keyword: str) -> list[CodedConcept]:
        with reading(keyword):
            return [CodedConcept.from_dataset(one, copy=False) for one in self.get(keyword) or ()]
