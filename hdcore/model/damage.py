"""What damaged datasets make others raise, as one error of ours."""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pydicom.errors import BytesLengthException, InvalidDicomError

from hdcore.errors import HdcoreError, HdcoreWarning, UnreadableError
from hdcore.model.element import UNDEFINED_LENGTH, elements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

__all__ = ["DAMAGE", "reading", "refuse_truncated", "warn_of_rest"]

DAMAGE = (
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    NotImplementedError,  # pydicom's, of a value representation that there is not
    OSError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pydicom and NumPy raise on bytes that they cannot make sense of."""

_SHORTEST_ELEMENT = 8
"""Bytes of tag, representation and length of an element without a value."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Say what could not be read, whatever error that was.

    Parameters
    ----------
    what: str
        What is being read, for the message.

    Yields
    ------
    None
        To the block that reads.

    Raises
    ------
    UnreadableError
        In place of errors that damaged content causes. Errors of the operating system and our own go through.
    """
    try:
        yield
    except HdcoreError:
        raise
    except InvalidDicomError as error:
        raise UnreadableError(f"{what} is not a DICOM file: 'DICM' does not stand at its byte 128.") from error
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UnreadableError(f"{what} cannot be read, it is damaged: {error}.") from error


def refuse_truncated(dataset: Dataset, name: str) -> None:
    """Refuse a dataset whose file ended within an element.

    Raises
    ------
    ValueError
        If the value of an element has fewer bytes than its length says.
    """
    for element in elements_of(dataset).values():
        if (
            element.is_raw
            and isinstance(element.value, bytes)
            and len(element.value) < element.length < UNDEFINED_LENGTH
        ):
            raise UnreadableError(
                f"{name} is truncated: it ends within {element.tag}, "
                f"after {len(element.value)} of {element.length} bytes."
            )


def warn_of_rest(dataset: Dataset, end: int, name: str) -> None:
    """Tell that a file ended within what precedes the value of an element, which looks like its proper end.

    Parameters
    ----------
    dataset: pydicom.Dataset
        What was read from the file.
    end: int
        Where the file ends.
    name: str
        What the message calls it.
    """
    last = next(reversed(elements_of(dataset).values()), None)
    if last is None or not last.is_raw or last.length >= UNDEFINED_LENGTH:
        return
    rest = end - (last.value_tell + last.length)
    if 0 < rest < _SHORTEST_ELEMENT:
        warnings.warn(
            f"{name} has {rest} bytes behind its last element, {last.tag}, which are none; it may be cut off.",
            HdcoreWarning,
            stacklevel=4,
        )
