"""What synthetic source images share: a patient, a study, a series, positions, pixels."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["AXIAL", "blobs", "code", "ds", "instance", "item", "plane", "positions", "series", "set_pixels"]

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""Direction cosines of the rows and columns of an axial image."""


def item(**values: Any) -> Dataset:
    """Make an item of a sequence from its attributes."""
    result = Dataset()
    for keyword, value in values.items():
        setattr(result, keyword, value)
    return result


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Make an item of a code sequence."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def ds(value: float) -> str:
    """Write a number as a decimal string of at most 16 characters."""
    return f"{value:.10g}"


def series(modality: str, sop_class_uid: str, seed: int) -> Dataset:
    """Make the attributes that all instances of a series share."""

    def uid(name: str) -> str:
        return generate_uid(entropy_srcs=["hdcore.testing", modality, str(seed), name])

    return item(
        SpecificCharacterSet="ISO_IR 192",
        SOPClassUID=sop_class_uid,
        StudyDate="20240102",
        StudyTime="101500",
        ContentDate="20240102",
        ContentTime="101530",
        AcquisitionDate="20240102",
        AcquisitionTime="101530",
        AccessionNumber="A1",
        Modality=modality,
        Manufacturer="Phantom Works",
        ManufacturerModelName="Phantom 1",
        DeviceSerialNumber="1234",
        SoftwareVersions="1.0",
        ReferringPhysicianName="Doe^Jane",
        PatientName="Phantom^One",
        PatientID="P1",
        PatientBirthDate="19700101",
        PatientSex="O",
        PatientAge="054Y",
        StudyInstanceUID=uid("study"),
        SeriesInstanceUID=uid("series"),
        StudyID="1",
        SeriesNumber=1,
        FrameOfReferenceUID=uid("frame of reference"),
        PositionReferenceIndicator=None,
    )


def instance(header: Dataset, index: int) -> Dataset:
    """Make an instance of a series, with file meta information."""
    image = Dataset()
    image.update(deepcopy(header))  # else instances would share elements, and changing one would change all
    image.SOPInstanceUID = generate_uid(entropy_srcs=[header.SeriesInstanceUID, str(index)])
    image.InstanceNumber = index + 1
    image.file_meta = FileMetaDataset()
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.ImplementationClassUID = UID("2.25.304790743840546664069735534310165847004")
    return image


def plane(
    header: Dataset,
    index: int,
    position: NDArray[np.float64],
    image_orientation: Sequence[float],
    pixel_spacing: tuple[float, float],
    thickness: float,
) -> Dataset:
    """Make an instance with the Image Plane module (PS3.3 C.7.6.2)."""
    image = instance(header, index)
    image.AcquisitionNumber = 1
    image.PatientPosition = "HFS"
    image.ImagePositionPatient = [ds(value) for value in position]
    image.ImageOrientationPatient = [ds(value) for value in image_orientation]
    image.PixelSpacing = [ds(value) for value in pixel_spacing]
    image.SliceThickness = ds(thickness)
    return image


def positions(
    first: Sequence[float], image_orientation: Sequence[float], spacing: float, count: int
) -> NDArray[np.float64]:
    """Place planes along the normal of their orientation, in millimetres: shape (count, 3)."""
    normal = np.cross(image_orientation[:3], image_orientation[3:])
    return np.asarray(first, np.float64) + spacing * np.arange(count)[:, None] * normal


def blobs(shape: tuple[int, int, int], seed: int, *, low: float, high: float) -> NDArray[np.uint16]:
    """Make a bright ellipsoid with a brighter core over noise, of values from ``low`` to ``high``."""
    generator = np.random.default_rng(seed)
    axes = [np.linspace(-1.0, 1.0, length) if length > 1 else np.zeros(1) for length in shape]
    distance = sum(axis**2 for axis in np.meshgrid(*axes, indexing="ij", sparse=True))
    body = np.where(distance < 0.6, 0.7, 0.1) + np.where(distance < 0.15, 0.25, 0.0)
    noise = generator.uniform(0.0, 0.05, shape)
    return np.rint(low + (high - low) * (body + noise)).astype(np.uint16)


def set_pixels(image: Dataset, pixels: NDArray[Any], *, bits_stored: int, samples: int = 1) -> None:
    """Write the Image Pixel module (PS3.3 C.7.6.3) and the pixels; of several samples, the last axis holds them."""
    image.SamplesPerPixel = samples
    image.PhotometricInterpretation = "RGB" if samples == 3 else "MONOCHROME2"
    if samples > 1:
        image.PlanarConfiguration = 0
    image.Rows, image.Columns = pixels.shape[-3:-1] if samples > 1 else pixels.shape[-2:]
    image.BitsAllocated = 8 if bits_stored <= 8 else 16
    image.BitsStored = bits_stored
    image.HighBit = bits_stored - 1
    image.PixelRepresentation = 0
    stored = pixels.astype("<u1" if bits_stored <= 8 else "<u2").tobytes()
    image.PixelData = stored + bytes(len(stored) % 2)
    image["PixelData"].VR = "OB" if bits_stored <= 8 else "OW"
