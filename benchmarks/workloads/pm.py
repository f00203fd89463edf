"""Parametric maps of floating-point numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydicom.sr.coding import Code

from benchmarks.workload import Workload, digest_of

if TYPE_CHECKING:
    from pathlib import Path

PLANES, SIZE = 200, 256
HEADER = {
    "series_instance_uid": "1.2.826.0.1.3680043.8.498.1",
    "series_number": 1,
    "sop_instance_uid": "1.2.826.0.1.3680043.8.498.2",
    "instance_number": 1,
    "manufacturer": "Benchmark",
    "manufacturer_model_name": "Benchmark",
    "software_versions": "1",
    "device_serial_number": "1",
    "contains_recognizable_visual_features": False,
}


def values() -> np.ndarray:
    """Make values between 0 and 1."""
    return np.random.default_rng(0).random((PLANES, SIZE, SIZE), np.float32)


def make(library: Any, sources: Any, array: np.ndarray) -> Any:
    """Make a map with either library."""
    unit = Code("um2/s", "UCUM", "square micrometer per second")
    mapping = library.pm.RealWorldValueMapping("ADC", "Diffusion", unit, (0.0, 1.0), slope=2.0, intercept=1.0)
    window = library.VOILUTTransformation(window_center=0.5, window_width=1.0)
    return library.pm.ParametricMap(
        sources, array, real_world_value_mappings=[mapping], voi_lut_transformations=[window], **HEADER
    )


class Create(Workload):
    """A map of a series."""

    title = "PM float32 200×256²: create and save"
    factor: ClassVar[float] = 8.0

    def prepare(self, folder: Path) -> None:
        from hdcore.testing.sources import ct_series

        for index, image in enumerate(ct_series(PLANES, SIZE, SIZE)):
            image.save_as(folder / f"{index}.dcm", enforce_file_format=True)

    def load(self, side: str, folder: Path) -> Any:
        from pydicom import dcmread

        (folder / f"{side}.out").unlink(missing_ok=True)
        library = None if side == "floor" else __import__(side)
        if library is not None:
            _ = library.pm.ParametricMap
        return library, [dcmread(folder / f"{index}.dcm") for index in range(PLANES)], values(), folder / f"{side}.out"

    def work(self, state: Any) -> Any:
        """Create and save with either library."""
        library, sources, array, path = state
        make(library, sources, array).save_as(path)
        return path

    hdcore = highdicom = work

    def floor(self, state: Any) -> None:
        """Write the bytes."""
        _, _, array, path = state
        path.write_bytes(array[::-1].tobytes())

    def digest(self, side: str, result: Any) -> str:
        if side == "floor":
            return ""
        from pydicom import dcmread

        return digest_of(np.frombuffer(dcmread(result).FloatPixelData, np.float32))


class Read(Workload):
    """The volume of real-world values."""

    title = "PM float32 200×256²: read real-world values"
    factor: ClassVar[float] = 3.0

    def prepare(self, folder: Path) -> None:
        import hdcore
        from hdcore.testing.sources import ct_series

        make(hdcore, ct_series(PLANES, SIZE, SIZE), values()).save_as(folder / "map.dcm")

    def load(self, side: str, folder: Path) -> Any:
        library = None if side == "floor" else __import__(side)
        if library is not None:
            _ = library.imread, library.pm.ParametricMap
        return library, folder / "map.dcm"

    def hdcore(self, state: Any) -> Any:
        """Read eagerly."""
        library, path = state
        return library.pm.pmread(path).get_volume().array

    def highdicom(self, state: Any) -> Any:
        """Read lazily, since an eagerly read map raises."""
        library, path = state
        return library.imread(path, lazy_frame_retrieval=True).get_volume().array

    def floor(self, state: Any) -> Any:
        """Read the bytes, and map them."""
        content = state[1].read_bytes()
        stored = np.frombuffer(content, np.float32, PLANES * SIZE * SIZE, len(content) - 4 * PLANES * SIZE * SIZE)
        return stored.reshape(PLANES, SIZE, SIZE) * 2.0 + 1.0

    def digest(self, side: str, result: Any) -> str:
        return "" if side == "floor" else digest_of(result)
