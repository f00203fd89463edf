"""Names, parameters, defaults, members and values of enumerations that users of highdicom write are understood here."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil

import pytest

highdicom = pytest.importorskip("highdicom", reason="the installed highdicom says what its users write")

NAMESPACES = (
    "",
    *("ann", "coding_schemes", "color", "frame", "io", "ko", "legacy", "pixels", "pm", "pr", "sc"),
    *("seg", "seg.utils", "spatial", "sr", "sr.utils", "uid", "utils", "valuerep", "volume"),
)


def module_of(package, namespace):
    return importlib.import_module(f"{package}.{namespace}" if namespace else package)


def is_theirs(value):
    return str(getattr(value, "__module__", "")).startswith("highdicom")


def public_names(module):
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]


CASES = [
    pytest.param(namespace, name, id=f"{namespace}.{name}" if namespace else name)
    for namespace in NAMESPACES
    for name in public_names(module_of("highdicom", namespace))
]


def written(default):
    """Tell how a default is written, so that members of enumerations of the two packages compare."""
    if isinstance(default, enum.Enum):
        return f"{type(default).__name__}.{default.name}"
    return default.__name__ if isinstance(default, type) else repr(default)


def parameters_of(function):
    named = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name not in ("self", "cls")]
    return {each.name: (index, each) for index, each in enumerate(parameters) if each.kind in named}


def assert_calls_are_understood(theirs, ours, where):
    offered = parameters_of(ours)
    for name, (index, expected) in parameters_of(theirs).items():
        assert name in offered, f"{where} has no parameter {name}"
        own_index, own = offered[name]
        assert written(own.default) == written(expected.default), f"{where}, default of {name}"
        if expected.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
            assert (own.kind, own_index) == (expected.kind, index), f"{where}, place of {name}"


def members_of(their_class):
    """Give the public members that highdicom itself defines, those of its base classes included."""
    for base in reversed(their_class.__mro__):
        if is_theirs(base):
            yield from ((name, member) for name, member in vars(base).items() if not name.startswith("_"))


def assert_has_members(theirs, ours, where):
    for name, member in members_of(theirs):
        own = inspect.getattr_static(ours, name, None)
        assert own is not None, f"{where} has no {name}"
        assert isinstance(member, property) == isinstance(own, property) or not callable(own), f"{where}.{name}"
        if isinstance(member, (classmethod, staticmethod)) or inspect.isfunction(member):
            assert_calls_are_understood(getattr(theirs, name), getattr(ours, name), f"{where}.{name}")


def test_there_is_something_to_compare():
    assert len(CASES) > 200


@pytest.mark.parametrize(("namespace", "name"), CASES)
def test_what_their_users_write_is_understood(namespace, name):
    theirs, ours = (getattr(module_of(package, namespace), name) for package in ("highdicom", "hdcore"))
    if inspect.isclass(theirs) and issubclass(theirs, enum.Enum):
        assert {each.name: each.value for each in theirs} == {each.name: each.value for each in ours}
    elif inspect.isclass(theirs):
        if "__init__" in vars(theirs):
            assert_calls_are_understood(theirs.__init__, ours.__init__, name)
        assert_has_members(theirs, ours, name)
    elif callable(theirs):
        assert_calls_are_understood(theirs, ours, name)


MODULES = [
    found.name.removeprefix("highdicom.")
    for found in pkgutil.walk_packages(highdicom.__path__, "highdicom.")
    if not any(part.startswith("_") for part in found.name.split("."))
]


MADE_INSIDE = {"ImageLibraryEntry"}
"""What only another class makes, and hdcore makes without."""


@pytest.mark.parametrize("module", MODULES)
def test_what_their_users_import_from_the_defining_module_is_found_there(module):
    theirs = importlib.import_module(f"highdicom.{module}")
    ours = importlib.import_module(f"hdcore.{module}")
    assert {name for name in public_names(theirs) if not hasattr(ours, name)} <= MADE_INSIDE


def test_modules_are_there_without_being_imported():
    import hdcore

    assert hdcore.sr.value_types.CodeContentItem is hdcore.sr.CodeContentItem
    assert hdcore.enum.PadModes is hdcore.PadModes
    assert hdcore.seg.pyramid.create_segmentation_pyramid is hdcore.seg.create_segmentation_pyramid


@pytest.mark.parametrize("name", ["RGBColorChannels", "PixelIndexDirections", "PatientOrientationValuesBiped"])
def test_members_are_gone_through_in_the_same_order(name):
    theirs, ours = (list(getattr(module_of(package, ""), name)) for package in ("highdicom", "hdcore"))
    assert [each.name for each in theirs] == [each.name for each in ours]


@pytest.mark.parametrize("namespace", ["ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr"])
def test_the_sop_classes_of_each_iod_are_theirs(namespace):
    theirs, ours = (module_of(package, namespace).SOP_CLASS_UIDS for package in ("highdicom", "hdcore"))
    assert set(ours) == set(theirs)
