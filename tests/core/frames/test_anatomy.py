from __future__ import annotations

import copy

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from hdcore.errors import InputError
from hdcore.frames.anatomy import with_anatomy
from hdcore.frames.source import Source
from hdcore.frames.table import FrameTable
from hdcore.testing.sources import cr_image, ct_series, enhanced_ct, slide

LIVER = Code("10200004", "SCT", "Liver")


def anatomy(images, planes=None, **said):
    """Get side and region of each frame, and whether they are shared."""
    source = Source.of(images)
    planes = np.arange(len(source)) if planes is None else np.array(planes)
    table = with_anatomy(FrameTable(len(planes), {}), source, planes, character_set="ISO_IR 192", **said)
    regions, sides = table["anatomic_region"], table["frame_laterality"]
    words = [
        (sides.vocabulary[side], regions.vocabulary[region].items()[0].CodeMeaning)
        for side, region in zip(sides.codes.tolist(), regions.codes.tolist(), strict=True)
    ]
    return words, table.is_shared("anatomic_region")


def changed(images, **values):
    for image in images:
        for keyword, value in values.items():
            setattr(image, keyword, value)
    return images


def concept(meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "1", "99TEST", meaning
    return item


def test_body_part_and_side_are_told_in_codes():
    images = changed(ct_series(2), BodyPartExamined="KNEE", Laterality="R")
    assert anatomy(images) == ([("R", "Knee")] * 2, True)


def test_image_laterality_is_preferred():
    assert anatomy(changed([cr_image()], ImageLaterality="L", Laterality="R"))[0][0][0] == "L"


def test_coded_regions_are_preferred_to_body_part():
    images = changed(ct_series(2), AnatomicRegionSequence=[concept("Somewhere")])
    assert anatomy(images) == ([("U", "Somewhere")] * 2, True)


@pytest.mark.parametrize("part", ["", "FLUX CAPACITOR"])
def test_an_unknown_part_is_any_structure(part):
    assert anatomy(changed(ct_series(2), BodyPartExamined=part))[0] == [("U", "Body structure")] * 2


def test_slides_show_the_structure_that_the_specimen_is_of():
    words, is_shared = anatomy([slide()])
    assert set(words) == {("U", "Breast")}
    assert is_shared


def test_images_that_differ_tell_it_per_frame():
    images = ct_series(3)
    changed(images[:1], BodyPartExamined="CHEST")
    words = [("U", "Chest"), ("U", "Abdomen"), ("U", "Abdomen")]
    assert anatomy(images) == (words, False)
    assert anatomy(images, [2, 0, -1]) == ([words[2], words[0], ("U", "Body structure")], False)


def test_functional_groups_of_the_source_are_copied():
    image = enhanced_ct(3)
    assert anatomy([image]) == ([("U", "Abdomen")] * 3, True)
    group = image.SharedFunctionalGroupsSequence[0].FrameAnatomySequence[0]
    del image.SharedFunctionalGroupsSequence[0].FrameAnatomySequence
    for side, frame in zip("RLB", image.PerFrameFunctionalGroupsSequence, strict=True):
        each = copy.deepcopy(group)
        each.FrameLaterality = side
        each.PrimaryAnatomicStructureSequence = [concept("Vessel")]
        frame.FrameAnatomySequence = [each]
    assert anatomy([image]) == ([(side, "Abdomen") for side in "RLB"], False)


def test_frames_without_a_group_say_what_the_image_says():
    image = enhanced_ct(2)
    del image.SharedFunctionalGroupsSequence[0].FrameAnatomySequence
    image.BodyPartExamined = "HEAD"
    assert anatomy([image]) == ([("U", "Head")] * 2, True)


def test_what_the_caller_says_counts():
    images = ct_series(2)
    changed(images[:1], BodyPartExamined="CHEST", Laterality="R")
    assert anatomy(images, anatomic_region=LIVER, frame_laterality="U") == ([("U", "Liver")] * 2, True)
    assert anatomy(images, [0, -1], anatomic_region=LIVER)[0] == [("R", "Liver"), ("U", "Liver")]


def test_a_side_that_there_is_not_is_refused():
    with pytest.raises(InputError, match="frame_laterality is 'X'; expected one of R, L, U, B"):
        anatomy(ct_series(2), frame_laterality="X")
