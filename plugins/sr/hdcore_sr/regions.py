"""Regions in images and in space, and coordinates that were measured between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from hdcore.content import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    RelationshipTypeValues,
    Row,
    Scoord3DContentItem,
    ScoordContentItem,
    Template,
    rows,
)
from hdcore.content.template import required
from hdcore.content.tree import set_children
from hdcore.errors import InputError
from hdcore.model.arguments import listed
from pydicom.sr.coding import Code

from hdcore_sr import vocabulary as v
from hdcore_sr.sources import SourceImageForRegion, SourceImageForSegmentation, SourceSeriesForSegmentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content.code import ConceptLike
    from hdcore.uid import UID
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = [
    "CoordinatesForMeasurement",
    "CoordinatesForMeasurement3D",
    "ImageRegion",
    "ImageRegion3D",
    "VolumeSurface",
]

_WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
_CONTAINS = RelationshipTypeValues.CONTAINS
_SOURCE = Code("260753009", "SCT", "Source")


class ImageRegion(ScoordContentItem):
    """A region in an image (TID 1410, 1411)."""

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: NDArray[np.floating[Any]],
        source_image: SourceImageForRegion,
        pixel_origin_interpretation: PixelOriginInterpretationValues | str | None = None,
    ) -> None:
        """Make a region.

        Parameters
        ----------
        graphic_type: GraphicTypeValues | str
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 2) of (column, row) coordinates in pixels.
        source_image: SourceImageForRegion
            Image that the region is in.
        pixel_origin_interpretation: PixelOriginInterpretationValues | str | None, optional
            Of a tiled image: whether coordinates count from the frame's or the total pixel matrix's corner. The latter
            if absent and the image is a whole slide.

        Raises
        ------
        TypeError
            If ``source_image`` is of another class.
        ValueError
            If the coordinates are not those of the graphic type, or it cannot bound a region.
        """
        required(source_image, "source_image", SourceImageForRegion)
        if GraphicTypeValues(graphic_type) is GraphicTypeValues.MULTIPOINT:
            raise InputError("graphic_type is MULTIPOINT, which does not make a region.")
        if pixel_origin_interpretation is None and source_image.referenced_sop_class_uid == _WHOLE_SLIDE:
            pixel_origin_interpretation = PixelOriginInterpretationValues.VOLUME
        if pixel_origin_interpretation is not None and _is_frame(pixel_origin_interpretation):
            _check_frame(source_image)
        super().__init__(
            v.IMAGE_REGION, graphic_type, graphic_data, pixel_origin_interpretation, relationship_type=_CONTAINS
        )
        set_children(self, [source_image])


def _is_frame(interpretation: PixelOriginInterpretationValues | str) -> bool:
    return PixelOriginInterpretationValues(interpretation) is PixelOriginInterpretationValues.FRAME


def _check_frame(source_image: SourceImageForRegion) -> None:
    if not source_image.referenced_frame_numbers:
        raise InputError(
            "pixel_origin_interpretation is FRAME, but source_image names no frame; pass referenced_frame_numbers."
        )


class ImageRegion3D(Scoord3DContentItem):
    """A region in a frame of reference (TID 1410, 1411)."""

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: NDArray[np.floating[Any]],
        frame_of_reference_uid: str,
    ) -> None:
        """Make a region.

        Parameters
        ----------
        graphic_type: GraphicTypeValues3D | str
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 3) of (x, y, z) coordinates in millimetres.
        frame_of_reference_uid: str
            Frame of reference of the coordinates.

        Raises
        ------
        ValueError
            If the coordinates are not those of the graphic type, or it cannot bound a region.
        """
        kind = GraphicTypeValues3D(graphic_type)
        if kind in (GraphicTypeValues3D.MULTIPOINT, GraphicTypeValues3D.ELLIPSOID):
            raise InputError(f"graphic_type is {kind.value}, which does not make a region in a plane.")
        super().__init__(v.IMAGE_REGION, kind, graphic_data, frame_of_reference_uid, relationship_type=_CONTAINS)


class CoordinatesForMeasurement(ScoordContentItem):
    """Coordinates in an image that a measurement was made with (TID 320)."""

    def __init__(
        self,
        graphic_type: GraphicTypeValues | str,
        graphic_data: NDArray[np.floating[Any]],
        source_image: SourceImageForRegion,
        purpose: ConceptLike = _SOURCE,
    ) -> None:
        """Make coordinates.

        Parameters
        ----------
        graphic_type: GraphicTypeValues | str
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 2) of (column, row) coordinates in pixels.
        source_image: SourceImageForRegion
            Image that they are in.
        purpose: pydicom.sr.coding.Code | CodedConcept, optional
            What they are for; the concept name.

        Raises
        ------
        TypeError
            If ``source_image`` is of another class.
        ValueError
            If the coordinates are not those of the graphic type.
        """
        required(source_image, "source_image", SourceImageForRegion)
        super().__init__(purpose, graphic_type, graphic_data, relationship_type=RelationshipTypeValues.INFERRED_FROM)
        set_children(self, [source_image])


class CoordinatesForMeasurement3D(Scoord3DContentItem):
    """Coordinates in a frame of reference that a measurement was made with (TID 321)."""

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: NDArray[np.floating[Any]],
        frame_of_reference_uid: str | UID,
        fiducial_uid: str | UID | None = None,
        purpose: ConceptLike = _SOURCE,
    ) -> None:
        """Make coordinates.

        Parameters
        ----------
        graphic_type: GraphicTypeValues3D | str
            What the points make.
        graphic_data: numpy.ndarray
            Array (points, 3) of (x, y, z) coordinates in millimetres.
        frame_of_reference_uid: str | UID
            Frame of reference of the coordinates.
        fiducial_uid: str | UID | None, optional
            Identifier of the fiducial that they are.
        purpose: pydicom.sr.coding.Code | CodedConcept, optional
            What they are for; the concept name.

        Raises
        ------
        ValueError
            If the coordinates are not those of the graphic type.
        """
        super().__init__(
            purpose,
            graphic_type,
            graphic_data,
            frame_of_reference_uid,
            fiducial_uid,
            relationship_type=RelationshipTypeValues.INFERRED_FROM,
        )


_SURFACES = {
    GraphicTypeValues3D.ELLIPSOID: (1, 1),
    GraphicTypeValues3D.POINT: (1, 1),
    GraphicTypeValues3D.ELLIPSE: (2, None),
    GraphicTypeValues3D.POLYGON: (2, None),
}
"""Fewest and most items of each graphic type that make a surface."""


class VolumeSurface(Template):
    """A surface in a frame of reference, and what it was taken from (TID 1411)."""

    ORDER = ("surfaces", "source_images", "source_series")
    NEEDS_FIRST_ROW = True

    surfaces: Row[Any, list[Scoord3DContentItem]] = rows.item(
        Scoord3DContentItem, v.VOLUME_SURFACE, _CONTAINS, ("SCOORD3D",), several=True, doc="The surface."
    )
    source_images: Row[Any, list[SourceImageForSegmentation]] = rows.item(
        SourceImageForSegmentation,
        v.SOURCE_IMAGE_FOR_SEGMENTATION,
        _CONTAINS,
        ("IMAGE",),
        several=True,
        default=None,
        doc="Images that it was taken from.",
    )
    source_series: Row[Any, SourceSeriesForSegmentation | None] = rows.item(
        SourceSeriesForSegmentation,
        v.SOURCE_SERIES_FOR_SEGMENTATION,
        _CONTAINS,
        ("UIDREF",),
        default=None,
        doc="Series that it was taken from.",
    )

    def __init__(
        self,
        graphic_type: GraphicTypeValues3D | str,
        graphic_data: NDArray[np.floating[Any]] | Sequence[NDArray[np.floating[Any]]],
        frame_of_reference_uid: str,
        source_images: Sequence[SourceImageForSegmentation] | None = None,
        source_series: SourceSeriesForSegmentation | None = None,
    ) -> None:
        """Make a surface.

        Parameters
        ----------
        graphic_type: GraphicTypeValues3D | str
            ``"ELLIPSOID"`` or ``"POINT"``, which alone make the surface, or ``"ELLIPSE"`` or ``"POLYGON"``, of which
            two or more in parallel planes do.
        graphic_data: numpy.ndarray | Sequence[numpy.ndarray]
            Arrays (points, 3) of (x, y, z) coordinates in millimetres, or one such.
        frame_of_reference_uid: str
            Frame of reference of the coordinates.
        source_images: Sequence[SourceImageForSegmentation] | None, optional
            Images that the surface was taken from.
        source_series: SourceSeriesForSegmentation | None, optional
            Series that it was taken from, in place of images.

        Raises
        ------
        TypeError
            If a source is of another class.
        ValueError
            If there is no source, the graphic type makes no surface or not of that many items, or the coordinates are
            not those of the graphic type.
        """
        kind = GraphicTypeValues3D(graphic_type)
        if kind not in _SURFACES:
            raise InputError(
                f"graphic_type is {kind.value}; a surface is of {', '.join(one.value for one in _SURFACES)}."
            )
        is_one = isinstance(graphic_data, np.ndarray) and graphic_data.ndim == 2
        arrays: list[Any] = [graphic_data] if is_one else listed(graphic_data, "graphic_data", "arrays (points, 3)")
        fewest, most = _SURFACES[kind]
        if len(arrays) < fewest or (most is not None and len(arrays) > most):
            wanted = "one array" if most == 1 else "two or more arrays"
            raise InputError(f"graphic_data has {len(arrays)} arrays; a surface of {kind.value} has {wanted}.")
        check_sources(source_images, source_series)
        items = [
            Scoord3DContentItem(v.VOLUME_SURFACE, kind, array, frame_of_reference_uid, relationship_type=_CONTAINS)
            for array in arrays
        ]
        self.assemble({"surfaces": items, "source_images": source_images, "source_series": source_series})

    @classmethod
    def from_sequence(
        cls, sequence: Sequence[Dataset], is_root: bool = False, is_sr: bool = True, copy: bool = True
    ) -> Self:
        """Take the items of a surface out of others.

        Parameters
        ----------
        sequence: Sequence[pydicom.dataset.Dataset]
            The items; those that are not of a surface are left out.
        is_root, is_sr: bool, optional
            As those of :meth:`hdcore.content.ContentSequence.from_sequence`.
        copy: bool, optional
            Whether to leave the items as they are.

        Raises
        ------
        ValueError
            If there is no surface among them.
        """
        taken = super().from_sequence(sequence, is_root=is_root, is_sr=is_sr, copy=copy)
        own = cls.of([item for item in taken if cls.has_item(item)], is_root=is_root, is_sr=is_sr)  # type: ignore[arg-type]
        if not own.surfaces:
            raise InputError("There is no Volume Surface among the items.")
        return own

    def _first_surface(self) -> Scoord3DContentItem:
        surfaces = self.surfaces
        if not surfaces:
            raise InputError("There is no Volume Surface among the items.")
        return surfaces[0]

    @property
    def graphic_type(self) -> GraphicTypeValues3D:
        """GraphicTypeValues3D: what the points make."""
        return self._first_surface().graphic_type

    @property
    def frame_of_reference_uid(self) -> UID:
        """UID: frame of reference of the coordinates."""
        return self._first_surface().frame_of_reference_uid

    @property
    def graphic_data(self) -> NDArray[np.float64] | list[NDArray[np.float64]]:
        """numpy.ndarray | list[numpy.ndarray]: (x, y, z) coordinates in millimetres, shape (points, 3).

        One array of a point or an ellipsoid, a list of arrays of polygons and ellipses.
        """
        if self.graphic_type in (GraphicTypeValues3D.POINT, GraphicTypeValues3D.ELLIPSOID):
            return self._first_surface().value
        return [item.value for item in self.surfaces]

    def has_source_images(self) -> bool:
        """Tell whether the surface was taken from images that are named, rather than from a series."""
        return bool(self.source_images)

    @property
    def source_images_for_segmentation(self) -> list[SourceImageForSegmentation]:
        """list[SourceImageForSegmentation]: images that it was taken from."""
        return self.source_images

    @property
    def source_series_for_segmentation(self) -> SourceSeriesForSegmentation | None:
        """SourceSeriesForSegmentation | None: series that it was taken from."""
        return self.source_series


def check_sources(source_images: Any, source_series: Any) -> None:
    """Refuse a segment or surface without a source."""
    if source_series is None and (source_images is None or not listed(source_images, "source_images", "images")):
        raise InputError("Neither source_images nor source_series is given; expected one of them.")
