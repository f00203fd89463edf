"""The images that a derived image is made from: what they agree in, and where each of their planes lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydicom.dataset import Dataset

from hdcore.enums import CoordinateSystemNames
from hdcore.errors import InputError, InputTypeError, MissingAttributeError
from hdcore.frames.codec import decode
from hdcore.frames.columns import Numbers
from hdcore.frames.groups import SPATIAL_GROUPS
from hdcore.frames.table import FrameTable
from hdcore.model.element import copy_elements, fetch, fetch_text, has, put
from hdcore.model.plane import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence
from hdcore.spatial.images import tiled_full_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Source", "positions_of"]

_COMMON_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID")
_TOLERANCE = 1e-4
_ANATOMY_KEYWORDS = ("BodyPartExamined", "Laterality")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What source images say about the images to be derived from them."""

    images: tuple[Dataset, ...]
    """The images, in the order given."""
    planes: FrameTable
    """One row per plane, in the order given: a frame of a multi-frame image, else an image. Columns ``image`` (index
    into :attr:`images`) and ``frame_number`` (counted from one; 0 for a single-frame image); in the patient coordinate
    system ``image_position`` and ``image_orientation``; in the slide's ``x_offset``, ``y_offset``, ``z_offset``,
    ``row_position``, ``column_position``; and ``pixel_spacing`` if known."""
    coordinate_system: CoordinateSystemNames | None
    """Coordinate system of the frame of reference; ``None`` if the images have no place in space (CR, DX, US …)."""
    frame_of_reference_uid: str | None
    """Frame of Reference UID, also of images that have no position in it."""
    rows: int
    """Rows of a plane."""
    columns: int
    """Columns of a plane."""
    image_orientation: tuple[float, ...] | None
    """Direction cosines of rows and columns; ``None`` if unknown, or not the same for all planes."""
    pixel_spacing: tuple[float, float] | None
    """Millimetres between rows, and between columns; ``None`` if unknown, or not the same for all planes."""
    slice_thickness: float | None
    """Millimetres; ``None`` if unknown, or not the same for all planes."""
    spacing_between_slices: float | None
    """Millimetres as stated by the images; ``None`` if unknown, or not the same for all planes."""
    is_multiframe: bool
    """Whether the source is one multi-frame image."""
    is_tiled: bool
    """Whether the planes are tiles of a total pixel matrix."""

    @classmethod
    def of(cls, source_images: Sequence[Dataset]) -> Self:
        """Look at source images.

        Parameters
        ----------
        source_images: Sequence[pydicom.dataset.Dataset]
            Single-frame images of one series, or one multi-frame image.

        Returns
        -------
        Source
            What they agree in.

        Raises
        ------
        TypeError
            If they are not a sequence of datasets.
        ValueError
            If there are none, one is given twice or is no image, there are several multi-frame images, or they differ
            in patient, study, series, frame of reference, size or orientation.
        """
        images = _checked_images(source_images)
        first = images[0]
        is_multiframe = "NumberOfFrames" in first and (
            int(fetch(first, "NumberOfFrames", 1)) > 1 or "SharedFunctionalGroupsSequence" in first
        )
        _check_agreement(images)
        planes, system = _planes_of_frames(first) if is_multiframe else _planes_of_images(images)
        return cls(
            images=images,
            planes=planes,
            coordinate_system=system,
            frame_of_reference_uid=fetch_text(first, "FrameOfReferenceUID"),
            rows=int(fetch(first, "Rows")),
            columns=int(fetch(first, "Columns")),
            image_orientation=_common(planes, "image_orientation"),
            pixel_spacing=_common(planes, "pixel_spacing"),
            slice_thickness=_single(_common(planes, "slice_thickness")),
            spacing_between_slices=_single(_common(planes, "spacing_between_slices")),
            is_multiframe=is_multiframe,
            is_tiled=is_multiframe and "TotalPixelMatrixRows" in first and "TotalPixelMatrixColumns" in first,
        )

    def __len__(self) -> int:
        return len(self.planes)

    @property
    def first(self) -> Dataset:
        """pydicom.dataset.Dataset: the first image, of which header attributes are taken."""
        return self.images[0]

    @property
    def total_pixel_matrix_size(self) -> tuple[int, int] | None:
        """tuple[int, int] | None: rows and columns of the total pixel matrix; ``None`` if the source is not tiled."""
        if not self.is_tiled:
            return None
        return int(self.first.TotalPixelMatrixRows), int(self.first.TotalPixelMatrixColumns)

    @property
    def total_pixel_matrix_origin(self) -> tuple[float, float] | None:
        """tuple[float, float] | None: x and y in millimetres of the total pixel matrix's first pixel on the slide."""
        items = fetch(self.first, "TotalPixelMatrixOriginSequence")
        if not items:
            return None
        x, y = (float(items[0].get(f"{axis}OffsetInSlideCoordinateSystem", 0.0)) for axis in "XY")
        return x, y

    def positions(self) -> NDArray[np.float64]:
        """Get where the planes' first pixels lie.

        Returns
        -------
        NDArray[float64]
            x, y, z in millimetres, shape (planes, 3).

        Raises
        ------
        ValueError
            If the planes have no position.
        """
        return positions_of(self.planes)

    def plane_positions(self) -> list[PlanePositionSequence]:
        """Get where the planes lie, as sequences of the contract: one per plane."""
        if self.coordinate_system is None:
            raise InputError("The source images have no position in a frame of reference.")
        positions = self.positions().tolist()
        if self.coordinate_system is CoordinateSystemNames.PATIENT:
            return [PlanePositionSequence("PATIENT", position) for position in positions]
        matrix = np.stack([self.planes["column_position"], self.planes["row_position"]], axis=1).tolist()
        return [PlanePositionSequence("SLIDE", *both) for both in zip(positions, matrix, strict=True)]

    def plane_orientation(self) -> PlaneOrientationSequence | None:
        """Get how the planes lie; ``None`` if unknown, or not the same for all."""
        if self.coordinate_system is None or self.image_orientation is None:
            return None
        return PlaneOrientationSequence(self.coordinate_system, self.image_orientation)

    def pixel_measures(self) -> PixelMeasuresSequence | None:
        """Get how far apart pixels are; ``None`` if unknown, or not the same for all planes."""
        if self.pixel_spacing is None:
            return None
        return PixelMeasuresSequence(self.pixel_spacing, self.slice_thickness, self.spacing_between_slices)

    def copy_anatomy(self, target: Dataset) -> None:
        """Copy Body Part Examined and Laterality to a derived instance, if all images agree on them.

        Where the sources do not name a body part, it may be a paired one, so Laterality is put as unknown, except for
        specimens (type 2C, PS3.3 C.7.3.1).

        Parameters
        ----------
        target: pydicom.dataset.Dataset
            The derived instance.
        """
        for keyword in _ANATOMY_KEYWORDS:
            value = fetch_text(self.first, keyword)
            if value and all(fetch_text(image, keyword) == value for image in self.images):
                copy_elements(self.first, target, (keyword,))
        is_specimen = self.coordinate_system is CoordinateSystemNames.SLIDE
        if not is_specimen and "BodyPartExamined" not in target and "Laterality" not in target:
            put(target, Laterality=None)


