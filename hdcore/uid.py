"""Unique identifiers (PS3.5 section 9)."""

from __future__ import annotations

from typing import TypeVar, cast
from uuid import UUID

import pydicom.uid
from pydicom import config

from hdcore.errors import InputError, InputTypeError

__all__ = ["UID", "T", "uid_as_read"]

T = TypeVar("T", bound="UID")

_UUID_ROOT = "2.25."


class UID(pydicom.uid.UID):
    """A DICOM unique identifier; ``UID()`` makes a new one.

    Examples
    --------
    >>> UID("1.2.840.10008.5.1.4.1.1.2").name
    'CT Image Storage'
    >>> UID().startswith("2.25.")
    True
    """

    def __new__(cls: type[T], *args: object, **kwargs: object) -> T:
        """Make a unique identifier.

        Parameters
        ----------
        *args: object
            The identifier as a string; if there is none, or None, a new one is derived from a random UUID (PS3.5 B.2).
        **kwargs: object
            What :class:`pydicom.uid.UID` takes; with ``validation_mode`` the identifier may be malformed.

        Raises
        ------
        TypeError
            If the identifier is no string.
        ValueError
            If it is not made as PS3.5 9.1 says.
        """
        if not kwargs and (not args or (len(args) == 1 and args[0] is None)):
            return cast("T", super().__new__(cls, pydicom.uid.generate_uid(prefix=None)))
        if len(args) != 1 or kwargs:
            return cast("T", super().__new__(cls, *args, **kwargs))  # type: ignore[arg-type]
        if not isinstance(args[0], str):
            raise InputTypeError(f"A UID is made of a string, not of {args[0]!r}.")
        made = super().__new__(cls, args[0], config.IGNORE)
        if made and not made.is_valid:
            raise InputError(
                f"The UID is {args[0]!r}; expected at most 64 characters: numbers without leading zeros, separated by "
                "dots (PS3.5 9.1)."
            )
        return cast("T", made)

    def __getnewargs__(self) -> tuple[str, int]:  # type: ignore[override]
        """Let malformed identifiers that were read be copied and pickled."""
        return str(self), config.IGNORE

    @classmethod
    def from_uuid(cls: type[T], uuid: str | UUID) -> T:
        """Make the identifier that the standard derives from a UUID (PS3.5 B.2).

        Parameters
        ----------
        uuid: str | uuid.UUID
            A UUID, or text in any of the forms that :class:`uuid.UUID` reads.

        Returns
        -------
        UID
            ``2.25.`` followed by the UUID as a decimal number.

        Raises
        ------
        ValueError
            If ``uuid`` is not a UUID.
        """
        try:
            number = UUID(str(uuid)).int
        except (ValueError, AttributeError, TypeError) as error:
            raise InputError(
                f"uuid is {uuid!r}; expected a UUID such as '12345678-1234-5678-1234-567812345678'."
            ) from error
        return cls(f"{_UUID_ROOT}{number}")


def uid_as_read(text: str) -> UID:
    """Take over an identifier that somebody else wrote, malformed or not.

    Parameters
    ----------
    text: str
        The value of an attribute.

    Returns
    -------
    UID
        The same text.
    """
    return UID(text, config.IGNORE)
