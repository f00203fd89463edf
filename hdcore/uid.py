"""Unique identifiers (PS3.5 section 9)."""

from __future__ import annotations

from typing import TypeVar, cast
from uuid import UUID

import pydicom.uid

from hdcore.errors import InputError

__all__ = ["UID", "T"]

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
            The identifier as a string; if there is none, a new one is derived from a random UUID (PS3.5 B.2).
        **kwargs: object
            What :class:`pydicom.uid.UID` takes.
        """
        if not args and not kwargs:
            return cast("T", super().__new__(cls, pydicom.uid.generate_uid(prefix=None)))
        return cast("T", super().__new__(cls, *args, **kwargs))  # type: ignore[arg-type]

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