def positions_of(planes: FrameTable) -> NDArray[np.float64]:
    """Get where planes' first pixels lie, in either coordinate system.

    Parameters
    ----------
    planes: FrameTable
        With the column ``image_position``, or ``x_offset``, ``y_offset`` and ``z_offset``.

    Returns
    -------
    NDArray[float64]
        x, y, z in millimetres, shape (planes, 3).

    Raises
    ------
    ValueError
        If the table has neither.
    """
    if "image_position" in planes:
        return np.asarray(planes["image_position"], np.float64)
    if "x_offset" in planes:
        return np.stack([planes["x_offset"], planes["y_offset"], planes["z_offset"]], axis=1).astype(np.float64)
    raise InputError("The planes have no position in a frame of reference.")


def _checked_images(source_images: Any) -> tuple[Dataset, ...]:
    if isinstance(source_images, Dataset) or not hasattr(source_images, "__iter__"):
        raise InputTypeError(f"source_images is a {type(source_images).__name__}; expected a sequence of datasets.")
    images = tuple(source_images)
    if not images:
        raise InputError("source_images is empty; expected at least one image.")
    for index, image in enumerate(images):
        if not isinstance(image, Dataset):
            raise InputTypeError(f"source_images[{index}] is a {type(image).__name__}; expected a Dataset.")
        for keyword in ("SOPClassUID", "SOPInstanceUID", "Rows", "Columns"):
            if not has(image, keyword):
                raise MissingAttributeError(f"source_images[{index}] has no {keyword}; it is not an image.")
    uids = [fetch_text(image, "SOPInstanceUID") for image in images]
    if len(set(uids)) < len(uids):
        twice = next(uid for index, uid in enumerate(uids) if uid in uids[:index])
        raise InputError(f"source_images has the SOP Instance UID {twice} more than once.")
    if len(images) > 1 and any(int(fetch(image, "NumberOfFrames", 1)) > 1 for image in images):
        raise InputError(f"source_images has {len(images)} images, one of them multi-frame; expected only that one.")
    return images


