"""Captures that the tests make."""

from __future__ import annotations

import hdcore as hd
import numpy as np
from hdcore.testing import sources

HEADER = {
    "series_instance_uid": "1.2.3.4",
    "series_number": 7,
    "sop_instance_uid": "1.2.3.4.5",
    "instance_number": 1,
    "manufacturer": "Somebody",
}
RNG = np.random.default_rng(1)
PIXELS = {
    "bit": RNG.random((45, 37)) > 0.5,
    "byte": RNG.integers(0, 255, (45, 37), np.uint8),
    "word": RNG.integers(0, 65535, (45, 37), np.uint16),
    "12 bits": RNG.integers(0, 4095, (45, 37), np.uint16),
    "rgb": RNG.integers(0, 255, (45, 37, 3), np.uint8),
}
BITS = {"bit": 1, "byte": 8, "word": 16, "12 bits": 12, "rgb": 8}


def specimens():
    return [hd.SpecimenDescription(specimen_id="S1", specimen_uid=hd.UID())]


def _defaults(kind):
    return {
        "photometric_interpretation": "RGB" if kind == "rgb" else "MONOCHROME2",
        "bits_allocated": BITS[kind],
        "coordinate_system": "PATIENT",
        **HEADER,
    }


def capture(kind="byte", **parameters):
    defaults = {"pixel_array": PIXELS[kind], "patient_orientation": ("L", "F"), **_defaults(kind)}
    return hd.sc.SCImage.from_ref_dataset(sources.ct_series(1)[0], **{**defaults, **parameters})


def frames_of(kind, frames=3):
    return np.stack([np.roll(PIXELS[kind], shift, axis=0) for shift in range(frames)])


def multiframe(kind="byte", **parameters):
    defaults = {"subject": {"patient_orientation": ("L", "F")}, **_defaults(kind)}
    return hd.sc.MultiFrameSCImage.from_ref_dataset(
        sources.ct_series(1)[0], frames_of(kind), **{**defaults, **parameters}
    )


def slide_capture(transfer_syntax_uid="1.2.840.10008.1.2.1"):
    return hd.sc.SCImage.from_ref_dataset(
        sources.slide(),
        PIXELS["rgb"],
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="SLIDE",
        container_identifier="S1",
        specimen_descriptions=specimens(),
        transfer_syntax_uid=transfer_syntax_uid,
        **HEADER,
    )
