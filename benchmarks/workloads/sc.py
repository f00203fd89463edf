"""Secondary captures of a large colour image."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from benchmarks.workload import Workload, digest_of

SIZE = 4096
HEADER = {
    "bits_allocated": 8,
    "coordinate_system": "PATIENT",
    "study_instance_uid": "1.2.826.0.1.3680043.8.498.1",
    "series_instance_uid": "1.2.826.0.1.3680043.8.498.2",
    "series_number": 1,
    "sop_instance_uid": "1.2.826.0.1.3680043.8.498.3",
    "instance_number": 1,
    "manufacturer": "Benchmark",
    "patient_orientation": ("L", "F"),
}


def picture() -> np.ndarray:
    """Make smooth colours with flat parts and some noise: runs of all lengths."""
    down, across = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    channels = [np.sin(9 * down) * 99 + 120, np.cos(7 * across) * 99 + 120, (down + across) * 120]
    rgb = np.stack(channels, axis=-1).astype(np.uint8)
    rgb[1000:2000, 500:3500] = (200, 180, 40)
    rgb[:512] ^= np.random.default_rng(0).integers(0, 3, (512, SIZE, 3), np.uint8)
    return rgb


class _Capture(Workload):
    factor: ClassVar[float] = 1.0
    syntax: ClassVar[str]

    def load(self, side: str, folder: Any) -> Any:
        if side == "floor":
            return picture(), folder / "floor.bin"
        library = __import__(side)
        _ = library.sc.SCImage
        return library, picture(), folder / f"{side}.dcm"

    def hdcore(self, state: Any) -> Any:
        return self.work(*state)

    def highdicom(self, state: Any) -> Any:
        return self.work(*state)

    def work(self, library: Any, pixels: Any, path: Any) -> Any:
        """Create and save with either library."""
        library.sc.SCImage(pixels, "RGB", transfer_syntax_uid=self.syntax, **HEADER).save_as(path)
        return path

    def digest(self, side: str, result: Any) -> str:
        if side == "floor":
            return ""
        from pydicom import dcmread

        return digest_of(dcmread(result).pixel_array[::64])


class RunLength(_Capture):
    """RLE Lossless."""

    title = "SC RGB 4096² RLE: create and save"
    factor = 4.0
    syntax = "1.2.840.10008.1.2.5"


class Native(_Capture):
    """Uncompressed."""

    title = "SC RGB 4096² native: create and save"
    factor = 1.0
    syntax = "1.2.840.10008.1.2.1"

    def floor(self, state: Any) -> None:
        """Write the bytes."""
        pixels, path = state
        path.write_bytes(pixels.tobytes())
