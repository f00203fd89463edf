"""Functional groups declared as columns ↔ attributes (PS3.3 C.7.6.16.2).

A group is declared once; the codec writes and reads it from the declaration. A plugin adds one in a line::

    SEGMENT_IDENTIFICATION = FunctionalGroup("SegmentIdentificationSequence", segment_number="ReferencedSegmentNumber")
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydicom.datadict import dictionary_VR

from hdcore.errors import InputError
from hdcore.model.making import tag_of
from hdcore.model.plane import MICROMETRES_PER_MM

__all__ = [
    "DERIVATION_IMAGE",
    "FRAME_ANATOMY",
    "FRAME_CONTENT",
    "FRAME_VOI_LUT",
    "OPTICAL_PATH_IDENTIFICATION",
    "PIXEL_MEASURES",
    "PIXEL_VALUE_TRANSFORMATION",
    "PLANE_ORIENTATION",
    "PLANE_POSITION",
    "PLANE_POSITION_SLIDE",
    "REAL_WORLD_VALUE_MAPPING",
    "SPATIAL_GROUPS",
    "STANDARD_GROUPS",
    "TEMPORAL_POSITION",
    "Attribute",
    "Encoded",
    "FunctionalGroup",
    "Item",
    "Node",
    "Rows",
]

FLOAT_VRS = frozenset({"DS", "FD", "FL"})
"""Value representations whose columns are of dtype float64."""
INTEGER_VRS = frozenset({"IS", "US", "SS", "UL", "SL", "UV", "SV"})
"""Value representations whose columns are of dtype int64."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that is a column."""

    keyword: str
    """Keyword of the data dictionary."""
    size: int | None = 1
    """Values per row: 1 makes a column of shape (rows,), a number of more one of (rows, size), ``None`` one of (rows,
    as many as the widest row has)."""
    many: bool = False
    """Whether rows have different numbers of values: the column is then ragged."""
    vr: str = ""
    """Value representation; that of the dictionary if empty."""
    per_unit: int = 1
    """How many units of the attribute make one of the column."""
    tag: int = field(init=False)
    """The tag, group and element."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", int(tag_of(self.keyword)))
        object.__setattr__(self, "vr", self.vr or str(dictionary_VR(self.tag)))

    @property
    def is_number(self) -> bool:
        """bool: whether the column holds numbers."""
        return self.vr in FLOAT_VRS or self.vr in INTEGER_VRS


@dataclass(frozen=True, slots=True)
class Encoded:
    """A sequence whose items are kept encoded: a column of words, each an ``EncodedItems``.

    For what few frames differ in and seldom matters: coded concepts, look-up tables, real-world value mappings.
    """

    keyword: str
    """Keyword of the sequence."""
    tag: int = field(init=False)
    """The tag, group and element."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", int(tag_of(self.keyword)))


class _Branch:
    """A sequence whose items' attributes are columns."""

    __slots__ = ("fields", "keyword", "tag")

    def __init__(self, keyword: str, /, **columns: Node | str) -> None:
        self.keyword = keyword
        self.tag = int(tag_of(keyword))
        nodes = {name: Attribute(node) if isinstance(node, str) else node for name, node in columns.items()}
        self.fields: tuple[tuple[str, Node], ...] = tuple(sorted(nodes.items(), key=lambda pair: pair[1].tag))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.keyword}: {', '.join(name for name, _ in self.fields)}>"

    def columns(self) -> tuple[str, ...]:
        """List the columns that the sequence stands for in the table it belongs to."""
        names: list[str] = []
        for name, node in self.fields:
            names.extend(node.columns() if isinstance(node, Item) else (name,))
        return tuple(names)


class Item(_Branch):
    """A sequence of one item, whose attributes are columns of the same table.

    Parameters
    ----------
    keyword: str
        Keyword of the sequence.
    **columns: Attribute | Encoded | Item | Rows | str
        Name of a column and what it holds; a text is the keyword of an attribute of one value.
    """

    __slots__ = ()


