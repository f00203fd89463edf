"""The contract that every plugin keeps."""

from __future__ import annotations

from hdcore.content import children_of
from hdcore.testing import IODContract
from sr_reports import document, images, observation, planar, report

import hdcore_sr as sr


def _group(document):
    return document.report.imaging_measurements[0]


def _child(document, value_type):
    return next(item for item in children_of(_group(document)[0]) if item.ValueType == value_type)


def _break_relationship(document):
    _child(document, "NUM").RelationshipType = "SELECTED FROM"


def _break_code(document):
    del _child(document, "CODE").ConceptCodeSequence[0].CodeMeaning


def _break_name(document):
    del _child(document, "NUM").ConceptNameCodeSequence


def _break_number(document):
    _child(document, "NUM").MeasuredValueSequence = []


def _break_evidence(document):
    del document.CurrentRequestedProcedureEvidenceSequence


def _break_frame_of_reference(document):
    del _child(document, "SCOORD3D").ReferencedFrameOfReferenceUID


def _break_region(document):
    del _child(document, "SCOORD").ContentSequence


def _break_reference(document):
    reference = _child(document, "SCOORD").ContentSequence[0].ReferencedSOPSequence[0]
    reference.ReferencedFrameNumber = 1
    reference.ReferencedSegmentNumber = 1


def _break_template(document):
    items = document.ContentSequence
    items[:] = [item for item in items if item.name.meaning != "Procedure reported"]


def _break_verification(document):
    document.VerificationFlag = "VERIFIED"


def _move_out(document):
    _child(document, "SCOORD").GraphicData = [-1.0, 2.0, 3.0, 4.0]


def _report_unusual(document):
    _child(document, "NUM").ConceptNameCodeSequence[0].CodeValue = "999999"


def suggested(kind=sr.Comprehensive3DSR):
    from hdcore.content import Concept
    from pydicom.sr.codedict import codes

    volume = sr.Measurement(Concept("118565006", "SCT", "Volume"), 2, Concept("mm3", "UCUM", "mm3"))
    procedure = next(iter(codes.cid100.concepts.values()))
    return document(sr.MeasurementReport(observation(), procedure, [planar(measurements=[volume])]), kind)


BREAKAGES = {
    "SR001": lambda document: setattr(document, "Modality", "OT"),
    "SR002": _break_relationship,
    "SR003": _break_code,
    "SR004": _break_name,
    "SR005": _break_number,
    "SR006": _break_evidence,
    "SR008": _break_region,
    "SR009": _break_reference,
    "SR010": _break_template,
    "SR011": _break_verification,
    "SR012": _move_out,
    "SR013": ("suggested", _report_unusual),
    "SR014": lambda document: document.__delattr__("ContentTemplateSequence"),
    "SR015": lambda document: setattr(document, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.88.40"),
}


def in_space():
    from sr_reports import SQUARE

    return document(report([planar(region=sr.ImageRegion3D("POLYGON", SQUARE, "1.2.3"))]))


class TestComprehensive3D(IODContract):
    iod_name = "sr.comprehensive3d"

    def examples(self):
        return {
            "regions": document,
            "space": in_space,
            "suggested": suggested,
            "library": lambda: document(report(referenced_images=images())),
            "verified": lambda: document(
                is_verified=True, verifying_observer_name="Doe^Jane", verifying_organization="Clinic"
            ),
        }

    def breakages(self):
        return {**BREAKAGES, "SR007": ("space", _break_frame_of_reference)}


class TestComprehensive(IODContract):
    iod_name = "sr.comprehensive"

    def examples(self):
        return {
            "regions": lambda: document(kind=sr.ComprehensiveSR),
            "suggested": lambda: suggested(sr.ComprehensiveSR),
        }

    def breakages(self):
        return {**BREAKAGES, "SR007": _put_into_space}


class TestEnhanced(IODContract):
    iod_name = "sr.enhanced"

    def examples(self):
        return {"regions": lambda: document(kind=sr.EnhancedSR), "suggested": lambda: suggested(sr.EnhancedSR)}

    def breakages(self):
        return {**BREAKAGES, "SR007": _put_into_space}


def _put_into_space(document):
    item = _child(document, "SCOORD")
    item.ValueType = "SCOORD3D"
    del item.ContentSequence
