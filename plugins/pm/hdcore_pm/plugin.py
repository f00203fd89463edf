"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Name the IOD that this plugin builds and reads."""
    return [
        IOD(
            name="pm",
            title="Parametric Map",
            sop_classes=("1.2.840.10008.5.1.4.1.1.30",),
            builder="hdcore_pm.parametric_map:ParametricMap",
            reader="hdcore_pm.parametric_map:ParametricMap.from_dataset",
            rules="hdcore_pm.rules:RULES",
        )
    ]
