"""PixelMed's validator finds no errors in reports of the three classes that are written here."""

from __future__ import annotations

import numpy as np
import pytest
from hdcore.content import TcoordContentItem, WaveformContentItem, duplicate
from hdcore.testing import interop
from pydicom.sr.codedict import codes
from sr_reports import LIVER, MM, SQUARE, TRIANGLE, document, images, observation, of_images, planar, source, volumetric

import hdcore_sr as sr

PROCEDURE = codes.cid100.concepts["ImagingProcedure"]


def groups(*, is_3d):
    """Groups of all kinds with all that they may have."""
    site = sr.FindingSite(LIVER, codes.SCT.Right)
    region = sr.ImageRegion("POLYLINE", TRIANGLE, source())
    offset = sr.LongitudinalTemporalOffsetFromEvent(3.5, codes.UCUM.Day, codes.DCM.Baseline)
    made = [
        planar("2.25.11", method=next(iter(codes.cid6147.concepts.values())), finding_sites=[site], session="first"),
        volumetric("2.25.12", referenced_regions=[region], finding_type=codes.SCT.Neoplasm),
        of_images("2.25.13", source_images=[source(sr.SourceImageForMeasurementGroup)]),
        of_images("2.25.14", time_point_context=sr.TimePointContext("T1", codes.DCM.Baseline, 2, "s", "p", offset)),
        of_images("2.25.15", algorithm_id=sr.AlgorithmIdentification("a", "1", ["x=1"])),
    ]
    if is_3d:
        made.append(planar("2.25.16", region=sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3")))
        made.append(volumetric("2.25.17"))
    return made


@pytest.mark.parametrize("kind", [sr.EnhancedSR, sr.ComprehensiveSR, sr.Comprehensive3DSR])
def test_it_accepts_measurement_reports_of_each_class(kind):
    content = sr.MeasurementReport(
        observation(), PROCEDURE, groups(is_3d=kind is sr.Comprehensive3DSR), referenced_images=images()
    )
    assert interop.pixelmed(document(content, kind)) == []


def test_it_takes_a_group_that_says_its_template_for_one_of_another():
    """A group of images beside a single one of a region is to it one of a region that is missing.

    Each group names its own template (1410, 1501), where it does not look: above, with one of a volume beside them, it
    accepts the same groups. Evaluations, which may have any name, are to it extensions of the template.
    """
    evaluation = sr.QualitativeEvaluation(LIVER, codes.SCT.Kidney)
    mixed = [planar(qualitative_evaluations=[evaluation]), of_images()]
    said = interop.pixelmed(document(sr.MeasurementReport(observation(), PROCEDURE, mixed)))
    errors = [line for line in said if line.startswith("Error")]
    assert len(errors) == 2
    assert all("Template 1410" in line and "Missing conditional content item" in line for line in errors)
    (warning,) = set(said) - set(errors)
    assert warning.endswith("Content Item not in template")


def test_it_accepts_every_value_type():
    ct = images()[0]
    point = np.array([[1.0, 2.0]])
    image = sr.ImageContentItem(LIVER, ct.SOPClassUID, ct.SOPInstanceUID, relationship_type="SELECTED FROM")
    region = sr.ScoordContentItem(LIVER, "POINT", point, relationship_type="CONTAINS")
    region.ContentSequence = [image]
    times = TcoordContentItem(LIVER, "POINT", [1], relationship_type="CONTAINS")
    times.ContentSequence = [duplicate(image)]
    contained = {"relationship_type": "CONTAINS"}
    root = sr.ContainerContentItem(codes.DCM.Findings)
    root.ContentSequence = [
        sr.TextContentItem(LIVER, "x", **contained),
        sr.CodeContentItem(LIVER, LIVER, **contained),
        sr.NumContentItem(LIVER, 1, MM, codes.DCM.NotANumber, **contained),
        sr.DateTimeContentItem(LIVER, "20200102030405", **contained),
        sr.DateContentItem(LIVER, "20200102", **contained),
        sr.TimeContentItem(LIVER, "030405", **contained),
        sr.UIDRefContentItem(LIVER, "1.2.3", **contained),
        sr.PnameContentItem(LIVER, "Doe^Jane", **contained),
        sr.ImageContentItem(LIVER, ct.SOPClassUID, ct.SOPInstanceUID, **contained),
        sr.CompositeContentItem(LIVER, ct.SOPClassUID, ct.SOPInstanceUID, **contained),
        WaveformContentItem(LIVER, "1.2.840.10008.5.1.4.1.1.9.1.1", ct.SOPInstanceUID, **contained),
        region,
        sr.Scoord3DContentItem(LIVER, "POINT", np.ones((1, 3)), "1.2.3", **contained),
        times,
        sr.ContainerContentItem(LIVER, **contained),
    ]
    said = interop.pixelmed(document(root))
    assert len(said) == 18, "it names each item, since the root is of no template"
    assert all(line.startswith("Warning") and line.endswith("Content Item not in template") for line in said)
