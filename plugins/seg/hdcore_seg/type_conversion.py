"""One type of segmentation made into another, without the source images.

The planes of the segmentation at hand are read a few at a time, in the form in which a caller could have passed them,
and then planned, encoded and written like any others; where they lie and what they were derived from is kept.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError
from hdcore.frames.assemble import assemble_planes
from hdcore.frames.layout import Layout
from hdcore.frames.select import combined_codes
from hdcore.frames.write import write_frames
from hdcore.model.element import elements_of, fetch, put, put_element
from hdcore.model.plane import slide_position
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.pixels.profiles import is_native
from hdcore.spatial.distinct import are_distinct
from hdcore.spatial.tiling import positions_in_total_pixel_matrix
from pydicom.datadict import keyword_for_tag

from hdcore_seg import attributes
from hdcore_seg.drafting import check_transfer_syntax, sop_class_for
from hdcore_seg.encoding import encoding_of
from hdcore_seg.enums import SegmentationTypeValues, SegmentsOverlapValues
from hdcore_seg.ordering import dimension_of, is_dimension
from hdcore_seg.planning import Plan, plan_planes
from hdcore_seg.segments import background_like

if TYPE_CHECKING:
    from hdcore.frames.columns import Ragged
    from hdcore.frames.dimensions import Dimension
    from hdcore.frames.table import FrameTable
    from numpy.typing import NDArray

    from hdcore_seg.description import SegmentDescription
    from hdcore_seg.encoding import Accepted, SegmentEncoding
    from hdcore_seg.enums import SegmentationFractionalTypeValues
    from hdcore_seg.request import SegmentRequest
    from hdcore_seg.segmentation import Segmentation

__all__ = ["convert"]

_SEGMENT_POINTER = 0x0062000B
_PLACE = ("image_position", "x_offset", "y_offset", "z_offset", "row_position", "column_position")
_ORDER = ("temporal_position_index", "stack_id", "in_stack_position_number")
_SAME_DIRECTION = 1e-4
_MEASURES = ("pixel_spacing", "slice_thickness", "spacing_between_slices")
_WRITTEN_ANEW = (
    "PixelData",
    "PixelPaddingValue",
    "PerFrameFunctionalGroupsSequence",
    "SharedFunctionalGroupsSequence",
    "DimensionIndexSequence",
    "DimensionOrganizationSequence",
    "DimensionOrganizationType",
    "SegmentSequence",
    "SegmentationFractionalType",
    "MaximumFractionalValue",
    "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
    "PresentationLUTShape",
    "ICCProfile",
    *(f"{color}PaletteColorLookupTable{part}" for color in ("Red", "Green", "Blue") for part in ("Data", "Descriptor")),
    "PaletteColorLookupTableUID",
)


_IDENTITY = (
    "SpecificCharacterSet",
    "SOPInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "InstanceNumber",
    "InstanceCreationDate",
    "InstanceCreationTime",
    "ContentDate",
    "ContentTime",
)


class _StoredPlanes:
    """The planes of a segmentation, read when they are asked for."""

    in_memory = False

    def __init__(
        self,
        image: Segmentation,
        request: SegmentRequest,
        plane_of_frame: NDArray[np.int64],
        count: int,
        threshold: float | None,
    ) -> None:
        self._image, self._request, self._threshold = image, request, threshold
        frames, channels = request.frames()
        planes = plane_of_frame[frames]
        order = np.argsort(planes, kind="stable")
        self._frames, self._channels, self._planes = frames[order], channels[order], planes[order]
        self.count, self.rows, self.columns = count, int(image.Rows), int(image.Columns)
        self.channels = None if request.combine else len(request.numbers)
        self.dtype = np.dtype(np.uint8) if threshold is not None else request.dtype

    def take(self, indices: NDArray[np.intp]) -> NDArray[Any]:
        """Read some planes."""
        distinct, back = np.unique(indices, return_inverse=True)
        found = np.flatnonzero(np.isin(self._planes, distinct))
        places = np.searchsorted(distinct, self._planes[found])
        shape = (len(distinct),) if self.channels is None else (len(distinct), self.channels)
        array = assemble_planes(
            self._image.stored_frames,
            self._frames[found],
            self._request.conversion(),
            planes=places.astype(np.intp),
            channels=self._channels[found] if self._request.has_channels else None,
            shape=shape if self._request.has_channels else shape[:1],
        )
        if self._threshold is not None:
            array = (array >= self._threshold).view(np.uint8)
        return array if len(distinct) == len(indices) and (back == np.arange(len(back))).all() else array[back]


def convert(
    image: Segmentation,
    target: Segmentation,
    segmentation_type: SegmentationTypeValues | str,
    *,
    threshold: float,
    fractional_type: SegmentationFractionalTypeValues | str,
    max_fractional_value: int,
    workers: int,
) -> None:
    """Write what a segmentation holds into another, empty one, as another type.

    Parameters
    ----------
    image: Segmentation
        The segmentation at hand.
    target: Segmentation
        Where to write; it has its identity and transfer syntax.
    segmentation_type, threshold, fractional_type, max_fractional_value, workers
        As of :meth:`Segmentation.convert`.

    Raises
    ------
    RuntimeError
        If segments overlap that a label map should hold.
    """
    check_transfer_syntax(target.transfer_syntax_uid)
    if not 0 < threshold <= 1:
        raise InputError(f"threshold is {threshold}; expected a share above 0, up to 1.")
    kind = SegmentationTypeValues(segmentation_type)
    segments = _descriptions(image, kind)
    numbers = [segment.segment_number for segment in segments]
    encoding = encoding_of(kind, numbers, fractional_type, max_fractional_value)
    table = image.frame_table
    ordering = _ordering(image, table)
    plane_of_frame, firsts = combined_codes(table, [*_PLACE, *_ORDER, *(dimension.column for dimension in ordering)])
    _check_planes(image, table, plane_of_frame, firsts)
    planes = _StoredPlanes(image, *_request(image, kind, threshold, plane_of_frame, len(firsts)))
    accepted = encoding.accept(planes, numbers)
    plan = _plan(image, table, firsts, ordering, accepted, numbers if encoding.per_segment else None)
    _copy_header(image, target)
    put(target, SOPClassUID=sop_class_for(encoding))
    target.file_meta.MediaStorageSOPClassUID = target.SOPClassUID
    transfer_syntax_uid = target.transfer_syntax_uid
    _describe(target, encoding, accepted, plan, segments)
    attributes.put_display(target, encoding, *_colors(image, encoding))
    blocks = accepted.frames(plan.plane, plan.channel)
    frames = blocks if is_native(transfer_syntax_uid) else chain.from_iterable(blocks)
    write_frames(target, plan.table, frames, plan.groups, workers=workers)


def _descriptions(image: Segmentation, kind: SegmentationTypeValues) -> list[SegmentDescription]:
    """Copy the descriptions, numbered as the type demands."""
    segments = [deepcopy(image.get_segment_description(number)) for number in image.segment_numbers]
    if kind is not SegmentationTypeValues.LABELMAP:
        for number, segment in enumerate(segments, start=1):
            put(segment, SegmentNumber=number)
    return segments


def _request(
    image: Segmentation, kind: SegmentationTypeValues, threshold: float, plane_of_frame: NDArray[np.int64], count: int
) -> tuple[SegmentRequest, NDArray[np.int64], int, float | None]:
    """Choose whether planes are read as a label map or as one mask for each segment."""
    fractional = image.segmentation_type is SegmentationTypeValues.FRACTIONAL
    alike = fractional and kind is SegmentationTypeValues.FRACTIONAL
    overlap = fetch(image, "SegmentsOverlap") != SegmentsOverlapValues.NO.value
    stacked = fractional or (overlap and image.segmentation_type is SegmentationTypeValues.BINARY)
    request = image.request_segments(
        combine_segments=not stacked or (kind is SegmentationTypeValues.LABELMAP and not fractional),
        relabel=kind is not SegmentationTypeValues.LABELMAP,
    )
    return request, plane_of_frame, count, threshold if fractional and not alike else None


def _ordering(image: Segmentation, table: FrameTable) -> tuple[Dimension, ...]:
    """Find the dimensions that order planes, as far as hdcore writes the attributes that they stand for."""
    keywords = [keyword_for_tag(tag) for tag in image.dimension_index_pointers if tag != _SEGMENT_POINTER]
    found = (dimension_of(keyword) for keyword in keywords if is_dimension(keyword))
    return tuple(dimension for dimension in found if table.present(dimension.column).all())


def _check_planes(
    image: Segmentation, table: FrameTable, plane_of_frame: NDArray[np.int64], firsts: NDArray[np.intp]
) -> None:
    """Refuse frames that would come to lie on each other, or in another direction than their own.

    Raises
    ------
    ValueError
        If two frames of a segment are in the same plane, or planes have several orientations.
    """
    segments = table["segment_number"] if "segment_number" in table else np.zeros(len(table), np.int64)
    if not are_distinct(np.column_stack((plane_of_frame, segments))):
        names = ", ".join(keyword_for_tag(tag) or str(tag) for tag in image.dimension_index_pointers)
        raise InputError(
            f"Several frames of a segment have the same place and time, so conversion cannot keep them apart; the "
            f"dimensions of the segmentation are {names or 'none'}."
        )
    directions = table["image_orientation"][firsts] if table.present("image_orientation").all() else None
    if directions is not None and np.ptp(directions, axis=0).max() > _SAME_DIRECTION:
        raise InputError("The frames have several orientations, of which conversion could keep one only.")


def _colors(
    image: Segmentation, encoding: SegmentEncoding
) -> tuple[PaletteColorLUTTransformation | None, bytes | None]:
    """Keep the palette of a label map that remains one, and of which numbers remain as long."""
    palette = fetch(image, "PhotometricInterpretation") == "PALETTE COLOR"
    if not palette or encoding.per_segment or encoding.bits_allocated != image.BitsAllocated:
        return None, None
    return PaletteColorLUTTransformation.extract_from_dataset(image), fetch(image, "ICCProfile")


def _plan(
    image: Segmentation,
    table: FrameTable,
    firsts: NDArray[np.intp],
    ordering: tuple[Dimension, ...],
    accepted: Accepted,
    numbers: list[int] | None,
) -> Plan:
    """Plan the frames of planes, of each of which one frame tells where it lies."""
    of_planes = _with_offsets(image, table.select(firsts))
    orientation = of_planes["image_orientation"][0].tolist() if of_planes.present("image_orientation").all() else None
    matrix = None
    if image.is_tiled:
        matrix = int(image.TotalPixelMatrixRows), int(image.TotalPixelMatrixColumns)
    layout = Layout(
        planes=of_planes.without(*(name for name in of_planes if name not in _PLACE)),
        source_planes=np.full(len(firsts), -1, np.intp),
        coordinate_system=image.coordinate_system,
        image_orientation=None if orientation is None else tuple(orientation),
        measures={name: of_planes.select([0]).column(name) for name in _MEASURES if of_planes.present(name).all()},
        tile_size=(int(image.Rows), int(image.Columns)) if matrix else None,
        matrix_size=matrix,
    )
    planes = of_planes.without(
        "segment_number", "dimension_index_values", "derivations", "channel", "focal_plane", *_MEASURES
    )
    planes = planes.without("image_orientation")
    if not ordering:
        ordering = tuple(dimension_of(name) for name in _ROW_AND_COLUMN) if matrix else (dimension_of("FrameLabel"),)
        if "frame_label" not in planes and not matrix:
            planes = planes.with_columns(frame_label=[str(number + 1) for number in range(len(firsts))])

    def derivations(plane: NDArray[np.intp]) -> Ragged | None:
        if "derivations" not in of_planes:
            return None  # a TILED_FULL image does not say it of each frame
        return of_planes.select(plane).column("derivations")  # type: ignore[return-value]

    return plan_planes(
        layout, planes, ordering, accepted, numbers, derivations, omit_empty_frames=True, organization=None
    )


def _with_offsets(image: Segmentation, planes: FrameTable) -> FrameTable:
    """Say where tiles lie on the slide, which a TILED_FULL image leaves to be found out (PS3.3 C.7.6.17.3)."""
    if "x_offset" in planes or "row_position" not in planes:
        return planes
    origin = image.TotalPixelMatrixOriginSequence[0]
    positions = positions_in_total_pixel_matrix(
        np.stack((planes["column_position"], planes["row_position"]), axis=1) - 1,
        slide_position(origin),
        [float(cosine) for cosine in image.ImageOrientationSlide],
        planes["pixel_spacing"][0].tolist(),
    )
    return planes.with_columns(x_offset=positions[:, 0], y_offset=positions[:, 1], z_offset=positions[:, 2])


_ROW_AND_COLUMN = ("RowPositionInTotalImagePixelMatrix", "ColumnPositionInTotalImagePixelMatrix")


def _copy_header(image: Segmentation, target: Segmentation) -> None:
    """Copy all that is said of the whole segmentation, but for how segments are stored."""
    for tag in elements_of(image):
        if keyword_for_tag(tag) not in _WRITTEN_ANEW and keyword_for_tag(tag) not in _IDENTITY:
            put_element(target, deepcopy(image[tag]))


def _describe(
    target: Segmentation, encoding: SegmentEncoding, accepted: Accepted, plan: Plan, segments: list[SegmentDescription]
) -> None:
    attributes.put_image_pixel(target, encoding, accepted)
    described = segments if encoding.per_segment else [background_like(segments[0]), *segments]
    attributes.put_segments(target, described)
    attributes.put_organization(target, plan)
