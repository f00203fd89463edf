from __future__ import annotations

import numpy as np
from pydicom.dataset import Dataset

from hdcore.frames import codec, references
from hdcore.frames.groups import DERIVATION_IMAGE
from hdcore.frames.source import Source
from hdcore.frames.table import FrameTable
from hdcore.testing.sources import ct_series, enhanced_ct, mr_series

DERIVATION = ("113076", "DCM", "Segmentation")


def _written(derivations):
    dataset = Dataset()
    dataset.NumberOfFrames = len(derivations)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    codec.put_groups(dataset, FrameTable(len(derivations), {"derivations": derivations}), (DERIVATION_IMAGE,))
    return dataset.PerFrameFunctionalGroupsSequence


def test_each_frame_refers_to_the_plane_it_was_derived_from():
    images = ct_series(3)
    frames = _written(references.derivations_of(Source.of(images), np.array([2, -1, 0]), DERIVATION))
    assert [len(frame.DerivationImageSequence) for frame in frames] == [1, 0, 1]
    derivation = frames[0].DerivationImageSequence[0]
    assert derivation.DerivationCodeSequence[0].CodeValue == "113076"
    (source,) = derivation.SourceImageSequence
    assert source.ReferencedSOPInstanceUID == images[2].SOPInstanceUID
    assert source.SpatialLocationsPreserved == "YES"
    assert source.PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
    assert "ReferencedFrameNumber" not in source


def test_frames_of_a_multiframe_image_are_referred_to_by_number():
    image = enhanced_ct(4)
    further = mr_series(2)
    frames = _written(
        references.derivations_of(Source.of([image]), np.array([3, 3]), DERIVATION, further_images=further)
    )
    for frame in frames:
        source, *others = frame.DerivationImageSequence[0].SourceImageSequence
        assert source.ReferencedFrameNumber == 4
        assert [other.ReferencedSOPInstanceUID for other in others] == [image.SOPInstanceUID for image in further]
        assert all("ReferencedFrameNumber" not in other for other in others)


def test_all_instances_are_listed_by_study_and_series():
    images, others, strangers = ct_series(2), mr_series(1), mr_series(1, seed=5)
    dataset = Dataset()
    dataset.StudyInstanceUID = images[0].StudyInstanceUID
    others[0].StudyInstanceUID = dataset.StudyInstanceUID
    strangers[0].StudyInstanceUID = "1.2.3"
    references.put_instance_references(dataset, [*images, *others, *strangers, images[0]])
    assert [len(series.ReferencedInstanceSequence) for series in dataset.ReferencedSeriesSequence] == [2, 1]
    (study,) = dataset.StudiesContainingOtherReferencedInstancesSequence
    assert study.StudyInstanceUID == "1.2.3"
    assert study.ReferencedSeriesSequence[0].SeriesInstanceUID == strangers[0].SeriesInstanceUID


def test_source_images_are_listed():
    dataset = Dataset()
    references.put_source_images(dataset, ct_series(2))
    assert len(dataset.SourceImageSequence) == 2
