"""Who knows a term need not import its enumeration: parameters typed as one take what its members stand for."""

from __future__ import annotations

import inspect
import re
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module

import pytest

import hdcore

NAMESPACES = ["", "ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr"]
NAMESPACES += ["color", "frame", "frames", "io", "pixels", "spatial", "utils", "volume"]


def _public(namespace):
    module = import_module(f"hdcore.{namespace}") if namespace else hdcore
    return {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}


def _functions(name, thing):
    if inspect.isclass(thing):
        if not issubclass(thing, Enum | Exception) and not is_dataclass(thing):  # which hold what was parsed already
            yield name, thing.__init__
            for member, function in inspect.getmembers(thing):
                if not member.startswith("_") and (inspect.isfunction(function) or inspect.ismethod(function)):
                    yield f"{name}.{member}", function
    elif inspect.isfunction(thing):
        yield name, thing


def _parameters_typed_as_enumerations(namespace, kinds):
    for name, thing in _public(namespace).items():
        for function_name, function in _functions(name, thing):
            if not getattr(function, "__module__", "").startswith("hdcore"):
                continue
            for parameter in inspect.signature(function).parameters.values():
                words = set(re.findall(r"\w+", str(parameter.annotation)))
                for kind in kinds.keys() & words:
                    yield f"{function_name}({parameter.name})", kinds[kind], words


@pytest.fixture(scope="module")
def kinds():
    things = [pair for namespace in NAMESPACES for pair in _public(namespace).items()]
    found = {name: thing for name, thing in things if inspect.isclass(thing) and issubclass(thing, Enum)}
    assert len(found) > 40
    return found


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_parameters_typed_as_enumerations_take_their_values(namespace, kinds):
    refused = [
        where
        for where, kind, words in _parameters_typed_as_enumerations(namespace, kinds)
        if not {type(member.value).__name__ for member in kind} <= words
    ]
    assert refused == []


def test_there_are_such_parameters(kinds):
    assert sum(1 for namespace in NAMESPACES for _ in _parameters_typed_as_enumerations(namespace, kinds)) > 150
