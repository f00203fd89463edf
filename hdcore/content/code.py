"""Coded concepts (PS3.3 section 8)."""

from __future__ import annotations

import sys
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from hdcore.content import attributes as at
from hdcore.content import encoded
from hdcore.content.errors import IncompleteItemError
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import elements_of, fill
from hdcore.model.encode import raw
from hdcore.text import check_text, short

if TYPE_CHECKING:
    from pydicom.dataelem import RawDataElement
    from pydicom.sr.coding import Code
    from pydicom.tag import BaseTag

    from hdcore.content.encoded import Concept, Elements

    ConceptLike: TypeAlias = "Code | CodedConcept | Concept"


__all__ = ["CodedConcept", "concept_key", "same_concept"]

_VALUE_TAGS = (at.CODE_VALUE, at.LONG_CODE_VALUE, at.URN_CODE_VALUE)
_PLAIN_TAGS = frozenset({*_VALUE_TAGS, at.SCHEME_DESIGNATOR, at.SCHEME_VERSION, at.CODE_MEANING})
_LIMITS = {"scheme_designator": 16, "meaning": 64, "scheme_version": 16}
_SRT = frozenset({"SRT", "99SDM", "SNM3"})
"""Designators under which SNOMED codes were written before SCT (PS3.16 section 8)."""


class CodedConcept(Dataset):
    """An item of a code sequence: a value, the scheme that defines it, and its meaning (PS3.3 8.8).

    Equal to, hashed like and accepted wherever a :class:`pydicom.sr.coding.Code` of the same value is. An older SNOMED
    code (SRT) is equal to its successor (SCT), and hashed like it.

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
        check_concept(value, scheme_designator, meaning, scheme_version)
        fill(self, _elements_of_concept(value, scheme_designator, meaning, scheme_version or None).copy())

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
            raise IncompleteItemError(f"A code item has no {' and no '.join(missing)}.")
        concept = deepcopy(dataset) if copy else dataset
        concept.__class__ = cls
        return concept  # type: ignore[return-value]

    @classmethod
    def from_code(cls, code: ConceptLike) -> Self:
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
            raise InputTypeError(f"Expected a coded concept or a pydicom Code, not {short(code)}.") from error

    @property
    def value(self) -> str:
        """str: the code, of whichever of the three attributes holds it; empty if a read item has none."""
        return next((text for tag in _VALUE_TAGS if (text := encoded.text_of(self, tag))), "")

    @property
    def meaning(self) -> str:
        """str: Code Meaning; empty if a read item has none."""
        return encoded.text_of(self, at.CODE_MEANING)

    @property
    def scheme_designator(self) -> str:
        """str: Coding Scheme Designator; empty where a URN Code Value needs none."""
        return encoded.text_of(self, at.SCHEME_DESIGNATOR)

    @property
    def scheme_version(self) -> str | None:
        """Str | None: Coding Scheme Version."""
        return encoded.text_of(self, at.SCHEME_VERSION) or None

    def __hash__(self) -> int:
        return hash("".join(_identity(self)))

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, CodedConcept | encoded.Concept) or _is_code(other):
            return _identity(self) == _identity(other) and self.scheme_version == (other.scheme_version or None)
        return NotImplemented

    def __ne__(self, other: Any) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal


def _identity(concept: ConceptLike) -> tuple[str, str]:
    """Tell what makes concepts equal, as pydicom's codes are: of older SNOMED codes, those of SRT alone are mapped."""
    scheme, value = concept.scheme_designator, concept.value
    return key_of(scheme, value) if scheme == "SRT" else (scheme, value)


def concept_key(concept: ConceptLike) -> tuple[str, str]:
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
        raise InputTypeError(f"Expected a coded concept or a pydicom Code, not {short(concept)}.") from error
    return key_of(scheme, value)


def same_concept(one: ConceptLike, other: ConceptLike) -> bool:
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
    elif at.URN_CODE_VALUE not in item and at.SCHEME_DESIGNATOR not in item:
        missing.append("CodingSchemeDesignator")
    if at.CODE_MEANING not in item:
        missing.append("CodeMeaning")
    return missing


