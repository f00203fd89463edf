from __future__ import annotations

import pytest

from hdcore import SOPClass
from hdcore.frames import derived
from hdcore.frames.source import Source
from hdcore.testing.sources import cr_image, ct_series, mr_series, slide

JPEG_LS_NEAR, NATIVE = "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.1"


def _instance():
    return SOPClass("1.2", "1.3", 1, "1.4", "1.2.840.10008.5.1.4.1.1.30", 1, "OT")


def test_patient_study_and_place_are_those_of_the_source():
    (image,) = ct_series(1)
    instance = _instance()
    derived.put_source_entities(instance, Source.of([image]))
    for keyword in ("PatientID", "StudyInstanceUID", "FrameOfReferenceUID", "BodyPartExamined"):
        assert instance[keyword].value == image[keyword].value
    assert "ContainerIdentifier" not in instance


def test_an_image_on_a_slide_has_the_specimen_of_the_source():
    instance = _instance()
    derived.put_source_entities(instance, Source.of([slide()]))
    assert instance.ContainerIdentifier == "S1"


def test_an_image_without_a_frame_of_reference_has_the_patient_orientation_of_the_source():
    instance = _instance()
    derived.put_source_entities(instance, Source.of([cr_image()]))
    assert instance.PatientOrientation == ["L", "F"]
    assert "FrameOfReferenceUID" not in instance


def test_lossy_compression_is_told_of_the_source_and_of_the_instance():
    (image,) = ct_series(1)
    instance = _instance()
    derived.put_lossy_compression(instance, [image], NATIVE)
    assert instance.LossyImageCompression == "00"
    image.LossyImageCompression = "01"
    image.LossyImageCompressionMethod, image.LossyImageCompressionRatio = "ISO_10918_1", "10"
    derived.put_lossy_compression(instance, [image], NATIVE)
    assert (instance.LossyImageCompression, instance.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
    derived.put_lossy_compression(instance, [image], JPEG_LS_NEAR)
    assert instance.LossyImageCompressionMethod == ["ISO_10918_1", "ISO_14495_1"]


def test_further_images_are_of_the_same_study():
    source = Source.of(ct_series(1))
    (other,) = mr_series(1, seed=9)
    other.StudyInstanceUID = "1.9"
    with pytest.raises(ValueError, match=r"images of study 1\.9"):
        derived.check_same_study(source, [other])
