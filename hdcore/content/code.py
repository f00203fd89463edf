"""Coded concepts (PS3.3 section 8)."""

from __future__ import annotations

import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from hdcore.errors import InputError, InputTypeError

if TYPE_CHECKING:
    from pydicom.sr.coding import Code

    ConceptLike: TypeAlias = "Code | CodedConcept"

__all__ = ["CodedConcept", "concept_key", "same_concept"]

CODE_VALUE = BaseTag(0x00080100)
SCHEME_DESIGNATOR = BaseTag(0x00080102)
SCHEME_VERSION = BaseTag(0x00080103)
CODE_MEANING = BaseTag(0x00080104)
LONG_CODE_VALUE = BaseTag(0x00080119)
URN_CODE_VALUE = BaseTag(0x00080120)

_VALUE_TAGS = (CODE_VALUE, LONG_CODE_VALUE, URN_CODE_VALUE)
_SHORT_VALUE_LENGTH = 16
_LIMITS = {"scheme_designator": 16, "meaning": 64, "scheme_version": 16}
_SRT = frozenset({"SRT", "99SDM", "SNM3"})
"""Designators under which SNOMED codes were written before SCT (PS3.16 section 8)."""


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
            Coding Scheme Designator, at most 16 characters. May be empty for a URN or URL.
        meaning: str
            Code Meaning, at most 64 characters.
        scheme_version: str | None, optional
            Coding Scheme Version, at most 16 characters.

        Raises
        ------
        TypeError
            If one of them is not a string.
        ValueError
            If a text is empty or too long.
        """
        tag, representation = _home_of_value(value)
        _check_text("meaning", meaning)
        elements = {tag: DataElement(tag, representation, str(value), already_converted=True)}
        if scheme_designator or tag is not URN_CODE_VALUE:
            _check_text("scheme_designator", scheme_designator)
            elements[SCHEME_DESIGNATOR] = _element(SCHEME_DESIGNATOR, "SH", scheme_designator)
        if scheme_version:
            _check_text("scheme_version", scheme_version)
            elements[SCHEME_VERSION] = _element(SCHEME_VERSION, "SH", scheme_version)
        elements[CODE_MEANING] = _element(CODE_MEANING, "LO", meaning)
        super().__init__(elements)  # type: ignore[arg-type]

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
        AttributeError
            If it has no code value, scheme designator or meaning.
        """
        if not isinstance(dataset, Dataset):
            raise InputTypeError(f"A coded concept is read from a Dataset, not from {type(dataset).__name__}.")
        if missing := missing_of_code(dataset):
            raise AttributeError(f"A code item has no {' and no '.join(missing)}.")
        concept = deepcopy(dataset) if copy else dataset
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
        """str: the code, of whichever of the three attributes holds it; empty if a read item has none."""
        for tag in _VALUE_TAGS:
            if tag in self:
                return _text(self[tag].value)
        return ""

    @property
    def meaning(self) -> str:
        """str: Code Meaning; empty if a read item has none."""
        return self._text_of(CODE_MEANING)

    @property
    def scheme_designator(self) -> str:
        """str: Coding Scheme Designator; empty where a URN Code Value needs none."""
        return self._text_of(SCHEME_DESIGNATOR)

    @property
    def scheme_version(self) -> str | None:
        """Str | None: Coding Scheme Version."""
        return self._text_of(SCHEME_VERSION) or None

    def _text_of(self, tag: BaseTag) -> str:
        return _text(self[tag].value) if tag in self else ""

    def __hash__(self) -> int:
        return hash(self.scheme_designator + self.value)

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, CodedConcept) or _is_code(other):
            return concept_key(self) == concept_key(other) and self.scheme_version == (other.scheme_version or None)
        return NotImplemented

    def __ne__(self, other: Any) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal


def concept_key(concept: Code | CodedConcept) -> tuple[str, str]:
    """Tell what identifies a concept: its scheme and value, without meaning and version.

    Parameters
    ----------
    concept: pydicom.sr.coding.Code | CodedConcept
        The concept.

    Returns
    -------
    tuple[str, str]
        Designator and value, those of SCT for the older SNOMED codes (SRT) that have a successor there.

    Raises
    ------
    TypeError
        If ``concept`` is neither.
    """
    try:
        scheme, value = concept.scheme_designator, concept.value
    except AttributeError as error:
        raise InputTypeError(f"Expected a coded concept or a pydicom Code, not {concept!r}.") from error
    return key_of(scheme, value)


def same_concept(one: Code | CodedConcept, other: Code | CodedConcept) -> bool:
    """Tell whether two concepts are the same, in whatever version, generation of SNOMED or wording.

    Parameters
    ----------
    one, other: pydicom.sr.coding.Code | CodedConcept
        The concepts.
    """
    return concept_key(one) == concept_key(other)


def key_of(scheme_designator: str, value: str) -> tuple[str, str]:
    """Make the key of a concept from its two parts (see :func:`concept_key`)."""
    if scheme_designator in _SRT:
        from pydicom.sr.coding import snomed_mapping  # type: ignore[attr-defined]

        successor = snomed_mapping["SRT"].get(value)
        return ("SRT", value) if successor is None else ("SCT", successor)
    return scheme_designator, value


def missing_of_code(item: Dataset) -> list[str]:
    """Name what a code item lacks of what it must have (PS3.3 8.8)."""
    missing = []
    if not any(tag in item for tag in _VALUE_TAGS):
        missing.append("CodeValue, LongCodeValue or URNCodeValue")
    elif URN_CODE_VALUE not in item and SCHEME_DESIGNATOR not in item:
        missing.append("CodingSchemeDesignator")
    if CODE_MEANING not in item:
        missing.append("CodeMeaning")
    return missing


def _home_of_value(value: str) -> tuple[BaseTag, str]:
    if not isinstance(value, str):
        raise InputTypeError(f"value of a coded concept is {value!r}; expected a string.")
    if not value:
        raise InputError("value of a coded concept is empty.")
    if value.startswith(("urn:", "http://", "https://")):
        return URN_CODE_VALUE, "UR"
    return (CODE_VALUE, "SH") if len(value) <= _SHORT_VALUE_LENGTH else (LONG_CODE_VALUE, "UC")


def _check_text(name: str, text: str) -> None:
    if not isinstance(text, str):
        raise InputTypeError(f"{name} of a coded concept is {text!r}; expected a string.")
    if not text:
        raise InputError(f"{name} of a coded concept is empty.")
    if len(text) > _LIMITS[name]:
        raise InputError(
            f"{name} of a coded concept has {len(text)} characters ({text!r}); at most {_LIMITS[name]} are allowed."
        )


def _element(tag: BaseTag, representation: str, text: str) -> DataElement:
    return DataElement(tag, representation, str(text), already_converted=True)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _is_code(other: object) -> bool:
    # Codes of pydicom exist only where its module has been imported, which takes a tenth of a second.
    coding = sys.modules.get("pydicom.sr.coding")
    return coding is not None and isinstance(other, coding.Code)
