"""What the distributions promise to those who install them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))


def project(folder):
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


CORE = project(ROOT)
EXTRAS = CORE["optional-dependencies"]


def test_there_is_an_extra_for_each_plugin_and_one_for_all():
    names = [folder.name for folder in PLUGINS]
    assert {"seg", "sr", "pm", "pr", "sc", "ko", "ann", "legacy"} == set(names)
    for name in names:
        assert EXTRAS[name] == [f"hdcore-{name}"]
    assert set(EXTRAS["all"][0].removeprefix("hdcore[").removesuffix("]").split(",")) == set(names)
    assert {"cli", "itk", "simpleitk", "nibabel"} <= set(EXTRAS)


def test_what_is_under_the_gpl_comes_only_with_its_own_extra():
    extras = [name for name, packages in EXTRAS.items() if any("libjpeg-libjpeg" in package for package in packages)]
    assert extras == ["libjpeg"]
    required = [*CORE["dependencies"], *(package for folder in PLUGINS for package in project(folder)["dependencies"])]
    assert not any("libjpeg-libjpeg" in package for package in required)


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_is_a_distribution_that_the_core_finds(folder):
    plugin = project(folder)
    assert plugin["name"] == f"hdcore-{folder.name}"
    assert plugin["license"] == CORE["license"] == "MIT"
    assert plugin["requires-python"] == CORE["requires-python"]
    assert plugin["entry-points"]["hdcore"] == {folder.name: f"hdcore_{folder.name}.plugin"}
    others = {f"hdcore-{other.name}" for other in PLUGINS if other != folder}
    assert not others & {package.split(">")[0] for package in plugin["dependencies"]}
    for page in ("README.md", "CHANGELOG.md"):
        assert len((folder / page).read_text(encoding="utf-8").strip()) > 40, page


def test_the_core_is_small():
    import io
    import zipfile

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in ROOT.glob("hdcore/**/*"):
            if path.is_file() and "__pycache__" not in path.parts:
                wheel.write(path, path.relative_to(ROOT))
    assert len(archive.getvalue()) < 1_500_000
