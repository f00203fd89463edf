"""Key object selections of many instances."""

from __future__ import annotations

from typing import Any

from benchmarks.workload import Workload

REFERENCES = 2000
HEADER = {
    "series_instance_uid": "1.2.826.0.1.3680043.8.498.2",
    "series_number": 1,
    "sop_instance_uid": "1.2.826.0.1.3680043.8.498.3",
    "instance_number": 1,
    "manufacturer": "Benchmark",
}


class Create(Workload):
    """Create and save."""

    title = "KO 2,000 references: create and save"
    factor = 15

    def load(self, side: str, folder: Any) -> Any:
        from hdcore.content import duplicate
        from hdcore.testing import sources

        (image,) = sources.ct_series(slices=1)
        images = []
        for number in range(REFERENCES):
            one = duplicate(image)
            one.SOPInstanceUID = f"2.25.{number + 1}"
            images.append(one)
        from pydicom.sr.codedict import codes

        library = __import__(side)
        library.ko.KeyObjectSelection(codes.DCM.OfInterest, images[:1])  # imports all that is needed
        return library, images, folder / f"{side}.dcm"

    def hdcore(self, state: Any) -> Any:
        return self.work(*state)

    def highdicom(self, state: Any) -> Any:
        return self.work(*state)

    def work(self, library: Any, images: Any, path: Any) -> Any:
        """Do the job with either library."""
        from pydicom.sr.codedict import codes

        content = library.ko.KeyObjectSelection(codes.DCM.OfInterest, images)
        library.ko.KeyObjectSelectionDocument(images, content, **HEADER).save_as(path)
        return path

    def digest(self, side: str, result: Any) -> str:
        from pydicom import dcmread

        return str(len(dcmread(result).ContentSequence))
