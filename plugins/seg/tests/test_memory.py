"""Masks that are larger than memory: what is held at once does not grow with them, and nothing is computed twice."""

from __future__ import annotations

import copy
import gc
import tracemalloc
import warnings
from collections import Counter

import numpy as np
import pytest
from hdcore.testing.sources import ct_series, slide
from hdcore.uid import UID
from seg_making import again, make

from hdcore_seg import segread
from hdcore_seg.planes import ArrayPlanes

ROWS = COLUMNS = 256
FEW, MANY = 40, 140
NATIVE, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"
DEPTH = 4
"""Planes in a chunk."""


def sources(count):
    """Give the headers of a series: images without pixels, which would grow with it."""
    first = ct_series(1, ROWS, COLUMNS)[0]
    del first.PixelData
    images = []
    for index in range(count):
        image = copy.deepcopy(first)
        image.SOPInstanceUID, image.ImagePositionPatient = UID(), [0, 0, 2.5 * index]
        images.append(image)
    return images


def plane(index, form):
    labels = np.zeros((ROWS, COLUMNS), np.uint8)
    labels[40:200, 30 + index : 90 + index], labels[210:220, 5:50] = 1, 2
    if form == "labels":
        return labels
    stack = np.stack([labels == 1, labels == 2], axis=-1)
    return stack.astype(np.uint8) if form == "stacked" else stack * np.float32(0.5)


def planes(count, form):
    return (plane(index, form) for index in range(count))


def iterator(folder, count, form):
    return planes(count, form)


def mapped(folder, count, form):
    sample = plane(0, form)
    array = np.lib.format.open_memmap(folder / f"{count}.npy", "w+", sample.dtype, (count, *sample.shape))
    for index, item in enumerate(planes(count, form)):
        array[index] = item
    array.flush()
    return np.load(folder / f"{count}.npy", mmap_mode="r")


def zarr_array(folder, count, form):
    zarr = pytest.importorskip("zarr", reason="makes the chunked array")
    sample = plane(0, form)
    array = zarr.create_array(
        store=str(folder / f"{count}.zarr"),
        overwrite=True,
        shape=(count, *sample.shape),
        chunks=(DEPTH, *sample.shape),
        dtype=sample.dtype,
    )
    for index, item in enumerate(planes(count, form)):
        array[index] = item
    return array


def dask_array(folder, count, form):
    dask = pytest.importorskip("dask.array", reason="makes the chunked array")
    return dask.from_array(mapped(folder, count, form), chunks=(DEPTH, *plane(0, form).shape))


def peak_of(function):
    """Give the greatest number of bytes that a call holds beyond what there was before."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        function()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("form", "kind", "syntax"),
    [
        ("labels", "BINARY", RLE),
        ("labels", "LABELMAP", NATIVE),
        ("stacked", "BINARY", NATIVE),
        ("stacked", "LABELMAP", RLE),
        ("shares", "FRACTIONAL", NATIVE),
    ],
)
@pytest.mark.parametrize("source", [iterator, mapped, zarr_array, dask_array])
def test_what_is_held_at_once_does_not_grow_with_the_masks(tmp_path, source, form, kind, syntax):
    def peak(count):
        images, masks = sources(count), source(tmp_path, count, form)
        options = {"output": tmp_path / "seg.dcm", "transfer_syntax_uid": syntax}
        return peak_of(lambda: make(images, masks, kind, **options))

    peak(1)  # imports what it needs
    growth = peak(MANY) - peak(FEW)  # the table of frames and references to images, which do grow, are little
    assert growth < (MANY - FEW) * plane(0, form).nbytes / 8
    written = segread(tmp_path / "seg.dcm", lazy_frame_retrieval=True)
    assert written.number_of_frames == FEW * (1 if kind == "LABELMAP" else 2)


class Chunked:
    """An array in chunks of whole planes that counts how often each is read, as a file of chunks would have to."""

    def __init__(self, array, depth):
        self._array, self._depth = array, depth
        self.shape, self.dtype, self.chunks = array.shape, array.dtype, (depth, *array.shape[1:])
        self.reads = Counter()

    def __getitem__(self, key):
        start, stop, _ = key.indices(self.shape[0])
        self.reads.update(range(start // self._depth, -(-stop // self._depth)))
        return self._array[key]


@pytest.mark.parametrize("depth", [1, 3, 5, 20])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_each_chunk_is_read_once_in_a_walk_over_its_planes(depth, order):
    array = np.random.default_rng(0).integers(0, 3, (20, 6, 7), np.uint8)
    chunked = Chunked(array, depth)
    walked = ArrayPlanes(chunked)
    indices = np.arange(20)[order]
    taken = [walked.take(indices[start : start + 2]) for start in range(0, 20, 2)]
    np.testing.assert_array_equal(np.concatenate(taken), array[indices])
    assert set(chunked.reads.values()) == {1}


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_chunks_that_hold_several_planes_come_back_in_any_order(kind):
    labels = np.random.default_rng(1).integers(0, 3, (7, 8, 9), np.uint8)
    images = ct_series(7, 8, 9)
    order = [3, 0, 6, 1, 5, 2, 4]
    shuffled = [images[index] for index in order]
    segmentation = again(make(shuffled, Chunked(labels[order], 3), kind))
    found = segmentation.get_pixels_by_source_instance(
        [image.SOPInstanceUID for image in images], combine_segments=True
    )
    np.testing.assert_array_equal(found, labels)


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_chunks_of_a_dask_array_are_computed_once(kind):
    dask = pytest.importorskip("dask.array", reason="makes the chunked array")
    labels = np.random.default_rng(1).integers(0, 3, (8, 8, 9), np.uint8)
    computed = []

    def compute(block, block_info):
        computed.append(block_info[0]["chunk-location"])
        return block

    lazy = dask.map_blocks(compute, dask.from_array(labels, chunks=(3, 4, 9)), dtype=np.uint8, meta=labels[:0])
    images = ct_series(8, 8, 9)
    segmentation = again(make(images, lazy, kind))
    found = segmentation.get_pixels_by_source_instance(
        [image.SOPInstanceUID for image in images], combine_segments=True
    )
    np.testing.assert_array_equal(found, labels)
    assert sorted(computed) == [(i, j, 0) for i in range(3) for j in range(2)]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_temporary_files_are_closed():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make(ct_series(2, 4, 4), iter(np.ones((2, 4, 4), np.uint8)), numbers=(1,))
        gc.collect()
    assert [str(warning.message) for warning in caught if warning.category is ResourceWarning] == []


def test_a_total_pixel_matrix_may_be_in_chunks():
    dask = pytest.importorskip("dask.array", reason="makes the chunked array")
    zarr = pytest.importorskip("zarr", reason="makes the chunked array")
    matrix = np.random.default_rng(1).integers(0, 3, (50, 70), np.uint8)
    stored = zarr.create_array(store={}, shape=matrix.shape, chunks=(20, 32), dtype=matrix.dtype)
    stored[:] = matrix
    for chunked in (dask.from_array(matrix, chunks=(20, 32)), stored):
        segmentation = again(make([slide()], chunked, tile_pixel_array=True))
        np.testing.assert_array_equal(segmentation.get_total_pixel_matrix(combine_segments=True), matrix)
