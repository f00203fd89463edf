"""Segmentations: created and saved, opened, read."""

from __future__ import annotations

import pickle
from typing import Any, ClassVar

from benchmarks.workload import Workload, digest_of

_RLE = "1.2.840.10008.1.2.5"
_JPEG_LS = "1.2.840.10008.1.2.4.80"


class _Create(Workload):
    """Create a segmentation of a CT series and save it; the file is the result."""

    slices: ClassVar[int] = 200
    size: ClassVar[int] = 512
    segments: ClassVar[int] = 100
    kind: ClassVar[str] = "BINARY"
    options: ClassVar[dict[str, Any]] = {}

    def masks(self) -> Any:
        """Make a label map of boxes, about forty slices each."""
        import numpy as np

        random = np.random.default_rng(0)
        labels = np.zeros((self.slices, self.size, self.size), np.uint8)
        extent = self.size // 10
        for number in range(1, self.segments + 1):
            z = random.integers(0, max(1, self.slices - 40))
            y, x = random.integers(0, self.size - extent, 2)
            labels[z : z + 40, y : y + extent, x : x + extent] = number
        return labels

    def prepare(self, folder):
        """Write the headers of the series, and the masks."""
        import numpy as np

        (folder / "sources.pickle").write_bytes(pickle.dumps(_headers(self.slices, self.size)))
        np.save(folder / "masks.npy", self.masks())

    def load(self, side, folder):
        """Read the headers and the masks; no side has a file to replace, which would cost more than writing it."""
        import numpy as np

        (folder / f"{side}.dcm").unlink(missing_ok=True)
        sources = pickle.loads((folder / "sources.pickle").read_bytes())  # written by prepare
        return _library(side), sources, np.load(folder / "masks.npy"), folder / f"{side}.dcm"

    def hdcore(self, state):
        """Create and save with hdcore."""
        return self._create(*state)

    def highdicom(self, state):
        """Create and save with highdicom."""
        return self._create(*state)

    def floor(self, state):
        """Pack or copy the pixels, and write them."""
        import numpy as np

        _, _, masks, path = state
        with path.open("wb") as file:
            for number in range(1, self.segments + 1):
                if self.kind != "BINARY":
                    break
                for plane in masks:
                    bits = plane == number
                    if bits.any() or not self.options.get("omit_empty_frames", True):
                        file.write(np.packbits(bits, bitorder="little"))
            if self.kind == "LABELMAP":
                file.write(masks)
            if self.kind == "FRACTIONAL":
                file.write((masks * 255 + np.float32(0.5)).astype(np.uint8))

    def _create(self, library, sources, masks, path):
        segmentation = library.seg.Segmentation(
            sources,
            masks,
            self.kind,
            _descriptions(library, self.segments),
            series_instance_uid=library.UID(),
            series_number=2,
            sop_instance_uid=library.UID(),
            instance_number=1,
            manufacturer="Benchmark",
            manufacturer_model_name="Benchmark",
            software_versions="1",
            device_serial_number="1",
            **self.options,
        )
        segmentation.save_as(path)
        return path

    def digest(self, side, result):
        """Compare the stored frames."""
        if side == "floor":
            return ""
        import hashlib

        import pydicom

        dataset = pydicom.dcmread(result)
        if dataset.file_meta.TransferSyntaxUID.is_compressed:
            return digest_of(dataset.pixel_array)
        return hashlib.sha256(dataset.PixelData).hexdigest()[:16]


class BinaryOneSegment(_Create):
    """One segment."""

    title = "SEG BINARY, 1 segment, 300 slices of 512², create and save"
    factor = 6.0
    slices = 300
    segments = 1

    def masks(self):
        """Make a box in two thirds of the slices."""
        import numpy as np

        masks = np.zeros((self.slices, self.size, self.size), np.uint8)
        masks[50:250, 100:400, 100:400] = 1
        return masks


class BinarySparse(_Create):
    """A hundred segments, empty frames left out."""

    title = "SEG BINARY, 100 segments of a label map, 200 slices, sparse"
    factor = 6.0


class BinaryDense(_Create):
    """A hundred segments, empty frames kept."""

    title = "SEG BINARY, 100 segments of a label map, 200 slices, dense"
    factor = 12.0
    options: ClassVar = {"omit_empty_frames": False}


