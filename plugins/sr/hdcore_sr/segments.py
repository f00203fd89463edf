"""References to segments and to frames of segmentations.

An image reference names frames or segments, not both (PS3.3 table 10-3): a frame of a segmentation is of one segment
already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.content import ImageContentItem, RelationshipTypeValues, Row, Template, rows
from hdcore.content.reference import positive_number, positive_numbers
from hdcore.content.template import required
from hdcore.errors import InputError

from hdcore_sr import vocabulary as v
from hdcore_sr.regions import check_sources
from hdcore_sr.segmentation import check_segmentation, frames_of_segment, segment_of_frames, source_images_of
from hdcore_sr.sources import SourceImageForSegmentation, SourceSeriesForSegmentation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.uid import UID
    from pydicom.dataset import Dataset

__all__ = ["ReferencedSegment", "ReferencedSegmentationFrame"]

_CONTAINS = RelationshipTypeValues.CONTAINS


class _SegmentationReference(Template):
    """A reference to a part of a segmentation, and the sources of the segmentation."""

    NEEDS_FIRST_ROW: ClassVar[bool] = True
    _segment_number: ClassVar[int | None] = None

    def _reference(self) -> ImageContentItem | None:
        return self.ordered_rows[0].read(self)  # type: ignore[no-any-return]

    @classmethod
    def from_sequence(
        cls, sequence: Sequence[Dataset], is_root: bool = False, is_sr: bool = True, copy: bool = True
    ) -> Self:
        """Take the items of a reference out of others.

        Parameters
        ----------
        sequence: Sequence[pydicom.dataset.Dataset]
            The items; those that are not of the reference are left out.
        is_root, is_sr: bool, optional
            As those of :meth:`hdcore.content.ContentSequence.from_sequence`.
        copy: bool, optional
            Whether to leave the items as they are.

        Raises
        ------
        ValueError
            If there is no such reference among them.
        """
        taken = super().from_sequence(sequence, is_root=is_root, is_sr=is_sr, copy=copy)
        own = cls.of([item for item in taken if cls.has_item(item)], is_root=is_root, is_sr=is_sr)  # type: ignore[arg-type]
        if own._reference() is None:
            raise InputError(f"There is no {cls.ordered_rows[0].label()} among the items.")
        return own

    def _referenced(self) -> ImageContentItem:
        reference = self._reference()
        if reference is None:
            raise InputError(f"There is no {self.ordered_rows[0].label()} among the items.")
        return reference

    @property
    def referenced_sop_class_uid(self) -> UID:
        """UID: SOP class of the segmentation."""
        return self._referenced().referenced_sop_class_uid

    @property
    def referenced_sop_instance_uid(self) -> UID:
        """UID: SOP instance of the segmentation."""
        return self._referenced().referenced_sop_instance_uid

    @property
    def referenced_frame_numbers(self) -> list[int] | None:
        """list[int] | None: numbers of the frames meant, counted from one; ``None`` if the reference does not say."""
        return self._referenced().referenced_frame_numbers

    @property
    def referenced_segment_numbers(self) -> list[int] | None:
        """list[int] | None: numbers of the segments meant.

        The segment of a reference to frames is known until it is written; the segmentation itself tells it then.
        """
        own = None if self._segment_number is None else [self._segment_number]
        return self._referenced().referenced_segment_numbers or own


class ReferencedSegment(_SegmentationReference):
    """A reference to a segment, and the images that were segmented (TID 1411)."""

    ORDER = ("reference", "source_images", "source_series")

    reference: Row[Any, ImageContentItem | None] = rows.item(
        ImageContentItem, v.REFERENCED_SEGMENT, _CONTAINS, ("IMAGE",), doc="The segment."
    )
    source_images: Row[Any, list[SourceImageForSegmentation]] = rows.item(
        SourceImageForSegmentation,
        v.SOURCE_IMAGE_FOR_SEGMENTATION,
        _CONTAINS,
        ("IMAGE",),
        several=True,
        default=None,
        doc="Images that were segmented.",
    )
    source_series: Row[Any, SourceSeriesForSegmentation | None] = rows.item(
        SourceSeriesForSegmentation,
        v.SOURCE_SERIES_FOR_SEGMENTATION,
        _CONTAINS,
        ("UIDREF",),
        default=None,
        doc="Series that was segmented.",
    )

    def __init__(
        self,
        sop_class_uid: str,
        sop_instance_uid: str,
        segment_number: int,
        frame_numbers: Sequence[int] | None = None,
        source_images: Sequence[SourceImageForSegmentation] | None = None,
        source_series: SourceSeriesForSegmentation | None = None,
    ) -> None:
        """Refer to a segment.

        Parameters
        ----------
        sop_class_uid: str
            SOP class of the segmentation.
        sop_instance_uid: str
            SOP instance of the segmentation.
        segment_number: int
            Number of the segment.
        frame_numbers: Sequence[int] | None, optional
            Numbers, counted from one, of the frames of the segment that are meant; all if absent. The reference then
            names the frames in place of the segment.
        source_images: Sequence[SourceImageForSegmentation] | None, optional
            Images that were segmented.
        source_series: SourceSeriesForSegmentation | None, optional
            Series that was segmented, in place of images.

        Raises
        ------
        TypeError
            If a source is of another class, or a number not an integer.
        ValueError
            If there is no source, or a number is below one.
        """
        check_sources(source_images, source_series)
        number = positive_number(segment_number, "segment_number")
        vars(self)["_segment_number"] = number
        frames = None if frame_numbers is None else positive_numbers(frame_numbers, "frame_numbers")
        item = ImageContentItem(
            v.REFERENCED_SEGMENT,
            sop_class_uid,
            sop_instance_uid,
            referenced_frame_numbers=frames,
            referenced_segment_numbers=None if frames else number,
            relationship_type=_CONTAINS,
        )
        self.assemble({"reference": item, "source_images": source_images, "source_series": source_series})

    @classmethod
    def from_segmentation(
        cls, segmentation: Dataset, segment_number: int, frame_numbers: Sequence[int] | None = None
    ) -> Self:
        """Refer to a segment of a segmentation at hand.

        Parameters
        ----------
        segmentation: pydicom.dataset.Dataset
            The segmentation. The source images are those of the frames; if these name none, those of the whole
            segmentation, or its source series.
        segment_number: int
            Number of the segment.
        frame_numbers: Sequence[int] | None, optional
            Numbers, counted from one, of the frames of the segment that are meant; all if absent.

        Raises
        ------
        ValueError
            If ``segmentation`` is none, has no such segment, or a frame is not of it.
        """
        check_segmentation(segmentation)
        frames = frames_of_segment(segmentation, segment_number, frame_numbers)
        images, series = source_images_of(segmentation, frames)
        return cls(
            str(segmentation.SOPClassUID),
            str(segmentation.SOPInstanceUID),
            segment_number,
            frame_numbers,
            [SourceImageForSegmentation(*reference) for reference in images] or None,
            None if images or series is None else SourceSeriesForSegmentation(series),
        )

    def has_source_images(self) -> bool:
        """Tell whether images that were segmented are named, rather than a series."""
        return bool(self.source_images)

    @property
    def source_images_for_segmentation(self) -> list[SourceImageForSegmentation]:
        """list[SourceImageForSegmentation]: images that were segmented."""
        return self.source_images

    @property
    def source_series_for_segmentation(self) -> SourceSeriesForSegmentation | None:
        """SourceSeriesForSegmentation | None: series that was segmented."""
        return self.source_series


class ReferencedSegmentationFrame(_SegmentationReference):
    """A reference to a frame of a segmentation, and the image that was segmented (TID 1410)."""

    ORDER = ("reference", "source_image")

    reference: Row[Any, ImageContentItem | None] = rows.item(
        ImageContentItem, v.REFERENCED_SEGMENTATION_FRAME, _CONTAINS, ("IMAGE",), doc="The frame."
    )
    source_image: Row[Any, SourceImageForSegmentation | None] = rows.item(
        SourceImageForSegmentation, v.SOURCE_IMAGE_FOR_SEGMENTATION, _CONTAINS, ("IMAGE",), doc="Image segmented."
    )

    def __init__(
        self,
        sop_class_uid: str,
        sop_instance_uid: str,
        frame_number: int | Sequence[int],
        segment_number: int,
        source_image: SourceImageForSegmentation,
    ) -> None:
        """Refer to a frame.

        Parameters
        ----------
        sop_class_uid: str
            SOP class of the segmentation.
        sop_instance_uid: str
            SOP instance of the segmentation.
        frame_number: int | Sequence[int]
            Number of the frame, counted from one; of a tiled segmentation, of several.
        segment_number: int
            Number of the segment that the frame is of. The reference names the frame only.
        source_image: SourceImageForSegmentation
            Image that was segmented.

        Raises
        ------
        TypeError
            If the source is of another class, or a number not an integer.
        ValueError
            If a number is below one.
        """
        required(source_image, "source_image", SourceImageForSegmentation)
        number = positive_number(segment_number, "segment_number")
        vars(self)["_segment_number"] = number
        item = ImageContentItem(
            v.REFERENCED_SEGMENTATION_FRAME,
            sop_class_uid,
            sop_instance_uid,
            referenced_frame_numbers=positive_numbers(frame_number, "frame_number"),
            relationship_type=_CONTAINS,
        )
        self.assemble({"reference": item, "source_image": source_image})

    @classmethod
    def from_segmentation(
        cls,
        segmentation: Dataset,
        frame_number: int | Sequence[int] | None = None,
        segment_number: int | None = None,
    ) -> Self:
        """Refer to a frame of a segmentation at hand.

        Parameters
        ----------
        segmentation: pydicom.dataset.Dataset
            The segmentation.
        frame_number: int | Sequence[int] | None, optional
            Number of the frame, counted from one, or of several; all of the segment if absent.
        segment_number: int | None, optional
            Number of the segment; that of the frames if absent.

        Raises
        ------
        ValueError
            If ``segmentation`` is none, neither a frame nor a segment is given, frames are of several segments, or the
            source of the frames is not one image.
        """
        check_segmentation(segmentation)
        if frame_number is None and segment_number is None:
            raise InputError("Neither frame_number nor segment_number is given; expected at least one.")
        numbers = None if frame_number is None else positive_numbers(frame_number, "frame_number")
        segment = segment_of_frames(segmentation, numbers) if segment_number is None else segment_number
        frames = frames_of_segment(segmentation, segment, numbers)
        images, _ = source_images_of(segmentation, frames)
        if len({image[1] for image in images}) != 1:
            raise InputError(f"The source of the frames is {len(images)} images; expected one.")
        source_frames = sorted({number for image in images for number in image[2] or ()})
        source = SourceImageForSegmentation(images[0][0], images[0][1], source_frames or None)
        return cls(str(segmentation.SOPClassUID), str(segmentation.SOPInstanceUID), frames, segment, source)

    @property
    def source_image_for_segmentation(self) -> SourceImageForSegmentation | None:
        """SourceImageForSegmentation | None: image that was segmented."""
        return self.source_image