class Rows(_Branch):
    """A sequence of any number of items, which are the rows of a table of its own: a ragged column.

    Parameters
    ----------
    keyword: str
        Keyword of the sequence.
    **columns: Attribute | Encoded | Item | Rows | str
        Name of a column of the items' table and what it holds.
    """

    __slots__ = ()


Node = Attribute | Encoded | Item | Rows
"""What a column, or the columns below a sequence, stand for."""


class FunctionalGroup:
    """A functional group macro: a sequence in the shared or in each per-frame item.

    Examples
    --------
    >>> FunctionalGroup("FrameAnatomySequence", laterality="FrameLaterality").columns
    ('laterality',)
    """

    __slots__ = ("columns", "keyword", "never_shared", "node", "tag")

    def __init__(
        self, keyword: str, /, *, rows: str | None = None, never_shared: bool = False, **columns: Node | str
    ) -> None:
        """Declare a group.

        Parameters
        ----------
        keyword: str
            Keyword of the group's sequence.
        rows: str | None, optional
            Name of the ragged column, if the sequence may have several items (or none); ``columns`` are then columns of
            its table.
        never_shared: bool, optional
            Whether the standard allows the group per frame only.
        **columns: Attribute | Encoded | Item | Rows | str
            Name of a column and what it holds; a text is the keyword of an attribute of one value. A group that is kept
            whole is declared by the one column ``name=Encoded(keyword)`` of its own keyword.
        """
        self.keyword = keyword
        self.tag = int(tag_of(keyword))
        self.never_shared = never_shared
        whole = [
            (name, node) for name, node in columns.items() if isinstance(node, Encoded) and node.keyword == keyword
        ]
        self.node: tuple[str, Node]
        if whole:
            if len(columns) > 1:
                raise InputError(f"{keyword} is kept whole; it cannot have other columns as well.")
            self.node = whole[0]
            self.columns: tuple[str, ...] = (whole[0][0],)
        elif rows is not None:
            self.node = rows, Rows(keyword, **columns)
            self.columns = (rows,)
        else:
            branch = Item(keyword, **columns)
            self.node = "", branch
            self.columns = branch.columns()

    def __repr__(self) -> str:
        return f"<FunctionalGroup {self.keyword}: {', '.join(self.columns)}>"


def _vector(keyword: str, size: int | None) -> Any:
    return Attribute(keyword, size=size)


PIXEL_MEASURES = FunctionalGroup(
    "PixelMeasuresSequence",
    pixel_spacing=_vector("PixelSpacing", 2),
    slice_thickness="SliceThickness",
    spacing_between_slices="SpacingBetweenSlices",
)
"""Pixel Measures, C.7.6.16.2.1: millimetres between rows, then columns; thickness; distance between slices."""

FRAME_CONTENT = FunctionalGroup(
    "FrameContentSequence",
    never_shared=True,
    frame_acquisition_number="FrameAcquisitionNumber",
    frame_reference_datetime="FrameReferenceDateTime",
    frame_acquisition_datetime="FrameAcquisitionDateTime",
    frame_acquisition_duration="FrameAcquisitionDuration",
    cardiac_cycle_position="CardiacCyclePosition",
    respiratory_cycle_position="RespiratoryCyclePosition",
    dimension_index_values=_vector("DimensionIndexValues", None),
    temporal_position_index="TemporalPositionIndex",
    stack_id="StackID",
    in_stack_position_number="InStackPositionNumber",
    frame_comments="FrameComments",
    frame_label="FrameLabel",
)
"""Frame Content, C.7.6.16.2.2; durations in milliseconds."""

PLANE_POSITION = FunctionalGroup("PlanePositionSequence", image_position=_vector("ImagePositionPatient", 3))
"""Plane Position (Patient), C.7.6.16.2.3: x, y, z in millimetres."""

PLANE_ORIENTATION = FunctionalGroup("PlaneOrientationSequence", image_orientation=_vector("ImageOrientationPatient", 6))
"""Plane Orientation (Patient), C.7.6.16.2.4: cosines of a row, then of a column."""

