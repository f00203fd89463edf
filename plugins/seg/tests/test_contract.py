"""What every IOD plugin promises, of segmentations; and a breakage for each rule."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore import ContentCreatorIdentificationCodeSequence, ContributingEquipment, Volume
from hdcore.api import validate
from hdcore.color import CIELabColor
from hdcore.content import AlgorithmIdentificationSequence, CodedConcept
from hdcore.pixels.palette import PaletteColorLUTTransformation
from hdcore.testing import IODContract
from hdcore.testing.interop import dciodvfy
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, mr_series, pet_series, slide, us_cine
from hdcore.uid import UID
from pydicom.dataset import Dataset

from hdcore_seg import Segmentation, SegmentDescription

ORGAN = CodedConcept("91772007", "SCT", "Organ")
LIVER = CodedConcept("10200004", "SCT", "Liver")


def describe(number, **options):
    return SegmentDescription(number, f"Segment {number}", ORGAN, LIVER, "MANUAL", **options)


def _tracking(number):
    return {"tracking_uid": UID(), "tracking_id": f"t{number}"}


def make(sources, masks, kind="BINARY", numbers=(1, 2), **options):
    return Segmentation(
        sources,
        masks,
        kind,
        [
            describe(number, **({"tracking_uid": UID(), "tracking_id": f"t{number}"} if number else {}))
            for number in numbers
        ],
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


OBLIQUE = (0.8, 0.6, 0, -0.48, 0.64, 0.6)
ROTATED = np.array([[0.6, -0.96, 0.0, 5.0], [0.48, 0.768, -0.9, 1.0], [0.36, 0.576, 1.2, -9.0], [0, 0, 0, 1]])
STACKS = {"StackID": list("aabbb"), "InStackPositionNumber": [1, 2, 1, 2, 3]}
TIME = {"TemporalPositionIndex": [1, 1, 2, 2], "ImagePositionPatient": None}
RLE = "1.2.840.10008.1.2.5"


def own_grid():
    uid = ct_series(1)[0].FrameOfReferenceUID
    array = np.arange(90, dtype=np.uint8).reshape(3, 5, 6) % 3
    return Volume(array, ROTATED, "PATIENT", frame_of_reference_uid=uid)


def in_time():
    images = ct_series(2, 16, 16) + ct_series(2, 16, 16)
    for image in images:
        image.SOPInstanceUID = UID()
    return images


def projections(count):
    images = [cr_image() for _ in range(count)]
    for image in images:
        image.SOPInstanceUID = UID()
    return images


def described_in_full():
    images, others = ct_series(4, 16, 16), mr_series(2, 16, 16)
    for image in images:
        image.BodyPartExamined = "LIVER"
    for image in others:
        image.StudyInstanceUID, image.PatientID = images[0].StudyInstanceUID, images[0].PatientID
    model = AlgorithmIdentificationSequence("Model", CodedConcept("123110", "DCM", "Artificial Intelligence"), "1.0")
    described = SegmentDescription(
        1,
        "Liver",
        ORGAN,
        LIVER,
        "AUTOMATIC",
        algorithm_identification=model,
        tracking_uid=UID(),
        tracking_id="liver",
        anatomic_regions=[LIVER],
        primary_anatomic_structures=[LIVER],
        display_color=CIELabColor(50.0, 20.0, -20.0),
    )
    creator = ContentCreatorIdentificationCodeSequence(
        person_identification_codes=[CodedConcept("1", "99TEST", "Jane Doe")], institution_name="Hospital"
    )
    equipment = ContributingEquipment("Maker", CodedConcept("109103", "DCM", "Modifying Equipment"))
    return Segmentation(
        images,
        np.minimum(labels(), 1),
        "BINARY",
        [described],
        UID(),
        2,
        UID(),
        1,
        "Maker",
        "Model",
        ("1", "2"),
        "1",
        content_label="LIVER",
        content_description="A liver",
        content_creator_name="Doe^Jane",
        content_creator_identification=creator,
        contributing_equipment=[equipment],
        further_source_images=others,
    )


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
    "cine as label map": lambda: make([us_cine()], labels(5, 24, 32), "LABELMAP"),
    "cine in stacks": lambda: make([us_cine()], labels(5, 24, 32), dimensions=STACKS),
    "projections": lambda: make(projections(3), labels(3, 48, 40)),
    "occupancy": lambda: make(
        ct_series(4, 16, 16),
        np.stack([labels() * 0.3, labels() * 0.2], axis=-1),
        "FRACTIONAL",
        fractional_type="OCCUPANCY",
        max_fractional_value=100,
    ),
    "no pixels": lambda: make(ct_series(4, 16, 16), labels() * 0, omit_empty_frames=False),
    "segments without pixels": lambda: make(ct_series(4, 16, 16), np.minimum(labels(), 1), numbers=(1, 2, 3)),
    "background described": lambda: make(ct_series(4, 16, 16), labels(), "LABELMAP", (0, 1, 2)),
    "MR": lambda: make(mr_series(4, 16, 16), labels()),
    "PET": lambda: make(pet_series(4, 16, 16), labels(), "FRACTIONAL"),
    "oblique": lambda: make(ct_series(4, 16, 16, image_orientation=OBLIQUE), labels(), "LABELMAP"),
    "in time": lambda: make(in_time(), labels(), dimensions=TIME),
    "own grid": lambda: make(ct_series(4, 16, 16), own_grid()),
    "own grid as label map": lambda: make(ct_series(4, 16, 16), own_grid(), "LABELMAP"),
    "channels": lambda: make(
        ct_series(4, 16, 16),
        own_grid().with_array(np.ones((3, 5, 6, 2), np.uint8), channels={"ReferencedSegmentNumber": [2, 1]}),
    ),
    "label map of run lengths": lambda: make(
        ct_series(4, 16, 16), labels(), "LABELMAP", transfer_syntax_uid=RLE, use_extended_offset_table=True
    ),
    "JPEG-LS": lambda: make(ct_series(4, 16, 16), labels(), "LABELMAP", transfer_syntax_uid="1.2.840.10008.1.2.4.80"),
    "JPEG 2000": lambda: make(
        ct_series(4, 16, 16), labels(), "FRACTIONAL", transfer_syntax_uid="1.2.840.10008.1.2.4.90", workers=2
    ),
    "shares of tiles": lambda: make([slide()], tiles(), "FRACTIONAL", tile_pixel_array=True, tile_size=(20, 24)),
    "all tiles of a label map": lambda: make(
        [slide()], tiles(), "LABELMAP", tile_pixel_array=True, dimension_organization_type="TILED_FULL"
    ),
    "tiles one by one": lambda: make([slide(organization="TILED_SPARSE")], np.ones((20, 16, 16), bool), numbers=(1,)),
    "level of a pyramid": lambda: make(
        [slide()], tiles(), tile_pixel_array=True, pyramid_uid="1.2.3", pyramid_label="p"
    ),
    "described in full": described_in_full,
    "converted": lambda: make(ct_series(4, 16, 16), labels()).convert("LABELMAP", transfer_syntax_uid=RLE),
    "converted to shares": lambda: make([us_cine()], labels(5, 24, 32), "LABELMAP").convert("FRACTIONAL"),
    "converted tiles": lambda: make(
        [slide()], tiles(), tile_pixel_array=True, dimension_organization_type="TILED_FULL"
    ).convert("LABELMAP"),
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
            "SEG018": ("label map", setting(PresentationLUTShape="INVERSE")),
            "SEG019": ("sparse tiles", without("ImageOrientationSlide")),
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
            "SEG028": ("projection", _forget_the_source),
            "SEG029": lambda dataset: _derivation_code(dataset, "113077"),
            "SEG030": lambda dataset: setattr(dataset, "PixelData", dataset.PixelData + b"\0\0"),
            "SEG031": ("label map", lambda dataset: setattr(dataset, "PixelData", b"\7" + dataset.PixelData[1:])),
            "SEG032": ("fractional", setting(MaximumFractionalValue=100)),
            "SEG033": ("all frames", lambda dataset: setattr(dataset, "PixelData", b"\xff" * len(dataset.PixelData))),
        }


def _item(dataset, frame, group, **values):
    item = getattr(dataset.PerFrameFunctionalGroupsSequence[frame], f"{group}Sequence")[0]
    for keyword, value in values.items():
        setattr(item, keyword, value)


def _forget_the_source(dataset):
    for item in (*dataset.SharedFunctionalGroupsSequence, *dataset.PerFrameFunctionalGroupsSequence):
        item.pop("DerivationImageSequence", None)


def _derivation_code(dataset, value):
    derivation = dataset.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    derivation.DerivationCodeSequence[0].CodeValue = value


def _name_a_segment(dataset):
    item = Dataset()
    item.ReferencedSegmentNumber = 1
    dataset.PerFrameFunctionalGroupsSequence[0].SegmentIdentificationSequence = [item]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_conforms(kind):
    assert dciodvfy(EXAMPLES[kind]()) == []


def test_a_place_of_its_own_or_a_source_is_enough_for_a_frame():
    segmentation = EXAMPLES["binary"]()
    for frame in segmentation.PerFrameFunctionalGroupsSequence:
        del frame.DerivationImageSequence
    assert "SEG028" not in [found.code for found in validate(segmentation)]
    del segmentation.FrameOfReferenceUID
    assert "SEG028" in [found.code for found in validate(segmentation)]


def test_segments_at_other_places_do_not_overlap():
    masks = labels()
    masks[2] = 2
    masks[1] = 1
    segmentation = make(ct_series(4, 16, 16), masks)
    assert list(validate(segmentation)) == []
    segmentation.PerFrameFunctionalGroupsSequence[1].FrameContentSequence[0].DimensionIndexValues = [
        2,
        segmentation.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0].DimensionIndexValues[1],
    ]
    assert "SEG033" in [found.code for found in validate(segmentation)]
