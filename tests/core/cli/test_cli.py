from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hdcore.testing import sources

pytest.importorskip("typer", reason="the command line needs the extra cli")


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-c", "from hdcore.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
def ct_file(tmp_path):
    path = tmp_path / "ct.dcm"
    sources.ct_series(1)[0].save_as(path, enforce_file_format=True)
    return path


def test_plugins_lists_what_is_installed():
    import hdcore as hd

    output = run("plugins")
    assert output.returncode == 0
    for plugin in hd.plugins():
        assert plugin.distribution in output.stdout


def test_info_tells_what_a_file_is(ct_file):
    output = run("info", ct_file)
    assert output.returncode == 0, output.stderr
    assert "CT Image Storage" in output.stdout
    assert "hdcore.frames.image.Image" in output.stdout
    assert "1 of 32 x 32" in output.stdout


def test_validate_says_by_its_status_whether_there_are_errors(ct_file, tmp_path):
    assert run("validate", ct_file).returncode == 0
    broken = sources.ct_series(1)[0]
    del broken.StudyInstanceUID
    broken.save_as(tmp_path / "broken.dcm", enforce_file_format=True)
    output = run("validate", ct_file, tmp_path / "broken.dcm")
    assert output.returncode == 1
    assert "StudyInstanceUID" in output.stdout


def test_validate_gives_json(ct_file):
    reports = json.loads(run("validate", "--json", ct_file).stdout)
    assert list(reports) == [str(ct_file)]


def test_validate_reports_on_the_files_beside_one_that_is_not_there(ct_file, tmp_path):
    output = run("validate", tmp_path / "absent.dcm", ct_file)
    assert output.returncode == 2
    assert "absent.dcm" in output.stderr
    assert f"{ct_file}: 0 errors" in output.stdout


def test_validate_writes_a_page(ct_file, tmp_path):
    output = run("validate", ct_file, "--html", tmp_path / "page.html")
    assert output.returncode == 0, output.stderr
    assert "<html" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("info", "absent.dcm"), "There is no file"),
        (("info", __file__), "text"),
        (("new-plugin", "Not A Name"), "cannot be a plugin's name"),
        (("new-plugin", "seg"), "hdcore-seg"),
        (("demo", "--series", "absent"), "not a folder"),
        (("no-such-command",), "no-such-command"),
    ],
)
def test_errors_are_one_line_without_a_traceback(arguments, message, tmp_path):
    output = run(*arguments)
    assert output.returncode == 2
    assert message in output.stderr
    assert len(output.stderr.strip().splitlines()) == 1


def test_a_new_plugins_skeleton_is_complete(tmp_path):
    folder = tmp_path / "hdcore-sample"
    assert run("new-plugin", "sample", "--folder", folder).returncode == 0
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {"pyproject.toml", "hdcore_sample/plugin.py", "hdcore_sample/py.typed", "tests/test_contract.py"} <= written
    assert not any("NAME" in (folder / name).read_text() for name in written)
    assert run("new-plugin", "sample", "--folder", folder).returncode == 2


def test_the_demonstration_makes_a_segmentation_and_a_picture(tmp_path):
    pytest.importorskip("hdcore_seg", reason="the demonstration makes a segmentation")
    from PIL import Image

    output = run("demo", "--folder", tmp_path / "demo")
    assert output.returncode == 0, output.stdout + output.stderr
    assert "the segments read back equal those made" in output.stdout
    picture = Image.open(tmp_path / "demo" / "segmentation.png")
    assert picture.mode == "RGB"
    assert picture.width > picture.height


@pytest.mark.parametrize("name", ["ExplVR_BigEndNoMeta.dcm", "badVR.dcm", "rtstruct.dcm", "SC_rgb_jpeg.dcm"])
def test_info_describes_files_that_are_off(name):
    from pathlib import Path

    import pydicom.data

    output = run("info", Path(pydicom.data.__file__).parent / "test_files" / name)
    assert output.returncode == 0, output.stderr
    assert "read by:" in output.stdout
    assert "findings:" in output.stdout
