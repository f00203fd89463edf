"""Shapes as lines: circles, ellipses and interpolated curves become polylines (PS3.3 C.10.5.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

__all__ = ["outline_of"]

_LEAST, _MOST = 16, 720
_PER_SEGMENT = 16


def outline_of(kind: str, points: Points) -> Points:
    """Give the polyline that looks like a shape.

    Parameters
    ----------
    kind: str
        Graphic Type.
    points: numpy.ndarray
        The shape's points on the display, shape (points, 2).

    Returns
    -------
    numpy.ndarray
        Shape (n, 2).
    """
    if kind == "CIRCLE":
        radius = float(np.hypot(*(points[1] - points[0])))
        return _ellipse(points[0], np.array([radius, 0.0]), np.array([0.0, radius]))
    if kind == "ELLIPSE":
        center = points[:2].mean(axis=0)
        return _ellipse(center, (points[1] - points[0]) / 2.0, (points[3] - points[2]) / 2.0)
    return _smooth(points) if kind == "INTERPOLATED" else points


def _ellipse(center: Points, major: Points, minor: Points) -> Points:
    length = 2 * np.pi * max(float(np.hypot(*major)), float(np.hypot(*minor)))
    angles = np.linspace(0.0, 2 * np.pi, int(np.clip(length, _LEAST, _MOST)) + 1)[:, None]
    outline: Points = center + np.cos(angles) * major + np.sin(angles) * minor
    return outline


def _smooth(points: Points) -> Points:
    """Draw a Catmull-Rom spline through points: the standard leaves the kind of curve to the display."""
    if len(points) < 3:
        return points
    is_closed = bool(np.array_equal(points[0], points[-1]))
    first, last = (points[-2], points[1]) if is_closed else (2 * points[0] - points[1], 2 * points[-1] - points[-2])
    padded = np.vstack([first, points, last])
    t = np.linspace(0.0, 1.0, _PER_SEGMENT, endpoint=False)[None, :, None]
    p0, p1, p2, p3 = (padded[shift : len(points) - 1 + shift, None, :] for shift in range(4))
    curve = p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
    return np.vstack([curve.reshape(-1, 2), points[-1:]])
