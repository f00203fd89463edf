from __future__ import annotations

import numpy as np

from hdcore.frames.assemble import assemble_planes
from hdcore.frames.image import Image
from hdcore.testing import sources


class Band:
    """Adds only the middle rows to what is there."""

    dtype = np.dtype(np.uint16)
    samples = ()
    accumulates = True

    def apply(self, block, frames, out):
        assert not out.any()
        out[:, 8:24] += block[:, 8:24]


def test_the_output_of_what_accumulates_begins_as_zeros():
    image = Image.from_dataset(sources.enhanced_ct(frames=6))
    stale = [np.full((6, 32, 32), 7, np.uint16) for _ in range(20)]
    del stale
    volume = assemble_planes(image.stored_frames, np.arange(6), Band())
    assert not volume[:, :8].any()
    assert np.array_equal(volume[:, 8:24], image.pixel_array[:, 8:24])
