"""Rules about the frames of a segmentation: their number, segments, positions, dimensions and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hdcore.frames.codec import decode
from hdcore.validation import Rule, finding, rule

from hdcore_seg.groups import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["FRAME_RULES"]

_ITEMS = "PerFrameFunctionalGroupsSequence"
_IN_PATIENT = ("image_position", "image_orientation", "pixel_spacing")
_ON_SLIDE = ("x_offset", "row_position", "pixel_spacing")
_FULLY_TILED = "DimensionOrganizationType == 'TILED_FULL'"


@rule("SEG020", ref="PS3.3 C.7.6.16", unless=_FULLY_TILED)
def every_frame_has_its_item(dataset: Dataset) -> Iterator[Draft]:
    """Number of Frames is the number of items of the Per-Frame Functional Groups Sequence."""
    items, frames = len(dataset.PerFrameFunctionalGroupsSequence), int(dataset.NumberOfFrames)
    if items != frames:
        yield finding("NumberOfFrames", f"is {frames} but there are {items} items")


@rule("SEG021", ref="PS3.3 C.8.20.3.1", unless="SegmentationType == 'LABELMAP'")
def every_frame_names_a_segment_that_is_described(dataset: Dataset) -> Iterator[Draft]:
    """Referenced Segment Number is that of an item of the Segment Sequence."""
    table = decode(dataset, GROUPS)
    described = [item.SegmentNumber for item in dataset.SegmentSequence]
    place = "SegmentIdentificationSequence[0]/ReferencedSegmentNumber"
    missing = np.flatnonzero(~table.present("segment_number"))
    if len(missing):
        yield finding(f"{_ITEMS}[{missing[0]}]/{place}", "is absent")
        return
    numbers = table["segment_number"]
    for index in np.flatnonzero(~np.isin(numbers, described))[:1]:
        yield finding(f"{_ITEMS}[{index}]/{place}", f"is {numbers[index]}; described are {sorted(described)}")


@rule("SEG022", ref="PS3.3 C.7.6.17", unless=_FULLY_TILED)
def every_frame_has_an_index_in_each_dimension(dataset: Dataset) -> Iterator[Draft]:
    """Dimension Index Values has one value, of at least one, for each item of the Dimension Index Sequence."""
    table = decode(dataset, GROUPS)
    dimensions = len(dataset.DimensionIndexSequence)
    place = "FrameContentSequence[0]/DimensionIndexValues"
    if "dimension_index_values" not in table:
        yield finding(f"{_ITEMS}[0]/{place}", f"is absent; there are {dimensions} dimensions")
        return
    values = table["dimension_index_values"].reshape(len(table), -1)
    if values.shape[1] != dimensions:
        yield finding(f"{_ITEMS}[0]/{place}", f"has {values.shape[1]} values; there are {dimensions} dimensions")
    for index in np.flatnonzero((values < 1).any(axis=1))[:1]:
        yield finding(f"{_ITEMS}[{index}]/{place}", f"is {values[index].tolist()}; expected values of at least one")


@rule("SEG023", ref="PS3.3 C.7.6.17", unless=_FULLY_TILED)
def no_two_frames_have_the_same_indices(dataset: Dataset) -> Iterator[Draft]:
    """Dimension Index Values tell frames apart."""
    table = decode(dataset, GROUPS)
    values = table["dimension_index_values"].reshape(len(table), -1)
    _, first, counts = np.unique(values, axis=0, return_index=True, return_counts=True)
    for index in np.sort(first[counts > 1])[:1]:
        yield finding(
            f"{_ITEMS}[{index}]/FrameContentSequence[0]/DimensionIndexValues",
            f"is {values[index].tolist()} more than once",
        )


@rule("SEG024", ref="PS3.3 C.7.6.17")
def dimensions_belong_to_an_organization(dataset: Dataset) -> Iterator[Draft]:
    """Each dimension's Dimension Organization UID is one of the Dimension Organization Sequence."""
    known = {item.DimensionOrganizationUID for item in dataset.DimensionOrganizationSequence}
    for index, item in enumerate(dataset.DimensionIndexSequence):
        uid = item.get("DimensionOrganizationUID")
        if uid is not None and uid not in known:
            yield finding(f"DimensionIndexSequence[{index}]/DimensionOrganizationUID", f"is {uid}, which is not listed")


@rule("SEG025", ref="PS3.3 C.8.12.6.1", unless=_FULLY_TILED)
def tiles_begin_inside_the_total_pixel_matrix(dataset: Dataset) -> Iterator[Draft]:
    """Row and column positions of tiles are between one and the size of the total pixel matrix."""
    if "TotalPixelMatrixRows" not in dataset:
        return
    table = decode(dataset, GROUPS)
    for column, keyword, size in (
        ("row_position", "RowPositionInTotalImagePixelMatrix", dataset.TotalPixelMatrixRows),
        ("column_position", "ColumnPositionInTotalImagePixelMatrix", dataset.TotalPixelMatrixColumns),
    ):
        positions = table[column]
        for index in np.flatnonzero((positions < 1) | (positions > size))[:1]:
            yield finding(
                f"{_ITEMS}[{index}]/PlanePositionSlideSequence[0]/{keyword}", f"is {positions[index]} of {size}"
            )