def _check_agreement(images: tuple[Dataset, ...]) -> None:
    for keyword in ("PatientID", *_COMMON_UIDS):
        values = {fetch_text(image, keyword) for image in images}
        if len(values) > 1:
            raise InputError(f"source_images differ in {keyword}: {_listed(values)}; expected images of one series.")
    sizes = {(fetch(image, "Rows"), fetch(image, "Columns")) for image in images}
    if len(sizes) > 1:
        raise InputError(f"source_images differ in size (Rows, Columns): {_listed(sizes)}; expected one size.")


def _listed(values: set[Any]) -> str:
    shown = sorted(map(str, values))
    return ", ".join(shown[:3]) + (" …" if len(shown) > 3 else "")


def _planes_of_images(images: tuple[Dataset, ...]) -> tuple[FrameTable, CoordinateSystemNames | None]:
    count = len(images)
    columns: dict[str, Any] = {"image": np.arange(count)}
    for name, keyword, size in (
        ("image_position", "ImagePositionPatient", 3),
        ("image_orientation", "ImageOrientationPatient", 6),
        ("pixel_spacing", "PixelSpacing", 2),
        ("slice_thickness", "SliceThickness", 1),
        ("spacing_between_slices", "SpacingBetweenSlices", 1),
    ):
        values = _numbers(images, keyword, size)
        if values is not None:
            columns[name] = values
    has_place = {"image_position", "image_orientation"} <= columns.keys()
    if not has_place or fetch_text(images[0], "FrameOfReferenceUID") is None:
        columns.pop("image_position", None)
        columns.pop("image_orientation", None)
        return FrameTable(count, columns, shared={"frame_number": [0]}), None
    planes = FrameTable(count, columns, shared={"frame_number": [0]})
    if _common(planes, "image_orientation") is None:
        raise InputError("source_images differ in ImageOrientationPatient; expected parallel planes of one series.")
    return planes, CoordinateSystemNames.PATIENT


def _numbers(images: tuple[Dataset, ...], keyword: str, size: int) -> NDArray[np.float64] | None:
    """Read an attribute of decimal strings from all images; ``None`` unless all have it."""
    texts = [fetch_text(image, keyword) for image in images]
    if None in texts:
        return None
    parsed: dict[str | None, list[float]] = {}
    for text in dict.fromkeys(texts):
        try:
            parsed[text] = [float(number) for number in (text or "").split("\\")]
        except ValueError:
            raise InputError(f"source_images have the {keyword} {text!r}; expected {size} number(s).") from None
        if len(parsed[text]) != size:
            raise InputError(f"source_images have the {keyword} {text!r}; expected {size} number(s).")
    values = np.array([parsed[text] for text in texts])
    return values[:, 0] if size == 1 else values


def _planes_of_frames(image: Dataset) -> tuple[FrameTable, CoordinateSystemNames | None]:
    planes = decode(image, SPATIAL_GROUPS)
    count = len(planes)
    planes = planes.with_shared(image=[0]).with_columns(frame_number=np.arange(count) + 1)
    has_frame_of_reference = fetch_text(image, "FrameOfReferenceUID") is not None
    if fetch_text(image, "DimensionOrganizationType") == "TILED_FULL":
        planes = _with_computed_tiles(planes, image)
    if "x_offset" in planes and has_frame_of_reference and planes.present("x_offset").all():
        orientation = fetch(image, "ImageOrientationSlide")
        if orientation is not None:
            planes = planes.with_shared(image_orientation=[[float(value) for value in orientation]])
            return planes, CoordinateSystemNames.SLIDE
    has_place = planes.present("image_position").all() and planes.present("image_orientation").all()
    if not has_frame_of_reference or not has_place:
        return planes.without("image_position", "image_orientation"), None
    return planes, CoordinateSystemNames.PATIENT


def _with_computed_tiles(planes: FrameTable, image: Dataset) -> FrameTable:
    """Add where the tiles of a TILED_FULL image lie, which such images do not store (PS3.3 C.7.6.17.3)."""
    tiles = tiled_full_of(image)
    frames = np.arange(len(planes))
    positions, offsets = tiles.positions(frames), tiles.offsets(frames) + 1
    return planes.with_columns(
        x_offset=positions[:, 0],
        y_offset=positions[:, 1],
        z_offset=positions[:, 2],
        column_position=offsets[:, 0],
        row_position=offsets[:, 1],
    )


def _common(planes: FrameTable, name: str) -> Any:
    """Get the value that all planes have; ``None`` if there is none."""
    if name not in planes or not planes.present(name).all() or not len(planes):
        return None
    column = planes.stored(name)
    if not isinstance(column, Numbers) or np.ptp(column.values, axis=0).max() > _TOLERANCE:
        return None
    return tuple(np.atleast_1d(column.values[0]).tolist())


def _single(values: tuple[float, ...] | None) -> float | None:
    return None if values is None else values[0]
