"""Synthetic source images that conform to the standard: what tests and examples derive objects from.

Every function gives datasets that could have come from a scanner, with file meta information, so that they can be
saved, read back, and used as ``source_images``. Pixels are smooth shapes over noise, reproducible from ``seed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.testing.multiframe import enhanced_ct
from hdcore.testing.phantom import AXIAL, blobs, code, ds, instance, item, plane, positions, series, set_pixels
from hdcore.testing.slides import slide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["cr_image", "ct_series", "enhanced_ct", "mr_series", "pet_series", "slide", "us_cine"]


def ct_series(
    slices: int = 4,
    rows: int = 32,
    columns: int = 32,
    *,
    pixel_spacing: tuple[float, float] = (0.75, 0.75),
    spacing_between_slices: float = 2.5,
    image_orientation: Sequence[float] = AXIAL,
    position: Sequence[float] = (-12.0, -12.0, -50.0),
    seed: int = 0,
) -> list[Dataset]:
    """Make a series of single-frame CT images, in the order of their positions.

    Parameters
    ----------
    slices, rows, columns: int, optional
        Shape of the volume.
    pixel_spacing: tuple[float, float], optional
        Distance between rows and between columns in millimetres.
    spacing_between_slices: float, optional
        Distance between slices in millimetres.
    image_orientation: Sequence[float], optional
        Six direction cosines (PS3.3 C.7.6.2.1.1).
    position: Sequence[float], optional
        Position of the first slice's first pixel in millimetres.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        CT Image Storage instances: int16 Hounsfield units stored as uint16, 12 bits of 16.
    """
    header = series("CT", "1.2.840.10008.5.1.4.1.1.2", seed)
    pixels = blobs((slices, rows, columns), seed, low=24, high=1324)
    images = []
    for index, image_position in enumerate(positions(position, image_orientation, spacing_between_slices, slices)):
        image = plane(header, index, image_position, image_orientation, pixel_spacing, spacing_between_slices)
        image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.KVP = "120"
        image.RescaleIntercept = "-1024"
        image.RescaleSlope = "1"
        image.RescaleType = "HU"
        image.WindowCenter = "40"
        image.WindowWidth = "400"
        image.BodyPartExamined = "ABDOMEN"
        set_pixels(image, pixels[index], bits_stored=12)
        images.append(image)
    return images


def mr_series(
    slices: int = 4,
    rows: int = 32,
    columns: int = 32,
    *,
    pixel_spacing: tuple[float, float] = (1.0, 1.0),
    spacing_between_slices: float = 3.0,
    image_orientation: Sequence[float] = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0),
    position: Sequence[float] = (-20.0, -16.0, 16.0),
    window: bool = True,
    seed: int = 0,
) -> list[Dataset]:
    """Make a series of single-frame MR images (sagittal unless told otherwise), in the order of their positions.

    Parameters
    ----------
    slices, rows, columns: int, optional
        Shape of the volume.
    pixel_spacing: tuple[float, float], optional
        Distance between rows and between columns in millimetres.
    spacing_between_slices: float, optional
        Distance between slices in millimetres.
    image_orientation: Sequence[float], optional
        Six direction cosines.
    position: Sequence[float], optional
        Position of the first slice's first pixel in millimetres.
    window: bool, optional
        Whether the images have a window.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        MR Image Storage instances: uint16, 12 bits of 16.
    """
    header = series("MR", "1.2.840.10008.5.1.4.1.1.4", seed)
    pixels = blobs((slices, rows, columns), seed, low=0, high=2000)
    images = []
    for index, image_position in enumerate(positions(position, image_orientation, spacing_between_slices, slices)):
        image = plane(header, index, image_position, image_orientation, pixel_spacing, spacing_between_slices)
        image.ImageType = ["ORIGINAL", "PRIMARY", "M", "SE"]
        image.ScanningSequence = "SE"
        image.SequenceVariant = "NONE"
        image.ScanOptions = None
        image.MRAcquisitionType = "2D"
        image.RepetitionTime = "600"
        image.EchoTime = "12"
        image.EchoTrainLength = "1"
        image.MagneticFieldStrength = "1.5"
        image.FlipAngle = "90"
        image.SpacingBetweenSlices = ds(spacing_between_slices)
        image.BodyPartExamined = "HEAD"
        if window:
            image.WindowCenter = "800"
            image.WindowWidth = "1600"
        set_pixels(image, pixels[index], bits_stored=12)
        images.append(image)
    return images


def pet_series(slices: int = 4, rows: int = 32, columns: int = 32, *, seed: int = 0) -> list[Dataset]:
    """Make a series of single-frame PET images in Bq/ml, with a rescale slope of each image's own.

    Parameters
    ----------
    slices, rows, columns: int, optional
        Shape of the volume.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    list[pydicom.dataset.Dataset]
        Positron Emission Tomography Image Storage instances: uint16.
    """
    header = series("PT", "1.2.840.10008.5.1.4.1.1.128", seed)
    pixels = blobs((slices, rows, columns), seed, low=0, high=30000)
    images = []
    for index, image_position in enumerate(positions((-64.0, -64.0, 0.0), AXIAL, 4.0, slices)):
        image = plane(header, index, image_position, AXIAL, (4.0, 4.0), 4.0)
        image.ImageType = ["ORIGINAL", "PRIMARY"]
        _set_pet_series(image, slices)
        image.ImageIndex = index + 1
        image.FrameReferenceTime = ds(1000.0 * index)
        image.ActualFrameDuration = "60000"
        image.DecayFactor = "1.05"
        image.RescaleIntercept = "0"
        image.RescaleSlope = ds(0.5 + 0.25 * index)
        image.LossyImageCompression = "00"
        image.Laterality = None
        del image.PatientPosition
        image.PatientOrientationCodeSequence = []
        image.PatientGantryRelationshipCodeSequence = []
        set_pixels(image, pixels[index], bits_stored=16)
        images.append(image)
    return images


def cr_image(rows: int = 48, columns: int = 40, *, seed: int = 0) -> Dataset:
    """Make a Computed Radiography image: pixels without a frame of reference.

    Parameters
    ----------
    rows, columns: int, optional
        Shape of the image.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    pydicom.dataset.Dataset
        A CR Image Storage instance: uint16, 10 bits of 16.
    """
    image = instance(series("CR", "1.2.840.10008.5.1.4.1.1.1", seed), 0)
    del image.FrameOfReferenceUID, image.PositionReferenceIndicator
    image.ImageType = ["ORIGINAL", "PRIMARY"]
    image.BodyPartExamined = "CHEST"
    image.ViewPosition = "PA"
    image.PatientOrientation = ["L", "F"]
    image.ImagerPixelSpacing = ["0.2", "0.2"]
    set_pixels(image, blobs((1, rows, columns), seed, low=0, high=1000)[0], bits_stored=10)
    return image


def us_cine(frames: int = 5, rows: int = 24, columns: int = 32, *, seed: int = 0) -> Dataset:
    """Make an ultrasound cine loop: frames in time, without positions.

    Parameters
    ----------
    frames, rows, columns: int, optional
        Shape of the loop.
    seed: int, optional
        What the pixels are made from.

    Returns
    -------
    pydicom.dataset.Dataset
        An Ultrasound Multi-frame Image Storage instance: uint8.
    """
    image = instance(series("US", "1.2.840.10008.5.1.4.1.1.3.1", seed), 0)
    del image.FrameOfReferenceUID, image.PositionReferenceIndicator
    image.ImageType = ["ORIGINAL", "PRIMARY"]
    image.BodyPartExamined = "HEART"
    image.PatientOrientation = None
    image.FrameTime = "33.3"
    image.FrameIncrementPointer = 0x00181063
    image.LossyImageCompression = "00"
    image.NumberOfFrames = frames
    set_pixels(image, blobs((frames, rows, columns), seed, low=0, high=250), bits_stored=8)
    image.UltrasoundColorDataPresent = 0
    return image


def _set_pet_series(image: Dataset, slices: int) -> None:
    # PS3.3 C.8.9.1 PET Series, C.8.9.2 PET Isotope, C.8.9.4 PET Image
    image.Units = "BQML"
    image.CountsSource = "EMISSION"
    image.SeriesType = ["STATIC", "IMAGE"]
    image.NumberOfSlices = slices
    image.CorrectedImage = ["DECY", "ATTN"]
    image.DecayCorrection = "START"
    image.CollimatorType = "NONE"
    image.SeriesDate, image.SeriesTime = image.StudyDate, image.StudyTime
    image.AcquisitionDate, image.AcquisitionTime = image.StudyDate, image.StudyTime
    image.RadiopharmaceuticalInformationSequence = [
        item(
            RadionuclideCodeSequence=[code("77004003", "SCT", "^18^Fluorine")],
            RadiopharmaceuticalCodeSequence=[code("35321007", "SCT", "Fluorodeoxyglucose F^18^")],
            RadiopharmaceuticalRoute="IV",
            RadiopharmaceuticalStartTime="093000",
            RadionuclideTotalDose="370000000",
            RadionuclideHalfLife="6586.2",
        )
    ]
