"""Frames encoded as they flow by, in workers where that pays.

What workers are depends on the encoder that is installed: those that release the interpreter lock run in threads, the
others in processes. A process costs a start and a copy of each frame, so it is used only if asked for by a number of
workers above one. At most two frames per worker are held at a time, and results come in the order of the frames.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError, InputTypeError
from hdcore.pixels.backends.choice import encoders
from hdcore.pixels.codec import check_frame, encode
from hdcore.pixels.format import EncodingOptions
from hdcore.pixels.packing import pack_frames
from hdcore.pixels.profiles import check_profile, is_native
from hdcore.text import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    import numpy.typing as npt

    from hdcore.pixels.format import FrameFormat

__all__ = ["check_workers", "encode_frames"]

_DEFAULTS = EncodingOptions()
_HELD_PER_WORKER = 2
_MOST_WORKERS = 1024


def check_workers(workers: int | Executor) -> None:
    """Refuse what is neither a number of workers nor an executor, also where nothing will be encoded in them.

    Raises
    ------
    TypeError
        If ``workers`` is of another type.
    ValueError
        If it is more than 1024.
    """
    if isinstance(workers, Executor):
        return
    if isinstance(workers, bool) or not isinstance(workers, int):
        raise InputTypeError(f"workers is {short(workers)}; expected a number or an Executor.")
    if workers > _MOST_WORKERS:
        raise InputError(f"workers is {workers}; expected at most {_MOST_WORKERS}.")


def encode_frames(
    frames: Iterable[npt.NDArray[Any]],
    frame_format: FrameFormat,
    workers: int | Executor = 0,
    options: EncodingOptions = _DEFAULTS,
) -> Iterator[bytes]:
    """Encode frames one after another.

    Parameters
    ----------
    frames: Iterable[numpy.ndarray]
        Samples of each frame, as of :func:`hdcore.pixels.codec.encode_frame`. They are taken one by one.
    frame_format: FrameFormat
        How to encode them.
    workers: int | concurrent.futures.Executor, optional
        Number of workers; 0 or 1 encodes in the calling thread, a negative number takes one worker per processor. An
        executor is used as it is, and left open.
    options: EncodingOptions, optional
        Settings of the encoders.

    Yields
    ------
    bytes
        One encoded frame per frame, not padded. Of native 1-bit frames, which share bytes: pieces of the packed pixel
        data, fewer or as many as there are frames.

    Raises
    ------
    ValueError, MissingCodecError
        As of :func:`hdcore.pixels.codec.encode_frame`; before the first frame is taken, if all frames are refused.
    TypeError
        If ``workers`` is neither a number nor an executor.
    """
    check_workers(workers)
    check_profile(frame_format)
    if is_native(frame_format.transfer_syntax_uid):
        if frame_format.bits_allocated == 1:
            return pack_frames(_checked(frames, frame_format))
        return (encode(frame, frame_format, options) for frame in frames)
    chosen = encoders(frame_format.transfer_syntax_uid)[0]
    task = partial(encode, frame=frame_format, options=options)
    if isinstance(workers, Executor):
        return _in_order(frames, task, workers, _HELD_PER_WORKER * _processors())
    count = _number_of_workers(workers)
    if count < 2:
        return map(task, frames)
    return _with_own_workers(frames, task, count, chosen.RELEASES_LOCK)


def _checked(frames: Iterable[npt.NDArray[Any]], frame_format: FrameFormat) -> Iterator[npt.NDArray[Any]]:
    for frame in frames:
        check_frame(frame, frame_format)
        yield frame


def _number_of_workers(workers: int) -> int:
    return workers if workers >= 0 else _processors()


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _with_own_workers(
    frames: Iterable[npt.NDArray[Any]], task: partial[bytes], count: int, threads: bool
) -> Iterator[bytes]:
    executor: Executor = ThreadPoolExecutor(count) if threads else ProcessPoolExecutor(count)
    with executor:
        yield from _in_order(frames, task, executor, _HELD_PER_WORKER * count)


def _in_order(
    frames: Iterable[npt.NDArray[Any]], task: partial[bytes], executor: Executor, held: int
) -> Iterator[bytes]:
    waiting: deque[Future[bytes]] = deque()
    try:
        for frame in frames:
            waiting.append(executor.submit(task, frame))
            if len(waiting) >= held:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
