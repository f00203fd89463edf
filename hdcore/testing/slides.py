"""Synthetic whole slide images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.uid import generate_uid

from hdcore.pixels.color import srgb_icc_profile
from hdcore.testing.phantom import blobs, code, ds, instance, item, series, set_pixels

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["slide"]


def slide(
    total_rows: int = 50,
    total_columns: int = 70,
    *,
    tile: tuple[int, int] = (16, 16),
    organization: str = "TILED_FULL",
    pixel_spacing: float = 0.0005,
    seed: int = 0,
) -> Dataset:
    """Make a tiled whole slide image (PS3.3 A.32.8).

    Parameters
    ----------
    total_rows, total_columns: int, optional
        Shape of the total pixel matrix; the last tiles are padded.
    tile: tuple[int, int], optional
        Rows and columns of a tile.
    organization: str, optional
        ``"TILED_FULL"``, or ``"TILED_SPARSE"`` with every tile's position written.
    pixel_spacing: float, optional
        Distance between pixels in millimetres.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    pydicom.dataset.Dataset
        A VL Whole Slide Microscopy Image Storage instance: RGB, uint8.
    """
    image = instance(series("SM", "1.2.840.10008.5.1.4.1.1.77.1.6", seed), 0)
    for keyword, value in _SLIDE.items():
        setattr(image, keyword, value)
    rows, columns = tile
    tiles_down, tiles_across = -(-total_rows // rows), -(-total_columns // columns)
    frames = tiles_down * tiles_across
    image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns = total_rows, total_columns
    image.ImagedVolumeWidth = total_columns * pixel_spacing
    image.ImagedVolumeHeight = total_rows * pixel_spacing
    origin = item(XOffsetInSlideCoordinateSystem="20", YOffsetInSlideCoordinateSystem="40")
    origin.ZOffsetInSlideCoordinateSystem = "0"
    image.TotalPixelMatrixOriginSequence = [origin]
    _set_specimen(image, seed)
    _set_slide_dimensions(image, organization, seed)
    measures = item(PixelSpacing=[ds(pixel_spacing)] * 2, SliceThickness="0.001", SpacingBetweenSlices="0.001")
    image.SharedFunctionalGroupsSequence = [
        item(
            PixelMeasuresSequence=[measures],
            WholeSlideMicroscopyImageFrameTypeSequence=[item(FrameType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"])],
            OpticalPathIdentificationSequence=[item(OpticalPathIdentifier="1")],
        )
    ]
    image.NumberOfFrames = frames
    if organization == "TILED_SPARSE":
        image.PerFrameFunctionalGroupsSequence = _tile_items(tiles_down, tiles_across, tile, pixel_spacing)
    set_pixels(image, _tiled_rgb((total_rows, total_columns), tile, seed), bits_stored=8, samples=3)
    image.BurnedInAnnotation = "NO"
    return image


_SLIDE: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
    "AcquisitionDateTime": "20240102101530",
    "AcquisitionDuration": 10.0,
    "VolumetricProperties": "VOLUME",
    "ImagedVolumeDepth": 1.0,
    "ImageOrientationSlide": ["0", "-1", "0", "-1", "0", "0"],
    "PositionReferenceIndicator": "SLIDE_CORNER",
    "SpecimenLabelInImage": "NO",
    "FocusMethod": "AUTO",
    "ExtendedDepthOfField": "NO",
    "LossyImageCompression": "00",
    "TotalPixelMatrixFocalPlanes": 1,
    "NumberOfOpticalPaths": 1,
    "AcquisitionContextSequence": [],
}


def _set_specimen(image: Dataset, seed: int) -> None:
    # PS3.3 C.7.6.22 Specimen, C.8.12.5 Optical Path
    image.ContainerIdentifier = "S1"
    image.IssuerOfTheContainerIdentifierSequence = []
    image.ContainerTypeCodeSequence = [code("433466003", "SCT", "Microscope slide")]
    image.SpecimenDescriptionSequence = [
        item(
            SpecimenIdentifier="S1-A",
            IssuerOfTheSpecimenIdentifierSequence=[],
            SpecimenUID=generate_uid(entropy_srcs=["hdcore.testing", "specimen", str(seed)]),
            SpecimenPreparationSequence=[],
            PrimaryAnatomicStructureSequence=[code("76752008", "SCT", "Breast")],
        )
    ]
    image.OpticalPathSequence = [
        item(
            IlluminationTypeCodeSequence=[code("111744", "DCM", "Brightfield illumination")],
            IlluminationColorCodeSequence=[code("414298005", "SCT", "Full Spectrum")],
            OpticalPathIdentifier="1",
            OpticalPathDescription="Brightfield",
            ICCProfile=srgb_icc_profile(),
        )
    ]


def _set_slide_dimensions(image: Dataset, organization: str, seed: int) -> None:
    uid = generate_uid(entropy_srcs=["hdcore.testing", "slide dimensions", str(seed)])
    image.DimensionOrganizationSequence = [item(DimensionOrganizationUID=uid)]
    image.DimensionOrganizationType = organization
    if organization == "TILED_SPARSE":
        image.DimensionIndexSequence = [
            item(DimensionOrganizationUID=uid, DimensionIndexPointer=pointer, FunctionalGroupPointer=0x0048021A)
            for pointer in (0x0048021E, 0x0048021F)
        ]


def _tile_items(tiles_down: int, tiles_across: int, tile: tuple[int, int], pixel_spacing: float) -> list[Dataset]:
    # rows run along -x and columns along -y of the slide (PS3.3 C.8.12.2.1.1): the first pixel is at (20, 40)
    return [
        item(
            FrameContentSequence=[item(DimensionIndexValues=[across + 1, down + 1])],
            PlanePositionSlideSequence=[
                item(
                    ColumnPositionInTotalImagePixelMatrix=across * tile[1] + 1,
                    RowPositionInTotalImagePixelMatrix=down * tile[0] + 1,
                    XOffsetInSlideCoordinateSystem=ds(20.0 - down * tile[0] * pixel_spacing),
                    YOffsetInSlideCoordinateSystem=ds(40.0 - across * tile[1] * pixel_spacing),
                    ZOffsetInSlideCoordinateSystem="0",
                )
            ],
        )
        for down in range(tiles_down)
        for across in range(tiles_across)
    ]


def _tiled_rgb(shape: tuple[int, int], tile: tuple[int, int], seed: int) -> NDArray[np.uint8]:
    rows, columns = tile
    tiles_down, tiles_across = -(-shape[0] // rows), -(-shape[1] // columns)
    matrix = np.full((tiles_down * rows, tiles_across * columns, 3), 255, np.uint8)
    for channel in range(3):
        matrix[: shape[0], : shape[1], channel] = blobs((1, *shape), seed + channel, low=250, high=30)[0]
    tiles = matrix.reshape(tiles_down, rows, tiles_across, columns, 3).swapaxes(1, 2)
    return np.ascontiguousarray(tiles.reshape(-1, rows, columns, 3))
