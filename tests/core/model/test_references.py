from __future__ import annotations

import numpy as np
import pytest
from pydicom.dataset import Dataset

from hdcore import ReferencedImageSequence


def _instance(uid="1.2.3", sop_class="1.2.840.10008.5.1.4.1.1.2", **values):
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = sop_class, uid
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def _segmentation(*numbers):
    segments = []
    for number in numbers:
        segment = Dataset()
        segment.SegmentNumber = number
        segments.append(segment)
    return _instance(sop_class="1.2.840.10008.5.1.4.1.1.66.4", SegmentSequence=segments, NumberOfFrames=2)


def test_images_are_referenced_by_class_and_instance():
    references = ReferencedImageSequence([_instance("1.1"), _instance("1.2")])
    assert [item.ReferencedSOPInstanceUID for item in references] == ["1.1", "1.2"]


def test_frames_of_one_image_are_referenced():
    image = _instance(NumberOfFrames=3)
    assert ReferencedImageSequence([image], 2)[0].ReferencedFrameNumber == 2
    assert ReferencedImageSequence([image], np.int64(2))[0].ReferencedFrameNumber == 2
    assert ReferencedImageSequence([image], [1, 3])[0].ReferencedFrameNumber == [1, 3]


def test_segments_of_one_segmentation_are_referenced():
    (item,) = ReferencedImageSequence([_segmentation(1, 4)], referenced_segment_number=4)
    assert item.ReferencedSegmentNumber == 4
    assert "ReferencedFrameNumber" not in item


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ((None,), TypeError, "sequence of datasets"),
        ((_instance(),), TypeError, "sequence of datasets"),
        (([],), ValueError, "empty"),
        (([_instance(), _instance()],), ValueError, "more than once"),
        (([_instance(sop_class="1.2.840.10008.5.1.4.1.1.88.33")],), ValueError, "not an image"),
        (([_instance("1.1"), _instance("1.2")], 1), ValueError, "exactly one"),
        (([_instance()], 1), TypeError, "not a multi-frame"),
        (([_instance(NumberOfFrames=3)], [1, 4]), ValueError, "frames 1 to 3"),
        (([_instance()], None, 1), TypeError, "not a segmentation"),
        (([_segmentation(1)], None, 2), ValueError, "has 2"),
    ],
)
def test_references_that_cannot_be_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        ReferencedImageSequence(*arguments)
