"""Checks beyond what tables can say, each a function of the context that yields findings."""

from __future__ import annotations

from hdcore.validation.checks.content import check_content
from hdcore.validation.checks.contradictions import check_contradictions
from hdcore.validation.checks.file import check_file
from hdcore.validation.checks.geometry import check_geometry, check_tiles
from hdcore.validation.checks.graphics import check_displayed_areas, check_graphics
from hdcore.validation.checks.lookup_tables import check_lookup_tables
from hdcore.validation.checks.multiframe import check_dimensions, check_functional_groups
from hdcore.validation.checks.pixel_data import check_pixel_data
from hdcore.validation.checks.pixel_description import check_pixel_description
from hdcore.validation.checks.references import check_identity, check_references

__all__ = ["CHECKS"]

CHECKS = (
    check_file,
    check_identity,
    check_pixel_description,
    check_pixel_data,
    check_lookup_tables,
    check_functional_groups,
    check_dimensions,
    check_geometry,
    check_tiles,
    check_contradictions,
    check_references,
    check_content,
    check_graphics,
    check_displayed_areas,
)
