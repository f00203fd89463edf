"""Where coordinates of annotations lie on the display (PS3.3 C.10.5.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Placement"]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where coordinates in each of the units lie on the display; maps of shape (2, 3) of x, y and 1."""

    pixel: npt.NDArray[np.float64]
    matrix: npt.NDArray[np.float64] | None
    """Of the total pixel matrix; None where the image is not tiled."""
    display: npt.NDArray[np.float64]

    def locate(self, units: str, coordinates: Any) -> npt.NDArray[np.float64] | None:
        """Give points of the display, of shape (points, 2); None if the units have no meaning here."""
        values = np.asarray(coordinates, np.float64)
        map_ = self._map(units)
        if map_ is None or values.size % 2 or not values.size or not np.isfinite(values).all():
            return None
        points: npt.NDArray[np.float64] = values.reshape(-1, 2) @ map_[:, :2].T + map_[:, 2]
        return points

    def is_mirrored(self, units: str) -> bool:
        """Tell whether the display shows what is measured in some units as in a mirror."""
        map_ = self._map(units)
        return map_ is not None and bool(np.linalg.det(map_[:, :2]) < 0)

    def _map(self, units: str) -> npt.NDArray[np.float64] | None:
        return {"PIXEL": self.pixel, "MATRIX": self.matrix, "DISPLAY": self.display}.get(units)
