"""Rules about the repository itself."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
SOURCES = sorted(
    path for folder in ("hdcore", "plugins") for path in ROOT.glob(f"{folder}/**/*.py") if "tests" not in path.parts
)
CODE = [path for path in SOURCES if "skeleton" not in path.parts]
LONGEST_MODULE, LONGEST_FUNCTION = 600, 60
THIN = {"hdcore/utils.py", "plugins/seg/hdcore_seg/utils.py", "plugins/sr/hdcore_sr/utils.py"}
MADE_BY_ONE_ANOTHER = (
    ("hdcore/content/item.py", "hdcore/content/tree.py"),  # an item holds a sequence of items
    ("hdcore/spatial/geometry.py", "hdcore/spatial/volume.py"),  # a geometry with an array is a volume, which has one
)


def name_of(path):
    return str(path.relative_to(ROOT))


def test_there_is_something_to_check():
    assert len(CODE) > 50
    assert len(PLUGINS) == 8


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_modules_and_functions_are_small_enough_to_hold(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = [
                part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            ]
            length = body[-1].end_lineno - body[0].lineno if body else 0
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nothing_is_left_unfinished(path):
    text = path.read_text(encoding="utf-8")
    marks = [mark for mark in ("raise NotImplemented", "TO" + "DO", "FIX" + "ME", "XX" + "X ") if mark in text]
    assert marks == []


def test_modules_are_not_named_for_what_does_not_fit_elsewhere():
    vague = {name_of(path) for path in CODE if path.stem in ("utils", "helpers", "common", "misc")}
    assert vague <= THIN
    for name in vague:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 30


def test_the_core_knows_no_plugin_and_plugins_do_not_know_one_another():
    for path in CODE:
        own = next((part for part in path.parts if part.startswith("hdcore_")), None)
        others = set(re.findall(r"\b(?:from|import)\s+(hdcore_\w+)", path.read_text(encoding="utf-8"))) - {own}
        assert others == set(), name_of(path)


def test_plugins_import_only_public_names_of_the_core():
    for path in CODE:
        if "plugins" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hdcore"):
                private = [
                    alias.name for alias in node.names if alias.name.startswith("_") and alias.name != "__version__"
                ]
                own = (node.module or "").startswith("hdcore_")
                assert own or private == [], f"{name_of(path)}: {private}"


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_plugins_have_the_same_shape(plugin):
    package = plugin / f"hdcore_{plugin.name}"
    for path in ("README.md", "CHANGELOG.md", "pyproject.toml", "tests"):
        assert (plugin / path).exists(), path
    for path in ("__init__.py", "__init__.pyi", "plugin.py", "rules.py", "py.typed"):
        assert (package / path).exists(), path
    assert list((plugin / "tests").glob("test_contract.py"))


def imports_of(path):
    """The modules of ours that a module imports when it runs, wherever the import stands."""
    own = modules()
    pending, found = [ast.parse(path.read_text(encoding="utf-8"))], set()
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            pending += node.orelse
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        pending += ast.iter_child_nodes(node)
    return {own[name] for name in found if name in own} - {path}


@cache
def modules():
    folders = [ROOT, *PLUGINS]
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts): path
        for path in CODE
        for folder in folders
        if path.is_relative_to(folder) and path.relative_to(folder).parts[0].startswith("hdcore")
    }


def test_modules_import_one_another_in_no_circle_but_where_values_make_one_another():
    imports = {name_of(path): {name_of(other) for other in imports_of(path)} for path in modules().values()}
    assert sum(map(len, imports.values())) > 1000
    for module, later in MADE_BY_ONE_ANOTHER:
        imports[module].remove(later)
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the modules of a circle


def stubs():
    for path in sorted(ROOT.glob("hdcore/**/__init__.pyi")):
        if (path.parent / "__init__.py").exists():
            yield ".".join(path.parent.relative_to(ROOT).parts)
    for plugin in PLUGINS:
        yield f"hdcore_{plugin.name}"


@pytest.mark.parametrize("package", list(stubs()))
def test_every_name_of_a_stub_exists(package):
    module = importlib.import_module(package)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_every_hook_is_tested_and_documented():
    from hdcore.registry import hookspecs

    hooks = [name for name in hookspecs.__all__ if name.startswith("hdcore_")]
    tests = (ROOT / "tests/core/registry/test_manager.py").read_text(encoding="utf-8")
    tests += (ROOT / "tests/core/registry/conftest.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs/how-to/write-a-plugin.md").read_text(encoding="utf-8")
    assert len(hooks) == 4
    assert [hook for hook in hooks if hook not in tests or hook not in guide] == []


def test_modules_that_the_documentation_names_exist():
    pages = [ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    named = {
        (page, module)
        for page in pages
        for module in re.findall(
            r"`((?:hdcore|plugins|tests|frames|pixels|spatial|model)/[\w/]+\.py)`", page.read_text("utf-8")
        )
    }
    assert len(named) > 5
    assert [
        f"{name_of(page)}: {module}"
        for page, module in sorted(named)
        if not (ROOT / module).exists() and not (ROOT / "hdcore" / module).exists()
    ] == []


def test_the_explanation_of_the_architecture_lists_the_layers_in_their_order():
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    names = [name for layer in layers for name in re.findall(r"\w+", layer)]
    page = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")
    drawn = page.partition("## The layers")[2].partition("```\n")[2].partition("```")[0]
    places = [re.search(rf"\b{name}\b", drawn) for name in names if name != "version"]
    assert None not in places
    lines = [drawn[: place.start()].count("\n") for place in places]
    assert lines == sorted(lines)


def test_nothing_of_anyones_machine_is_committed():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if files == [""]:
        pytest.skip("not a git checkout: there is no list of committed files")
    for name in files:
        path = ROOT / name
        if name and path.is_file() and path.suffix in (".py", ".md", ".toml", ".ini", ".pyi", ".txt", ".yml"):
            found = re.findall("/" + r"(?:work|home|root)/\w+", path.read_text(encoding="utf-8"))
            assert found == [], name
