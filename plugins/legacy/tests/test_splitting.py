from __future__ import annotations

import contextlib
import copy
from io import BytesIO

import hdcore as hd
import numpy as np
import pytest
from hdcore.testing import sources
from hdcore.testing.interop import assert_conformant
from pydicom import dcmread

from hdcore_legacy import find_stacks, lceread, split

KINDS = {
    "CT": lambda: sources.ct_series(3),
    "MR": lambda: sources.mr_series(3),
    "MR without a window": lambda: sources.mr_series(3, window=False),
    "PET": lambda: sources.pet_series(3),
}


def _said(dataset) -> dict:
    """What a dataset says, but for its character set; ambiguous value representations as they are written."""
    said = dataset.to_json_dict(bulk_data_threshold=1 << 30)
    said.pop("00080005")
    for element in said.values():
        element["vr"] = element["vr"].replace("US or SS", "US")
    return said


def _check(image, originals) -> None:
    singles = {str(one.SOPInstanceUID): one for one in split(image)}
    assert singles.keys() == {str(one.SOPInstanceUID) for one in originals}
    for original in originals:
        single = singles[str(original.SOPInstanceUID)]
        assert _said(single) == _said(original)
        np.testing.assert_array_equal(single.pixel_array, original.pixel_array)


@pytest.mark.parametrize("kind", KINDS)
def test_split_images_are_the_originals(converted, kind) -> None:
    series = KINDS[kind]()
    originals = copy.deepcopy(series)
    image = converted(series[::-1])
    buffer = BytesIO()
    image.save_as(buffer)
    _check(image, originals)
    _check(lceread(buffer.getvalue()), originals)
    for one in split(image):
        assert_conformant(one)


@pytest.mark.parametrize("kind", KINDS)
def test_images_of_implicit_representations_come_back(converted, kind) -> None:
    series = []
    for one in KINDS[kind]():
        one.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
        buffer = BytesIO()
        one.save_as(buffer, implicit_vr=True, little_endian=True, enforce_file_format=True)
        series.append(dcmread(BytesIO(buffer.getvalue())))
    originals = copy.deepcopy(series)
    buffer = BytesIO()
    converted(series).save_as(buffer)
    image = lceread(buffer.getvalue())
    assert image.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2"
    _check(image, originals)


@pytest.mark.parametrize("make", [sources.ct_series, sources.mr_series, sources.pet_series])
def test_a_single_image_is_converted_and_comes_back(converted, make) -> None:
    originals = make(1)
    image = converted(iter(copy.deepcopy(originals)))
    assert_conformant(image)
    assert hd.validate(image)
    buffer = BytesIO()
    image.save_as(buffer)
    _check(lceread(buffer.getvalue()), originals)


def test_images_that_say_much_are_the_originals_too(converted, talkative) -> None:
    originals = copy.deepcopy(talkative)
    _check(converted(talkative), originals)


def test_series_of_several_are_told_apart(converted) -> None:
    series = sources.ct_series(4)
    for image in series[2:]:
        image.SeriesInstanceUID = "1.2.840.99"
        image.SeriesNumber = 9
    originals = copy.deepcopy(series)
    _check(converted(series), originals)


def test_compressed_frames_stay_compressed(converted) -> None:
    image = converted(sources.ct_series(3), transfer_syntax_uid="1.2.840.10008.1.2.5")
    for one, expected in zip(split(image), sources.ct_series(3)[::-1], strict=True):
        assert one.transfer_syntax_uid == "1.2.840.10008.1.2.5"
        np.testing.assert_array_equal(one.get_stored_frame(1), expected.pixel_array)


def test_only_converted_images_are_split(converted) -> None:
    with pytest.raises(TypeError, match="converted"):
        split(sources.ct_series(1)[0])
    image = converted(sources.ct_series(2))
    del image.PerFrameFunctionalGroupsSequence[1].ConversionSourceAttributesSequence
    with pytest.raises(ValueError, match="Frame 2"):
        split(image)


