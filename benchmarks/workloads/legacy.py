"""Legacy conversion: 300 CT slices to one enhanced image."""

from __future__ import annotations

from typing import Any

from benchmarks.workload import Workload, digest_of

_SLICES = 300
_SIZE = 512


class Convert(Workload):
    """Converted and saved."""

    title = "Legacy: 300 CT slices of 512² to enhanced"
    factor = 5

    def prepare(self, folder):
        """Write the series."""
        from hdcore.testing.sources import ct_series

        for number, image in enumerate(ct_series(_SLICES, _SIZE, _SIZE)):
            image.save_as(folder / f"{number:03d}.dcm", enforce_file_format=True)

    def load(self, side, folder):
        """Read the series, and name a file that is not there yet."""
        from pydicom import dcmread

        paths = sorted(folder.glob("[0-9]*.dcm"))
        target = folder / f"{side}.dcm"
        target.unlink(missing_ok=True)
        return _library(side), [dcmread(path) for path in paths], target

    def hdcore(self, state):
        """Convert and save with hdcore."""
        library, images, path = state
        converted = library.legacy.LegacyConvertedEnhancedCTImage(images, library.UID(), 1, library.UID(), 1)
        converted.save_as(path)
        return path

    highdicom = hdcore

    def floor(self, state):
        """Write the pixels of all slices."""
        _, images, path = state
        with path.open("wb") as file:
            for image in reversed(images):
                file.write(image.PixelData)
        return path

    def digest(self, side, result):
        """Compare some frames, and where they are."""
        if side == "floor":
            return ""
        from pydicom import dcmread

        image = dcmread(result)
        positions = [
            [float(one) for one in groups.PlanePositionSequence[0].ImagePositionPatient]
            for groups in image.PerFrameFunctionalGroupsSequence
        ]
        import numpy as np

        frames = np.frombuffer(image.PixelData, "<u2").reshape(_SLICES, _SIZE, _SIZE)
        return digest_of(frames[:: _SLICES // 10], np.array(positions))


def _library(side: str) -> Any:
    if side == "floor":
        return None
    from importlib import import_module

    library = import_module(side)
    assert import_module(f"{side}.legacy").LegacyConvertedEnhancedCTImage  # a name that arrives on first use
    return library
