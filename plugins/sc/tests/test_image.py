from __future__ import annotations

from io import BytesIO

import hdcore as hd
import numpy as np
import pydicom
import pytest
from captures import BITS, HEADER, PIXELS, capture, frames_of, multiframe, slide_capture, specimens
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant

LOSSLESS = {
    "native": "1.2.840.10008.1.2.1",
    "implicit": "1.2.840.10008.1.2",
    "deflated": "1.2.840.10008.1.2.1.99",
    "RLE": "1.2.840.10008.1.2.5",
    "JPEG-LS": "1.2.840.10008.1.2.4.80",
    "JPEG 2000": "1.2.840.10008.1.2.4.90",
}


def saved(instance):
    buffer = BytesIO()
    instance.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", BITS)
def test_captures_conform_to_the_standard(kind):
    assert_conformant(capture(kind, transfer_syntax_uid=LOSSLESS["native"]))
    assert_conformant(multiframe(kind))


def test_a_slide_conforms_to_the_standard():
    assert_conformant(slide_capture())


@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("syntax", LOSSLESS)
def test_pixels_come_back_as_they_went_in(kind, syntax):
    if kind == "bit" and syntax == "JPEG-LS":
        with pytest.raises(ValueError, match="MONOCHROME2"):
            capture(kind, transfer_syntax_uid=LOSSLESS[syntax])
        return
    parameters = {"transfer_syntax_uid": LOSSLESS[syntax]}
    if kind == "rgb" and syntax == "JPEG 2000":
        pytest.importorskip("openjpeg", reason="JPEG 2000 needs pylibjpeg-openjpeg")
        parameters["photometric_interpretation"] = "YBR_RCT"
    if syntax == "JPEG 2000":
        pytest.importorskip("openjpeg", reason="JPEG 2000 needs pylibjpeg-openjpeg")
    again = hd.read(saved(capture(kind, **parameters)))
    assert isinstance(again, hd.sc.SCImage)
    assert np.array_equal(again.pixel_array, PIXELS[kind])
    many = hd.read(saved(multiframe(kind, **parameters)))
    assert isinstance(many, hd.sc.MultiFrameSCImage)
    assert np.array_equal(many.pixel_array, frames_of(kind))


def test_pydicom_reads_what_was_written():
    for kind in ("byte", "word", "rgb"):
        dataset = pydicom.dcmread(BytesIO(saved(multiframe(kind))))
        assert np.array_equal(dataset.pixel_array, frames_of(kind))


def test_patient_study_body_part_and_equipment_come_from_the_reference(ct):
    made = capture()
    for keyword in ("PatientID", "StudyInstanceUID", "StudyDate", "BodyPartExamined", "AccessionNumber"):
        assert made[keyword] == ct[keyword]
    assert made.ContributingEquipmentSequence[0].Manufacturer == ct.Manufacturer
    assert "FrameOfReferenceUID" not in made


def test_specimens_come_from_the_reference_slide():
    from hdcore.testing import sources

    slide = sources.slide()
    made = hd.sc.SCImage.from_ref_dataset(
        slide, PIXELS["rgb"], photometric_interpretation="RGB", bits_allocated=8, coordinate_system="SLIDE", **HEADER
    )
    assert made.ContainerIdentifier == slide.ContainerIdentifier
    assert made.SpecimenDescriptionSequence[0].SpecimenUID == slide.SpecimenDescriptionSequence[0].SpecimenUID
    assert "PatientOrientation" in made


def test_sop_class_of_several_frames_follows_from_the_pixels():
    classes = {kind: multiframe(kind).SOPClassUID[-1] for kind in BITS}
    assert classes == {"bit": "1", "byte": "2", "word": "3", "12 bits": "3", "rgb": "4"}


def test_lossy_compression_is_declared():
    made = capture("rgb", transfer_syntax_uid="1.2.840.10008.1.2.4.50", photometric_interpretation="YBR_FULL_422")
    assert made.LossyImageCompression == "01"
    assert made.LossyImageCompressionMethod == "ISO_10918_1"


