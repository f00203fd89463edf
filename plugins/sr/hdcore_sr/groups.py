"""Groups of measurements of an image, of a region in a plane, of a volume (PS3.16 TID 1501, 1410, 1411)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hdcore.content import (
    CodedConcept,
    ContainerContentItem,
    ContentItem,
    Deviation,
    RelationshipTypeValues,
    Row,
    Template,
    concept_key,
    rows,
)
from hdcore.content.container import template_id_of
from hdcore.content.glance import encode_children, glance
from hdcore.content.item import name_key
from hdcore.errors import InputError, InputTypeError
from hdcore.model.arguments import listed
from pydicom.sr.coding import Code

from hdcore_sr import vocabulary as v
from hdcore_sr.context import AlgorithmIdentification, TimePointContext, TrackingIdentifier
from hdcore_sr.finding_site import FindingSite, FindingSiteRows
from hdcore_sr.group_rows import EvaluationRow, TrackingRow, check_tracking
from hdcore_sr.measurement import Measurement, QualitativeEvaluation
from hdcore_sr.regions import ImageRegion, ImageRegion3D, VolumeSurface
from hdcore_sr.segments import ReferencedSegment, ReferencedSegmentationFrame
from hdcore_sr.sources import RealWorldValueMap, SourceImageForMeasurementGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hdcore.content.code import ConceptLike
    from hdcore.uid import UID

__all__ = [
    "MeasurementsAndQualitativeEvaluations",
    "PlanarROIMeasurementsAndQualitativeEvaluations",
    "VolumetricROIMeasurementsAndQualitativeEvaluations",
]

_CONTAINS = RelationshipTypeValues.CONTAINS
_CONTEXT = RelationshipTypeValues.HAS_OBS_CONTEXT
_MODIFIER = RelationshipTypeValues.HAS_CONCEPT_MOD
_BEFORE = (
    "tracking_identifier",
    "session",
    "finding_category",
    "finding_type",
    "method",
    "finding_sites",
    "algorithm_id",
    "time_point_context",
    "referenced_real_world_value_map",
    "measurements",
    "qualitative_evaluations",
)
_PARAMETERS = (
    "referenced_real_world_value_map",
    "time_point_context",
    "finding_type",
    "method",
    "algorithm_id",
    "finding_sites",
    "session",
    "measurements",
    "qualitative_evaluations",
)


class MeasurementGroup(Template):
    """What all groups have in common."""

    ROOT: ClassVar[Any] = v.MEASUREMENT_GROUP
    ROOT_VALUE_TYPE: ClassVar[str] = "CONTAINER"
    MAY_HAVE_COORDINATES: ClassVar[bool] = True

    tracking_identifier: Row[TrackingIdentifier, str | None] = rows.row(
        TrackingRow, (TrackingIdentifier,), doc="What identifies the finding or region over time."
    )
    referenced_real_world_value_map: Row[RealWorldValueMap | None, RealWorldValueMap | None] = rows.item(
        RealWorldValueMap, v.REAL_WORLD_VALUE_MAP, _CONTAINS, ("COMPOSITE",), default=None, doc="Value map used."
    )
    time_point_context: Row[TimePointContext | None, TimePointContext | None] = rows.include(
        TimePointContext, default=None, doc="When in a series of examinations."
    )
    finding_type: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.FINDING, _CONTAINS, default=None, doc="What was found."
    )
    method: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.MEASUREMENT_METHOD, _MODIFIER, default=None, values=6147, doc="Method (CID 6147)."
    )
    algorithm_id: Row[AlgorithmIdentification | None, AlgorithmIdentification | None] = rows.include(
        AlgorithmIdentification, default=None, doc="Algorithm that measured."
    )
    finding_sites: Row[Sequence[FindingSite] | None, list[FindingSite]] = rows.item(
        FindingSite,
        v.FINDING_SITE,
        _MODIFIER,
        ("CODE",),
        default=None,
        several=True,
        described_by=FindingSiteRows,
        doc="Where it was found.",
    )
    session: Row[str | None, str | None] = rows.text(
        v.ACTIVITY_SESSION, _CONTEXT, default=None, doc="Session of measuring."
    )
    measurements: Row[Sequence[Measurement] | None, list[Measurement]] = rows.include(
        Measurement, default=None, several=True, doc="Numbers that were measured."
    )
    qualitative_evaluations: Row[Sequence[QualitativeEvaluation] | None, list[QualitativeEvaluation]] = rows.row(
        EvaluationRow, (QualitativeEvaluation,), default=None, several=True, doc="Coded answers to coded questions."
    )
    finding_category: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.FINDING_CATEGORY, _CONTAINS, default=None, doc="Category of what was found."
    )

    def make_root(self, values: dict[str, Any]) -> ContentItem:
        """Make the container."""
        return ContainerContentItem(v.MEASUREMENT_GROUP, template_id=self.TID, relationship_type=_CONTAINS)

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if the group can be tracked and the measurements are allowed in it."""
        check_tracking(values["tracking_identifier"])
        super().assemble(values, **root_options)
        for measurement in () if self.MAY_HAVE_COORDINATES else values["measurements"] or ():
            if measurement.has_coordinates():
                raise InputError(
                    f"The measurement {measurement.name.meaning!r} has referenced_coordinates, which are not allowed "
                    "in a group about a region."
                )
        encode_children(self[0])

    @property
    def tracking_uid(self) -> UID | None:
        """UID | None: unique identifier of the finding or region over time."""
        row = type(self).fields["tracking_identifier"]
        parts = row.parts_of(self)  # type: ignore[union-attr]
        return parts[0].uid if parts else None

    def get_measurements(self, name: ConceptLike | None = None) -> list[Measurement]:
        """Find measurements.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept | None, optional
            What was measured; all if absent.

        Returns
        -------
        list[Measurement]
            The measurements; what is changed in them is changed in the group.
        """
        key = None if name is None else concept_key(name)
        return [
            Measurement.of([found])
            for found in self.row_items()
            if Measurement.has_item(found) and (key is None or name_key(found) == key)
        ]

    def get_qualitative_evaluations(self, name: ConceptLike | None = None) -> list[QualitativeEvaluation]:
        """Find evaluations.

        Parameters
        ----------
        name: pydicom.sr.coding.Code | CodedConcept | None, optional
            The question; all if absent.

        Returns
        -------
        list[QualitativeEvaluation]
            The evaluations; finding, category, method and the like are not among them.
        """
        found = self.qualitative_evaluations
        if name is None:
            return found
        key = concept_key(name)
        return [one for one in found if name_key(one[0]) == key]

    @classmethod
    def check_root(cls, item: ContentItem) -> None:
        """Refuse a container of another name."""
        if name_key(item) != concept_key(v.MEASUREMENT_GROUP):
            raise InputError("The item is a container, but not a Measurement Group.")


