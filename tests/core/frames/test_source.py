from __future__ import annotations

import numpy as np
import pytest

from hdcore import CoordinateSystemNames
from hdcore.frames.source import Source
from hdcore.model.element import stored
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide, us_cine


def test_a_series_has_one_plane_per_image_in_the_order_given():
    images = ct_series(3)[::-1]
    source = Source.of(images)
    assert len(source) == 3
    assert source.coordinate_system is CoordinateSystemNames.PATIENT
    assert source.positions().tolist() == [list(image.ImagePositionPatient) for image in images]
    assert source.image_orientation == (1, 0, 0, 0, 1, 0)
    assert source.pixel_spacing == (0.75, 0.75)
    assert source.slice_thickness == 2.5
    assert not source.is_multiframe
    assert source.images == tuple(images)


def test_a_multiframe_image_has_one_plane_per_frame_and_stays_unparsed():
    image = enhanced_ct(frames=4)
    source = Source.of([image])
    assert source.is_multiframe
    assert source.planes["frame_number"].tolist() == [1, 2, 3, 4]
    assert source.positions().shape == (4, 3)
    assert source.spacing_between_slices == 2.5


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_tiles_of_a_slide_have_places_in_the_matrix(organization):
    source = Source.of([slide(organization=organization)])
    assert source.coordinate_system is CoordinateSystemNames.SLIDE
    assert source.is_tiled
    assert source.total_pixel_matrix_size == (50, 70)
    assert source.planes["column_position"].tolist()[:3] == [1, 17, 33]
    assert len(source.plane_positions()) == 20
    assert source.total_pixel_matrix_origin is not None


def test_computed_and_stored_tiles_lie_at_the_same_places():
    full = Source.of([slide(organization="TILED_FULL")])
    sparse = Source.of([slide(organization="TILED_SPARSE")])
    np.testing.assert_allclose(full.positions(), sparse.positions())
    assert full.plane_orientation() == sparse.plane_orientation()


@pytest.mark.parametrize("image", [cr_image(), us_cine()])
def test_images_without_a_frame_of_reference_have_no_positions(image):
    source = Source.of([image])
    assert source.coordinate_system is None
    assert source.plane_orientation() is None
    with pytest.raises(ValueError, match="no position"):
        source.plane_positions()


def test_planes_are_described_in_the_sequences_of_the_contract():
    source = Source.of(ct_series(2))
    assert source.pixel_measures()[0].PixelSpacing == [0.75, 0.75]
    assert source.plane_orientation().cosines == (1, 0, 0, 0, 1, 0)
    assert [position[0].ImagePositionPatient[2] for position in source.plane_positions()] == [-50, -47.5]


def test_raw_elements_are_read_without_being_parsed(tmp_path):
    import pydicom

    ct_series(1)[0].save_as(tmp_path / "image.dcm", enforce_file_format=True)
    image = pydicom.dcmread(tmp_path / "image.dcm")
    assert Source.of([image]).pixel_spacing == (0.75, 0.75)
    assert stored(image, "ImagePositionPatient").is_raw


def test_anatomy_is_copied_where_all_images_agree():
    images = ct_series(2)
    for image in images:
        image.Laterality = "L"
    images[1].Laterality = "R"
    target = cr_image()
    del target.BodyPartExamined
    Source.of(images).copy_anatomy(target)
    assert target.BodyPartExamined == "ABDOMEN"
    assert "Laterality" not in target


def _changed(keyword, value):
    images = ct_series(3)
    setattr(images[1], keyword, value)
    return images


@pytest.mark.parametrize(
    ("images", "error", "match"),
    [
        ([], ValueError, "source_images is empty"),
        (ct_series(1)[0], TypeError, "expected a sequence of datasets"),
        (["file.dcm"], TypeError, r"source_images\[0\] is a str"),
        (ct_series(1) * 2, ValueError, "more than once"),
        ([enhanced_ct(seed=1), *ct_series(1, seed=2)], ValueError, "multi-frame"),
        (_changed("PatientID", "other"), ValueError, "differ in PatientID"),
        (_changed("StudyInstanceUID", "1.9"), ValueError, "differ in StudyInstanceUID"),
        (_changed("SeriesInstanceUID", "1.9"), ValueError, "differ in SeriesInstanceUID"),
        (_changed("FrameOfReferenceUID", "1.9"), ValueError, "differ in FrameOfReferenceUID"),
        (_changed("Rows", 31), ValueError, r"differ in size \(Rows, Columns\): \(31, 32\), \(32, 32\)"),
        (_changed("ImageOrientationPatient", [0, 1, 0, 1, 0, 0]), ValueError, "differ in ImageOrientationPatient"),
    ],
)
def test_sources_that_do_not_belong_together_are_refused(images, error, match):
    with pytest.raises(error, match=match):
        Source.of(images)


def test_what_is_no_image_is_refused():
    images = ct_series(2)
    del images[1].Rows
    with pytest.raises(AttributeError, match=r"source_images\[1\] has no Rows"):
        Source.of(images)
