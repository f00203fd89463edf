"""The dimensions along which frames are ordered, and each frame's place along them (PS3.3 C.7.6.17)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.sequence import Sequence as DataElementSequence

from hdcore.enums import AxisHandedness, CoordinateSystemNames, PixelIndexDirections
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.columns import Categorical, Numbers
from hdcore.frames.source import Source
from hdcore.model.element import item, put
from hdcore.model.making import tag_of
from hdcore.spatial.affine import get_normal_vector
from hdcore.spatial.distinct import are_distinct, numbered
from hdcore.uid import UID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.table import FrameTable
    from hdcore.model.plane import PlanePositionSequence

__all__ = [
    "COLUMN_POSITION",
    "FRAME_LABEL",
    "IMAGE_POSITION",
    "IN_STACK_POSITION",
    "ROW_POSITION",
    "STACK_ID",
    "TEMPORAL_POSITION",
    "Dimension",
    "DimensionIndexSequence",
    "index_values",
    "put_dimensions",
    "ranks",
    "spatial_dimensions",
]

_IMAGE_POSITION_SCALE = 1e-6
"""Positions that differ by less than this many millimetres along the normal are of the same plane."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """An attribute that orders frames."""

    keyword: str
    """Keyword of the attribute (Dimension Index Pointer)."""
    group: str
    """Keyword of the functional group that holds it (Functional Group Pointer)."""
    column: str
    """Name of its column in the frame table."""
    label: str
    """Dimension Description Label."""

    def item(self, organization_uid: str) -> Dataset:
        """Make the item of Dimension Index Sequence."""
        return item(
            DimensionOrganizationUID=organization_uid,
            DimensionIndexPointer=tag_of(self.keyword),
            FunctionalGroupPointer=tag_of(self.group),
            DimensionDescriptionLabel=self.label,
        )


IMAGE_POSITION = Dimension("ImagePositionPatient", "PlanePositionSequence", "image_position", "Image Position Patient")
ROW_POSITION = Dimension(
    "RowPositionInTotalImagePixelMatrix",
    "PlanePositionSlideSequence",
    "row_position",
    "Row Position In Total Image Pixel Matrix",
)
COLUMN_POSITION = Dimension(
    "ColumnPositionInTotalImagePixelMatrix",
    "PlanePositionSlideSequence",
    "column_position",
    "Column Position In Total Image Pixel Matrix",
)
STACK_ID = Dimension("StackID", "FrameContentSequence", "stack_id", "Stack ID")
IN_STACK_POSITION = Dimension(
    "InStackPositionNumber", "FrameContentSequence", "in_stack_position_number", "In-Stack Position Number"
)
TEMPORAL_POSITION = Dimension(
    "TemporalPositionIndex", "FrameContentSequence", "temporal_position_index", "Temporal Position Index"
)
FRAME_LABEL = Dimension("FrameLabel", "FrameContentSequence", "frame_label", "Frame Label")


def spatial_dimensions(coordinate_system: CoordinateSystemNames | str | None) -> tuple[Dimension, ...]:
    """List the dimensions that tell planes apart in a coordinate system.

    Parameters
    ----------
    coordinate_system: CoordinateSystemNames | str | None
        Coordinate system of the frame of reference.

    Returns
    -------
    tuple[Dimension, ...]
        Position in the patient; row and column in the total pixel matrix of a slide; none without a coordinate system.
    """
    if coordinate_system is None:
        return ()
    if CoordinateSystemNames(coordinate_system) is CoordinateSystemNames.PATIENT:
        return (IMAGE_POSITION,)
    return ROW_POSITION, COLUMN_POSITION


def put_dimensions(
    dataset: Dataset,
    dimensions: Sequence[Dimension],
    organization_type: str | None,
    organization_uid: str | None = None,
) -> None:
    """Put the Multi-frame Dimension module into a dataset.

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put it.
    dimensions: Sequence[Dimension]
        The dimensions, the slowest first; a TILED_FULL image has none.
    organization_type: str | None
        Dimension Organization Type; left out if ``None``.
    organization_uid: str | None, optional
        Dimension Organization UID; a new one if absent.
    """
    uid = organization_uid or UID()
    put(dataset, DimensionOrganizationSequence=[item(DimensionOrganizationUID=uid)])
    if dimensions:
        put(dataset, DimensionIndexSequence=[dimension.item(uid) for dimension in dimensions])
    if organization_type is not None:
        put(dataset, DimensionOrganizationType=organization_type)


def index_values(
    table: FrameTable, dimensions: Sequence[Dimension], image_orientation: Sequence[float] | None = None
) -> NDArray[np.int64]:
    """Compute Dimension Index Values.

    Parameters
    ----------
    table: FrameTable
        Has the columns of the dimensions.
    dimensions: Sequence[Dimension]
        The dimensions.
    image_orientation: Sequence[float] | None, optional
        Direction cosines of rows and columns; positions are then counted along their normal as in a volume, else by x,
        y, z.

    Returns
    -------
    NDArray[int64]
        Counted from one, shape (frames, dimensions).
    """
    values = [ranks(table, dimension, image_orientation) for dimension in dimensions]
    return np.stack(values, axis=1) if values else np.ones((len(table), 0), np.int64)


def ranks(
    table: FrameTable, dimension: Dimension, image_orientation: Sequence[float] | None = None
) -> NDArray[np.int64]:
    """Number the frames along one dimension, frames of equal value equally.

    Parameters
    ----------
    table: FrameTable
        Has the dimension's column.
    dimension: Dimension
        The dimension.
    image_orientation: Sequence[float] | None, optional
        As of :func:`index_values`.

    Returns
    -------
    NDArray[int64]
        Counted from one, shape (frames,).
    """
    column = table.column(dimension.column)
    if isinstance(column, Categorical):
        order = {word: place for place, word in enumerate(sorted(set(column.vocabulary), key=str))}
        values = np.array([*(order[word] for word in column.vocabulary), -1])[column.codes]
    elif isinstance(column, Numbers):
        values = column.values
    else:
        raise InputError(f"The column {dimension.column!r} has several values per frame; it cannot be a dimension.")
    if values.strides[0] == 0:
        return np.ones(len(table), np.int64)
    if values.ndim == 1:
        return numbered(values)[0] + 1
    if image_orientation is not None:
        keys = np.round(_distances(values, image_orientation) / _IMAGE_POSITION_SCALE)
        values = np.concatenate([keys[:, np.newaxis], values], axis=1)
    return numbered(values)[0] + 1


def _distances(
    positions: NDArray[Any],
    image_orientation: Sequence[float],
    index_convention: str | Sequence[PixelIndexDirections | str] = "DR",
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> NDArray[np.float64]:
    normal = get_normal_vector(image_orientation, index_convention, handedness)
    distances: NDArray[np.float64] = np.asarray(positions, np.float64) @ normal
    return distances


class DimensionIndexSequence(DataElementSequence):
    """Which attributes order the frames: the Dimension Index Sequence of an image in a coordinate system.

    A plugin whose frames are ordered by more than their place gives the ``leading`` dimensions.
    """

    def __init__(
        self, coordinate_system: str | CoordinateSystemNames | None, leading: Sequence[Dimension] = ()
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        coordinate_system: str | CoordinateSystemNames | None
            Coordinate system of the frame of reference; ``None`` if there is none.
        leading: Sequence[Dimension], optional
            Dimensions that come before the spatial ones.

        Raises
        ------
        ValueError
            If there is no such coordinate system.
        """
        self._system = None if coordinate_system is None else CoordinateSystemNames(coordinate_system)
        self.spatial = spatial_dimensions(self._system)
        self.dimensions = (*leading, *self.spatial) or (FRAME_LABEL,)
        uid = UID()
        super().__init__([dimension.item(uid) for dimension in self.dimensions])

    def get_index_keywords(self) -> list[str]:
        """List the keywords of the attributes that say where planes lie.

        Returns
        -------
        list[str]
            Keywords of the spatial dimensions.
        """
        return [dimension.keyword for dimension in self.spatial]

    def get_index_position(self, pointer: str) -> int:
        """Tell where in the sequence a dimension is.

        Parameters
        ----------
        pointer: str
            Keyword of the dimension's attribute.

        Returns
        -------
        int
            Zero-based position.

        Raises
        ------
        ValueError
            If the sequence has no such dimension.
        """
        keywords = [dimension.keyword for dimension in self.dimensions]
        if pointer not in keywords:
            raise InputError(f"There is no dimension {pointer!r}; the dimensions are {', '.join(keywords)}.")
        return keywords.index(pointer)

    def get_index_values(
        self,
        plane_positions: Sequence[PlanePositionSequence],
        image_orientation: Sequence[float] | None = None,
        index_convention: str | Sequence[PixelIndexDirections | str] = (
            PixelIndexDirections.R,
            PixelIndexDirections.D,
        ),
        handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    ) -> tuple[NDArray[Any], NDArray[np.intp]]:
        """Get the values of the spatial dimensions' attributes, and the order of planes that they make.

        Parameters
        ----------
        plane_positions: Sequence[PlanePositionSequence]
            Where the planes lie.
        image_orientation: Sequence[float] | None, optional
            Direction cosines of rows and columns; planes are then ordered along their normal, else by their
            coordinates. Of meaning in the patient coordinate system only.
        index_convention: str | Sequence[PixelIndexDirections | str], optional
            Directions in which the two pixel indices increase, which with ``handedness`` gives the normal's direction.
        handedness: AxisHandedness | str, optional
            Handedness of both pixel indices and the normal.

        Returns
        -------
        values: numpy.ndarray
            Shape (planes, 1, 3) in the patient coordinate system, (planes, 2) in the slide's.
        order: numpy.ndarray
            Indices that sort the planes, shape (planes,).

        Raises
        ------
        TypeError
            If ``plane_positions`` are not plane positions.
        ValueError
            If two planes are at the same place, an orientation is given for a slide, or there are no spatial
            dimensions.
        """
        if not self.spatial:
            raise InputError("There is no coordinate system, so planes have no position.")
        values = np.array([self._values_of(position) for position in plane_positions], np.float64)
        if not are_distinct(values):
            raise InputError("plane_positions has the same place more than once; the order would be ambiguous.")
        if self._system is CoordinateSystemNames.PATIENT:
            keys = values.T[::-1]
            if image_orientation is not None:
                keys = _distances(values, image_orientation, index_convention, handedness)[np.newaxis]
            return values[:, np.newaxis], np.lexsort(keys)
        if image_orientation is not None:
            raise InputError("image_orientation orders planes in the patient coordinate system only.")
        return values.astype(np.int64), np.lexsort(values.T[::-1])

    def _values_of(self, position: PlanePositionSequence) -> list[float]:
        if not isinstance(position, DataElementSequence):
            raise InputTypeError(f"plane_positions has a {type(position).__name__}; expected PlanePositionSequence.")
        values: list[float] = []
        for dimension in self.spatial:
            value = position[0][dimension.keyword].value
            values.extend(map(float, value) if hasattr(value, "__iter__") else [float(value)])
        return values

    def get_plane_positions_of_image(self, image: Dataset) -> list[PlanePositionSequence]:
        """Get where the frames of a multi-frame image lie.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            A multi-frame image.

        Returns
        -------
        list[PlanePositionSequence]
            One per frame.

        Raises
        ------
        ValueError
            If the image is not a multi-frame image, or its frames have no position.
        """
        source = Source.of([image])
        if not source.is_multiframe:
            raise InputError("The image is not a multi-frame image; see get_plane_positions_of_series.")
        return source.plane_positions()

    def get_plane_positions_of_series(self, images: Sequence[Dataset]) -> list[PlanePositionSequence]:
        """Get where the images of a series lie.

        Parameters
        ----------
        images: Sequence[pydicom.dataset.Dataset]
            Single-frame images of one series.

        Returns
        -------
        list[PlanePositionSequence]
            One per image.

        Raises
        ------
        ValueError
            If an image is a multi-frame image, or they have no position.
        """
        source = Source.of(images)
        if source.is_multiframe:
            raise InputError("The images are a multi-frame image; see get_plane_positions_of_image.")
        return source.plane_positions()