class Labelmap(_Create):
    """A hundred segments in a label map."""

    title = "SEG LABELMAP, 100 segments, 200 slices"
    factor = 8.0
    kind = "LABELMAP"


class LabelmapRle(Labelmap):
    """The same, run-length encoded."""

    title = "SEG LABELMAP as RLE"
    factor = 8.0
    options: ClassVar = {"transfer_syntax_uid": _RLE}
    floor = Workload.floor


class LabelmapJpegLs(Labelmap):
    """The same, as JPEG-LS."""

    title = "SEG LABELMAP as JPEG-LS"
    factor = 3.0
    options: ClassVar = {"transfer_syntax_uid": _JPEG_LS}
    floor = Workload.floor


class Fractional(_Create):
    """Probabilities of one segment."""

    title = "SEG FRACTIONAL, 1 segment, 200 slices"
    factor = 12.0
    kind = "FRACTIONAL"
    segments = 1

    def masks(self):
        """Make probabilities."""
        import numpy as np

        return np.random.default_rng(0).random((self.slices, self.size, self.size), np.float32)


class ManyFrames(_Create):
    """So many frames that what is said of each matters more than its pixels."""

    title = "SEG BINARY with 50,000 stored frames: create and save"
    factor = 40.0
    size = 32
    segments = 250

    def masks(self):
        """Make a label map in which every slice has all segments."""
        import numpy as np

        random = np.random.default_rng(0)
        numbers = np.resize(np.arange(self.segments + 1, dtype=np.uint8), self.size * self.size)
        return np.stack([random.permutation(numbers).reshape(self.size, self.size) for _ in range(self.slices)])


class _Read(Workload):
    """Read a segmentation that highdicom, or hdcore, has written."""

    creation: ClassVar[type[_Create]] = BinarySparse

    def prepare(self, folder):
        """Write the segmentation with hdcore: both sides read the same file."""
        creation = self.creation()
        creation.prepare(folder)
        creation.hdcore(creation.load("hdcore", folder)).rename(folder / "seg.dcm")
        (folder / "masks.npy").unlink()

    def load(self, side, folder):
        """Import."""
        return _library(side), folder / "seg.dcm"

    def hdcore(self, state):
        """Read with hdcore."""
        return self.read(*state)

    def highdicom(self, state):
        """Read with highdicom."""
        return self.read(*state)

    def read(self, library, path):
        """Read; the same call on both sides."""
        raise TypeError

    def digest(self, side, result):
        """Compare arrays."""
        return digest_of(result)


class Open(_Read):
    """Open a hundred segments."""

    title = "SEG open the 100-segment file, eager"
    factor = 12.0

    def read(self, library, path):
        """Open."""
        return library.seg.segread(path)

    def digest(self, side, result):
        """Compare the number of frames."""
        return digest_of(result.number_of_frames)


class OpenLazily(Open):
    """Open a hundred segments, frames left in the file."""

    title = "SEG open the 100-segment file, lazy"
    factor = 50.0

    def read(self, library, path):
        """Open."""
        return library.seg.segread(path, lazy_frame_retrieval=True)


class ReadCombined(_Read):
    """The label map."""

    title = "SEG read the label map volume (`combine_segments`) of 100 segments"
    factor = 5.0

    def read(self, library, path):
        """Open and get the volume."""
        return library.seg.segread(path).get_volume(combine_segments=True).array


class ReadBySource(_Read):
    """The label map of each source image."""

    title = "SEG read per source image, 100 segments"
    factor = 5.0

    def read(self, library, path):
        """Open and get the frames."""
        segmentation = library.seg.segread(path)
        uids = [uid for _, _, uid in segmentation.get_source_image_uids()]
        return segmentation.get_pixels_by_source_instance(
            sorted(uids), combine_segments=True, assert_missing_frames_are_empty=True
        )


class ReadOneSegment(_Read):
    """One segment of a hundred."""

    title = "SEG read one segment's volume of 100"
    factor = 20.0

    def read(self, library, path):
        """Open and get the volume."""
        return library.seg.segread(path, lazy_frame_retrieval=True).get_volume(segment_numbers=[7]).array