class MeasurementsAndQualitativeEvaluations(MeasurementGroup):
    """Measurements of images (TID 1501)."""

    TID: ClassVar[str] = "1501"
    PARAMETERS: ClassVar[tuple[str, ...]] = (
        "tracking_identifier",
        *_PARAMETERS,
        "finding_category",
        "source_images",
    )
    ORDER: ClassVar[tuple[str, ...]] = (*_BEFORE, "source_images")

    source_images: Row[Sequence[SourceImageForMeasurementGroup] | None, list[SourceImageForMeasurementGroup]] = (
        rows.item(
            SourceImageForMeasurementGroup,
            v.SOURCE_OF_MEASUREMENT,
            _CONTAINS,
            ("IMAGE",),
            default=None,
            several=True,
            doc="Images measured on; all of the report if absent.",
        )
    )


class _RegionGroup(MeasurementGroup):
    """What groups about a region have in common."""

    MAY_HAVE_COORDINATES: ClassVar[bool] = False
    REGIONS: ClassVar[tuple[str, ...]] = ()
    """Names of the parameters of which one says where the region is."""

    geometric_purpose: Row[ConceptLike | None, CodedConcept | None] = rows.code(
        v.GEOMETRIC_PURPOSE, _CONTAINS, default=None, values=219, doc="What the region is (CID 219)."
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if one parameter says where the region is."""
        given = [name for name in self.REGIONS if values[name] is not None]
        if len(given) != 1:
            raise InputError(
                f"Exactly one of {', '.join(self.REGIONS)} must be given; given were {', '.join(given) or 'none'}."
            )
        super().assemble(values, **root_options)

    def deviations(self) -> Iterator[Deviation]:
        """Tell in what the items differ from the template's table."""
        yield from super().deviations()
        keys = dict.fromkeys(name_key(found) for found in self.row_items())
        kinds = [_REFERENCE_TYPES[key].meaning for key in keys if key in _REFERENCE_TYPES]
        if len(kinds) != 1:
            what = " and ".join(kinds) + ", expected one of them" if kinds else "no region, segment or surface"
            yield Deviation(v.MEASUREMENT_GROUP.meaning, f"refers to {what}")

    @property
    def reference_type(self) -> Code | None:
        """pydicom.sr.coding.Code | None: name of the item that says where the region is."""
        for found in self.row_items():
            code = _REFERENCE_TYPES.get(name_key(found) or ("", ""))
            if code is not None:
                return code
        return None


_REFERENCE_TYPES = {
    concept_key(concept): Code(*concept)
    for concept in (
        v.IMAGE_REGION,
        v.REFERENCED_SEGMENTATION_FRAME,
        v.REFERENCED_SEGMENT,
        v.VOLUME_SURFACE,
        v.REGION_IN_SPACE,
    )
}


class PlanarROIMeasurementsAndQualitativeEvaluations(_RegionGroup):
    """Measurements of a region in a plane (TID 1410)."""

    TID: ClassVar[str] = "1410"
    REGIONS: ClassVar[tuple[str, ...]] = ("referenced_region", "referenced_segment")
    PARAMETERS: ClassVar[tuple[str, ...]] = (
        "tracking_identifier",
        "referenced_region",
        "referenced_segment",
        *_PARAMETERS,
        "geometric_purpose",
        "finding_category",
    )
    ORDER: ClassVar[tuple[str, ...]] = (*_BEFORE, "geometric_purpose", "referenced_region", "referenced_segment")

    referenced_region: Row[ImageRegion | ImageRegion3D | None, ImageRegion | ImageRegion3D | None] = rows.item(
        (ImageRegion, ImageRegion3D), v.IMAGE_REGION, _CONTAINS, ("SCOORD", "SCOORD3D"), default=None, doc="The region."
    )
    referenced_segment: Row[ReferencedSegmentationFrame | None, ReferencedSegmentationFrame | None] = rows.include(
        ReferencedSegmentationFrame, default=None, doc="Frame of a segmentation that is the region."
    )

    @property
    def roi(self) -> ImageRegion | ImageRegion3D | None:
        """ImageRegion | ImageRegion3D | None: the region, where coordinates give it."""
        return self.referenced_region

    @property
    def referenced_segmentation_frame(self) -> ReferencedSegmentationFrame | None:
        """ReferencedSegmentationFrame | None: the frame of a segmentation that is the region."""
        return self.referenced_segment


class VolumetricROIMeasurementsAndQualitativeEvaluations(_RegionGroup):
    """Measurements of a volume (TID 1411)."""

    TID: ClassVar[str] = "1411"
    REGIONS: ClassVar[tuple[str, ...]] = ("referenced_regions", "referenced_volume_surface", "referenced_segment")
    PARAMETERS: ClassVar[tuple[str, ...]] = (
        "tracking_identifier",
        "referenced_regions",
        "referenced_volume_surface",
        "referenced_segment",
        *_PARAMETERS,
        "geometric_purpose",
        "finding_category",
    )
    ORDER: ClassVar[tuple[str, ...]] = (
        *_BEFORE,
        "geometric_purpose",
        "referenced_regions",
        "referenced_volume_surface",
        "referenced_segment",
    )

    referenced_regions: Row[Sequence[ImageRegion] | None, list[ImageRegion]] = rows.item(
        ImageRegion, v.IMAGE_REGION, _CONTAINS, ("SCOORD",), default=None, several=True, doc="Regions in images."
    )
    referenced_volume_surface: Row[VolumeSurface | None, VolumeSurface | None] = rows.include(
        VolumeSurface, default=None, doc="Surface of the volume."
    )
    referenced_segment: Row[ReferencedSegment | None, ReferencedSegment | None] = rows.include(
        ReferencedSegment, default=None, doc="Segment that is the volume."
    )

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items, if there are regions and none of them is in space."""
        regions = values["referenced_regions"]
        if regions is not None:
            regions = listed(regions, "referenced_regions", "ImageRegion")
            values = {**values, "referenced_regions": regions}
            if not regions:
                raise InputError("referenced_regions is empty; expected at least one region.")
            if any(isinstance(region, ImageRegion3D) for region in regions):
                raise InputTypeError(
                    "referenced_regions holds an ImageRegion3D; in a volumetric group, regions in space are given as a "
                    "VolumeSurface."
                )
        super().assemble(values, **root_options)

    def deviations(self) -> Iterator[Deviation]:
        """Tell in what the items differ from the template's table."""
        yield from super().deviations()
        for part in (self.referenced_volume_surface, self.referenced_segment):
            if part is not None and not part.source_images and part.source_series is None:
                path = f"{v.MEASUREMENT_GROUP.meaning}/{type(part).__name__}"
                yield Deviation(path, "names neither source images nor a source series", is_error=False)

    @property
    def roi(self) -> VolumeSurface | list[ImageRegion] | None:
        """VolumeSurface | list[ImageRegion] | None: the volume, where coordinates give it."""
        if any(name_key(found) == concept_key(v.VOLUME_SURFACE) for found in self.row_items()):
            return self.referenced_volume_surface
        return self.referenced_regions or None


def kind_of_group(item: ContentItem) -> type[MeasurementGroup]:
    """Tell which template a measurement group follows: the one it names, or else what it refers to.

    Parameters
    ----------
    item: ContentItem
        The container.

    Returns
    -------
    type[MeasurementGroup]
        The template's class.
    """
    by_template = _KINDS.get(template_id_of(item) or "")
    if by_template is not None:
        return by_template
    names = [name_key(child) for child in glance(item)]
    if _FRAME in names:
        return PlanarROIMeasurementsAndQualitativeEvaluations
    if _SEGMENT in names or _SURFACE in names or names.count(_REGION) > 1:
        return VolumetricROIMeasurementsAndQualitativeEvaluations
    if _REGION in names or _IN_SPACE in names:
        return PlanarROIMeasurementsAndQualitativeEvaluations
    return MeasurementsAndQualitativeEvaluations


_KINDS: dict[str, type[MeasurementGroup]] = {
    kind.TID: kind
    for kind in (
        MeasurementsAndQualitativeEvaluations,
        PlanarROIMeasurementsAndQualitativeEvaluations,
        VolumetricROIMeasurementsAndQualitativeEvaluations,
    )
}
_FRAME = concept_key(v.REFERENCED_SEGMENTATION_FRAME)
_SEGMENT = concept_key(v.REFERENCED_SEGMENT)
_SURFACE = concept_key(v.VOLUME_SURFACE)
_REGION = concept_key(v.IMAGE_REGION)
_IN_SPACE = concept_key(v.REGION_IN_SPACE)
