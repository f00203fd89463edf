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
        images, path = sources.ct_series(slices=10), folder / f"{side}.dcm"
        report = report_of(library, images, 1)  # imports all that is needed
        library.sr.Comprehensive3DSR(images, report, **HEADER).save_as(path)
        return library, images, path

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
        for name, groups in (("report.dcm", self.groups), ("small.dcm", 10)):
            report = report_of(hdcore, images, groups)
            hdcore.sr.Comprehensive3DSR(images, report, **HEADER).save_as(folder / name)

    def load(self, side: str, folder: Any) -> Any:
        if side == "floor":
            return folder / "report.dcm"
        library = __import__(side)
        self.work(library, None, folder / "small.dcm")  # imports all that is needed
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
    tenth = Create


class ReadTenTimes(Read):
    """Ten times as many regions, which cost ten times as much; too slow to compare."""

    title = "SR 5,000 regions: read and query"
    groups = 5000
    highdicom = Workload.highdicom
    floor = Workload.floor
    tenth = Read


class Table(Workload):
    """Groups of a table, which highdicom does not make."""

    title = "SR 500 regions of a table: create and save"
    factor = 1
    groups: ClassVar[int] = 500

    def load(self, side: str, folder: Any) -> Any:
        import numpy as np
        from pydicom.sr.codedict import codes

        from hdcore.testing import sources

        images = sources.ct_series(slices=10)
        outline = np.array([[1.0, 2.0], [30.0, 4.0], [28.0, 25.0], [3.0, 22.0], [1.0, 2.0]])
        rows = [
            {
                "tracking_uid": f"2.25.{number + 1}",
                "tracking_identifier": f"lesion {number}",
                "finding": codes.SCT.Neoplasm,
                "finding_site": codes.SCT.Liver,
                "region": outline + number % 7,
                "sop_instance_uid": images[number % len(images)].SOPInstanceUID,
                **{f"size {place}": number + place / 3 for place in range(5)},
                **{f"organ {place}": codes.SCT.Kidney for place in range(3)},
            }
            for number in range(self.groups)
        ]
        self.make(images, rows[:1], folder)  # imports all that is needed
        return images, rows, folder

    def hdcore(self, state: Any) -> Any:
        return self.make(*state)

    def make(self, images: Any, rows: Any, folder: Any) -> Any:
        """Make a report of the table and save it."""
        from pydicom.sr.codedict import codes

        import hdcore

        groups = hdcore.sr.groups_from_table(
            rows,
            {f"size {place}": (codes.SCT.Diameter, codes.UCUM.Millimeter) for place in range(5)},
            evaluations={f"organ {place}": codes.SCT.Liver for place in range(3)},
            images=images,
        )
        person = hdcore.sr.PersonObserverIdentifyingAttributes("Doe^Jane")
        observers = hdcore.sr.ObservationContext(hdcore.sr.ObserverContext(codes.DCM.Person, person))
        report = hdcore.sr.MeasurementReport(observers, codes.SCT.Liver, groups)
        hdcore.sr.Comprehensive3DSR(images, report, **HEADER).save_as(folder / "report.dcm")
        return folder / "report.dcm"


class TableTenTimes(Table):
    """A table of ten times as many rows, which cost ten times as much."""

    title = "SR 5,000 regions of a table: create and save"
    groups = 5000
    tenth = Table
