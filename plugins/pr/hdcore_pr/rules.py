"""What makes a presentation state conform, beyond the tables of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.validation import finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.validation import Draft
    from pydicom.dataset import Dataset

__all__ = ["RULES"]

_POINTS = {"POINT": (1, 1), "CIRCLE": (2, 2), "ELLIPSE": (4, 4), "POLYLINE": (2, None), "INTERPOLATED": (2, None)}
_NOT_BLENDING = "SOPClassUID == '1.2.840.10008.5.1.4.1.1.11.8'"


@rule("PR001", ref="PS3.3 C.10.5")
def annotations_are_on_layers_that_exist(dataset: Dataset) -> Iterator[Draft]:
    """Every annotation must be on a layer that the state describes."""
    layers = {layer.GraphicLayer for layer in dataset.get("GraphicLayerSequence") or ()}
    for number, annotation in enumerate(dataset.GraphicAnnotationSequence):
        if annotation.GraphicLayer not in layers:
            yield finding(f"GraphicAnnotationSequence[{number}]/GraphicLayer", f"is {annotation.GraphicLayer!r}")


@rule("PR002", ref="PS3.3 C.10.7")
def layers_have_names_of_their_own(dataset: Dataset) -> Iterator[Draft]:
    """No two layers may have the same name."""
    names = [str(layer.GraphicLayer) for layer in dataset.GraphicLayerSequence]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield finding(f"GraphicLayerSequence[{number}]/GraphicLayer", f"is {name!r} again")


@rule("PR003", ref="PS3.3 C.10.5.1.2")
def shapes_have_the_points_of_their_type(dataset: Dataset) -> Iterator[Draft]:
    """A shape must have as many points as its type needs, and as it says."""
    for path, shape in _shapes(dataset):
        points = len(shape.GraphicData) / 2
        least, greatest = _POINTS.get(shape.GraphicType, (1, None))
        if points != shape.NumberOfGraphicPoints:
            yield finding(
                f"{path}/NumberOfGraphicPoints", f"is {shape.NumberOfGraphicPoints}, but there are {points:g}"
            )
        elif points < least or (greatest is not None and points > greatest):
            yield finding(f"{path}/GraphicData", f"has {points:g} points of a {shape.GraphicType}")


@rule("PR004", ref="PS3.3 C.10.5.1.1")
def display_coordinates_are_fractions(dataset: Dataset) -> Iterator[Draft]:
    """Coordinates in DISPLAY units must lie between 0 and 1."""
    for path, shape in _shapes(dataset):
        if shape.GraphicAnnotationUnits == "DISPLAY" and not all(0 <= value <= 1 for value in shape.GraphicData):
            yield finding(f"{path}/GraphicData", "reaches beyond the display")


@rule("PR005", ref="PS3.3 C.10.5")
def only_closed_shapes_are_filled(dataset: Dataset) -> Iterator[Draft]:
    """A polyline may be filled only if its last point equals its first."""
    for path, shape in _shapes(dataset):
        is_line = shape.GraphicType in ("POLYLINE", "INTERPOLATED")
        if (
            is_line
            and shape.get("GraphicFilled") == "Y"
            and list(shape.GraphicData[:2]) != list(shape.GraphicData[-2:])
        ):
            yield finding(f"{path}/GraphicFilled", "is Y, but the shape is open")


@rule("PR006", ref="PS3.3 C.11.11", unless=_NOT_BLENDING)
def annotated_images_are_referenced(dataset: Dataset) -> Iterator[Draft]:
    """Images that annotations, displayed areas and windows refer to must be among those of the state."""
    known = {
        str(reference.ReferencedSOPInstanceUID)
        for series in dataset.ReferencedSeriesSequence
        for reference in series.ReferencedImageSequence
    }
    for keyword in ("GraphicAnnotationSequence", "DisplayedAreaSelectionSequence", "SoftcopyVOILUTSequence"):
        entries: Sequence[Dataset] = dataset.get(keyword) or ()
        for number, entry in enumerate(entries):
            for reference in entry.get("ReferencedImageSequence") or ():
                if str(reference.ReferencedSOPInstanceUID) not in known:
                    yield finding(
                        f"{keyword}[{number}]/ReferencedImageSequence",
                        f"refers to {reference.ReferencedSOPInstanceUID}, which the state does not reference",
                    )


@rule("PR007", ref="PS3.3 C.10.4")
def displayed_areas_have_corners_of_the_image_as_turned(dataset: Dataset) -> Iterator[Draft]:
    """After rotation and flip, the top left of a displayed area must lie above and left of its bottom right."""
    turns, is_flipped = int(dataset.get("ImageRotation") or 0) // 90 % 4, dataset.get("ImageHorizontalFlip") == "Y"
    for number, area in enumerate(dataset.DisplayedAreaSelectionSequence):
        left, top = area.DisplayedAreaTopLeftHandCorner
        right, bottom = area.DisplayedAreaBottomRightHandCorner
        across, down = right - left, bottom - top
        for _ in range(turns):
            across, down = -down, across
        if (-across if is_flipped else across) < 0 or down < 0:
            yield finding(
                f"DisplayedAreaSelectionSequence[{number}]", f"reaches from {left}\\{top} to {right}\\{bottom}"
            )


@rule("PR008", ref="PS3.3 C.11.21")
def groups_are_described(dataset: Dataset) -> Iterator[Draft]:
    """Every group to which something drawn belongs must be described."""
    known = {int(group.GraphicGroupID) for group in dataset.get("GraphicGroupSequence") or ()}
    for path, shape in _shapes(dataset):
        group = shape.get("GraphicGroupID")
        if group is not None and group not in known:
            yield finding(f"{path}/GraphicGroupID", f"is {group}, which no group has")


@rule("PR009", ref="PS3.3 C.11.34")
def blending_inputs_exist(dataset: Dataset) -> Iterator[Draft]:
    """What a blending operation takes must be an input or the result of another operation."""
    known = {int(entry.BlendingInputNumber) for entry in dataset.AdvancedBlendingSequence}
    known |= {int(op.BlendingInputNumber) for op in dataset.BlendingDisplaySequence if "BlendingInputNumber" in op}
    for number, operation in enumerate(dataset.BlendingDisplaySequence):
        for used in operation.BlendingDisplayInputSequence:
            if int(used.BlendingInputNumber) not in known:
                yield finding(f"BlendingDisplaySequence[{number}]", f"takes input {used.BlendingInputNumber}")


@rule("PR010", ref="PS3.3 C.10.5.1.3.1")
def compound_graphics_have_simple_shapes(dataset: Dataset) -> Iterator[Draft]:
    """Every compound graphic must have simple shapes or texts that stand for it, of the same instance ID."""
    for number, annotation in enumerate(dataset.GraphicAnnotationSequence):
        simple = {
            shape.get("CompoundGraphicInstanceID")
            for keyword in ("GraphicObjectSequence", "TextObjectSequence")
            for shape in annotation.get(keyword) or ()
        }
        for index, compound in enumerate(annotation.get("CompoundGraphicSequence") or ()):
            if compound.get("CompoundGraphicInstanceID") not in simple - {None}:
                yield finding(
                    f"GraphicAnnotationSequence[{number}]/CompoundGraphicSequence[{index}]/CompoundGraphicInstanceID",
                    f"is {compound.get('CompoundGraphicInstanceID')}, which no shape or text has",
                )


@rule("PR011", ref="PS3.3 C.11.33.1.2.1")
def thresholds_have_the_values_of_their_type(dataset: Dataset) -> Iterator[Draft]:
    """A threshold must have two values if its type is a range, and one otherwise."""
    for number, entry in enumerate(dataset.AdvancedBlendingSequence):
        for index, threshold in enumerate(entry.get("ThresholdSequence") or ()):
            kind, values = str(threshold.ThresholdType), len(threshold.ThresholdValueSequence)
            if values != (2 if kind.startswith("RANGE_") else 1):
                yield finding(
                    f"AdvancedBlendingSequence[{number}]/ThresholdSequence[{index}]/ThresholdValueSequence",
                    f"has {values} items, but the type is {kind}",
                )


@rule("PR012", ref="PS3.3 C.11.15.1.1")
def colours_are_those_of_an_input_device(dataset: Dataset) -> Iterator[Draft]:
    """The ICC profile must be one of an input device, or convert a colour space."""
    kind = bytes(dataset.get("ICCProfile") or b"")[12:16]
    if kind not in (b"", b"scnr", b"spac"):
        yield finding("ICCProfile", f"is of the class {kind!r}")


@rule("PR013", ref="PS3.3 C.11.8", severity="warning")
def images_have_one_window_or_table(dataset: Dataset) -> Iterator[Draft]:
    """No more than one window or VOI LUT may be specified for each image or frame."""
    for number, entry in enumerate(dataset.get("SoftcopyVOILUTSequence") or ()):
        centers = entry.get("WindowCenter")
        is_list = hasattr(centers, "__len__") and not isinstance(centers, str)
        windows = len(centers) if is_list else int(centers is not None)
        tables = len(entry.get("VOILUTSequence") or ())
        if windows + tables > 1:
            yield finding(f"SoftcopyVOILUTSequence[{number}]", f"has {windows} windows and {tables} tables")


RULES = [
    annotations_are_on_layers_that_exist,
    layers_have_names_of_their_own,
    shapes_have_the_points_of_their_type,
    display_coordinates_are_fractions,
    only_closed_shapes_are_filled,
    annotated_images_are_referenced,
    displayed_areas_have_corners_of_the_image_as_turned,
    groups_are_described,
    blending_inputs_exist,
    compound_graphics_have_simple_shapes,
    thresholds_have_the_values_of_their_type,
    colours_are_those_of_an_input_device,
    images_have_one_window_or_table,
]


def _shapes(dataset: Dataset) -> Iterator[tuple[str, Dataset]]:
    for number, annotation in enumerate(dataset.get("GraphicAnnotationSequence") or ()):
        for index, shape in enumerate(annotation.get("GraphicObjectSequence") or ()):
            yield f"GraphicAnnotationSequence[{number}]/GraphicObjectSequence[{index}]", shape