def concept_from_texts(
    value: str, scheme_designator: str, meaning: str, scheme_version: str | None = None
) -> CodedConcept:
    """Make a concept of texts that were read, which are not checked."""
    concept = CodedConcept.__new__(CodedConcept)
    fill(concept, _elements_of_concept(value, scheme_designator, meaning, scheme_version).copy())
    return concept


def concept_element(tag: BaseTag, concept: ConceptLike, argument: str) -> Any:
    """Make a code sequence of one concept.

    Parameters
    ----------
    tag: pydicom.tag.BaseTag
        The sequence's.
    concept: pydicom.sr.coding.Code | CodedConcept
        The concept.
    argument: str
        What the concept is, for the message.

    Raises
    ------
    TypeError
        If it is not a concept.
    """
    if isinstance(concept, CodedConcept):
        try:
            return _element_of_encoded(tag, *elements_of(concept).values())
        except TypeError:  # unhashable: somebody has parsed an element
            return _element_of_concept(tag, concept)
    try:
        texts = concept.value, concept.scheme_designator, concept.meaning, concept.scheme_version
    except AttributeError:
        raise InputTypeError(f"{argument} is {short(concept)}; expected a CodedConcept or a pydicom Code.") from None
    _check_once(*texts)
    return encoded.code(tag, *texts)


def _element_of_concept(tag: BaseTag, concept: CodedConcept) -> Any:
    texts = concept.value, concept.scheme_designator, concept.meaning, concept.scheme_version
    if len(elements_of(concept)) != 2 + bool(texts[1]) + bool(texts[3]):
        return DataElement(tag, "SQ", Sequence([concept]), already_converted=True)
    return encoded.code(tag, *texts)


@lru_cache(maxsize=1 << 14)
def _element_of_encoded(tag: BaseTag, *elements: RawDataElement) -> Any:
    if any(not (element.VR and element.is_little_endian and (element.value or b"").isascii()) for element in elements):
        raise TypeError
    if not {element.tag for element in elements} <= _PLAIN_TAGS:
        raise TypeError
    parts = [encoded.element_bytes(element) for element in sorted(elements, key=lambda one: int(one.tag))]
    return raw(tag, "SQ", encoded.encode_item(parts))


def check_concept(value: str, scheme_designator: str, meaning: str, scheme_version: str | None) -> None:
    """Refuse texts of which no concept can be made."""
    for name, text in (("value", value), ("meaning", meaning), ("scheme_designator", scheme_designator)):
        if not isinstance(text, str):
            raise InputTypeError(f"{name} of a coded concept is {short(text)}; expected a string.")
        if not text and not (name == "scheme_designator" and value.startswith(encoded.URN_PREFIXES)):
            raise InputError(f"{name} of a coded concept is empty.")
    if scheme_version is not None and not isinstance(scheme_version, str):
        raise InputTypeError(f"scheme_version of a coded concept is {short(scheme_version)}; expected a string.")
    limited = {"meaning": meaning, "scheme_designator": scheme_designator, "scheme_version": scheme_version or ""}
    joined = value + meaning + scheme_designator + limited["scheme_version"]
    if "\\" in joined or not joined.isprintable():
        for name, text in (*limited.items(), ("value", value)):
            check_text(text, "UC", f"{name} of a coded concept")
    for name, text in limited.items():
        if len(text) > _LIMITS[name]:
            raise InputError(
                f"{name} of a coded concept has {len(text)} characters ({text!r}); at most {_LIMITS[name]} are allowed."
            )


_check_once = lru_cache(maxsize=1 << 14)(check_concept)


@lru_cache(maxsize=1 << 14)
def _elements_of_concept(value: str, scheme_designator: str, meaning: str, scheme_version: str | None) -> Elements:
    return {
        element.tag: element for element in encoded.code_elements(value, scheme_designator, meaning, scheme_version)
    }


def _is_code(other: object) -> bool:
    # Codes of pydicom exist only where its module has been imported, which takes a tenth of a second.
    coding = sys.modules.get("pydicom.sr.coding")
    return coding is not None and isinstance(other, coding.Code)
