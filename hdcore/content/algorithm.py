"""Identification of the algorithm that made something (PS3.3 10.16)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Self

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from hdcore.content.code import CodedConcept
from hdcore.errors import HdcoreWarning, InputError, InputTypeError
from hdcore.model.arguments import short
from hdcore.model.items import items_of
from hdcore.text import check_text

if TYPE_CHECKING:
    from hdcore.content.code import ConceptLike

__all__ = ["AlgorithmIdentificationSequence"]

_REQUIRED = ("AlgorithmName", "AlgorithmVersion", "AlgorithmFamilyCodeSequence")


class AlgorithmIdentificationSequence(Sequence):
    """A sequence of one item that identifies an algorithm (Algorithm Identification macro, PS3.3 10.16)."""

    def __init__(
        self,
        name: str,
        family: ConceptLike,
        version: str,
        source: str | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """Make the sequence.

        Parameters
        ----------
        name: str
            Algorithm Name.
        family: pydicom.sr.coding.Code | CodedConcept
            Algorithm Family, such as one of CID 7162.
        version: str
            Algorithm Version.
        source: str | None, optional
            Algorithm Source, such as its manufacturer.
        parameters: Mapping[str, str] | None, optional
            Names and values of the parameters that the algorithm was run with.

        Raises
        ------
        TypeError
            If ``parameters`` is not a mapping.
        ValueError
            If the name or version is empty or too long, or the name of a parameter holds what separates parameters.

        Warns
        -----
        HdcoreWarning
            If the value of a parameter will be read as a further parameter.
        """
        item = Dataset()
        for parameter, text in (("name", name), ("version", version)):
            _check(parameter, text)
            if not text:
                raise InputError(f"{parameter} of the algorithm is empty; expected a text of 1 to 64 characters.")
        item.AlgorithmName = name
        item.AlgorithmFamilyCodeSequence = [CodedConcept.from_code(family)]
        item.AlgorithmVersion = version
        if source is not None:
            _check("source", source)
            item.AlgorithmSource = source
        if parameters is not None:
            if not isinstance(parameters, Mapping):
                raise InputTypeError(
                    f"parameters of the algorithm are {short(parameters)}; expected a mapping of names to values."
                )
            item.AlgorithmParameters = _joined(parameters)
        super().__init__([item])

    @classmethod
    def from_sequence(cls, sequence: Sequence, copy: bool = True) -> Self:
        """Take a sequence that was read.

        Parameters
        ----------
        sequence: pydicom.sequence.Sequence
            Algorithm Identification Sequence of one item.
        copy: bool, optional
            Whether to leave ``sequence`` as it is.

        Raises
        ------
        TypeError
            If ``sequence`` is not a sequence of datasets.
        ValueError
            If it has not one item, or the item lacks a name, version or family.
        """
        try:
            items = list(sequence)
        except TypeError as error:
            raise InputTypeError(f"Expected a sequence of one item, not {type(sequence).__name__}.") from error
        if len(items) != 1:
            raise InputError(f"An Algorithm Identification Sequence has {len(items)} items; expected one.")
        if missing := [keyword for keyword in _REQUIRED if keyword not in items[0]]:
            raise InputError(f"The item of an Algorithm Identification Sequence has no {', '.join(missing)}.")
        taken = cls.__new__(cls)
        Sequence.__init__(taken, deepcopy(items) if copy else items)
        for concept in items_of(taken[0], "AlgorithmFamilyCodeSequence"):
            CodedConcept.from_dataset(concept, copy=False)
        return taken

    @property
    def name(self) -> str:
        """str: Algorithm Name."""
        return str(self[0].AlgorithmName)

    @property
    def family(self) -> CodedConcept:
        """CodedConcept: Algorithm Family."""
        items = items_of(self[0], "AlgorithmFamilyCodeSequence")
        if not items:
            raise InputError("The AlgorithmFamilyCodeSequence is empty; expected one item.")
        return CodedConcept.from_dataset(items[0], copy=False)

    @property
    def version(self) -> str:
        """str: Algorithm Version."""
        return str(self[0].AlgorithmVersion)

    @property
    def source(self) -> str | None:
        """Str | None: Algorithm Source."""
        source = self[0].get("AlgorithmSource")
        return None if source is None else str(source)

    @property
    def parameters(self) -> dict[str, str] | None:
        """dict[str, str] | None: names and values of the parameters, if any."""
        text = self[0].get("AlgorithmParameters")
        return None if text is None else dict(_split(str(text)))


def _check(parameter: str, text: str) -> None:
    if not isinstance(text, str):
        raise InputError(f"{parameter} of the algorithm is {short(text)}; expected a text of 1 to 64 characters.")
    check_text(text, "LO", f"{parameter} of the algorithm")


def _joined(parameters: Mapping[str, str]) -> str:
    for name in parameters:
        if "," in str(name) or "=" in str(name):
            raise InputError(f"parameters of the algorithm have the name {name!r}; expected one without ',' and '='.")
    text = ",".join(f"{name}={value}" for name, value in parameters.items())
    check_text(text, "LT", "parameters of the algorithm")
    if len(_split(text)) > len(parameters):
        warnings.warn(
            f"parameters of the algorithm are written as {text!r}, which is read as {dict(_split(text))}: a value has "
            "a comma before something with '='.",
            HdcoreWarning,
            stacklevel=3,
        )
    return text


def _split(text: str) -> list[tuple[str, str]]:
    # A part without "=" continues the value before it, which held a comma.
    pairs: list[tuple[str, str]] = []
    for part in text.split(","):
        key, equals, value = part.partition("=")
        if equals:
            pairs.append((key.strip(), value))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]},{part}")
    return pairs
