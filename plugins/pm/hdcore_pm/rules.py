"""What must hold of parametric maps beyond the tables of the standard (PS3.3 A.75, C.8.32)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.frames.codec import decode
from hdcore.model.element import fetch
from hdcore.spatial.distinct import are_distinct, distinct
from hdcore.validation import equals, finding, one_of, required_if, rule

from hdcore_pm.groups import GROUPS
from hdcore_pm.mapping import RealWorldValueMapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hdcore.frames.table import FrameTable
    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["RULES"]

_IMAGE = "PS3.3 C.8.32.2"
_MAPPING = "PS3.3 C.7.6.16.2.11"
_DIMENSIONS = "PS3.3 C.7.6.17"
_PER_FRAME = "PerFrameFunctionalGroupsSequence"
_MAPPINGS = "RealWorldValueMappingSequence"
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_MANDATORY = {
    "pixel_spacing": "PixelMeasuresSequence",
    "rescale_slope": "PixelValueTransformationSequence",
    "frame_type": "ParametricMapFrameTypeSequence",
}
"""A column of each group, besides those that other rules and tables look for."""


@rule("PM001", ref=_IMAGE)
def pixels_are_stored_once(dataset: Dataset) -> Iterator[Draft]:
    """A parametric map must have pixel data of exactly one kind: integer, float or double."""
    found = [keyword for keyword in _PIXELS if keyword in dataset]
    if len(found) != 1:
        yield finding("PixelData", f"is one of {len(found)} kinds of pixel data: {', '.join(found) or 'none'}")


@rule("PM002", ref=_IMAGE)
def bits_suit_the_pixels(dataset: Dataset) -> Iterator[Draft]:
    """Bits Allocated must be 16 for integer, 32 for float and 64 for double pixel data."""
    for keyword, bits in zip(_PIXELS, (16, 32, 64), strict=True):
        if keyword in dataset and int(fetch(dataset, "BitsAllocated", 0)) != bits:
            yield finding("BitsAllocated", f"is {fetch(dataset, 'BitsAllocated')}, but there is {keyword}")


@rule("PM003", ref=_MAPPING)
def every_frame_has_a_mapping(dataset: Dataset) -> Iterator[Draft]:
    """Each frame must have a real-world value mapping, its own or a shared one."""
    missing = np.flatnonzero(~_table(dataset).present("real_world_value_mapping"))
    if len(missing):
        yield finding(f"{_PER_FRAME}[{missing[0]}]/{_MAPPINGS}", f"is absent, as in {len(missing)} frames")


@rule("PM004", ref=_MAPPING)
def mappings_have_a_line_or_a_table(dataset: Dataset) -> Iterator[Draft]:
    """A real-world value mapping must have either slope and intercept, or a table of values."""
    for mapping in _mappings(dataset):
        line = ("RealWorldValueSlope" in mapping) + ("RealWorldValueIntercept" in mapping)
        if line + 2 * mapping.has_lut() != 2:
            yield finding(_MAPPINGS, f"has the mapping {mapping.label!r} with neither or both of them")


@rule("PM005", ref=_MAPPING)
def tables_cover_the_range_mapped(dataset: Dataset) -> Iterator[Draft]:
    """The table of a real-world value mapping must have one entry for each integer of the range mapped."""
    for mapping in _mappings(dataset):
        table, (first, last) = mapping.lut_data, mapping.value_range
        if table is not None and len(table) != last - first + 1:
            yield finding(
                _MAPPINGS, f"has the mapping {mapping.label!r} with {len(table)} entries for {first} to {last}"
            )


@rule("PM006", ref=_MAPPING)
def ranges_suit_the_pixels(dataset: Dataset) -> Iterator[Draft]:
    """The range mapped must be of integers for integer pixel data; for other pixel data it may be."""
    if "PixelData" in dataset:
        for mapping in _mappings(dataset):
            if mapping.is_floating_point():
                yield finding(_MAPPINGS, f"has the mapping {mapping.label!r}, which is about floating-point numbers")


@rule("PM007", ref=_MAPPING)
def ranges_ascend(dataset: Dataset) -> Iterator[Draft]:
    """The first value mapped must not exceed the last."""
    for mapping in _mappings(dataset):
        first, last = mapping.value_range
        if first > last:
            yield finding(_MAPPINGS, f"has the mapping {mapping.label!r} from {first:g} to {last:g}")


@rule("PM008", ref=_MAPPING, severity="warning")
def alternatives_differ(dataset: Dataset) -> Iterator[Draft]:
    """The mappings of one frame should have different labels, which identify them."""
    for labels in _labels_per_list(dataset):
        if len(set(labels)) < len(labels):
            yield finding(f"{_MAPPINGS}/LUTLabel", f"is the same for several mappings of a frame: {labels}")


@rule("PM009", ref="PS3.3 C.8.32.3.2")
def colours_have_a_range(dataset: Dataset) -> Iterator[Draft]:
    """Where Pixel Presentation is COLOR_RANGE, each frame must say which stored values the palette colours."""
    if fetch(dataset, "PixelPresentation") == "COLOR_RANGE":
        table = _table(dataset)
        if not table.present("minimum_stored_value_mapped").all():
            yield finding("StoredValueColorRangeSequence", "is absent")
        elif (table["minimum_stored_value_mapped"] >= table["maximum_stored_value_mapped"]).any():
            yield finding("StoredValueColorRangeSequence", "has a minimum that is not below its maximum")


@rule("PM010", ref="PS3.3 C.8.32.3.1")
def frame_types_agree_with_the_image_type(dataset: Dataset) -> Iterator[Draft]:
    """Values 3 and 4 of Frame Type must be those of Image Type, unless these are MIXED."""
    table = _table(dataset)
    if "frame_type" not in table:
        return
    image = list(fetch(dataset, "ImageType", ()))
    for word in table["frame_type"].vocabulary:
        frame = word.split("\\")
        if any(mine not in ("MIXED", theirs) for mine, theirs in zip(image[2:4], frame[2:4], strict=False)):
            yield finding("ParametricMapFrameTypeSequence/FrameType", f"is {frame}, but ImageType is {image}")


@rule("PM011", ref=_DIMENSIONS)
def indices_suit_the_dimensions(dataset: Dataset) -> Iterator[Draft]:
    """Each frame must have one dimension index value, counted from one, per dimension."""
    values = _table(dataset).get("dimension_index_values")
    dimensions = len(fetch(dataset, "DimensionIndexSequence", ()))
    if values is not None and (values.shape[1] != dimensions or (values < 1).any()):
        yield finding(
            f"{_PER_FRAME}/FrameContentSequence/DimensionIndexValues", f"has not {dimensions} values from one"
        )


@rule("PM012", ref=_DIMENSIONS)
def indices_tell_frames_apart(dataset: Dataset) -> Iterator[Draft]:
    """No two frames may have the same dimension index values."""
    values = _table(dataset).get("dimension_index_values")
    if values is not None and not are_distinct(values):
        yield finding(f"{_PER_FRAME}/FrameContentSequence/DimensionIndexValues", "is the same for several frames")


@rule("PM013", ref="PS3.3 C.12.2")
def sources_are_listed(dataset: Dataset) -> Iterator[Draft]:
    """Each image that a frame was derived from must be listed with its series."""
    _, sources = _table(dataset).related("derivations", "sources")
    if "sop_instance_uid" not in sources:
        return
    listed = {
        str(instance.ReferencedSOPInstanceUID)
        for holder in (dataset, *(fetch(dataset, "StudiesContainingOtherReferencedInstancesSequence") or ()))
        for series in holder.get("ReferencedSeriesSequence") or ()
        for instance in series.get("ReferencedInstanceSequence") or ()
    }
    missing = sorted({str(uid) for uid in sources["sop_instance_uid"].values} - listed)
    if missing:
        yield finding("ReferencedSeriesSequence", f"does not list {missing[0]}, nor {len(missing) - 1} others")


@rule("PM014", ref="PS3.3 C.8.12.14")
def tiles_lie_within_the_matrix(dataset: Dataset) -> Iterator[Draft]:
    """Tiles must begin within the total pixel matrix."""
    table = _table(dataset)
    for name, keyword in (("row_position", "TotalPixelMatrixRows"), ("column_position", "TotalPixelMatrixColumns")):
        if name in table and keyword in dataset:
            outside = np.flatnonzero((table[name] < 1) | (table[name] > int(dataset[keyword].value)))
            if len(outside):
                yield finding(f"{_PER_FRAME}[{outside[0]}]/PlanePositionSlideSequence", f"is outside {keyword}")


@rule("PM015", ref="PS3.3 C.7.6.16.2.3")
def planes_are_where_only_one_of_a_quantity_is(dataset: Dataset) -> Iterator[Draft]:
    """A map of Dimension Organization Type 3D must be a stack of parallel planes at different positions."""
    if fetch(dataset, "DimensionOrganizationType") != "3D":
        return
    table = _table(dataset)
    positions = table.get("image_position")
    if positions is None or len(distinct(positions)) < 2:
        yield finding("DimensionOrganizationType", "is 3D, but all planes are at one position")


@rule("PM019", ref="PS3.3 A.75.5")
def frames_have_the_groups_that_all_have(dataset: Dataset) -> Iterator[Draft]:
    """Each frame must have the mandatory functional groups, its own or shared ones."""
    table = _table(dataset)
    for column, keyword in _MANDATORY.items():
        yield from _absences(table, column, keyword)


@rule("PM021", severity="warning", ref="PS3.3 A.75.5")
def frames_have_an_anatomy(dataset: Dataset) -> Iterator[Draft]:
    """Each frame should say which part of the body it shows; editions up to 2020a, at least, demand it."""
    yield from _absences(_table(dataset), "anatomic_region", "FrameAnatomySequence")


@rule("PM020", ref="PS3.3 C.11.15.1.1")
def colours_are_those_of_an_input_device(dataset: Dataset) -> Iterator[Draft]:
    """The ICC profile must be one of an input device, or convert a colour space."""
    kind = bytes(fetch(dataset, "ICCProfile", b""))[12:16]
    if kind not in (b"", b"scnr", b"spac"):
        yield finding("ICCProfile", f"is of the class {kind!r}")


def _table(dataset: Dataset) -> FrameTable:
    return decode(dataset, GROUPS)


def _absences(table: FrameTable, column: str, keyword: str) -> Iterator[Draft]:
    missing = np.flatnonzero(~table.present(column)) if column in table else range(len(table))
    if len(missing):
        yield finding(f"{_PER_FRAME}[{missing[0]}]/{keyword}", f"is absent, as in {len(missing)} frames")


def _lists(dataset: Dataset) -> list[list[Any]]:
    table = _table(dataset)
    if "real_world_value_mapping" not in table:
        return []
    character_set = str(fetch(dataset, "SpecificCharacterSet", "ISO_IR 6"))
    return [list(word.items(character_set)) for word in table["real_world_value_mapping"].vocabulary]


def _mappings(dataset: Dataset) -> Iterator[RealWorldValueMapping]:
    for items in _lists(dataset):
        for item in items:
            item.__class__ = RealWorldValueMapping
            yield item


def _labels_per_list(dataset: Dataset) -> Iterator[list[str]]:
    for items in _lists(dataset):
        yield [str(item.get("LUTLabel", "")) for item in items]


RULES = [
    pixels_are_stored_once,
    bits_suit_the_pixels,
    every_frame_has_a_mapping,
    mappings_have_a_line_or_a_table,
    tables_cover_the_range_mapped,
    ranges_suit_the_pixels,
    ranges_ascend,
    alternatives_differ,
    colours_have_a_range,
    frame_types_agree_with_the_image_type,
    indices_suit_the_dimensions,
    indices_tell_frames_apart,
    sources_are_listed,
    tiles_lie_within_the_matrix,
    planes_are_where_only_one_of_a_quantity_is,
    frames_have_the_groups_that_all_have,
    frames_have_an_anatomy,
    colours_are_those_of_an_input_device,
    equals("PM016", "PresentationLUTShape", "IDENTITY", ref=_IMAGE),
    one_of("PM017", "PixelPresentation", ("MONOCHROME", "COLOR_RANGE"), ref=_IMAGE),
    required_if("PM018", "ICCProfile", "PixelPresentation == 'COLOR_RANGE'", ref=_IMAGE),
]
"""Rules that an instance must keep beyond the tables."""
