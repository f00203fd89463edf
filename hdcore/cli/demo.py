"""The demonstration: from a real CT series to a checked segmentation and a picture of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.cli.files import is_dicom
from hdcore.cli.words import tally
from hdcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset
    from rich.console import Console

    from hdcore.spatial.volume import Volume

__all__ = ["run_demo"]

_SERIES_OF_PYDICOM = "dicomdirtests/77654033/CT2"
_SOFT_TISSUE, _BONE = 1, 2
_THRESHOLDS_HU = {_SOFT_TISSUE: -200.0, _BONE: 700.0}
_COLORS = {_SOFT_TISSUE: (70, 160, 255), _BONE: (255, 170, 40)}


def run_demo(console: Console, folder: Path, series: Path | None = None) -> int:
    """Segment a CT series, save, read back, compare, validate, draw; tell of each step.

    Parameters
    ----------
    console: rich.console.Console
        Where to tell.
    folder: pathlib.Path
        Where to write ``segmentation.dcm`` and ``segmentation.png``.
    series: pathlib.Path | None, optional
        A folder with the files of one CT series; the one that pydicom brings if absent.

    Returns
    -------
    int
        0 if the segmentation read back equals the one made, and validates without errors; else 1.

    Raises
    ------
    ValueError
        If the folder holds no CT images.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    if folder.exists() and not folder.is_dir():
        raise InputError(f"'{folder}' exists and is no folder; choose another with --folder.")
    folder.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description:<34}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Starting", total=7)

        def step(description: str, work: Callable[[], Any]) -> Any:
            progress.update(task, description=description)
            result = work()
            progress.advance(task)
            return result

        facts = _run_steps(step, folder, series)
    for label, value in facts.items():
        console.print(f"{label + ':':<14}{value}", markup=False, soft_wrap=True)
    return 0 if facts["Comparison"] == _EQUAL and facts["Validation"].startswith("no errors") else 1


_TOLERANCE_MM = 0.01
_LEAST_HEIGHT = 400
_MOST_SLICES = 6
_EQUAL = "the segments read back equal those made"


def _run_steps(step: Callable[..., Any], folder: Path, series: Path | None) -> dict[str, str]:
    import hdcore as hd

    file, picture = folder / "segmentation.dcm", folder / "segmentation.png"
    found = step("Reading the series", lambda: _read_series(series))
    images = _longest_stack(found)
    volume = step("Making a volume", lambda: hd.get_volume_from_series(images))
    labels = step("Thresholding it", lambda: _threshold(volume))
    segmentation = step("Creating and saving the segmentation", lambda: _create(images, labels))
    segmentation.save_as(file)
    again = step("Reading it back", lambda: hd.read(file))
    read_back = again.get_volume(combine_segments=True).match_geometry(labels)
    report = step("Validating it", lambda: hd.validate(file))
    step("Drawing it", lambda: _draw(volume, read_back, picture))
    return {
        "Series": f"{len(found)} CT images of {images[0].Rows} x {images[0].Columns}"
        + (f"; {len(found) - len(images)} beyond a gap left out" if len(found) > len(images) else ""),
        "Volume": f"{' x '.join(map(str, volume.spatial_shape))}, spacing "
        f"{' x '.join(f'{value:.3g}' for value in volume.spacing)} mm",
        "Segmentation": f"{again.number_of_segments} segments in {again.number_of_frames} frames, "
        f"{file.stat().st_size / 1024:.0f} KiB",
        "Comparison": _EQUAL if np.array_equal(read_back.array, labels.array) else "the segments DIFFER",
        "Validation": tally(report),
        "Written": f"{file}, {picture}",
    }


def _read_series(series: Path | None) -> list[Dataset]:
    import pydicom.data
    from pydicom import dcmread

    folder = series or Path(pydicom.data.__file__).parent / "test_files" / _SERIES_OF_PYDICOM
    if not folder.is_dir():
        raise InputError(f"'{folder}' is not a folder with a CT series.")
    files: list[Dataset] = [dcmread(path) for path in sorted(folder.iterdir()) if path.is_file() and is_dicom(path)]
    images = [image for image in files if image.get("Modality") == "CT" and "PixelData" in image]
    if not images:
        raise InputError(f"'{folder}' holds no CT images.")
    return images


