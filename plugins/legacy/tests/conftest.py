"""What the tests of conversions share."""

from __future__ import annotations

import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hdcore import validate
from hdcore.content.code import CodedConcept
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from hdcore.uid import UID
from pydicom.dataset import Dataset

from hdcore_legacy import convert, lceread, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from hdcore_legacy.converted import ConvertedImage


@pytest.fixture
def converted() -> Callable[..., ConvertedImage]:
    def make(datasets: list[Dataset], **options: Any) -> ConvertedImage:
        return convert(datasets, UID(), 5, UID(), 1, **options)

    return make


@pytest.fixture
def round_trip() -> Callable[..., None]:
    """Check that an image conforms, and that it is split into what it was made of."""

    def said_by(dataset: Dataset) -> dict[str, Any]:
        said: dict[str, Any] = dataset.to_json_dict(bulk_data_threshold=1 << 30)
        said.pop("00080005")
        for element in said.values():
            element["vr"] = element["vr"].replace("US or SS", "US")
        return said

    def check(image: ConvertedImage, originals: list[Dataset]) -> None:
        assert_conformant(image)
        assert validate(image), validate(image)
        buffer = BytesIO()
        image.save_as(buffer)
        singles = {str(one.SOPInstanceUID): one for one in split(lceread(buffer.getvalue()))}
        for original in originals:
            assert said_by(singles[str(original.SOPInstanceUID)]) == said_by(original)

    return check


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