@rule("SEG026", ref="PS3.3 C.12.4")
def sources_of_frames_are_listed(dataset: Dataset) -> Iterator[Draft]:
    """Each image that a frame was derived from is in the Referenced Series Sequence, or in that of other studies."""
    table = decode(dataset, GROUPS)
    owners, sources = table.related("derivations", "sources")
    if not len(sources):
        return
    listed = {
        image.ReferencedSOPInstanceUID
        for study in (dataset, *dataset.get("StudiesContainingOtherReferencedInstancesSequence", ()))
        for series in study.get("ReferencedSeriesSequence", ())
        for image in series.get("ReferencedInstanceSequence", ())
    }
    uids = sources["sop_instance_uid"]
    absent = ~uids.isin(listed)
    for row in np.flatnonzero(absent)[:1]:
        place = "DerivationImageSequence[0]/SourceImageSequence[0]/ReferencedSOPInstanceUID"
        yield finding(f"{_ITEMS}[{owners[row]}]/{place}", f"is {uids.values[row]}, which is not listed")


@rule("SEG027", ref="PS3.3 C.8.20.3.1", severity="warning", unless="SegmentationType != 'LABELMAP'")
def frames_of_a_label_map_name_no_segment(dataset: Dataset) -> Iterator[Draft]:
    """A frame of a label map holds all segments, so that readers make nothing of a Segment Identification Sequence."""
    if any("SegmentIdentificationSequence" in item for item in dataset.get("SharedFunctionalGroupsSequence", ())):
        yield finding("SharedFunctionalGroupsSequence[0]/SegmentIdentificationSequence", "is present")
        return
    named = np.flatnonzero(decode(dataset, GROUPS).present("segment_number"))
    if len(named):
        yield finding(f"{_ITEMS}[{named[0]}]/SegmentIdentificationSequence", "is present")


@rule("SEG028", ref="PS3.3 A.51.5", unless=_FULLY_TILED)
def every_frame_lies_somewhere(dataset: Dataset) -> Iterator[Draft]:
    """A frame has a place in a frame of reference, or names the image on whose pixels it lies."""
    table = decode(dataset, GROUPS)
    in_patient, on_slide = (
        np.logical_and.reduce([table.present(column) for column in columns]) for columns in (_IN_PATIENT, _ON_SLIDE)
    )
    placed = (in_patient | on_slide) & ("FrameOfReferenceUID" in dataset)
    if "derivations" in table:
        placed = placed | (table.column("derivations").counts > 0)  # type: ignore[union-attr]
    for index in np.flatnonzero(~placed)[:1]:
        yield finding(
            f"{_ITEMS}[{index}]/DerivationImageSequence",
            "is absent, and so is one of Frame of Reference UID, position, orientation and pixel spacing",
        )


@rule("SEG029", ref="PS3.3 A.51.5.1")
def frames_are_derived_by_segmentation(dataset: Dataset) -> Iterator[Draft]:
    """What a frame was derived by is segmentation, from sources for image processing."""
    table = decode(dataset, GROUPS)
    for names, column, code, keyword in (
        (("derivations",), "codes", "113076", "DerivationCodeSequence"),
        (("derivations", "sources"), "purpose", "121322", "SourceImageSequence[0]/PurposeOfReferenceCodeSequence"),
    ):
        owners, rows = table.related(*names)
        if column not in rows:
            continue
        coded = rows.column(column)
        for number, word in enumerate(coded.vocabulary):  # type: ignore[union-attr]
            concepts = word.items()
            found = (concepts[0].CodeValue, concepts[0].CodingSchemeDesignator) if concepts else ("", "")
            frames = owners[coded.codes == number]  # type: ignore[union-attr]
            if found != (code, "DCM") and len(frames):
                yield finding(
                    f"{_ITEMS}[{frames[0]}]/DerivationImageSequence[0]/{keyword}",
                    f"is ({', '.join(found)}); expected ({code}, DCM)",
                )


FRAME_RULES: list[Rule] = [
    every_frame_has_its_item,
    every_frame_names_a_segment_that_is_described,
    every_frame_has_an_index_in_each_dimension,
    no_two_frames_have_the_same_indices,
    dimensions_belong_to_an_organization,
    tiles_begin_inside_the_total_pixel_matrix,
    sources_of_frames_are_listed,
    frames_of_a_label_map_name_no_segment,
    every_frame_lies_somewhere,
    frames_are_derived_by_segmentation,
]
"""Rules SEG020 to SEG029."""
