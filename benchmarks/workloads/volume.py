"""Operations on a volume of 400 × 512 × 512 voxels. Results are made contiguous, as whoever goes on with them needs."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from benchmarks.workload import Workload, digest_of

SHAPE = (400, 512, 512)
AFFINE = np.array([[0.0, 0.0, 0.7, -180.0], [0.0, 0.7, 0.0, -170.0], [1.5, 0.0, 0.0, 30.0], [0.0, 0.0, 0.0, 1.0]])


def voxels() -> np.ndarray:
    """Make values that differ along every axis, int16."""
    axes = [np.arange(length, dtype=np.int16) for length in SHAPE]
    return axes[0][:, None, None] * 3 + axes[1][None, :, None] * 5 - axes[2][None, None, :] * 2


class _VolumeWorkload(Workload):
    factor: ClassVar[float] = 1.0
    warm_megabytes: ClassVar[int] = 1500
    dtype: ClassVar[Any] = np.int16

    def load(self, side: str, folder: Any) -> Any:
        array = voxels().astype(self.dtype)
        if side == "floor":
            return array
        package = __import__(side)
        return package, package.Volume(array, AFFINE, "PATIENT", frame_of_reference_uid="1.2.3")

    def hdcore(self, state: Any) -> Any:
        return self.work(*state)

    def highdicom(self, state: Any) -> Any:
        return self.work(*state)

    def work(self, package: Any, volume: Any) -> Any:
        """Do the job with either package."""
        raise TypeError(f"{type(self).__name__} has no work.")

    def digest(self, side: str, result: Any) -> str:
        return digest_of(result)


class Orientation(_VolumeWorkload):
    """Turn to another patient orientation."""

    title = "volume 400 × 512²: to another orientation"
    factor = 4.0

    def work(self, package: Any, volume: Any) -> Any:
        turned = volume.to_patient_orientation("LPH")
        return turned.copy().array if package.__name__ == "hdcore" else np.ascontiguousarray(turned.array)

    def floor(self, state: Any) -> Any:
        out = np.empty((512, 512, 400), np.int16)
        for start in range(0, 512, 32):
            out[:, start : start + 32] = state[:, start : start + 32].transpose(2, 1, 0)
        return out


class MatchGeometry(_VolumeWorkload):
    """Resample-free matching with a flipped, permuted, shifted geometry."""

    title = "volume 400 × 512²: match geometry"
    factor = 2.5

    def work(self, package: Any, volume: Any) -> Any:
        target = package.VolumeGeometry(
            AFFINE[:, [2, 1, 0, 3]] @ np.array([[-1, 0, 0, 520], [0, 1, 0, -10], [0, 0, 1, 5], [0, 0, 0, 1.0]]),
            (500, 500, 380),
            "PATIENT",
            frame_of_reference_uid="1.2.3",
        )
        matched = volume.match_geometry(target)
        return matched.array if package.__name__ == "hdcore" else np.ascontiguousarray(matched.array)


class PadAndCrop(_VolumeWorkload):
    """Pad, then crop to a shape."""

    title = "volume 400 × 512²: pad and crop"
    factor = 2.0

    def work(self, package: Any, volume: Any) -> Any:
        return np.ascontiguousarray(volume.pad_or_crop_to_spatial_shape((420, 480, 540)).array)

    def floor(self, state: Any) -> Any:
        out = np.zeros((420, 480, 540), np.int16)
        out[10:410, :, 14:526] = state[:, 16:496]
        return out


class Normalize(_VolumeWorkload):
    """Normalise to a mean of 0 and a standard deviation of 1."""

    title = "volume 400 × 512²: normalise mean and standard deviation"
    factor = 3.0

    def work(self, package: Any, volume: Any) -> Any:
        return volume.normalize_mean_std().array

    def floor(self, state: Any) -> Any:
        mean, deviation = state.mean(), state.std()
        out = np.subtract(state, mean, dtype=np.float64)
        out /= deviation
        return out

    def digest(self, side: str, result: Any) -> str:
        return digest_of(np.round(result[::40].astype(np.float64), 6) + 0.0)


class MapPoints(_VolumeWorkload):
    """Map three million voxel indices to millimetres."""

    title = "volume 400 × 512²: map 3,000,000 points"
    factor = 3.0

    def load(self, side: str, folder: Any) -> Any:
        points = np.random.default_rng(0).integers(0, 400, (3_000_000, 3))
        if side == "floor":
            return points
        package = __import__(side)
        geometry = package.VolumeGeometry(AFFINE, SHAPE, "PATIENT")
        other = package.VolumeGeometry(AFFINE @ np.diag([2.0, 2.0, 2.0, 1.0]), SHAPE, "PATIENT")
        return package.VolumeToVolumeTransformer(geometry, other), points

    def work(self, package: Any, volume: Any) -> Any:
        return package(volume)

    def floor(self, state: Any) -> Any:
        return state @ np.diag([0.5, 0.5, 0.5])

    def digest(self, side: str, result: Any) -> str:
        return digest_of(np.round(result, 6) + 0.0)