REFUSED = {
    "no orientation": ({"patient_orientation": None}, TypeError, "patient_orientation is required"),
    "half an orientation": ({"patient_orientation": ("L",)}, ValueError, "expected a pair"),
    "orientation of nowhere": ({"patient_orientation": ("L", "Z")}, ValueError, "'Z'"),
    "colour as monochrome": ({"pixel_array": PIXELS["rgb"]}, ValueError, "are RGB or one of YBR"),
    "monochrome as colour": ({"photometric_interpretation": "RGB"}, ValueError, "MONOCHROME1 or MONOCHROME2"),
    "no array": ({"pixel_array": [[1, 2], [3, 4]]}, TypeError, "pixel_array is list; expected a NumPy array"),
    "floats": ({"pixel_array": PIXELS["byte"].astype(float)}, TypeError, "float64"),
    "signed": ({"pixel_array": PIXELS["byte"].astype(np.int16)}, TypeError, "int16"),
    "too many bits": ({"pixel_array": PIXELS["word"]}, ValueError, "bits_allocated is 8"),
    "unknown bits": ({"bits_allocated": 10}, ValueError, "bits_allocated is 10"),
    "four axes": ({"pixel_array": frames_of("rgb")}, ValueError, "MultiFrameSCImage"),
    "four samples": ({"pixel_array": np.zeros((3, 3, 4), np.uint8)}, ValueError, "4 samples"),
    "unknown syntax": ({"transfer_syntax_uid": "1.2.3"}, ValueError, r"1\.2\.3"),
    "spacing": ({"pixel_spacing": (0.0, 1.0)}, ValueError, "two positive numbers"),
    "spacing of one": ({"pixel_spacing": 1.0}, ValueError, "two positive numbers"),
    "orientation that is a number": ({"patient_orientation": 5}, ValueError, "expected a pair"),
    "slide without container": ({"coordinate_system": "SLIDE"}, TypeError, "container_identifier"),
    "unknown conversion": ({"conversion_type": "X"}, ValueError, "ConversionTypeValues"),
    "JPEG of 16 bits": (
        {"pixel_array": PIXELS["word"], "bits_allocated": 16, "transfer_syntax_uid": "1.2.840.10008.1.2.4.50"},
        ValueError,
        "16",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_become_a_capture_is_refused(what):
    parameters, error, message = REFUSED[what]
    with pytest.raises(error, match=message):
        capture(**parameters)


def test_a_side_is_unknown_where_the_body_part_may_be_one_of_a_pair():
    shown = {"patient_orientation": ("L", "F")}
    given = HEADER | {
        "photometric_interpretation": "MONOCHROME2",
        "bits_allocated": 8,
        "coordinate_system": "PATIENT",
        "study_instance_uid": hd.UID(),
    }
    made = (
        hd.sc.SCImage(PIXELS["byte"], **given, **shown),
        hd.sc.MultiFrameSCImage(frames_of("byte"), **given, subject=shown),
    )
    for one in made:
        assert one.Laterality is None
        assert_conformant(one)
    assert capture(laterality="R").Laterality == "R"
    assert "Laterality" not in capture()  # of the abdomen


def test_several_frames_without_a_sop_class_are_refused():
    with pytest.raises(ValueError, match="MONOCHROME2"):
        multiframe(photometric_interpretation="MONOCHROME1")
    with pytest.raises(ValueError, match="frame_time"):
        multiframe(frame_time=0)
    with pytest.raises(ValueError, match="frame_time is 'a'"):
        multiframe(frame_time="a")
    with pytest.raises(ValueError, match="pixel_array has no frames"):
        hd.sc.MultiFrameSCImage(
            frames_of("byte")[:0], "MONOCHROME2", 8, "PATIENT", "1.2.3", **HEADER, subject={"patient_orientation": "LF"}
        )
    with pytest.raises(TypeError, match="subject has 'side'; expected anatomical_orientation_type"):
        multiframe(subject={"side": "L"})
    with pytest.raises(TypeError, match="pixel_array is tuple"):
        hd.sc.MultiFrameSCImage((1, 2), "RGB", 8, "PATIENT", "1.2.3", **HEADER)


def test_several_frames_of_a_slide_and_pictures_of_one_conform():
    parameters = {"photometric_interpretation": "RGB", "bits_allocated": 8, "coordinate_system": "SLIDE", **HEADER}
    assert_conformant(hd.sc.MultiFrameSCImage.from_ref_dataset(sources.slide(), frames_of("rgb"), **parameters))
    assert_conformant(hd.sc.SCImage.from_picture(PIXELS["rgb"], sources.slide()))


def test_quadrupeds_have_directions_of_their_own():
    made = capture(patient_orientation=("CR", "DI"), anatomical_orientation_type="QUADRUPED")
    assert list(made.PatientOrientation) == ["CR", "DI"]
    with pytest.raises(ValueError, match="quadruped"):
        capture(patient_orientation=("CR", "A"), anatomical_orientation_type="QUADRUPED")


def test_other_instances_are_refused_by_the_readers(ct):
    with pytest.raises(ValueError, match="Secondary Capture"):
        hd.sc.SCImage.from_dataset(ct)
    with pytest.raises(ValueError, match="secondary capture"):
        hd.sc.scread(ct)


def test_scread_reads_both_kinds_lazily(tmp_path):
    for make in (capture, multiframe):
        path = tmp_path / "capture.dcm"
        made = make("rgb")
        made.save_as(path)
        again = hd.sc.scread(path, lazy_frame_retrieval=True)
        assert np.array_equal(again.get_stored_frame(1), PIXELS["rgb"])


DIFFERENT = {
    # of the moment, or of the library
    "InstanceCreationDate",
    "InstanceCreationTime",
    "ContentTime",
    "TimeOfSecondaryCapture",
    "ContributingEquipmentSequence[1].Manufacturer",
    "ContributingEquipmentSequence[1].ManufacturerModelName",
    "ContributingEquipmentSequence[1].SoftwareVersions",
    "ContributingEquipmentSequence[1].ContributionDateTime",
    "ContributingEquipmentSequence[1].ContributionDescription",
    "PatientAge",  # copied with the other attributes of Patient Study (PS3.3 C.7.2.2)
}
OF_PATIENTS = {
    "BodyPartExamined",  # copied (PS3.3 C.7.3.1)
    "ContributingEquipmentSequence[0].ContributionDateTime",  # when the source was acquired, where it says so
}
OF_SLIDES = {"PatientOrientation"}  # type 2C where there is no Image Orientation (Patient) (PS3.3 C.7.6.1)
PADDED = {"PixelData"}  # of odd length: with a null byte when it is written (PS3.5 8.1.1), by highdicom with a "0"


def made_by(library, kind, *, is_slide, **options):
    parameters = {
        "pixel_array": PIXELS[kind],
        "photometric_interpretation": "RGB" if kind == "rgb" else "MONOCHROME2",
        "bits_allocated": BITS[kind],
        "coordinate_system": "SLIDE" if is_slide else "PATIENT",
        "pixel_spacing": (0.5, 0.25),
        **HEADER,
        **options,
    }
    if is_slide:
        specimen = library.SpecimenDescription(specimen_id="S1", specimen_uid="1.2.3.9")
        parameters |= {"container_identifier": "C1", "specimen_descriptions": [specimen]}
    else:
        parameters |= {"patient_orientation": ("L", "F"), "laterality": "R"}
    return library.sc.SCImage.from_ref_dataset(sources.slide() if is_slide else sources.ct_series(1)[0], **parameters)


def differing(ours, theirs, where=""):
    """Names of the attributes, at every depth, whose values differ or that one of two datasets lacks."""
    for tag in sorted(ours.keys() | theirs.keys()):
        name = where + (ours if tag in ours else theirs)[tag].keyword
        if tag not in ours or tag not in theirs:
            yield name
        elif ours[tag].VR == "SQ" and len(ours[tag].value) == len(theirs[tag].value):
            for index, items in enumerate(zip(ours[tag].value, theirs[tag].value, strict=True)):
                yield from differing(*items, f"{name}[{index}].")
        elif str(ours[tag].value) != str(theirs[tag].value):
            yield name


@pytest.mark.parametrize("is_slide", [False, True])
@pytest.mark.parametrize("kind", ["byte", "word", "rgb"])
@pytest.mark.parametrize("syntax", ["native", "implicit", "RLE"])
def test_highdicom_makes_the_same_but_for_what_it_leaves_out(syntax, kind, is_slide):
    highdicom = pytest.importorskip("highdicom", reason="compares with highdicom")
    ours, theirs = (
        made_by(library, kind, is_slide=is_slide, transfer_syntax_uid=LOSSLESS[syntax]) for library in (hd, highdicom)
    )
    is_padded = syntax != "RLE" and kind != "word"
    found = set(differing(ours, theirs))
    assert found - DIFFERENT == (OF_SLIDES if is_slide else OF_PATIENTS) | (PADDED if is_padded else set())


def test_bits_of_small_frames_share_bytes():
    bits = np.array([[[True, False], [True, True]], [[False, True], [False, False]]])
    made = hd.sc.MultiFrameSCImage.from_ref_dataset(
        capture(),
        bits,
        photometric_interpretation="MONOCHROME2",
        bits_allocated=1,
        coordinate_system="PATIENT",
        subject={"patient_orientation": ("L", "F")},
        **HEADER,
    )
    assert made.PixelData == bytes([0b00101101, 0])
    assert np.array_equal(hd.read(saved(made)).pixel_array, bits)


def test_specimens_may_be_given():
    made = hd.sc.SCImage.from_ref_dataset(
        slide_capture(),
        PIXELS["byte"],
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8,
        coordinate_system="SLIDE",
        container_identifier="other",
        specimen_descriptions=specimens(),
        **HEADER,
    )
    assert made.ContainerIdentifier == "other"


def test_captures_become_json():
    import json

    made = capture()
    assert json.loads(made.to_json())["00080018"]["Value"] == [made.SOPInstanceUID]
