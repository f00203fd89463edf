"""What numbers must be wherever they stand, as conditions asked of the item that has them.

Conditions have three values, so what cannot be decided is never an error.
"""

from __future__ import annotations

__all__ = ["RANGES"]

RANGES: dict[int, tuple[tuple[str, str], ...]] = {
    0x00281051: (  # Window Width
        ("WindowWidth > 0", "PS3.3 C.11.2.1.2"),
        ("paired(WindowWidth, WindowCenter)", "PS3.3 C.11.2.1.2"),
        ("WindowWidth >= 1 or (present(VOILUTFunction) and VOILUTFunction != 'LINEAR')", "PS3.3 C.11.2.1.2"),
    ),
    0x00180050: (("SliceThickness >= 0", "PS3.3 C.7.6.2"),),
    # In nuclear medicine the sign tells the direction of stacking.
    0x00180088: (("SpacingBetweenSlices >= 0 or root.Modality == 'NM'", "PS3.3 C.7.6.2"),),
    0x00081160: (("ReferencedFrameNumber >= 1", "PS3.3 10.3"),),
    0x0062000B: (("ReferencedSegmentNumber >= 1", "PS3.3 10.3"),),
    0x00480001: (("ImagedVolumeWidth > 0", "PS3.3 C.8.12.4"),),
    0x00480002: (("ImagedVolumeHeight > 0", "PS3.3 C.8.12.4"),),
    0x00480003: (("ImagedVolumeDepth > 0", "PS3.3 C.8.12.4"),),
    0x0040A132: (("ReferencedSamplePositions >= 1", "PS3.3 C.18.7"),),
    0x00180082: (("InversionTime >= 0", "PS3.3 C.8.3.1"),),
    0x00101030: (("PatientWeight >= 0", "PS3.3 C.7.2.2"),),
    0x00101020: (("PatientSize >= 0", "PS3.3 C.7.2.2"),),
}
"""By tag: what must hold, and the section of the standard."""