class OpenManyFrames(Open):
    """Open 50,000 frames."""

    title = "SEG with 50,000 stored frames: open"
    factor = 100.0
    creation = ManyFrames


class ReadOneOfManyFrames(_Read):
    """One frame of 50,000."""

    title = "SEG with 50,000 stored frames: open lazily and read one frame"
    factor = 200.0
    creation = ManyFrames

    def read(self, library, path):
        """Open and get a frame."""
        return library.seg.segread(path, lazy_frame_retrieval=True).get_stored_frame(25000)


class _Slide(_Create):
    """A total pixel matrix of 20,000², cut into tiles."""

    organization: ClassVar[str]
    matrix: ClassVar[int] = 20000
    segments = 1

    def masks(self):
        """Make blobs in a quarter of the matrix."""
        import numpy as np

        masks = np.zeros((self.matrix, self.matrix), np.uint8)
        masks[2000:12000, 3000:13000] = (
            (np.random.default_rng(0).random((100, 100)) > 0.5).repeat(100, 0).repeat(100, 1)
        )
        return masks

    def prepare(self, folder):
        """Write the header of the slide, and the masks."""
        import numpy as np

        (folder / "sources.pickle").write_bytes(pickle.dumps([_slide_header(self.matrix, 512)]))
        np.save(folder / "masks.npy", self.masks())

    @property
    def options(self):  # type: ignore[override]
        """Cut into tiles."""
        every = self.organization == "TILED_FULL"
        return {
            "tile_pixel_array": True,
            "dimension_organization_type": self.organization,
            "omit_empty_frames": not every,
        }

    def floor(self, state):
        """Pack the tiles, and write them."""
        import numpy as np

        _, _, masks, path = state
        with path.open("wb") as file:
            for top in range(0, self.matrix, 512):
                for left in range(0, self.matrix, 512):
                    tile = np.zeros((512, 512), np.uint8)
                    part = masks[top : top + 512, left : left + 512]
                    tile[: part.shape[0], : part.shape[1]] = part
                    if self.organization == "TILED_FULL" or tile.any():
                        file.write(np.packbits(tile, bitorder="little"))


class SlideFull(_Slide):
    """All tiles."""

    title = "slide SEG, 20,000² in 512² tiles, TILED_FULL create"
    factor = 1.8
    organization = "TILED_FULL"


class SlideSparse(_Slide):
    """Tiles that are not empty."""

    title = "slide SEG, 20,000² in 512² tiles, TILED_SPARSE create"
    factor = 4.0
    organization = "TILED_SPARSE"


class SlideRead(_Read):
    """The whole total pixel matrix."""

    title = "slide SEG, 20,000² in 512² tiles, TILED_SPARSE read whole matrix"
    factor = 4.0
    creation = SlideSparse

    def read(self, library, path):
        """Open and get the matrix."""
        return library.seg.segread(path).get_total_pixel_matrix(combine_segments=True)


def _library(side: str) -> Any:
    if side == "floor":
        return None
    import importlib

    library = importlib.import_module(side)
    importlib.import_module("pydicom.sr.codedict")
    _ = library.seg.Segmentation, library.seg.SegmentDescription, library.UID  # importing is not what is timed
    return library


def _descriptions(library: Any, number: int) -> list[Any]:
    from pydicom.sr.codedict import codes

    return [
        library.seg.SegmentDescription(index, f"Segment {index}", codes.SCT.Organ, codes.SCT.Liver, "MANUAL")
        for index in range(1, number + 1)
    ]


def _headers(slices: int, size: int) -> list[Any]:
    from hdcore.testing.sources import ct_series

    series = ct_series(slices, 8, 8)
    for image in series:
        image.Rows = image.Columns = size
        del image["PixelData"]
    return series


def _slide_header(matrix: int, tile: int) -> Any:
    from hdcore.testing.sources import slide

    image = slide(64, 64, tile=(16, 16))
    image.TotalPixelMatrixRows = image.TotalPixelMatrixColumns = matrix
    image.Rows = image.Columns = tile
    image.NumberOfFrames = (-(-matrix // tile)) ** 2
    image.TotalPixelMatrixFocalPlanes = image.NumberOfOpticalPaths = 1
    del image["PixelData"]
    return image
