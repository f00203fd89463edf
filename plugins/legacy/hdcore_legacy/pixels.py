"""The frames of the converted image: the sources' pixel data put together, encoded anew only where they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.frames.table import FrameTable
from hdcore.frames.write import write_frames
from hdcore.model.element import elements_of, fetch, mark_as_encoded, put, put_element, put_raw
from hdcore.model.held import HeldElement, HeldPieces
from hdcore.model.making import tag_of
from hdcore.pixels.profiles import lossy_compression
from hdcore.pixels.stored import StoredFrames
from hdcore.pixels.stream import check_workers
from pydicom.dataelem import DataElement
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.multival import MultiValue
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

__all__ = ["choose_syntax", "put_pixels", "tell_losses"]

_LONGEST_NATIVE = 2**32 - 2
_PIXEL_DATA = tag_of("PixelData")


def syntax_of(dataset: Dataset) -> UID:
    """Tell the transfer syntax of a source; Explicit VR Little Endian if it was not read from a file."""
    meta = getattr(dataset, "file_meta", None)
    syntax = UID(ExplicitVRLittleEndian if meta is None else meta.get("TransferSyntaxUID", ExplicitVRLittleEndian))
    return _known(syntax)


def choose_syntax(datasets: Sequence[Dataset], requested: str | None) -> UID:
    """Choose the transfer syntax of the converted image.

    Parameters
    ----------
    datasets: Sequence[pydicom.dataset.Dataset]
        The sources.
    requested: str | None
        What is asked for; that of the sources if absent, or Explicit VR Little Endian if they have several.

    Returns
    -------
    pydicom.uid.UID
        The transfer syntax.
    """
    if requested is not None:
        if not isinstance(requested, str):
            raise InputTypeError(f"transfer_syntax_uid is {requested!r}; expected the UID of a transfer syntax.")
        return _known(UID(requested))
    syntaxes = {syntax_of(dataset) for dataset in datasets}
    found = syntaxes.pop() if len(syntaxes) == 1 else ExplicitVRLittleEndian
    # big endian and deflated datasets are retired or only concern what is not pixels
    return found if found.is_compressed or found.is_implicit_VR else ExplicitVRLittleEndian


def _known(syntax: UID) -> UID:
    if not syntax.is_transfer_syntax:
        raise InputError(f"transfer_syntax_uid is {str(syntax)!r}, which is not that of a transfer syntax.")
    return syntax


def put_pixels(
    instance: Dataset,
    datasets: Sequence[Dataset],
    *,
    workers: int | Executor = 0,
    use_extended_offset_table: bool = False,
) -> None:
    """Put the pixel data of all sources into the converted image.

    Frames that are already encoded as they are to be are copied.

    Parameters
    ----------
    instance: pydicom.dataset.Dataset
        The converted image, with its transfer syntax and the Image Pixel module.
    datasets: Sequence[pydicom.dataset.Dataset]
        The sources in the order of their frames.
    workers: int | concurrent.futures.Executor, optional
        Workers for frames that must be encoded.
    use_extended_offset_table: bool, optional
        Whether encapsulated frames are found by an Extended Offset Table.

    Raises
    ------
    ValueError
        If the pixel data of a source are too short or cannot be decoded, or the transfer syntax cannot hold them.
    TypeError
        If ``workers`` is neither a number nor an executor.
    """
    check_workers(workers)
    target = UID(instance.file_meta.TransferSyntaxUID)
    if not target.is_compressed and all(_is_native_little(dataset) for dataset in datasets):
        _put_native(instance, datasets)
    elif target.is_compressed and all(syntax_of(dataset) == target for dataset in datasets):
        frames = [StoredFrames.of_dataset(dataset).raw(0) for dataset in datasets]
        _put_encapsulated(instance, frames, extended=use_extended_offset_table)
    else:
        extended = use_extended_offset_table and target.is_compressed
        write_frames(
            instance,
            FrameTable(len(datasets)),
            _decoded(datasets),
            (),
            workers=workers,
            use_extended_offset_table=extended,
        )
        tell_losses(instance)
    mark_as_encoded(instance)


def tell_losses(image: Dataset) -> None:
    """Say that an image has been compressed with losses, if its transfer syntax is a lossy one (C.7.6.1.1.5).

    Parameters
    ----------
    image: pydicom.dataset.Dataset
        An image with encoded pixel data; ratio and method follow those of earlier compressions.
    """
    method = lossy_compression(str(image.file_meta.TransferSyntaxUID))
    if method is None:
        return
    bits = int(image.Rows) * int(image.Columns) * int(image.SamplesPerPixel) * int(image.BitsAllocated)
    native = bits // 8 * int(fetch(image, "NumberOfFrames", 1))
    ratio = f"{native / len(elements_of(image)[_PIXEL_DATA].value):.4g}"
    earlier = {"LossyImageCompressionRatio": [ratio], "LossyImageCompressionMethod": [method]}
    for keyword, last in earlier.items():
        said = fetch(image, keyword)
        before = [] if said in (None, "") else list(said) if isinstance(said, MultiValue) else [said]
        put(image, **{keyword: [*before, *last]})
    put(image, LossyImageCompression="01")


def _is_native_little(dataset: Dataset) -> bool:
    syntax = syntax_of(dataset)
    return not syntax.is_compressed and syntax != ExplicitVRBigEndian


def _decoded(datasets: Sequence[Dataset]) -> Iterator[NDArray[Any]]:
    for dataset in datasets:
        yield StoredFrames.of_dataset(dataset).frame(0)


def _put_native(instance: Dataset, datasets: Sequence[Dataset]) -> None:
    bits = int(instance.BitsAllocated)
    length = int(instance.Rows) * int(instance.Columns) * int(instance.SamplesPerPixel) * bits // 8
    total = length * len(datasets)
    if total > _LONGEST_NATIVE:
        raise InputError(
            f"{len(datasets)} native frames have {total} bytes, more than a native value may have (4 GiB); pass a "
            "compressed transfer_syntax_uid."
        )
    values = [_native_value(dataset, number, length) for number, dataset in enumerate(datasets)]
    pieces = (*values, b"\0") if total % 2 else tuple(values)
    put_element(instance, HeldElement(_PIXEL_DATA, "OW" if bits > 8 else "OB", HeldPieces(pieces)))


def _native_value(dataset: Dataset, number: int, length: int) -> bytes:
    element: Any = elements_of(dataset)[_PIXEL_DATA]
    value = element.value if isinstance(element.value, (bytes, bytearray)) else dataset.PixelData
    if len(value) < length:
        raise InputError(f"The Pixel Data of image {number} has {len(value)} bytes; expected {length}.")
    return value if type(value) is bytes and len(value) == length else bytes(value[:length])


def _put_encapsulated(instance: Dataset, frames: list[bytes], *, extended: bool) -> None:
    if extended:
        value, offsets, lengths = encapsulate_extended(frames)
        put_raw(instance, "ExtendedOffsetTable", "OV", offsets)
        put_raw(instance, "ExtendedOffsetTableLengths", "OV", lengths)
    else:
        value = encapsulate(frames, has_bot=sum(map(len, frames)) + 16 * len(frames) < 1 << 32)
    element = DataElement(_PIXEL_DATA, "OB", value, is_undefined_length=True, already_converted=True)
    put_element(instance, element)
