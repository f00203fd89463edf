"""From what a caller passes to what can be written: checked, placed, planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hdcore.content.code import CodedConcept
from hdcore.frames.derived import check_same_study
from hdcore.frames.layout import Placing, layout_of, tile_size_of
from hdcore.frames.source import Source
from hdcore.model.arguments import list_of
from pydicom.dataset import Dataset

from hdcore_pm.display import Palette, windows_of
from hdcore_pm.encoding import MapEncoding, Quantities
from hdcore_pm.planning import Plan, plan_map
from hdcore_pm.quantity_mappings import check_coverage, mappings_of
from hdcore_pm.timing import temporal_positions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from hdcore.enums import DimensionOrganizationTypeValues
    from hdcore.frames.layout import Layout
    from hdcore.pixels.lut import VOILUTTransformation
    from hdcore.pixels.palette import PaletteColorLUTTransformation
    from numpy.typing import NDArray
    from pydicom.sr.coding import Code

    from hdcore_pm.mapping import RealWorldValueMapping

__all__ = ["Construction", "Draft", "draft_of"]

_UNSPECIFIED = ("112187", "DCM", "Unspecified method of calculation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """What a caller passes, as :class:`hdcore_pm.ParametricMap` documents it."""

    source_images: Sequence[Dataset]
    pixel_array: Any
    real_world_value_mappings: Any
    transfer_syntax_uid: str
    placing: Placing
    window_center: float | None = None
    window_width: float | None = None
    voi_lut_transformations: Sequence[VOILUTTransformation] | None = None
    palette_color_lut_transformation: PaletteColorLUTTransformation | None = None
    icc_profile: bytes | None = None
    stored_value_color_range: tuple[float, float] | None = None
    further_source_images: Sequence[Dataset] | None = None
    dimension_organization_type: DimensionOrganizationTypeValues | str | None = None
    temporal_positions: Sequence[int] | None = None
    tile_pixel_array: bool = False
    tile_size: Sequence[int] | None = None
    derivation: Code | CodedConcept | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that is needed to write a parametric map."""

    source: Source
    further_images: list[Dataset]
    quantities: Quantities
    encoding: MapEncoding
    mappings: list[list[RealWorldValueMapping]]
    windows: list[VOILUTTransformation]
    palette: Palette | None
    layout: Layout
    plan: Plan
    is_cut: bool
    """Whether the array is a total pixel matrix that is cut into tiles."""

    @property
    def images(self) -> list[Dataset]:
        """list[pydicom.dataset.Dataset]: all images that the map was derived from."""
        return [*self.source.images, *self.further_images]

    @property
    def frame_size(self) -> tuple[int, int]:
        """tuple[int, int]: rows and columns of a frame."""
        if self.is_cut and self.layout.tile_size is not None:
            return self.layout.tile_size
        return self.quantities.array.shape[1], self.quantities.array.shape[2]

    @property
    def source_planes(self) -> NDArray[np.intp]:
        """NDArray[int]: plane of the source that each frame was derived from, -1 where there is none."""
        return self.layout.source_planes[self.plan.plane]

    def frames(self) -> Iterator[NDArray[Any]]:
        """Make the frames in stored order."""
        return self.quantities.frames(
            self.plan.plane, self.plan.channel, self.layout, self.encoding.dtype, tiled=self.is_cut
        )


def draft_of(construction: Construction) -> Draft:
    """Check, place and plan.

    Parameters
    ----------
    construction: Construction
        What the caller passes.

    Returns
    -------
    Draft
        Nothing has been written yet.

    Raises
    ------
    TypeError, ValueError
        If no map can be made of it.
    """
    source = Source.of(construction.source_images)
    further = list_of(Dataset, construction.further_source_images, "further_source_images")
    check_same_study(source, further)
    quantities = Quantities.of(construction.pixel_array)
    encoding = MapEncoding.of(quantities.array.dtype, construction.transfer_syntax_uid)
    mappings = mappings_of(construction.real_world_value_mappings, quantities, encoding)
    ranges = [quantities.value_range(channel) for channel in range(quantities.channels)]
    check_coverage(mappings, ranges)
    limits = min(low for low, _ in ranges), max(high for _, high in ranges)
    cut = tile_size_of(source, construction.tile_pixel_array, construction.tile_size)
    placing = replace(construction.placing, tile_size=cut)
    layout = layout_of(source, quantities.array.shape[:3], quantities.volume, placing)
    plan = plan_map(
        source,
        layout,
        quantities.channels,
        construction.dimension_organization_type,
        _code_of(construction.derivation),
        further,
        temporal_positions_of(
            source, layout, construction.temporal_positions, construction.dimension_organization_type
        ),
    )
    return Draft(
        source=source,
        further_images=further,
        quantities=quantities,
        encoding=encoding,
        mappings=mappings,
        windows=windows_of(
            construction.voi_lut_transformations, construction.window_center, construction.window_width, limits
        ),
        palette=Palette.of(
            construction.palette_color_lut_transformation,
            construction.icc_profile,
            construction.stored_value_color_range,
            encoding.is_float,
            mappings[0][0].value_range,
        ),
        layout=layout,
        plan=plan,
        is_cut=cut is not None,
    )


def _code_of(derivation: Code | CodedConcept | None) -> tuple[str, str, str]:
    if derivation is None:
        return _UNSPECIFIED
    concept = CodedConcept.from_code(derivation)
    return concept.value, concept.scheme_designator, concept.meaning
