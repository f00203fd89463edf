"""Structured reports of many regions."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.workload import Workload

HEADER = {
    "series_instance_uid": "1.2.826.0.1.3680043.8.498.2",
    "series_number": 1,
    "sop_instance_uid": "1.2.826.0.1.3680043.8.498.3",
    "instance_number": 1,
    "manufacturer": "Benchmark",
}


def report_of(library: Any, images: Any, groups: int) -> Any:
    """Make a report of regions with five measurements and three evaluations each, with either library."""
    import numpy as np
    from pydicom.sr.codedict import codes

    sr = library.sr
    outline = np.array([[1.0, 2.0], [30.0, 4.0], [28.0, 25.0], [3.0, 22.0], [1.0, 2.0]])
    made = []
    for number in range(groups):
        image = images[number % len(images)]
        source = sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID)
        made.append(
            sr.PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=sr.TrackingIdentifier(f"2.25.{number + 1}", f"lesion {number}"),
                referenced_region=sr.ImageRegion("POLYLINE", outline + number % 7, source),
                finding_type=codes.SCT.Neoplasm,
                finding_sites=[sr.FindingSite(codes.SCT.Liver)],
                measurements=[
                    sr.Measurement(codes.SCT.Diameter, number + place / 3, codes.UCUM.Millimeter) for place in range(5)
                ],
                qualitative_evaluations=[sr.QualitativeEvaluation(codes.SCT.Liver, codes.SCT.Kidney) for _ in range(3)],
            )
        )
    person = sr.ObserverContext(codes.DCM.Person, sr.PersonObserverIdentifyingAttributes("Doe^Jane"))
    return sr.MeasurementReport(sr.ObservationContext(person), codes.SCT.Liver, made)


class _Report(Workload):
    groups: ClassVar[int] = 500

    def load(self, side: str, folder: Any) -> Any:
        from hdcore.testing import sources

        library = __import__(side)
        report_of(library, sources.ct_series(slices=1), 1)  # imports all that is needed
        return library, sources.ct_series(slices=10), folder / f"{side}.dcm"

    def hdcore(self, state: Any) -> Any:
        return self.work(*state)

    def highdicom(self, state: Any) -> Any:
        return self.work(*state)

    def work(self, library: Any, images: Any, path: Any) -> Any:
        """Do the job with either library."""
        report = report_of(library, images, self.groups)
        library.sr.Comprehensive3DSR(images, report, **HEADER).save_as(path)
        return path


class Create(_Report):
    """Create and save."""

    title = "SR 500 regions × (5 measurements + 3 evaluations): create and save"
    factor = 15

    def digest(self, side: str, result: Any) -> str:
        from pydicom import dcmread

        groups = dcmread(result).ContentSequence[-1].ContentSequence
        return f"{len(groups)} {len(groups[-1].ContentSequence)}"


class Read(_Report):
    """Read and query."""

    title = "SR 500 regions × (5 measurements + 3 evaluations): read and query"
    factor = 20

    def prepare(self, folder: Any) -> None:
        import hdcore
        from hdcore.testing import sources

        images = sources.ct_series(slices=10)
        report = report_of(hdcore, images, self.groups)
        hdcore.sr.Comprehensive3DSR(images, report, **HEADER).save_as(folder / "report.dcm")

    def load(self, side: str, folder: Any) -> Any:
        if side == "floor":
            return folder / "report.dcm"
        library = __import__(side)
        _ = library.sr.MeasurementReport
        return library, None, folder / "report.dcm"

    def work(self, library: Any, images: Any, path: Any) -> Any:
        """Open the report, look at all values, find a region."""
        content = library.sr.srread(path).content
        total = 0.0
        for group in content.get_planar_roi_measurement_groups():
            for measurement in group.get_measurements():
                total += float(measurement.value)
                _ = measurement.name, measurement.unit
            for evaluation in group.get_qualitative_evaluations():
                _ = evaluation.name, evaluation.value
            total += float(group.roi.value.sum())
        (found,) = content.get_planar_roi_measurement_groups(tracking_uid="2.25.7")
        return total, str(found.tracking_uid)

    def floor(self, state: Any) -> Any:
        """Read the bytes."""
        return state.read_bytes()

    def digest(self, side: str, result: Any) -> str:
        return "" if side == "floor" else f"{result[0]:.3f} {result[1]}"


class CreateTenTimes(_Report):
    """Ten times as many regions, which cost ten times as much; too slow to compare."""

    title = "SR 5,000 regions: create and save"
    factor = 15
    groups = 5000
    highdicom = Workload.highdicom
