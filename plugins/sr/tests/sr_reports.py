"""Reports that the tests share."""

from __future__ import annotations

from functools import cache

import numpy as np
from hdcore.content import Concept
from hdcore.testing import sources
from hdcore.uid import UID
from pydicom.sr.codedict import codes

import hdcore_sr as sr

LIVER, KIDNEY = codes.SCT.Liver, codes.SCT.Kidney
DIAMETER = Concept("81827009", "SCT", "Diameter")
MM = codes.UCUM.Millimeter
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
SQUARE = np.array([[0, 0, 5], [4, 0, 5], [4, 4, 5], [0, 4, 5], [0, 0, 5]], dtype=float)
TRIANGLE = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 1.0], [1.0, 2.0]])


@cache
def images():
    return sources.ct_series(slices=3)


def source(kind=sr.SourceImageForRegion, number=0):
    return kind.from_source_image(images()[number])


def observation():
    person = sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Doe^Jane"))
    device = sr.ObserverContext(codes.DCM.Device, sr.DeviceObserverIdentifyingAttributes(UID(), name="Station"))
    subject = sr.SubjectContext(codes.DCM.Fetus, sr.SubjectContextFetus("1"))
    return sr.ObservationContext(person, device, subject)


def measurement(value=2.5, **options):
    return sr.Measurement(DIAMETER, value, MM, **options)


def planar(uid="2.25.1", region=None, **options):
    chosen = region if region is not None else sr.ImageRegion("POLYLINE", TRIANGLE, source())
    key = "referenced_segment" if isinstance(chosen, sr.ReferencedSegmentationFrame) else "referenced_region"
    options.setdefault("finding_type", codes.SCT.Neoplasm)
    options.setdefault("measurements", [measurement()])
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        sr.TrackingIdentifier(uid, "lesion"), **{key: chosen}, **options
    )


def volumetric(uid="2.25.2", **options):
    options.setdefault("measurements", [measurement()])
    if not {"referenced_regions", "referenced_volume_surface", "referenced_segment"} & options.keys():
        options["referenced_volume_surface"] = sr.VolumeSurface(
            "POLYGON", [SQUARE, SQUARE + np.array([0, 0, 2])], "1.2.3", [source(sr.SourceImageForSegmentation)]
        )
    return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(sr.TrackingIdentifier(uid, "lesion"), **options)


def of_images(uid="2.25.3", **options):
    options.setdefault("measurements", [measurement()])
    return sr.MeasurementsAndQualitativeEvaluations(sr.TrackingIdentifier(uid, "lesion"), **options)


def report(groups=None, **options):
    chosen = [planar(), of_images()] if groups is None else groups
    return sr.MeasurementReport(observation(), LIVER, chosen, **options)


def document(content=None, kind=sr.Comprehensive3DSR, **options):
    return kind(images(), report() if content is None else content, UID(), 1, UID(), 1, manufacturer="Acme", **options)
