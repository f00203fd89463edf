"""Coded concepts (PS3.3 section 8)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from pydicom.dataset import Dataset

from hdcore.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from pydicom.sr.coding import Code

__all__ = ["CodedConcept"]

_VALUE_KEYWORDS = ("CodeValue", "LongCodeValue", "URNCodeValue")
_SHORT_VALUE_LENGTH = 16


class CodedConcept(Dataset):
    """An item of a code sequence: a value, the scheme that defines it, and its meaning (PS3.3 8.8).

    Equal to, hashed like and accepted wherever a :class:`pydicom.sr.coding.Code` of the same value is.

    Examples
    --------
    >>> from pydicom.sr.codedict import codes
    >>> CodedConcept("10200004", "SCT", "Liver") == codes.SCT.Liver
    True
    """

    def __init__(self, value: str, scheme_designator: str, meaning: str, scheme_version: str | None = None) -> None:
        """Make a coded concept.

        Parameters
        ----------
        value: str
            Code; over 16 characters it is written as Long Code Value, as a URN or URL as URN Code Value.
        scheme_designator: str
            Coding Scheme Designator, at most 16 characters.
        meaning: str
            Code Meaning, at most 64 characters.
        scheme_version: str | None, optional
            Coding Scheme Version, at most 16 characters.

        Raises
        ------
        ValueError
            If a text is empty or too long.
        """
        super().__init__()
        for name, text, limit in (
            ("value", value, None),
            ("scheme_designator", scheme_designator, 16),
            ("meaning", meaning, 64),
            ("scheme_version", scheme_version or "", 16),
        ):
            if not isinstance(text, str):
                raise InputTypeError(f"{name} of a coded concept is {text!r}; expected a string.")
            if limit is not None and len(text) > limit:
                raise InputError(
                    f"{name} of a coded concept has {len(text)} characters ({text!r}); at most {limit} are allowed."
                )
            if not text and name != "scheme_version":
                raise InputError(f"{name} of a coded concept is empty.")
        setattr(self, _keyword_of_value(value), str(value))
        self.CodeMeaning = str(meaning)
        self.CodingSchemeDesignator = str(scheme_designator)
        if scheme_version:
            self.CodingSchemeVersion = str(scheme_version)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take an item of a code sequence as a coded concept.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item.
        copy: bool, optional
            Whether to leave ``dataset`` as it is; otherwise it becomes the concept itself.

        Raises
        ------
        TypeError
            If ``dataset`` is not a dataset.
        ValueError
            If it has no code value, scheme designator or meaning.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A coded concept is read from a Dataset, not from {type(dataset).__name__}.")
        if not any(keyword in dataset for keyword in _VALUE_KEYWORDS):
            raise InputError(f"A code item has none of {', '.join(_VALUE_KEYWORDS)}.")
        if "URNCodeValue" not in dataset and "CodingSchemeDesignator" not in dataset:
            raise InputError("A code item has no CodingSchemeDesignator.")
        if "CodeMeaning" not in dataset:
            raise InputError("A code item has no CodeMeaning.")
        if isinstance(dataset, cls):
            return dataset
        concept = Dataset(dataset) if copy else dataset
        concept.__class__ = cls
        return concept  # type: ignore[return-value]

    @classmethod
    def from_code(cls, code: Code | CodedConcept) -> Self:
        """Take pydicom's code, or a concept, as a concept.

        Raises
        ------
        TypeError
            If ``code`` is neither.
        """
        if isinstance(code, cls):
            return code
        try:
            return cls(code.value, code.scheme_designator, code.meaning, code.scheme_version)
        except AttributeError as error:
            raise InputTypeError(f"Expected a coded concept or a pydicom Code, not {code!r}.") from error

    @property
    def value(self) -> str:
        """str: the code."""
        for keyword in _VALUE_KEYWORDS:
            if keyword in self:
                return str(getattr(self, keyword))
        raise AttributeError("The code item has no code value.")

    @property
    def meaning(self) -> str:
        """str: Code Meaning."""
        return str(self.CodeMeaning)

    @property
    def scheme_designator(self) -> str:
        """str: Coding Scheme Designator; empty where a URN Code Value needs none."""
        return str(self.get("CodingSchemeDesignator", ""))

    @property
    def scheme_version(self) -> str | None:
        """Str | None: Coding Scheme Version."""
        version = self.get("CodingSchemeVersion")
        return None if version is None else str(version)

    def _as_code(self) -> Code:
        from pydicom.sr.coding import Code

        return Code(self.value, self.scheme_designator, self.meaning, self.scheme_version)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(self._as_code())

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, CodedConcept):
            if (self.value, self.scheme_designator, self.scheme_version) == (
                other.value,
                other.scheme_designator,
                other.scheme_version,
            ):
                return True
            if self.scheme_designator == other.scheme_designator and self.scheme_designator not in _SNOMED:
                return False
            return bool(self._as_code() == other._as_code())
        coding = sys.modules.get("pydicom.sr.coding")
        if coding is not None and isinstance(other, coding.Code):
            return bool(self._as_code() == other)
        return NotImplemented

    def __ne__(self, other: Any) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal


_SNOMED = frozenset({"SCT", "SRT", "99SDM", "SNM3"})


def _keyword_of_value(value: str) -> str:
    if value.startswith(("urn:", "http://", "https://")):
        return "URNCodeValue"
    return "CodeValue" if len(value) <= _SHORT_VALUE_LENGTH else "LongCodeValue"
