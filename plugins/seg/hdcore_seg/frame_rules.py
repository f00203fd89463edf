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


@rule("SEG027", ref="PS3.3 C.8.20.3.1", unless="SegmentationType != 'LABELMAP'")
def frames_of_a_label_map_name_no_segment(dataset: Dataset) -> Iterator[Draft]:
    """A frame of a label map holds all segments, so that none is named in a Segment Identification Sequence."""
    named = np.flatnonzero(decode(dataset, GROUPS).present("segment_number"))
    if len(named):
        yield finding(f"{_ITEMS}[{named[0]}]/SegmentIdentificationSequence", "is present")


FRAME_RULES: list[Rule] = [
    every_frame_has_its_item,
    every_frame_names_a_segment_that_is_described,
    every_frame_has_an_index_in_each_dimension,
    no_two_frames_have_the_same_indices,
    dimensions_belong_to_an_organization,
    tiles_begin_inside_the_total_pixel_matrix,
    sources_of_frames_are_listed,
    frames_of_a_label_map_name_no_segment,
]
"""Rules SEG020 to SEG027."""
