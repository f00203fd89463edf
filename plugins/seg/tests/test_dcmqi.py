"""dcmqi, which builds on DCMTK and ITK, reads what hdcore writes, and hdcore reads what dcmqi writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig

import numpy as np
import pytest
from hdcore.frames.series import get_volume_from_series
from hdcore.testing.sources import ct_series
from seg_making import describe, make

from hdcore_seg import Segmentation, segread

nibabel = pytest.importorskip("nibabel", reason="dcmqi is given and gives NIfTI files")
pytest.importorskip("dcmqi", reason="dcmqi is the other program")

OBLIQUE = (0.8, 0.6, 0.0, -0.48, 0.64, 0.6)
SOURCES = {
    "axial": ct_series(4, 24, 20),
    "sagittal": ct_series(4, 24, 20, image_orientation=(0, 1, 0, 0, 0, -1)),
    "oblique": ct_series(4, 24, 20, image_orientation=OBLIQUE),
}


def labels():
    array = np.zeros((4, 24, 20), np.uint8)
    array[0, 3:9, 2:12], array[2, 4:11, 5:9], array[1, 14:20, 6:18] = 1, 1, 2
    return array


def run(tool, *arguments):
    path = shutil.which(tool, path=sysconfig.get_path("scripts"))
    assert path is not None, tool
    done = subprocess.run([path, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def mask_of(images, array):
    """Place a label map, whose planes are those of the images, in space."""
    volume = get_volume_from_series(images)
    positions = [[float(x) for x in image.ImagePositionPatient] for image in images]
    wanted = [positions.index([float(x) for x in p[0].ImagePositionPatient]) for p in volume.get_plane_positions()]
    return volume.with_array(array[wanted])


def read_by_dcmqi(path, like, folder):
    """Give the label map that dcmqi makes of a segmentation."""
    folder.mkdir()
    run("segimage2itkimage", "--inputDICOM", path, "--outputDirectory", folder, "-t", "nii", "--mergeSegments")
    (file,) = folder.glob("*.nii.gz")
    found = like.from_nibabel(nibabel.load(file), "PATIENT", frame_of_reference_uid=like.frame_of_reference_uid)
    return found.astype(np.uint8).match_geometry(like, tol=1e-3).array


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_dcmqi_reads_what_hdcore_writes(tmp_path, source, kind):
    images = SOURCES[source]
    make(images, labels(), kind).save_as(tmp_path / "seg.dcm")
    expected = mask_of(images, labels())
    found = read_by_dcmqi(tmp_path / "seg.dcm", expected, tmp_path / "out")
    if kind == "FRACTIONAL":
        np.testing.assert_array_equal(found != 0, expected.array != 0)
    else:
        np.testing.assert_array_equal(found, expected.array)


@pytest.mark.parametrize("kind", ["FRACTIONAL", "LABELMAP"])
def test_dcmqi_reads_run_lengths_of_bytes(tmp_path, kind):
    images = SOURCES["axial"]
    make(images, labels(), kind, transfer_syntax_uid="1.2.840.10008.1.2.5").save_as(tmp_path / "seg.dcm")
    expected = mask_of(images, labels())
    found = read_by_dcmqi(tmp_path / "seg.dcm", expected, tmp_path / "out")
    np.testing.assert_array_equal(found != 0, expected.array != 0)


@pytest.mark.parametrize("compression", ["none", "rle", "deflate"])
def test_dcmqi_makes_a_label_map_of_bits(tmp_path, compression):
    images = SOURCES["axial"]
    make(images, labels()).save_as(tmp_path / "bits.dcm")
    options = ("--inputDICOM", tmp_path / "bits.dcm", "--outputDICOM", tmp_path / "map.dcm", "--compress", compression)
    run("bin2labelsegimage", *options)
    found = segread(tmp_path / "map.dcm")
    uids = [image.SOPInstanceUID for image in images]
    read = found.get_pixels_by_source_instance(uids, combine_segments=True, assert_missing_frames_are_empty=True)
    np.testing.assert_array_equal(read, labels())


def _metadata():
    code = {"CodeValue": "91772007", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Organ"}
    described = [
        {
            "labelID": number,
            "SegmentLabel": f"Segment {number}",
            "SegmentAlgorithmType": "MANUAL",
            "SegmentedPropertyCategoryCodeSequence": code,
            "SegmentedPropertyTypeCodeSequence": code | {"CodeValue": "10200004", "CodeMeaning": "Liver"},
        }
        for number in (1, 2)
    ]
    return {"SeriesDescription": "s", "SeriesNumber": "3", "InstanceNumber": "1", "segmentAttributes": [described]}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", ["binary", "labelmap"])
def test_hdcore_reads_what_dcmqi_writes(tmp_path, source, kind):
    images = SOURCES[source]
    paths = [tmp_path / f"{number}.dcm" for number in range(len(images))]
    for image, path in zip(images, paths, strict=True):
        image.save_as(path, enforce_file_format=True)
    expected = mask_of(images, labels())
    segmentation = Segmentation.from_mask(expected, images, [describe(1), describe(2)])
    segmentation.save_nifti(tmp_path / "labels.nii.gz")
    (tmp_path / "about.json").write_text(json.dumps(_metadata()))
    run(
        "itkimage2segimage",
        *("--inputImageList", tmp_path / "labels.nii.gz"),
        *("--inputDICOMList", ",".join(map(str, paths))),
        *("--inputMetadata", tmp_path / "about.json"),
        *("--outputDICOM", tmp_path / "seg.dcm"),
        *("--segmentationType", kind),
    )
    read = segread(tmp_path / "seg.dcm")
    assert read.segmentation_type.value == kind.upper()
    assert read.get_segment_numbers(segment_label="Segment 2") == [2]
    np.testing.assert_array_equal(read.get_volume(combine_segments=True).match_geometry(expected).array, expected.array)
    for other in ("BINARY", "FRACTIONAL", "LABELMAP"):
        volume = read.convert(other).get_volume(combine_segments=True)
        np.testing.assert_array_equal(volume.match_geometry(expected).array, expected.array)
    assert [segment.SegmentNumber for _, _, segment in read.iter_segments()] == [1, 2]
    first = [1] * len(read.get_default_dimension_index_pointers())
    assert read.get_pixels_by_dimension_index_values([first], segment_numbers=[1]).shape == (1, 24, 20, 1)
