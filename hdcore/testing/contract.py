"""What every IOD plugin promises, as tests to inherit.

In a plugin's ``tests/test_contract.py``::

    from hdcore.testing import IODContract

    class TestSeg(IODContract):
        iod_name = "seg"

        def examples(self):
            return {"binary": make_binary, "label map": make_label_map}

        def breakages(self):
            return {"SEG004": break_numbering}

``examples`` gives functions that make an instance of each kind that the builder can make. ``breakages`` gives, for each
rule of the plugin, a function that takes such an instance and breaks it, or a pair: the name of the example to break,
and the function.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hdcore.registry import plugin_manager
from hdcore.registry.manager import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hdcore.registry import IOD

    Example = Callable[[], Any]
    Breakage = Callable[[Any], Any] | tuple[str, Callable[[Any], Any]]

__all__ = ["IODContract"]

HEAVY = ("numpy", "pydicom", "PIL", "pandas")
"""Packages that declaring a plugin must not import."""


class IODContract:
    """Tests that a plugin's IOD keeps the contract; subclass it, say which IOD, give examples."""

    iod_name: ClassVar[str]
    """Short or dotted name of the IOD."""

    def examples(self) -> Mapping[str, Example]:
        """Functions that make an instance of each kind, by the kind's name."""
        raise pytest.UsageError(f"{type(self).__name__} must define examples().")

    def breakages(self) -> Mapping[str, Breakage]:
        """Functions that break an instance so that a rule finds it, by the rule's code."""
        return {}

    @property
    def iod(self) -> IOD:
        """IOD: what the plugin declares."""
        return plugin_manager().iod(self.iod_name)

    def test_there_are_examples(self) -> None:
        """Guard against a suite that passes because it is empty."""
        assert self.examples()

    def test_what_the_declaration_names_can_be_imported(self) -> None:
        """Builder, reader and rules exist."""
        assert callable(resolve(self.iod.builder))
        assert callable(resolve(self.iod.reader))
        if self.iod.rules:
            assert list(resolve(self.iod.rules))

    def test_declaring_imports_nothing_heavy(self) -> None:
        """The plugin's module can be loaded to answer a question without paying for its builders."""
        module = plugin_manager().installed[self.iod_name.partition(".")[0]].module
        code = f"import sys, {module}; {module}.hdcore_iods(); print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert not run.stdout.split()

    def test_examples_are_of_the_iod(self) -> None:
        """The core finds this IOD for what the builder makes."""
        for kind, make in self.examples().items():
            instance = make()
            identified = plugin_manager().identify(instance)
            assert identified is not None, kind
            assert self.iod.sop_classes == () or identified.name == self.iod_name, kind

    def test_examples_are_read_back_as_they_were_written(self) -> None:
        """Create, save, read: an equal dataset of the class that the reader registers."""
        from hdcore.api import read

        for kind, make in self.examples().items():
            instance = make()
            buffer = BytesIO()
            instance.save_as(buffer, enforce_file_format=True)
            again = read(buffer.getvalue())
            assert isinstance(again, type(instance)), kind
            assert _differences(instance, again) == [], kind

    def test_no_text_is_lost_to_the_character_set(self) -> None:
        """A text that the character set cannot hold is refused before anything is written."""
        from hdcore.model.instance import SOPClass

        for kind, make in self.examples().items():
            instance = make()
            if not isinstance(instance, SOPClass):
                continue
            instance.SpecificCharacterSet = "ISO_IR 100"
            instance.SeriesDescription = "肝"
            buffer = BytesIO()
            with pytest.raises(ValueError, match="SeriesDescription is '肝'"):
                instance.save_as(buffer)
            assert not buffer.getvalue(), kind

    def test_examples_become_json(self) -> None:
        """The DICOM JSON model, which web services take, can be made of what the builder makes."""
        for kind, make in self.examples().items():
            assert make().to_json(), kind

    def test_examples_validate_clean(self) -> None:
        """What the builder makes has no error."""
        from hdcore.api import validate

        for kind, make in self.examples().items():
            report = validate(make())
            assert report, f"{kind}:\n{report}"

    def test_every_rule_has_an_example_that_breaks_it(self) -> None:
        """A rule that nothing breaks may be a rule that checks nothing."""
        from hdcore.validation import check

        rules = {rule.code: rule for rule in resolve(self.iod.rules)} if self.iod.rules else {}
        breakages = self.breakages()
        assert set(rules) == set(breakages)
        examples = self.examples()
        for code, breakage in breakages.items():
            kind, break_it = breakage if isinstance(breakage, tuple) else (next(iter(examples)), breakage)
            instance = examples[kind]()
            assert not _codes(check(instance, [rules[code]])), f"{code} finds something before it is broken"
            broken = break_it(instance)
            found = _codes(check(instance if broken is None else broken, [rules[code]]))
            assert found == {code}, f"{code} does not find its breakage, but {found or 'nothing'}"

    def test_names_of_the_stub_are_those_of_the_package(self) -> None:
        """What type checkers see is there when the program runs."""
        package = import_module(plugin_manager().installed[self.iod_name.partition(".")[0]].package)
        missing = [name for name in package.__all__ if not hasattr(package, name)]
        assert missing == []


def _codes(report: Any) -> set[str]:
    return {finding.code for finding in report}


def _differences(one: Any, other: Any) -> list[str]:
    tags = sorted(set(one.keys()) | set(other.keys()))
    return [str(tag) for tag in tags if tag not in one or tag not in other or _plain(one[tag]) != _plain(other[tag])]


def _plain(element: Any) -> Any:
    """Give an element's value as a file holds it: dates and times as text, what is empty as nothing."""
    if element.VR == "SQ":
        return [{tag: _plain(item[tag]) for tag in item.keys()} for item in element.value]  # noqa: SIM118
    if element.value is None or element.VR in ("DA", "TM", "DT"):
        return str(element.value or "")
    return element.value
