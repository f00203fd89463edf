"""Microscopy bulk annotations: a million polygons created and saved, read, and one of them read."""

from __future__ import annotations

import itertools
import pickle
from typing import Any

from benchmarks.workload import Workload, digest_of

_COUNT = 1_000_000


class _Polygons(Workload):
    """Polygons of about twenty points each, with a measurement."""

    def prepare(self, folder):
        """Write the slide's header and the points of all polygons."""
        import numpy as np

        from hdcore.testing.sources import slide

        random = np.random.default_rng(0)
        offsets = np.concatenate([[0], np.cumsum(random.integers(10, 31, _COUNT))])
        np.save(folder / "points.npy", (random.random((offsets[-1], 2)) * 40_000).astype(np.float32))
        np.save(folder / "offsets.npy", offsets)
        np.save(folder / "areas.npy", random.random(_COUNT).astype(np.float32))
        source = slide()
        del source.PixelData
        (folder / "slide.pickle").write_bytes(pickle.dumps(source))
        self._create(*self._inputs("hdcore", folder)).save_as(folder / "annotations.dcm")

    def _inputs(self, side: str, folder: Any) -> tuple[Any, ...]:
        import numpy as np

        points, offsets = np.load(folder / "points.npy"), np.load(folder / "offsets.npy").tolist()
        polygons = [points[first:last] for first, last in itertools.pairwise(offsets)]
        source = pickle.loads((folder / "slide.pickle").read_bytes())  # written by prepare
        return _library(side), source, polygons, np.load(folder / "areas.npy")

    def _create(self, library: Any, source: Any, polygons: Any, areas: Any) -> Any:
        from pydicom.sr.coding import Code

        area = library.ann.Measurements(
            Code("42798000", "SCT", "Area"), areas, Code("um2", "UCUM", "square micrometer")
        )
        group = library.ann.AnnotationGroup(
            1,
            library.UID(),
            "cells",
            Code("85756007", "SCT", "Tissue"),
            Code("108369006", "SCT", "Neoplasm"),
            "POLYGON",
            polygons,
            "MANUAL",
            measurements=[area],
        )
        return library.ann.MicroscopyBulkSimpleAnnotations(
            [source], "2D", [group], library.UID(), 1, library.UID(), 1, "Acme", "Outliner", "1", "42"
        )


class Create(_Polygons):
    """Made and saved."""

    title = "ANN: 1,000,000 polygons, create and save"
    factor = 8

    def load(self, side, folder):
        """Read the polygons, as a list of arrays, and name a file that is not there yet."""
        path = folder / f"{side}.dcm"
        path.unlink(missing_ok=True)
        return (*self._inputs(side, folder), path)

    def hdcore(self, state):
        """Create and save with hdcore."""
        *inputs, path = state
        self._create(*inputs).save_as(path)
        return path

    highdicom = hdcore

    def floor(self, state):
        """Join the points, and write them."""
        import numpy as np

        _, _, polygons, areas, path = state
        points = np.concatenate(polygons)
        counts = np.fromiter(map(len, polygons), np.uint32, len(polygons))
        with path.open("wb") as file:
            for array in (points, np.cumsum(counts, dtype=np.uint32), areas):
                file.write(array.data)
        return path

    def digest(self, side, result):
        """Compare some of the polygons that highdicom reads from the file."""
        if side == "floor":
            return ""
        from highdicom.ann import annread

        group = annread(result).AnnotationGroupSequence[0]
        return digest_of(*group.get_graphic_data("2D")[:: _COUNT // 50])


class ReadAll(_Polygons):
    """Opened, with the points and the measurements of all polygons."""

    title = "ANN: 1,000,000 polygons, read all"
    factor = 2.5

    def load(self, side, folder):
        """Name the file."""
        return _library(side), folder

    def hdcore(self, state):
        """Read with hdcore."""
        library, folder = state
        group = library.ann.annread(folder / "annotations.dcm").get_annotation_group(1)
        return group.get_graphic_data("2D"), group.get_measurements()[1]

    highdicom = hdcore

    def floor(self, state):
        """Read the points, and cut them."""
        import numpy as np

        _, folder = state
        points, offsets = np.load(folder / "points.npy"), np.load(folder / "offsets.npy").tolist()
        polygons = [points[first:last] for first, last in itertools.pairwise(offsets)]
        return polygons, np.load(folder / "areas.npy")[:, None]

    def digest(self, side, result):
        """Compare some polygons, and all measurements."""
        polygons, values = result
        return digest_of(*polygons[:: _COUNT // 50], values)


class ReadOne(_Polygons):
    """Opened, with the points of one polygon."""

    title = "ANN: 1,000,000 polygons, read one"
    factor = 40

    def load(self, side, folder):
        """Name the file."""
        return _library(side), folder

    def hdcore(self, state):
        """Read with hdcore."""
        library, folder = state
        return library.ann.annread(folder / "annotations.dcm").get_annotation_group(1).get_coordinates(700_000, "2D")

    highdicom = hdcore

    def floor(self, state):
        """Map the points, and copy some of them."""
        import numpy as np

        _, folder = state
        first, last = np.load(folder / "offsets.npy", mmap_mode="r")[699_999:700_001]
        return np.array(np.load(folder / "points.npy", mmap_mode="r")[first:last])

    def digest(self, side, result):
        """Compare the polygon."""
        return digest_of(result)


def _library(side: str) -> Any:
    if side == "floor":
        import numpy

        return numpy
    from importlib import import_module

    library = import_module(side)
    ann = import_module(f"{side}.ann")
    import_module("pydicom.sr.codedict")  # importing is not what is timed
    assert ann.AnnotationGroup
    assert ann.MicroscopyBulkSimpleAnnotations
    return library
