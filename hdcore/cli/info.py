"""What a file is, in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.cli.words import counted, tally
from hdcore.errors import HdcoreError
from hdcore.registry.incoming import take
from hdcore.registry.manager import plugin_manager

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydicom.dataset import Dataset

__all__ = ["describe"]

_INDENT = "  "
_FINDINGS_SHOWN = 5


def describe(file: Path) -> Iterator[str]:
    """Describe a file.

    Parameters
    ----------
    file: pathlib.Path
        A DICOM file.

    Yields
    ------
    str
        A line.

    Raises
    ------
    ValueError
        If the file cannot be read.
    """
    from hdcore.api import read, validate

    incoming = take(file)
    header = incoming.header
    iod = plugin_manager().identify(header)
    yield f"{file}: {_sop_class_name(header)}"
    try:
        instance = read(file)
    except HdcoreError as error:  # what the header says is still worth knowing, and so is what the validator finds
        instance = header
        yield _row("not readable", error)
    else:
        yield _row("read by", f"{type(instance).__module__}.{type(instance).__qualname__}" + _distribution(iod))
    syntax = instance.file_meta.get("TransferSyntaxUID") if hasattr(instance, "file_meta") else None
    yield _row("transfer syntax", "not said" if syntax is None else syntax.name)
    yield from _header_rows(header)
    if instance is not header:
        yield from _image_rows(instance)
        yield from _segment_rows(instance)
        yield from _content_rows(instance)
    report = validate(file)
    yield _row("findings", tally(report))
    yield from (f"{_INDENT * 2}{finding}" for finding in list(report)[:_FINDINGS_SHOWN])
    if len(report) > _FINDINGS_SHOWN:
        yield f"{_INDENT * 2}… and {len(report) - _FINDINGS_SHOWN} more: hdcore validate {file}"


def _value(dataset: Dataset, keyword: str) -> Any:
    """Get a value to show; of one that breaks its value representation, that it does."""
    try:
        return dataset.get(keyword)
    except (ValueError, TypeError, OverflowError):
        return "unreadable"


def _row(label: str, value: object) -> str:
    return f"{_INDENT}{label + ':':<18}{value}".rstrip()


def _sop_class_name(header: Dataset) -> str:
    from pydicom.uid import UID

    return UID(str(header.get("SOPClassUID", ""))).name or "no SOP class"


def _distribution(iod: Any) -> str:
    if iod is None:
        return ""
    plugin = plugin_manager().installed[iod.name.partition(".")[0]]
    return f" ({plugin.distribution} {plugin.version})"


def _header_rows(header: Dataset) -> Iterator[str]:
    for label, keyword in (
        ("patient", "PatientID"),
        ("study", "StudyInstanceUID"),
        ("series", "SeriesInstanceUID"),
        ("description", "SeriesDescription"),
        ("made by", "Manufacturer"),
    ):
        value = _value(header, keyword)
        if value:
            yield _row(label, value)


def _image_rows(instance: Any) -> Iterator[str]:
    if "Rows" not in instance:
        return
    frames = _value(instance, "NumberOfFrames") or 1
    bits = instance.get("BitsStored", instance.get("BitsAllocated"))
    kind = f"{instance.get('PhotometricInterpretation')}, " + (counted(bits, "bit") if bits else "bits not said")
    yield _row("frames", f"{frames} of {instance.Rows} x {instance.Columns}, {kind}")
    if "TotalPixelMatrixRows" in instance:
        matrix = f"{instance.TotalPixelMatrixRows} x {instance.TotalPixelMatrixColumns}"
        yield _row("pixel matrix", f"{matrix}, {instance.get('DimensionOrganizationType', 'tiled')}")
        return
    geometry = instance.get_volume_geometry() if hasattr(instance, "get_volume_geometry") else None
    if geometry is not None:
        spacing = " x ".join(f"{value:.4g}" for value in geometry.spacing)
        yield _row("volume", f"{' x '.join(map(str, geometry.spatial_shape))}, spacing {spacing} mm")


def _segment_rows(instance: Any) -> Iterator[str]:
    if "SegmentSequence" not in instance:
        return
    yield _row("segments", f"{len(instance.SegmentSequence)}, {instance.get('SegmentationType', '')}")
    for segment in instance.SegmentSequence:
        types = segment.get("SegmentedPropertyTypeCodeSequence") or []
        meaning = types[0].get("CodeMeaning", "") if types else ""
        label = segment.get("SegmentLabel", "")
        yield f"{_INDENT * 2}{segment.get('SegmentNumber')}: {label}" + (f" ({meaning})" if meaning != label else "")


def _content_rows(instance: Any) -> Iterator[str]:
    if "ContentSequence" not in instance:
        return
    from hdcore.content import render_tree

    yield _row("content", "")
    yield from (f"{_INDENT * 2}{line}" for line in render_tree(instance).splitlines())
