"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

_STORAGE = "1.2.840.10008.5.1.4.1.1.7"


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Register Secondary Capture of one frame and of several."""
    return [
        IOD(
            name="sc",
            title="Secondary Capture Image",
            sop_classes=(_STORAGE,),
            builder="hdcore_sc.image:SCImage",
            reader="hdcore_sc.image:SCImage.from_dataset",
            rules="hdcore_sc.rules:RULES",
        ),
        IOD(
            name="sc.multiframe",
            title="Multi-frame Secondary Capture Image",
            sop_classes=tuple(f"{_STORAGE}.{number}" for number in (1, 2, 3, 4)),
            builder="hdcore_sc.multiframe:MultiFrameSCImage",
            reader="hdcore_sc.multiframe:MultiFrameSCImage.from_dataset",
            rules="hdcore_sc.rules:MULTI_FRAME_RULES",
        ),
    ]
