"""What a segment is: its number, label, property and algorithm (PS3.3 C.8.20.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from hdcore.content.algorithm import AlgorithmIdentificationSequence
from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.arguments import listed
from hdcore.model.element import put
from hdcore.text import check_text
from hdcore.uid import UID, uid_as_read
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DataElementSequence

from hdcore_seg.enums import SegmentAlgorithmTypeValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.pixels.color import CIELabColor
    from pydicom.sr.coding import Code

__all__ = ["MAXIMUM_SEGMENT_NUMBER", "SegmentDescription"]

MAXIMUM_SEGMENT_NUMBER = 65535
_REQUIRED = (
    "SegmentNumber",
    "SegmentLabel",
    "SegmentAlgorithmType",
    "SegmentedPropertyCategoryCodeSequence",
    "SegmentedPropertyTypeCodeSequence",
)


class SegmentDescription(Dataset):
    """An item of the Segment Sequence (PS3.3 C.8.20.2, C.8.20.4).

    Examples
    --------
    >>> from pydicom.sr.codedict import codes
    >>> liver = SegmentDescription(1, "Liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL")
    >>> liver.segmented_property_type.meaning
    'Liver'
    """

    def __init__(
        self,
        segment_number: int,
        segment_label: str,
        segmented_property_category: Code | CodedConcept,
        segmented_property_type: Code | CodedConcept,
        algorithm_type: SegmentAlgorithmTypeValues | str,
        algorithm_identification: AlgorithmIdentificationSequence | None = None,
        tracking_uid: str | None = None,
        tracking_id: str | None = None,
        anatomic_regions: Sequence[Code | CodedConcept] | None = None,
        primary_anatomic_structures: Sequence[Code | CodedConcept] | None = None,
        display_color: CIELabColor | None = None,
    ) -> None:
        """Describe a segment.

        Parameters
        ----------
        segment_number: int
            Number of the segment, 1 to 65535; 0 describes the background of a label map.
        segment_label: str
            What a user calls the segment, at most 64 characters.
        segmented_property_category: pydicom.sr.coding.Code | hdcore.content.CodedConcept
            Category of the property, such as *Organ* (PS3.16 CID 7150).
        segmented_property_type: pydicom.sr.coding.Code | hdcore.content.CodedConcept
            The property, such as *Liver* (PS3.16 CID 7151).
        algorithm_type: SegmentAlgorithmTypeValues | str
            How the segment was found.
        algorithm_identification: AlgorithmIdentificationSequence | None, optional
            The algorithm that found it; needed unless ``algorithm_type`` is ``"MANUAL"``.
        tracking_uid: str | None, optional
            UID of the thing that the segment shows, the same in each study that shows it.
        tracking_id: str | None, optional
            A human's name for that thing; goes with ``tracking_uid``.
        anatomic_regions: Sequence[Code | CodedConcept] | None, optional
            Regions of the body in which the segment lies (PS3.16 CID 4).
        primary_anatomic_structures: Sequence[Code | CodedConcept] | None, optional
            Structures that the segment is, or is part of.
        display_color: hdcore.color.CIELabColor | None, optional
            Colour in which the segment should be drawn.

        Raises
        ------
        ValueError
            If the number or the label cannot be written, or ``algorithm_type`` is not a defined term.
        TypeError
            If ``algorithm_identification`` is missing, or only one of ``tracking_uid`` and ``tracking_id`` is given.
        """
        super().__init__()
        kind = SegmentAlgorithmTypeValues(algorithm_type)
        _check_number(segment_number)
        check_text(segment_label, "LO", "segment_label")
        put(
            self,
            SegmentNumber=int(segment_number),
            SegmentLabel=segment_label,
            SegmentedPropertyCategoryCodeSequence=[CodedConcept.from_code(segmented_property_category)],
            SegmentedPropertyTypeCodeSequence=[CodedConcept.from_code(segmented_property_type)],
            SegmentAlgorithmType=kind.value,
        )
        self._set_algorithm(kind, algorithm_identification)
        self._set_tracking(tracking_uid, tracking_id)
        for keyword, concepts, name in (
            ("AnatomicRegionSequence", anatomic_regions, "anatomic_regions"),
            ("PrimaryAnatomicStructureSequence", primary_anatomic_structures, "primary_anatomic_structures"),
        ):
            several = [] if concepts is None else listed(concepts, name, "coded concepts")
            if several:
                setattr(self, keyword, [CodedConcept.from_code(concept) for concept in several])
        if display_color is not None:
            self._set_color(display_color)

    def _set_algorithm(
        self, kind: SegmentAlgorithmTypeValues, identification: AlgorithmIdentificationSequence | None
    ) -> None:
        if identification is None:
            if kind is not SegmentAlgorithmTypeValues.MANUAL:
                raise InputTypeError(
                    f"algorithm_identification is missing: algorithm_type is {kind.value}; expected an "
                    "AlgorithmIdentificationSequence (PS3.3 C.8.20.2), or algorithm_type='MANUAL'."
                )
            return
        if not isinstance(identification, DataElementSequence) or len(identification) == 0:
            raise InputTypeError(
                f"algorithm_identification is of type {type(identification).__name__}; expected an "
                "AlgorithmIdentificationSequence with one item."
            )
        self.SegmentAlgorithmName = identification[0].AlgorithmName
        self.SegmentationAlgorithmIdentificationSequence = identification

    def _set_tracking(self, uid: str | None, identifier: str | None) -> None:
        if (uid is None) != (identifier is None):
            missing = "tracking_uid" if uid is None else "tracking_id"
            raise InputTypeError(f"{missing} is missing: both are given, or neither.")
        if uid is not None:
            self.TrackingUID = uid
            self.TrackingID = identifier

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of a Segment Sequence as a segment description.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the description itself.

        Returns
        -------
        SegmentDescription
            The description; what the item lacks raises when it is asked for.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it has no Segment Number.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A segment description is read from a Dataset, not from {type(dataset).__name__}.")
        if isinstance(dataset, cls) and not copy:
            return dataset
        if "SegmentNumber" not in dataset:
            absent = [keyword for keyword in _REQUIRED if keyword not in dataset]
            raise UnreadableError(f"A segment description needs a SegmentNumber; the item lacks {', '.join(absent)}.")
        description = Dataset(dict(dataset.items())) if copy else dataset
        description.__class__ = cls
        return description  # type: ignore[return-value]

    @property
    def segment_number(self) -> int:
        """int: number of the segment."""
        return int(self.SegmentNumber)

    @property
    def segment_label(self) -> str:
        """str: label of the segment."""
        return str(self._required("SegmentLabel"))

    @property
    def segmented_property_category(self) -> CodedConcept:
        """hdcore.content.CodedConcept: category of the property that the segment shows."""
        return self._concepts("SegmentedPropertyCategoryCodeSequence", required=True)[0]

    @property
    def segmented_property_type(self) -> CodedConcept:
        """hdcore.content.CodedConcept: property that the segment shows."""
        return self._concepts("SegmentedPropertyTypeCodeSequence", required=True)[0]

    @property
    def algorithm_type(self) -> SegmentAlgorithmTypeValues:
        """SegmentAlgorithmTypeValues: how the segment was found."""
        return SegmentAlgorithmTypeValues(self._required("SegmentAlgorithmType"))

    @property
    def algorithm_identification(self) -> AlgorithmIdentificationSequence | None:
        """hdcore.AlgorithmIdentificationSequence | None: the algorithm that found the segment."""
        if "SegmentationAlgorithmIdentificationSequence" not in self:
            return None
        items = self.SegmentationAlgorithmIdentificationSequence
        return AlgorithmIdentificationSequence.from_sequence(items, copy=False)

    @property
    def tracking_uid(self) -> UID | None:
        """UID | None: UID of the thing that the segment shows."""
        uid = self.get("TrackingUID")
        return None if uid is None else uid_as_read(uid)

    @property
    def tracking_id(self) -> str | None:
        """Str | None: name of the thing that the segment shows."""
        identifier = self.get("TrackingID")
        return None if identifier is None else str(identifier)

    @property
    def anatomic_regions(self) -> list[CodedConcept]:
        """list[hdcore.content.CodedConcept]: regions of the body in which the segment lies."""
        return self._concepts("AnatomicRegionSequence")

    @property
    def primary_anatomic_structures(self) -> list[CodedConcept]:
        """list[hdcore.content.CodedConcept]: structures that the segment is, or is part of."""
        return self._concepts("PrimaryAnatomicStructureSequence")

    @property
    def display_color(self) -> CIELabColor | None:
        """hdcore.color.CIELabColor | None: colour in which the segment should be drawn."""
        value = self.get("RecommendedDisplayCIELabValue")
        if value is None:
            return None
        from hdcore.pixels.color import CIELabColor

        return CIELabColor.from_dicom_value([int(number) for number in value])

    def _set_color(self, color: CIELabColor) -> None:
        from hdcore.pixels.color import CIELabColor

        if not isinstance(color, CIELabColor):
            raise InputTypeError(f"display_color is {color!r}; expected a CIELabColor, e.g. CIELabColor(50, 60, 70).")
        self.RecommendedDisplayCIELabValue = list(color.value)

    def _required(self, keyword: str) -> object:
        value = self.get(keyword)
        if value is None:
            raise AttributeError(f"The description of segment {self.segment_number} has no {keyword}.")
        return value

    def _concepts(self, keyword: str, *, required: bool = False) -> list[CodedConcept]:
        items = self.get(keyword)
        if not items:
            if required:
                raise AttributeError(f"The description of segment {self.segment_number} has no {keyword}.")
            return []
        return [CodedConcept.from_dataset(item, copy=False) for item in items]


def _check_number(segment_number: int) -> None:
    if isinstance(segment_number, bool) or not hasattr(segment_number, "__index__"):
        raise InputTypeError(f"segment_number is {segment_number!r}; expected an integer.")
    if not 0 <= segment_number <= MAXIMUM_SEGMENT_NUMBER:
        raise InputError(
            f"segment_number is {segment_number}; expected 1 to {MAXIMUM_SEGMENT_NUMBER}, or 0 for the background."
        )
