"""References to the images, series and value maps that something was taken from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, SupportsIndex

from hdcore.content import (
    CompositeContentItem,
    ImageContentItem,
    RelationshipTypeValues,
    UIDRefContentItem,
)
from hdcore.errors import InputError, InputTypeError
from pydicom.dataset import Dataset

from hdcore_sr import vocabulary as v

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.content import Concept

__all__ = [
    "RealWorldValueMap",
    "SourceImageForMeasurement",
    "SourceImageForMeasurementGroup",
    "SourceImageForRegion",
    "SourceImageForSegmentation",
    "SourceSeriesForSegmentation",
]

REAL_WORLD_VALUE_MAPPING_STORAGE = "1.2.840.10008.5.1.4.1.1.67"
_PIXELS = ("Rows", "PixelData", "FloatPixelData", "DoubleFloatPixelData")


class _SourceImage(ImageContentItem):
    """An image that something was taken from."""

    NAME: ClassVar[Concept]
    RELATIONSHIP: ClassVar[RelationshipTypeValues]

    def __init__(
        self,
        referenced_sop_class_uid: str,
        referenced_sop_instance_uid: str,
        referenced_frame_numbers: Sequence[int] | None = None,
    ) -> None:
        """Refer to an image.

        Parameters
        ----------
        referenced_sop_class_uid: str
            SOP class of the image.
        referenced_sop_instance_uid: str
            SOP instance of the image.
        referenced_frame_numbers: Sequence[int] | None, optional
            Numbers of the frames meant, counted from one; all if absent.

        Raises
        ------
        ValueError
            If a frame number is not a positive integer, or the SOP class is one of images with one frame.
        """
        super().__init__(
            self.NAME,
            referenced_sop_class_uid,
            referenced_sop_instance_uid,
            referenced_frame_numbers,
            relationship_type=self.RELATIONSHIP,
        )

    @classmethod
    def from_source_image(cls, image: Dataset, referenced_frame_numbers: Sequence[int] | None = None) -> Self:
        """Refer to an image at hand.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            The image.
        referenced_frame_numbers: Sequence[int] | None, optional
            Numbers of the frames meant, counted from one; all if absent.

        Raises
        ------
        TypeError
            If ``image`` is not a dataset, or frames are given of an image that is not multi-frame.
        ValueError
            If it is not an image, or a frame number is not one of its.
        """
        check_image(image, "image")
        if referenced_frame_numbers is not None:
            if "NumberOfFrames" not in image:
                raise InputTypeError("referenced_frame_numbers is given, but the image is not a multi-frame image.")
            count = int(image.get("NumberOfFrames") or 1)
            one_or_more = referenced_frame_numbers
            numbers = [int(one_or_more)] if isinstance(one_or_more, SupportsIndex) else one_or_more
            if above := [number for number in numbers if number > count]:
                raise InputError(f"referenced_frame_numbers holds {above[0]}; the image has {count} frames.")
        return cls(str(image.SOPClassUID), str(image.SOPInstanceUID), referenced_frame_numbers)


def check_image(image: Any, argument: str) -> None:
    """Refuse what is not an image.

    Raises
    ------
    TypeError
        If it is not a dataset.
    ValueError
        If it has no pixels or no identifiers.
    """
    if not isinstance(image, Dataset):
        raise InputTypeError(f"{argument} is a {type(image).__name__}; expected the dataset of an image.")
    if not any(keyword in image for keyword in _PIXELS):
        raise InputError(f"{argument} is not an image: it has neither Rows nor pixel data.")
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        if not image.get(keyword):
            raise InputError(f"{argument} has no {keyword}.")


class SourceImageForMeasurement(_SourceImage):
    """An image that a measurement was made on (TID 300)."""

    NAME = v.SOURCE_OF_MEASUREMENT
    RELATIONSHIP = RelationshipTypeValues.INFERRED_FROM


class SourceImageForMeasurementGroup(_SourceImage):
    """An image that a group of measurements was made on (TID 1501)."""

    NAME = v.SOURCE_OF_MEASUREMENT
    RELATIONSHIP = RelationshipTypeValues.CONTAINS


class SourceImageForRegion(_SourceImage):
    """An image that a region is in."""

    NAME = v.SOURCE
    RELATIONSHIP = RelationshipTypeValues.SELECTED_FROM


class SourceImageForSegmentation(_SourceImage):
    """An image that was segmented."""

    NAME = v.SOURCE_IMAGE_FOR_SEGMENTATION
    RELATIONSHIP = RelationshipTypeValues.CONTAINS


class SourceSeriesForSegmentation(UIDRefContentItem):
    """A series of images that was segmented."""

    def __init__(self, referenced_series_instance_uid: str) -> None:
        """Refer to a series.

        Parameters
        ----------
        referenced_series_instance_uid: str
            UID of the series.
        """
        super().__init__(
            v.SOURCE_SERIES_FOR_SEGMENTATION, referenced_series_instance_uid, RelationshipTypeValues.CONTAINS
        )

    @classmethod
    def from_source_image(cls, image: Dataset) -> Self:
        """Refer to the series of an image at hand.

        Parameters
        ----------
        image: pydicom.dataset.Dataset
            One image of the series.
        """
        check_image(image, "image")
        return cls(str(image.SeriesInstanceUID))


class RealWorldValueMap(CompositeContentItem):
    """A map of stored to real-world values that measurements were made with."""

    def __init__(self, referenced_sop_instance_uid: str) -> None:
        """Refer to a value map.

        Parameters
        ----------
        referenced_sop_instance_uid: str
            SOP instance of the map.
        """
        super().__init__(
            v.REAL_WORLD_VALUE_MAP,
            REAL_WORLD_VALUE_MAPPING_STORAGE,
            referenced_sop_instance_uid,
            RelationshipTypeValues.CONTAINS,
        )

    @classmethod
    def from_source_value_map(cls, value_map_dataset: Dataset) -> Self:
        """Refer to a value map at hand.

        Parameters
        ----------
        value_map_dataset: pydicom.dataset.Dataset
            The map, of Real World Value Mapping Storage.

        Raises
        ------
        ValueError
            If it is of another SOP class.
        """
        if value_map_dataset.get("SOPClassUID") != REAL_WORLD_VALUE_MAPPING_STORAGE:
            raise InputError(
                f"value_map_dataset is of SOP class {value_map_dataset.get('SOPClassUID')}; "
                "expected Real World Value Mapping Storage."
            )
        return cls(str(value_map_dataset.SOPInstanceUID))
