"""From what a caller passes to the frames of a segmentation: checked, placed, encoded, planned."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import InputError, InputTypeError
from hdcore.frames.layout import Layout, Placing, layout_of, tile_size_of
from hdcore.frames.source import Source
from hdcore.model.syntaxes import EXPLICIT_VR_BIG_ENDIAN
from hdcore.pixels.profiles import is_native, lossy_compression
from hdcore.spatial.volume import Volume

from hdcore_seg.encoding import SegmentEncoding, encoding_of
from hdcore_seg.enums import SegmentationFractionalTypeValues, SegmentationTypeValues
from hdcore_seg.planes import Planes, TiledPlanes, planes_of
from hdcore_seg.planning import Plan, plan_segmentation
from hdcore_seg.segments import BACKGROUND, background_like, check_descriptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from hdcore.enums import DimensionOrganizationTypeValues
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore_seg.description import SegmentDescription
    from hdcore_seg.encoding import Accepted

__all__ = ["Construction", "Draft", "check_transfer_syntax", "draft_of", "sop_class_for"]

_SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4"
_LABEL_MAP_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7"
_SEGMENT_CHANNELS = ("ReferencedSegmentNumber", "SegmentNumber")


def sop_class_for(encoding: SegmentEncoding) -> str:
    """Give the SOP class for segments that are stored in a way (PS3.4 B.5).

    Parameters
    ----------
    encoding: SegmentEncoding
        How segments are stored.
    """
    return _SEGMENTATION_STORAGE if encoding.per_segment else _LABEL_MAP_STORAGE


def check_transfer_syntax(transfer_syntax_uid: str) -> None:
    """Refuse transfer syntaxes that no segmentation should have, whatever its type.

    Parameters
    ----------
    transfer_syntax_uid: str
        The transfer syntax asked for.

    Raises
    ------
    ValueError
        If it changes values, which would move pixels into other segments, or is retired.
    """
    if lossy_compression(transfer_syntax_uid) is not None:
        raise InputError(
            f"transfer_syntax_uid is {transfer_syntax_uid}, which is for lossy compression; it would move pixels into "
            "other segments. Choose a lossless one, such as RLE Lossless (1.2.840.10008.1.2.5)."
        )
    if transfer_syntax_uid == EXPLICIT_VR_BIG_ENDIAN:
        raise InputError(
            f"transfer_syntax_uid is {transfer_syntax_uid}, Explicit VR Big Endian, which is retired; expected a "
            "little endian one (1.2.840.10008.1.2.1)."
        )


@dataclass(frozen=True, kw_only=True)
class Construction:
    """What a caller passes, as :class:`hdcore_seg.Segmentation` documents it."""

    source_images: Sequence[Dataset]
    pixel_array: Any
    segmentation_type: SegmentationTypeValues | str
    segment_descriptions: Sequence[SegmentDescription]
    fractional_type: SegmentationFractionalTypeValues | str | None = SegmentationFractionalTypeValues.PROBABILITY
    max_fractional_value: int = 255
    transfer_syntax_uid: str = "1.2.840.10008.1.2.1"
    placing: Placing = field(default_factory=Placing)
    omit_empty_frames: bool = True
    workers: int | Executor = 0
    dimension_organization_type: DimensionOrganizationTypeValues | str | None = None
    tile_pixel_array: bool = False
    tile_size: Sequence[int] | None = None
    use_extended_offset_table: bool = False
    dimensions: Mapping[str, Sequence[Any]] | Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is needed to write a segmentation."""

    source: Source
    encoding: SegmentEncoding
    segments: list[SegmentDescription]
    """Descriptions, with that of the background of a label map."""
    layout: Layout
    accepted: Accepted
    plan: Plan
    transfer_syntax_uid: str

    @property
    def sop_class_uid(self) -> str:
        """str: the SOP class for segments that are stored so."""
        return sop_class_for(self.encoding)

    def frames(self) -> Iterator[NDArray[Any]]:
        """Make the frames in stored order: some at a time if they are stored as they are, else one by one."""
        blocks = self.accepted.frames(self.plan.plane, self.plan.channel)
        return blocks if is_native(self.transfer_syntax_uid) else chain.from_iterable(blocks)


def draft_of(construction: Construction) -> Draft:
    """Check, place, encode and plan.

    Parameters
    ----------
    construction: Construction
        What the caller passes.

    Returns
    -------
    Draft
        Nothing has been written yet.

    Raises
    ------
    TypeError, ValueError
        If a segmentation cannot be made of it.
    """
    source = Source.of(construction.source_images)
    check_transfer_syntax(str(construction.transfer_syntax_uid))
    kind = SegmentationTypeValues(construction.segmentation_type)
    segments = check_descriptions(construction.segment_descriptions, kind)
    numbers = [segment.segment_number for segment in segments if not _is_empty_label(segment, kind)]
    encoding = encoding_of(kind, numbers, construction.fractional_type, construction.max_fractional_value)
    volume = construction.pixel_array if isinstance(construction.pixel_array, Volume) else None
    array = construction.pixel_array if volume is None else _array_of_volume(volume, numbers)
    if construction.tile_size is not None and not construction.tile_pixel_array:
        raise InputTypeError("tile_size is given without tile_pixel_array=True, for which alone it is of use.")
    tile_size = tile_size_of(source, construction.tile_pixel_array, construction.tile_size)
    planes = planes_of(array, tile_size)
    layout = layout_of(source, _shape_of(planes), volume, replace(construction.placing, tile_size=tile_size))
    accepted = encoding.accept(planes, numbers)
    plan = plan_segmentation(
        source,
        layout,
        accepted,
        numbers if encoding.per_segment else None,
        omit_empty_frames=construction.omit_empty_frames,
        organization=construction.dimension_organization_type,
        dimensions=construction.dimensions,
    )
    if not encoding.per_segment and not any(segment.segment_number == BACKGROUND for segment in segments):
        segments = [background_like(segments[0]), *segments]
    return Draft(source, encoding, segments, layout, accepted, plan, str(construction.transfer_syntax_uid))


def _is_empty_label(segment: SegmentDescription, kind: SegmentationTypeValues) -> bool:
    return kind is SegmentationTypeValues.LABELMAP and segment.segment_number == BACKGROUND


def _shape_of(planes: Planes) -> tuple[int, ...]:
    if isinstance(planes, TiledPlanes):
        return 1, *planes.matrix_size
    return planes.count, planes.rows, planes.columns


def _array_of_volume(volume: Volume, numbers: Sequence[int]) -> NDArray[Any]:
    """Get the array of a volume, its channels in the order of the segments.

    Raises
    ------
    ValueError
        If it has other channels than the segments.
    """
    if volume.number_of_channel_dimensions == 0:
        return volume.array
    names = [descriptor.keyword for descriptor in volume.channel_descriptors]
    if len(names) != 1 or names[0] not in _SEGMENT_CHANNELS:
        raise InputError(
            f"pixel_array is a Volume with the channels {', '.join(map(str, names))}; expected none, or "
            "ReferencedSegmentNumber."
        )
    values = [int(str(value)) for value in volume.get_channel_values(volume.channel_descriptors[0])]
    if sorted(values) != sorted(numbers):
        raise InputError(
            f"pixel_array is a Volume with channels for the segments {values}, but segment_descriptions describes "
            f"{list(numbers)}."
        )
    if values == list(numbers):
        return volume.array
    return np.take(volume.array, [values.index(number) for number in numbers], axis=3)
