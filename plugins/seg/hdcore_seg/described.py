"""Which segments a segmentation has, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from hdcore.errors import MissingAttributeError, OutOfRangeError, UnreadableError
from hdcore.frames.image import Image
from hdcore.model.element import fetch
from hdcore.spatial.distinct import are_distinct
from pydicom.dataset import Dataset

from hdcore_seg.description import SegmentDescription
from hdcore_seg.enums import (
    SOP_CLASS_UIDS,
    SegmentAlgorithmTypeValues,
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
)
from hdcore_seg.groups import GROUPS
from hdcore_seg.iteration import segments_of
from hdcore_seg.segments import is_background, matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import CodedConcept
    from hdcore.frames.table import FrameTable
    from hdcore.uid import UID
    from numpy.typing import NDArray
    from pydicom.sr.coding import Code
    from pydicom.tag import BaseTag

__all__ = ["DescribedImage"]

_SEGMENT_SEQUENCE = 0x00620002
_SEGMENT_POINTER = 0x0062000B
_DEFAULT_MAXIMUM = 255


class DescribedImage(Image):
    """An image whose frames show segments that are described."""

    FUNCTIONAL_GROUPS: ClassVar = GROUPS

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a segmentation; see :meth:`hdcore.Image.from_dataset`.

        Raises
        ------
        TypeError
            If ``dataset`` is no dataset.
        UnreadableError
            If it is of another SOP class, or has no pixels. A ValueError.
        """
        uid = dataset.get("SOPClassUID") if isinstance(dataset, Dataset) else None
        if uid is not None and str(uid) not in SOP_CLASS_UIDS:
            raise UnreadableError(
                f"The dataset is of SOP class {uid}; expected Segmentation or Label Map Segmentation Storage."
            )
        return super().from_dataset(dataset, copy=copy)

    @property
    def segmentation_type(self) -> SegmentationTypeValues:
        """SegmentationTypeValues: how pixels tell which segment they belong to."""
        kind = fetch(self, "SegmentationType")
        if kind is None:
            raise MissingAttributeError("The segmentation has no SegmentationType.")
        return SegmentationTypeValues(kind)

    @property
    def segmentation_fractional_type(self) -> SegmentationFractionalTypeValues | None:
        """SegmentationFractionalTypeValues | None: what shares are; None unless FRACTIONAL."""
        kind = fetch(self, "SegmentationFractionalType")
        return None if kind is None else SegmentationFractionalTypeValues(kind)

    @property
    def segment_numbers(self) -> list[int]:
        """list[int]: numbers of all segments but the background, as described."""
        return [description.segment_number for description in self._segments()]

    @property
    def number_of_segments(self) -> int:
        """int: how many segments there are, without the background."""
        return len(self._segments())

    @property
    def segmented_property_categories(self) -> list[CodedConcept]:
        """list[CodedConcept]: categories of the properties that segments show, each once."""
        return list(dict.fromkeys(segment.segmented_property_category for segment in self._segments()))

    @property
    def segmented_property_types(self) -> list[CodedConcept]:
        """list[CodedConcept]: properties that segments show, each once."""
        return list(dict.fromkeys(segment.segmented_property_type for segment in self._segments()))

    def get_segment_description(self, segment_number: int) -> SegmentDescription:
        """Get the description of a segment.

        Parameters
        ----------
        segment_number: int
            Number of the segment, or of the background.

        Raises
        ------
        IndexError
            If there is no such segment.
        """
        for description in self._descriptions():
            if description.segment_number == segment_number:
                return description
        raise OutOfRangeError(
            f"There is no segment number {segment_number}; the segmentation has {self.segment_numbers}."
        )

    def get_segment_numbers(
        self,
        segment_label: str | None = None,
        segmented_property_category: Code | CodedConcept | None = None,
        segmented_property_type: Code | CodedConcept | None = None,
        algorithm_type: SegmentAlgorithmTypeValues | str | None = None,
        tracking_uid: str | None = None,
        tracking_id: str | None = None,
    ) -> list[int]:
        """Find segments; those that match in every respect that is given.

        Parameters
        ----------
        segment_label: str | None, optional
            Label of the segment.
        segmented_property_category: Code | CodedConcept | None, optional
            Category of the property that it shows.
        segmented_property_type: Code | CodedConcept | None, optional
            Property that it shows.
        algorithm_type: SegmentAlgorithmTypeValues | str | None, optional
            How it was found.
        tracking_uid, tracking_id: str | None, optional
            UID and name of the thing that it shows.

        Returns
        -------
        list[int]
            Their numbers, without the background.
        """
        found = matching(
            self._segments(),
            segment_label=segment_label,
            segmented_property_category=segmented_property_category,
            segmented_property_type=segmented_property_type,
            algorithm_type=algorithm_type,
            tracking_uid=tracking_uid,
            tracking_id=tracking_id,
        )
        return [description.segment_number for description in found]

    def get_tracking_ids(
        self,
        segmented_property_category: Code | CodedConcept | None = None,
        segmented_property_type: Code | CodedConcept | None = None,
        algorithm_type: SegmentAlgorithmTypeValues | str | None = None,
    ) -> list[tuple[str, UID]]:
        """List the things that segments show; of the segments that match in every respect that is given.

        Parameters
        ----------
        segmented_property_category, segmented_property_type, algorithm_type
            As of :meth:`get_segment_numbers`.

        Returns
        -------
        list[tuple[str, UID]]
            Tracking ID and Tracking UID, each pair once, in the order of the segments.
        """
        found = matching(
            self._segments(),
            segmented_property_category=segmented_property_category,
            segmented_property_type=segmented_property_type,
            algorithm_type=algorithm_type,
        )
        pairs = ((segment.tracking_id, segment.tracking_uid) for segment in found)
        return list(dict.fromkeys((name, uid) for name, uid in pairs if name is not None and uid is not None))

    def get_default_dimension_index_pointers(self) -> list[BaseTag]:
        """List the attributes that the dimension indices stand for, without that of the segment.

        Returns
        -------
        list[pydicom.tag.BaseTag]
            In the order of the Dimension Index Sequence.
        """
        return [pointer for pointer in self.dimension_index_pointers if pointer != _SEGMENT_POINTER]

    def are_dimension_indices_unique(self, dimension_index_pointers: Sequence[int | BaseTag | str]) -> bool:
        """Tell whether some of the dimension indices identify the frames of each segment.

        Parameters
        ----------
        dimension_index_pointers: Sequence[int | pydicom.tag.BaseTag | str]
            Tags, or keywords, of the attributes that the dimensions stand for.

        Returns
        -------
        bool
            Whether no two frames of a segment have the same indices in these dimensions.

        Raises
        ------
        KeyError
            If the image has no such dimension.
        """
        keys = self.dimension_indices(dimension_index_pointers)
        segments = self._stored_segments().segment_of_frame
        if segments is not None:
            keys = np.column_stack((keys, segments))
        return are_distinct(keys)

    def iter_segments(self) -> Iterator[tuple[NDArray[Any], tuple[Dataset, ...], Dataset]]:
        """Go through the segments that have frames.

        Yields
        ------
        tuple[numpy.ndarray, tuple[pydicom.dataset.Dataset, ...], pydicom.dataset.Dataset]
            Frames of the segment, shape (frames, rows, columns) (of a label map: masks of the frames in which the
            segment has a pixel); their items of the Per-Frame Functional Groups Sequence; its item of the Segment
            Sequence.
        """
        return segments_of(self)

    def read_frame_table(self) -> FrameTable:
        """Make the frame table; a TILED_FULL image may leave the segments to follow from the order of its frames.

        Returns
        -------
        FrameTable
            One row per frame.
        """
        table = super().read_frame_table()
        if "segment_number" in table or "channel" not in table or fetch(self, "SegmentationType") == "LABELMAP":
            return table
        numbers = np.array([int(item.SegmentNumber) for item in fetch(self, "SegmentSequence", ())])
        channel = np.asarray(table["channel"])
        if channel.max(initial=-1) >= len(numbers):
            return table
        return table.with_columns(segment_number=numbers[channel])

    def __getitem__(self, key: Any) -> Any:
        """Get an element, as of any dataset; the items of the Segment Sequence are segment descriptions."""
        element = super().__getitem__(key)
        if getattr(element, "tag", None) == _SEGMENT_SEQUENCE and element.value and type(element.value[-1]) is Dataset:
            for item in element.value:
                item.__class__ = SegmentDescription
        return element

    def _descriptions(self) -> list[SegmentDescription]:
        items = fetch(self, "SegmentSequence", ())
        return [SegmentDescription.from_dataset(item, copy=False) for item in items]

    def _segments(self) -> list[SegmentDescription]:
        """Describe all segments but the background."""
        label_map = self.segmentation_type is SegmentationTypeValues.LABELMAP
        return [segment for segment in self._descriptions() if not (label_map and is_background(segment))]
