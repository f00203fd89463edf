"""What the tests of conversions share."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hdcore.content.code import CodedConcept
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.dataset import Dataset

from hdcore_legacy import convert

if TYPE_CHECKING:
    from collections.abc import Callable

    from hdcore_legacy.converted import ConvertedImage


@pytest.fixture
def converted() -> Callable[..., ConvertedImage]:
    def make(datasets: list[Dataset], **options: Any) -> ConvertedImage:
        return convert(datasets, UID(), 5, UID(), 1, **options)

    return make


@pytest.fixture
def talkative() -> list[Dataset]:
    """CT images that say all kinds of things, alike and each its own."""
    images = sources.ct_series(3)
    for index, image in enumerate(images):
        block = image.private_block(0x0009, "ACME", create=True)
        block.add_new(1, "LO", "same")
        block.add_new(2, "IS", str(index))
        image.SeriesDescription = "Thorax"
        image.ImageComments = "as seen"
        image.StationName = "ROOM1"
        image.ContrastBolusAgent = "Iodine"
        image.ExposureTime = "100"
        image.XRayTubeCurrent = str(100 + index)
        image.DerivationDescription = "filtered"
        image.IrradiationEventUID = "1.2.840.1"
        image.PerformingPhysicianName = "Müller^Jürgen"
        image.AnatomicRegionSequence = [CodedConcept("818981001", "SCT", "Abdomen")]
        other = Dataset()
        other.ReferencedSOPClassUID = image.SOPClassUID
        other.ReferencedSOPInstanceUID = images[(index + 1) % 3].SOPInstanceUID
        image.ReferencedImageSequence = [other]
        image.SourceImageSequence = [copy.deepcopy(other)]
    del images[1].WindowCenter
    images[1].PatientComments = "moved"
    return images