DERIVATION_IMAGE = FunctionalGroup(
    "DerivationImageSequence",
    rows="derivations",
    description="DerivationDescription",
    codes=Encoded("DerivationCodeSequence"),
    sources=Rows(
        "SourceImageSequence",
        sop_class_uid="ReferencedSOPClassUID",
        sop_instance_uid="ReferencedSOPInstanceUID",
        frame_numbers=Attribute("ReferencedFrameNumber", many=True),
        segment_numbers=Attribute("ReferencedSegmentNumber", many=True),
        spatial_locations_preserved="SpatialLocationsPreserved",
        purpose=Encoded("PurposeOfReferenceCodeSequence"),
    ),
)
"""Derivation Image, C.7.6.16.2.6: which images, or frames of them, a frame was derived from."""

FRAME_ANATOMY = FunctionalGroup(
    "FrameAnatomySequence",
    frame_laterality="FrameLaterality",
    anatomic_region=Encoded("AnatomicRegionSequence"),
    primary_anatomic_structure=Encoded("PrimaryAnatomicStructureSequence"),
)
"""Frame Anatomy, C.7.6.16.2.8."""

PIXEL_VALUE_TRANSFORMATION = FunctionalGroup(
    "PixelValueTransformationSequence",
    rescale_intercept="RescaleIntercept",
    rescale_slope="RescaleSlope",
    rescale_type="RescaleType",
)
"""Pixel Value Transformation, C.7.6.16.2.9."""

FRAME_VOI_LUT = FunctionalGroup(
    "FrameVOILUTSequence",
    window_center=Attribute("WindowCenter", many=True),
    window_width=Attribute("WindowWidth", many=True),
    window_explanation="WindowCenterWidthExplanation",
    voi_lut_function="VOILUTFunction",
    voi_lut=Encoded("VOILUTSequence"),
)
"""Frame VOI LUT, C.7.6.16.2.10 and C.7.6.16.2.10b; explanations of several windows are separated by a backslash."""

REAL_WORLD_VALUE_MAPPING = FunctionalGroup(
    "RealWorldValueMappingSequence", real_world_value_mapping=Encoded("RealWorldValueMappingSequence")
)
"""Real World Value Mapping, C.7.6.16.2.11, kept whole: a few distinct lists of mappings serve all frames."""

TEMPORAL_POSITION = FunctionalGroup("TemporalPositionSequence", temporal_position_offset="TemporalPositionTimeOffset")
"""Temporal Position, C.7.6.16.2.13; seconds."""

PLANE_POSITION_SLIDE = FunctionalGroup(
    "PlanePositionSlideSequence",
    column_position="ColumnPositionInTotalImagePixelMatrix",
    row_position="RowPositionInTotalImagePixelMatrix",
    x_offset="XOffsetInSlideCoordinateSystem",
    y_offset="YOffsetInSlideCoordinateSystem",
    z_offset=Attribute("ZOffsetInSlideCoordinateSystem", per_unit=MICROMETRES_PER_MM),
)
"""Plane Position (Slide), C.8.12.6.1: column and row counted from one; offsets in millimetres, though the attribute
of Z is in micrometres (C.8.12.2)."""

OPTICAL_PATH_IDENTIFICATION = FunctionalGroup("OpticalPathIdentificationSequence", optical_path="OpticalPathIdentifier")
"""Optical Path Identification, C.8.12.6.2: which item of Optical Path Sequence a frame was acquired by."""

SPATIAL_GROUPS = (PIXEL_MEASURES, PLANE_POSITION, PLANE_ORIENTATION, PLANE_POSITION_SLIDE)
"""The groups that say where frames lie."""

STANDARD_GROUPS = (
    *SPATIAL_GROUPS,
    FRAME_CONTENT,
    DERIVATION_IMAGE,
    FRAME_ANATOMY,
    PIXEL_VALUE_TRANSFORMATION,
    FRAME_VOI_LUT,
    REAL_WORLD_VALUE_MAPPING,
    TEMPORAL_POSITION,
    OPTICAL_PATH_IDENTIFICATION,
)
"""All of this module's groups: what a reader that knows nothing of the IOD looks for."""
