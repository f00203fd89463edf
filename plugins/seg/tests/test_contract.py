"""What every IOD plugin promises, of segmentations; and a breakage for each rule."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.content import CodedConcept
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.testing import IODContract
from hdcore.testing.interop import dciodvfy
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide, us_cine
from hdcore.uid import UID
from pydicom.dataset import Dataset

from hdcore_seg import Segmentation, SegmentDescription

ORGAN = CodedConcept("91772007", "SCT", "Organ")
LIVER = CodedConcept("10200004", "SCT", "Liver")


def describe(number, **options):
    return SegmentDescription(number, f"Segment {number}", ORGAN, LIVER, "MANUAL", **options)


def make(sources, masks, kind="BINARY", numbers=(1, 2), **options):
    return Segmentation(
        sources,
        masks,
        kind,
        [describe(number, tracking_uid=UID(), tracking_id=f"t{number}") for number in numbers],
        series_instance_uid=UID(),
        series_number=2,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="1",
        **options,
    )


def labels(planes=4, rows=16, columns=16):
    masks = np.zeros((planes, rows, columns), np.uint8)
    masks[1, 3:6, 3:7] = 1
    masks[2, 8:12, 2:9] = 2
    return masks


def tiles():
    matrix = np.zeros((50, 70), np.uint8)
    matrix[3:20, 5:40], matrix[30:45, 20:60] = 1, 2
    return matrix


PALETTE = PaletteColorLUTTransformation.from_colors(["black", "red", "aqua"])
EXAMPLES = {
    "binary": lambda: make(ct_series(4, 16, 16), labels()),
    "all frames": lambda: make(ct_series(4, 16, 16), labels(), omit_empty_frames=False),
    "fractional": lambda: make(ct_series(4, 16, 16), labels() / 2, "FRACTIONAL", (1,)),
    "label map": lambda: make(ct_series(4, 16, 16), labels(), "LABELMAP"),
    "label map of 16 bits": lambda: make(
        ct_series(4, 16, 16), labels().astype(np.uint16) * 300, "LABELMAP", (300, 600)
    ),
    "palette": lambda: make(ct_series(4, 16, 16), labels(), "LABELMAP", palette_color_lut_transformation=PALETTE),
    "overlap": lambda: make(ct_series(4, 16, 16), np.stack([labels() > 0, labels() > 1], axis=-1)),
    "run lengths": lambda: make(ct_series(4, 16, 16), labels(), transfer_syntax_uid="1.2.840.10008.1.2.5"),
    "odd frames": lambda: make(ct_series(4, 15, 13), labels(4, 15, 13)),
    "multi-frame": lambda: make([enhanced_ct(4, 16, 16)], labels()),
    "sparse tiles": lambda: make([slide()], tiles(), tile_pixel_array=True),
    "all tiles": lambda: make([slide()], tiles(), tile_pixel_array=True, dimension_organization_type="TILED_FULL"),
    "label map of tiles": lambda: make([slide()], tiles(), "LABELMAP", tile_pixel_array=True),
    "projection": lambda: make([cr_image()], labels(4, 48, 40)[1]),
    "cine": lambda: make([us_cine()], labels(5, 24, 32)),
}


class TestSegmentations(IODContract):
    iod_name = "seg"

    def examples(self):
        return EXAMPLES

    def breakages(self):
        def setting(**values):
            def change(dataset):
                for keyword, value in values.items():
                    setattr(dataset, keyword, value)

            return change

        def without(keyword):
            return lambda dataset: dataset.__delattr__(keyword)

        return {
            "SEG001": setting(SegmentationType="TERNARY"),
            "SEG002": setting(Modality="CT"),
            "SEG003": ("fractional", without("SegmentationFractionalType")),
            "SEG004": ("fractional", without("MaximumFractionalValue")),
            "SEG005": ("fractional", setting(SegmentationFractionalType="GUESS")),
            "SEG006": setting(PhotometricInterpretation="MONOCHROME1"),
            "SEG007": ("label map", setting(PhotometricInterpretation="MONOCHROME1")),
            "SEG008": setting(SegmentsOverlap="MAYBE"),
            "SEG009": lambda dataset: setattr(dataset.SegmentSequence[0], "SegmentAlgorithmType", "AUTOMATIC"),
            "SEG010": setting(SegmentationType="LABELMAP"),
            "SEG011": setting(BitsStored=8),
            "SEG012": lambda dataset: setattr(dataset.SegmentSequence[1], "SegmentNumber", 3),
            "SEG013": lambda dataset: setattr(dataset.SegmentSequence[1], "SegmentNumber", 1),
            "SEG014": setting(ImageType=["DERIVED", "PRIMARY", "AXIAL"]),
            "SEG015": lambda dataset: dataset.SegmentSequence[0].__delattr__("TrackingID"),
            "SEG016": ("label map", setting(SegmentsOverlap="YES")),
            "SEG017": ("palette", without("ICCProfile")),
            "SEG020": setting(NumberOfFrames=1),
            "SEG021": lambda dataset: _item(dataset, 0, "SegmentIdentification", ReferencedSegmentNumber=9),
            "SEG022": lambda dataset: _item(dataset, 0, "FrameContent", DimensionIndexValues=[1, 0]),
            "SEG023": lambda dataset: _item(dataset, 0, "FrameContent", DimensionIndexValues=[2, 1]),
            "SEG024": lambda dataset: setattr(dataset.DimensionIndexSequence[0], "DimensionOrganizationUID", "1.2.3"),
            "SEG025": (
                "sparse tiles",
                lambda dataset: _item(dataset, 0, "PlanePositionSlide", RowPositionInTotalImagePixelMatrix=999),
            ),
            "SEG026": lambda dataset: dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence.clear(),
            "SEG027": ("label map", _name_a_segment),
            "SEG030": lambda dataset: setattr(dataset, "PixelData", dataset.PixelData + b"\0\0"),
            "SEG031": ("label map", lambda dataset: setattr(dataset, "PixelData", b"\7" + dataset.PixelData[1:])),
            "SEG032": ("fractional", setting(MaximumFractionalValue=100)),
        }


def _item(dataset, frame, group, **values):
    item = getattr(dataset.PerFrameFunctionalGroupsSequence[frame], f"{group}Sequence")[0]
    for keyword, value in values.items():
        setattr(item, keyword, value)


def _name_a_segment(dataset):
    item = Dataset()
    item.ReferencedSegmentNumber = 1
    dataset.PerFrameFunctionalGroupsSequence[0].SegmentIdentificationSequence = [item]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_conforms(kind):
    assert dciodvfy(EXAMPLES[kind]()) == []
