"""What cannot become a report is refused, by name, when it is given."""

from __future__ import annotations

import hdcore as hd
import pytest
from hdcore.testing.sources import enhanced_ct
from sr_reports import document, images, planar, report, source

import hdcore_sr as sr


@pytest.mark.parametrize("kind", [sr.EnhancedSR, sr.ComprehensiveSR, sr.Comprehensive3DSR])
def test_content_that_the_character_set_cannot_hold_is_refused(kind):
    content = report([planar(session="сессия")])
    with pytest.raises(ValueError, match=r"TextValue is 'сессия'.*ISO_IR 192"):
        document(content, kind, specific_character_set="ISO_IR 100")
    made = document(content, kind, specific_character_set="ISO_IR 144")
    assert made.report.imaging_measurements[0].session == "сессия"


CT, ENHANCED_CT, SEGMENTATION, HEIGHT_MAP = (
    f"1.2.840.10008.5.1.4.1.1.{number}" for number in ("2", "2.1", "66.4", "66.8")
)
IMAGE_REFERENCES = [
    sr.SourceImageForMeasurement,
    sr.SourceImageForMeasurementGroup,
    sr.SourceImageForRegion,
    sr.SourceImageForSegmentation,
]


@pytest.mark.parametrize("kind", IMAGE_REFERENCES)
def test_images_of_one_frame_have_no_frame_numbers(kind):
    with pytest.raises(ValueError, match=r"referenced_frame_numbers is \[1\], but a CT Image Storage .* one frame"):
        kind(CT, "1.2.3", [1])
    with pytest.raises(TypeError, match="not a multi-frame image"):
        kind.from_source_image(images()[0], [1])
    assert kind(ENHANCED_CT, "1.2.3", [1]).referenced_frame_numbers == [1]
    assert kind("1.3.6.1.4.1.99", "1.2.3", [1]).referenced_frame_numbers == [1]
    assert kind.from_source_image(enhanced_ct(2), [2]).referenced_frame_numbers == [2]


def test_only_segmentations_have_segment_numbers():
    series = source(sr.SourceImageForSegmentation)
    with pytest.raises(ValueError, match=r"referenced_segment_numbers is \[1\], but a CT Image Storage"):
        sr.ReferencedSegment(CT, "1.2.3", 1, source_images=[series])
    for kind in (SEGMENTATION, HEIGHT_MAP, "1.3.6.1.4.1.99"):
        assert sr.ReferencedSegment(kind, "1.2.3", 1, source_images=[series]).referenced_segment_numbers == [1]


@pytest.mark.parametrize("keyword", ["ReferencedFrameNumber", "ReferencedSegmentNumber"])
def test_such_numbers_in_files_of_others_are_read_and_reported(keyword):
    made = document(report([planar(region=sr.ImageRegion("POINT", [[1.0, 2.0]], source()))]))
    region = made.report.imaging_measurements[0].referenced_region
    setattr(region.ContentSequence[0].ReferencedSOPSequence[0], keyword, 1)
    found = [finding for finding in hd.validate(made) if finding.code == "SRX006"]
    assert [(one.severity.value, one.keyword) for one in found] == [("error", keyword)]