def _longest_stack(images: list[Dataset]) -> list[Dataset]:
    """Take the longest run of slices at equal distances: a scout, or what lies beyond a gap, is no part of a volume."""
    from hdcore.spatial import get_normal_vector, sort_datasets

    ordered = sort_datasets(images)
    if len(ordered) < 3:
        return ordered
    normal = get_normal_vector(ordered[0].ImageOrientationPatient)
    distances = np.array([image.ImagePositionPatient for image in ordered], np.float64) @ normal
    steps = np.diff(distances)
    breaks = np.flatnonzero(np.abs(steps - np.median(steps)) > _TOLERANCE_MM) + 1
    runs = np.split(np.arange(len(ordered)), breaks)
    return [ordered[index] for index in max(runs, key=len)]


def _threshold(volume: Volume) -> Volume:
    labels = np.zeros(volume.spatial_shape, np.uint8)
    for label, threshold in _THRESHOLDS_HU.items():
        labels[volume.array > threshold] = label
    return volume.with_array(labels)


def _create(images: list[Dataset], labels: Volume) -> Any:
    import hdcore as hd
    from hdcore.content import CodedConcept

    seg: Any = hd.seg  # found where hdcore-seg is installed
    algorithm = hd.AlgorithmIdentificationSequence(
        name="threshold", family=CodedConcept("123105", "DCM", "Histogram Analysis"), version=hd.__version__
    )
    kinds = (
        (_SOFT_TISSUE, "Soft tissue", CodedConcept("87784001", "SCT", "Soft tissue")),
        (_BONE, "Bone", CodedConcept("272673000", "SCT", "Bone")),
    )
    descriptions = [
        seg.SegmentDescription(
            segment_number=number,
            segment_label=label,
            segmented_property_category=CodedConcept("123037004", "SCT", "Body structure"),
            segmented_property_type=kind,
            algorithm_type="AUTOMATIC",
            algorithm_identification=algorithm,
        )
        for number, label, kind in kinds
    ]
    return hd.create(
        "seg",
        source_images=images,
        pixel_array=labels,
        segmentation_type="BINARY",
        segment_descriptions=descriptions,
        series_instance_uid=hd.UID(),
        series_number=100,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="hdcore",
        manufacturer_model_name="hdcore demo",
        software_versions=hd.__version__,
        device_serial_number="1",
        series_description="Thresholds of the hdcore demonstration",
    )


def _draw(volume: Volume, labels: Volume, picture: Path) -> None:
    """Draw slices: as they are above, with their segments below."""
    from PIL import Image

    from hdcore.pixels import apply_voi_window

    low, high = float(volume.array.min()), float(volume.array.max())
    gray = apply_voi_window(volume.array, (low + high) / 2, max(high - low, 2.0), output_range=(0.0, 255.0))
    plain = np.repeat(gray.astype(np.float64)[..., None], 3, axis=-1)
    color = plain.copy()
    for label, rgb in _COLORS.items():
        color[labels.array == label] = 0.55 * color[labels.array == label] + 0.45 * np.array(rgb)
    shown = np.linspace(0, len(color) - 1, min(len(color), _MOST_SLICES)).round().astype(int)
    line = ((0, 0), (0, 1), (0, 1), (0, 0))  # between slices
    rows = [np.concatenate(np.pad(one[shown], line, constant_values=255.0), axis=1) for one in (plain, color)]
    drawing = Image.fromarray(np.concatenate(rows).astype(np.uint8))
    enlargement = max(1, _LEAST_HEIGHT // drawing.height)
    drawing.resize((drawing.width * enlargement, drawing.height * enlargement), Image.Resampling.NEAREST).save(picture)