def test_images_that_others_converted_are_split() -> None:
    legacy = pytest.importorskip("highdicom.legacy")
    series = sources.ct_series(3)
    theirs = legacy.LegacyConvertedEnhancedCTImage(series, hd.UID(), 1, hd.UID(), 1)
    buffer = BytesIO()
    theirs.save_as(buffer)
    singles = {str(one.SOPInstanceUID): one for one in split(lceread(buffer.getvalue()))}
    for original in series:
        single = singles[str(original.SOPInstanceUID)]
        np.testing.assert_array_equal(single.pixel_array, original.pixel_array)
        for keyword in ("ImagePositionPatient", "PixelSpacing", "InstanceNumber", "SeriesInstanceUID", "KVP"):
            assert single[keyword].value == original[keyword].value


def _save(folder, name, images) -> None:
    (folder / name).mkdir()
    for number, image in enumerate(images):
        image.save_as(folder / name / f"{number}.dcm", enforce_file_format=True)


def test_folder_is_sorted_into_stacks_that_convert(tmp_path, converted) -> None:
    ct, mr = sources.ct_series(6), sources.mr_series(4)
    _save(tmp_path, "ct", [*ct[:3], *ct[4:]])
    _save(tmp_path, "mr", mr)
    _save(tmp_path, "other", [sources.cr_image(), sources.enhanced_ct(frames=2), mr[0]])
    (tmp_path / "notes.txt").write_text("not an image")
    found = find_stacks(tmp_path)
    assert [(stack.modality, len(stack)) for stack in found] == [("MR", 4), ("CT", 3), ("CT", 2)]
    assert found[1].spacing == pytest.approx(2.5)
    assert "Cut at 1 steps" in found[1].note
    assert sorted(reason.split()[0] for _, reason in found.rejected) == ["has", "is", "is", "is"]
    for stack in found:
        converted(stack.load(), require_volume=True)


def test_damaged_files_are_rejected_whatever_the_damage_makes_pydicom_raise(tmp_path) -> None:
    buffer = BytesIO()
    sources.ct_series(1)[0].save_as(buffer, enforce_file_format=True)
    content = buffer.getvalue()
    place = content.index(b"\x08\x00\x60\x00CS")
    (tmp_path / "cut within the length of a sequence.dcm").write_bytes(content[:place] + b"\x08\x00\x40\x11SQ\0\0\x08")
    (tmp_path / "length of three bytes.dcm").write_bytes(content[:place] + b"\x08\x00\x01\x00UL\x03\x00abc")
    found = find_stacks(tmp_path)
    assert len(found.rejected) == 2
    assert len(found) == 0


def test_phases_turned_and_differing_images_are_parted(converted) -> None:
    first, second = sources.ct_series(3), sources.ct_series(3, seed=1)
    for image, twin in zip(first, second, strict=True):
        twin.SeriesInstanceUID, twin.StudyInstanceUID = image.SeriesInstanceUID, image.StudyInstanceUID
        twin.FrameOfReferenceUID = image.FrameOfReferenceUID
        twin.AcquisitionNumber = 2
    turned = sources.ct_series(2, seed=2, image_orientation=(0, 1, 0, 0, 0, -1))
    small = sources.ct_series(2, rows=16, seed=3)
    found = find_stacks([*first, *second, *turned, *small])
    assert sorted(map(len, found)) == [2, 2, 3, 3]
    assert "Apart by AcquisitionNumber." in {stack.note for stack in found}
    for stack in found:
        converted(stack.load(), require_volume=True)


def test_images_that_nothing_tells_apart_are_parted_by_number(converted) -> None:
    first = sources.ct_series(3)
    second = copy.deepcopy(first)
    for number, image in enumerate(second):
        image.SOPInstanceUID = hd.UID()
        image.InstanceNumber = 10 + number
    found = find_stacks([*first, *second])
    assert [len(stack) for stack in found] == [3, 3]
    assert found[0].load() == first[::-1]
    for stack in found:
        converted(stack.load(), require_volume=True)


def test_what_is_no_source_is_refused(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        find_stacks(tmp_path / "nowhere")
    with pytest.raises(TypeError):
        find_stacks(sources.ct_series(1)[0])
    with pytest.raises(TypeError):
        find_stacks([3])
    assert len(find_stacks(tmp_path)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_damaged_images_are_split_or_refused(converted, seed) -> None:
    buffer = BytesIO()
    converted(sources.ct_series(2, 8, 8)).save_as(buffer)
    random = np.random.default_rng(seed)
    for _ in range(30):
        content = bytearray(buffer.getvalue())
        content[random.integers(132, len(content))] = random.integers(256)
        with contextlib.suppress(ValueError):
            split(lceread(bytes(content)))
