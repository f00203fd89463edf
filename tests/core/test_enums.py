"""Every term is also taken as its string, and what is no term is answered with those that are."""

from __future__ import annotations

import ast
import pickle
import re
from pathlib import Path

import pytest

from hdcore import InputError, enums

ROOT = Path(__file__).parents[2]
TERMS = [getattr(enums, name) for name in enums.__all__ if name != "Terms"]


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.__name__)
def test_a_term_is_made_from_its_value_and_survives_pickling(terms):
    for term in terms:
        assert terms(term.value) is terms(term) is pickle.loads(pickle.dumps(term)) is term
    with pytest.raises(InputError, match=f"'none of them' is not one of {terms.__name__}: expected one of "):
        terms("none of them")


def public_functions(tree):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)
        if isinstance(node, ast.FunctionDef) and (not node.name.startswith("_") or node.name == "__init__"):
            yield node


def test_parameters_of_the_contract_typed_as_terms_also_take_strings():
    names = {terms.__name__ for terms in TERMS} - {"PixelDataKeywords"}  # is never given by a caller
    refused = [
        f"{path.name}:{function.lineno} {function.name}({argument.arg})"
        for path in ROOT.glob("hdcore/**/*.py")
        for function in public_functions(ast.parse(path.read_text(encoding="utf-8")))
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        if argument.annotation is not None
        and (words := set(re.findall(r"\w+", ast.unparse(argument.annotation)))) & names
        and not words & {"str", "int"}
    ]
    assert refused == []
