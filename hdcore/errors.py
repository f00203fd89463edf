"""The errors that hdcore raises, all below :class:`HdcoreError`.

Where users expect a built-in kind (``ValueError``, ``TypeError``, ``ImportError`` …), ours are subclasses of it. A
message says what was wrong with which named thing, what was expected, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcore.validation.report import Report

__all__ = [
    "ConformanceError",
    "GeometryError",
    "HdcoreError",
    "HdcoreWarning",
    "InputError",
    "InputTypeError",
    "MissingAttributeError",
    "MissingCodecError",
    "MissingFileError",
    "NotPresentError",
    "OutOfRangeError",
    "PluginConflictError",
    "PluginHookError",
    "PluginLoadError",
    "PluginNotInstalledError",
    "TooLargeError",
    "UnknownIODError",
    "UnreadableError",
    "UnreadableFrameError",
]


class HdcoreError(Exception):
    """The base of every error that hdcore raises on purpose."""


class InputError(HdcoreError, ValueError):
    """An argument has a value from which the object cannot be made."""


class InputTypeError(HdcoreError, TypeError):
    """An argument is of a type from which the object cannot be made."""


class OutOfRangeError(InputError, IndexError):
    """A number or index names nothing that the object has."""


class GeometryError(InputError, RuntimeError):
    """Places in space do not allow the operation, such as frames that are no regular volume."""


class NotPresentError(InputError, KeyError):
    """Something that was asked for by its name or UID is not in the object."""

    def __str__(self) -> str:
        return Exception.__str__(self)  # a KeyError shows the representation of its text


class UnreadableError(InputError):
    """A file or dataset cannot be read as what it claims, or was asked, to be."""


class MissingAttributeError(UnreadableError, AttributeError):
    """A dataset or item lacks an attribute without which it is not what it is to be read as."""


class MissingFileError(UnreadableError, FileNotFoundError):
    """There is no file at a path."""


class UnreadableFrameError(UnreadableError, OSError):
    """The bytes of a frame are not where they should be, or the file is not open."""


class MissingCodecError(HdcoreError, RuntimeError):
    """No installed package can decode or encode the transfer syntax; the message names those that can."""


class TooLargeError(HdcoreError, MemoryError):
    """A result is larger than memory."""


class UnknownIODError(InputError):
    """No installed plugin, and none known, has this name or SOP class."""


class PluginLoadError(HdcoreError, ImportError):
    """An installed plugin cannot be imported; the cause is chained."""


class PluginHookError(HdcoreError, RuntimeError):
    """A hook of a plugin raised; the message names both, and the cause is chained."""


class PluginNotInstalledError(HdcoreError, ModuleNotFoundError):
    """A known plugin is needed that is not installed; the message says how to install it."""


class PluginConflictError(HdcoreError, RuntimeError):
    """Two distributions register the same IOD name or SOP class."""


class ConformanceError(HdcoreError, ValueError):
    """A dataset does not conform to the standard.

    Attributes
    ----------
    report: hdcore.validation.Report
        All findings, errors and others.
    """

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report

    def __reduce__(self) -> tuple[type[ConformanceError], tuple[str, Report]]:
        return type(self), (str(self), self.report)


class HdcoreWarning(UserWarning):
    """Something read was off but harmless; the message names what."""
