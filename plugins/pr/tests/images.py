"""Images whose every stored value is known, and states changed after they were made."""

from __future__ import annotations

import hdcore as hd
import numpy as np
from hdcore.testing import sources
from states import grayscale

ROWS, COLUMNS = 64, 64


def ramp(bits=12, is_signed=False, allocated=16, rows=ROWS, columns=COLUMNS):
    """All values that the bits can hold, in rising order."""
    image = sources.ct_series(1, rows=rows, columns=columns)[0]
    low = -(1 << (bits - 1)) if is_signed else 0
    values = np.linspace(low, low + (1 << bits) - 1, rows * columns).round()
    image.BitsAllocated, image.BitsStored, image.HighBit = allocated, bits, bits - 1
    image.PixelRepresentation = int(is_signed)
    image.PixelData = values.astype(f"{'ui'[is_signed]}{allocated // 8}").tobytes()
    image["PixelData"].VR = "OW" if allocated > 8 else "OB"
    for keyword in ("WindowCenter", "WindowWidth", "SmallestImagePixelValue", "LargestImagePixelValue"):
        image.pop(keyword, None)
    return image


def windowed(center=40, width=400, function="LINEAR"):
    return [hd.pr.SoftcopyVOILUTTransformation(center, width, voi_lut_function=function)]


def state_of(image, *changes, **parameters):
    state = grayscale(images=[image], **parameters)
    for change in changes:
        change(state)
    return state


def setting(**attributes):
    def change(state):
        for keyword, value in attributes.items():
            setattr(state, keyword, value)

    return change


def overlaid(mask, layer=None, origin=(1, 1)):
    """Put an overlay of group 6000 into a state, shown on a layer if one is named."""

    def change(state):
        for element, vr, value in (
            (0x0010, "US", mask.shape[0]),
            (0x0011, "US", mask.shape[1]),
            (0x0040, "CS", "G"),
            (0x0050, "SS", list(origin)),
            (0x0100, "US", 1),
            (0x0102, "US", 0),
            (0x3000, "OW", np.packbits(mask.ravel(), bitorder="little").tobytes()),
        ):
            state.add_new((0x6000, element), vr, value)
        if layer is not None:
            state.add_new((0x6000, 0x1001), "CS", layer)

    return change


def plain(image, **parameters):
    """What the image looks like without anything over it."""
    return state_of(image, voi_lut_transformations=windowed(40, 4000), **parameters).apply(image)
