from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
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


def test_validate_refuses_a_code_that_no_rule_has(ct_file):
    output = run("validate", ct_file, "--select", "AAT001")
    assert output.returncode == 2
    assert "did you mean ATT001" in output.stderr
    assert output.stdout == ""


def test_validate_gives_json(ct_file):
    reports = json.loads(run("validate", "--json", ct_file).stdout)
    assert list(reports) == [str(ct_file)]


def test_validate_reports_on_the_files_beside_one_that_is_not_there(ct_file, tmp_path):
    output = run("validate", tmp_path / "absent.dcm", ct_file)
    assert output.returncode == 2
    assert "absent.dcm" in output.stderr
    assert f"{ct_file}: no errors" in output.stdout


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
        (("no-such-command",), "Try 'hdcore --help'"),
        (("demo", "--folder", __file__), "is no folder"),
        (("validate", "absent.dcm"), "There is no file 'absent.dcm'"),
    ],
)
def test_errors_are_one_line_without_a_traceback(arguments, message, tmp_path):
    output = run(*arguments)
    assert output.returncode == 2
    assert message in output.stderr
    assert len(output.stderr.strip().splitlines()) == 1


def test_no_command_shows_the_help_and_no_message():
    output = run()
    assert "new-plugin" in output.stdout
    assert "hdcore:" not in output.stderr


def test_the_version_is_told():
    import hdcore as hd

    output = run("--version")
    assert (output.returncode, output.stdout) == (0, f"hdcore {hd.__version__}\n")


def test_info_tells_of_a_file_that_cannot_be_read_what_its_header_says(tmp_path):
    pytest.importorskip("hdcore_seg", reason="the example is a segmentation that ends too early")
    from hdcore_seg import SegmentDescription
    from pydicom.sr.codedict import codes

    import hdcore as hd

    path = tmp_path / "seg.dcm"
    images = sources.ct_series(2)
    hd.create(
        "seg",
        images,
        np.ones((2, 32, 32), np.uint8),
        "BINARY",
        [SegmentDescription(1, "Liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL")],
        *(hd.UID(), 1, hd.UID(), 1, "Me", "Model", "1", "1"),
    ).save_as(path)
    path.write_bytes(path.read_bytes()[:3000])
    output = run("info", path)
    assert output.returncode == 0, output.stderr
    assert "not readable:" in output.stdout
    assert images[0].StudyInstanceUID in output.stdout
    assert "more: hdcore validate" in output.stdout


def test_validate_takes_folders_and_leaves_out_what_is_not_dicom(ct_file, tmp_path):
    below = tmp_path / "below"
    below.mkdir()
    sources.ct_series(1)[0].save_as(below / "other", enforce_file_format=True)
    (below / "notes.txt").write_text("none of it is DICOM")
    output = run("validate", tmp_path)
    assert output.returncode == 0, output.stderr
    assert output.stdout.splitlines() == [
        f"{below / 'other'}: no errors, no warnings",
        f"{ct_file}: no errors, no warnings",
    ]
    assert "1 of 3 files" in output.stderr


def test_validate_refuses_a_folder_without_dicom_files(tmp_path):
    (tmp_path / "notes.txt").write_text("none of it is DICOM")
    output = run("validate", tmp_path)
    assert output.returncode == 2
    assert "holds no DICOM file" in output.stderr


def test_validate_says_once_and_of_which_file_what_reading_it_warns_of(tmp_path):
    pytest.importorskip("hdcore_seg", reason="the rules of segmentations read the frames, each for itself")
    import pydicom.data

    file = Path(pydicom.data.__file__).parent / "test_files" / "liver_1frame.dcm"
    output = run("validate", file)
    (line,) = (line for line in output.stderr.splitlines() if "the surplus is ignored" in line)
    assert line.startswith(f"hdcore: warning: {file}: ")


def test_a_page_that_cannot_be_written_is_one_line(ct_file, tmp_path):
    output = run("validate", ct_file, "--html", tmp_path / "absent" / "page.html")
    assert output.returncode == 2
    assert output.stderr.strip() == f"hdcore: '{tmp_path / 'absent' / 'page.html'}': No such file or directory."


def test_a_new_plugins_names_are_whole(tmp_path):
    folder = tmp_path / "hdcore-two_words"
    assert run("new-plugin", "two_words", "--folder", folder).returncode == 0
    instance = (folder / "hdcore_two_words" / "instance.py").read_text()
    assert "class TwoWords(SOPClass)" in instance
    assert instance.count("SOP_CLASS_UID") == 3
    assert '"TWOWORDS001"' in (folder / "hdcore_two_words" / "rules.py").read_text()
    assert '"TWOWORDS001"' in (folder / "tests" / "test_contract.py").read_text()


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
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("```text\nSeries:")[2].partition("Written:")[0]
    assert shown
    assert f"Series:{shown}" in output.stdout
    assert "the segments read back equal those made" in output.stdout
    picture = Image.open(tmp_path / "demo" / "segmentation.png")
    assert picture.mode == "RGB"
    assert picture.width > picture.height
    assert picture.height % 2 == 0  # slices as they are above, with segments below
    upper = np.asarray(picture)[: picture.height // 2]
    assert (upper[..., 0] == upper[..., 2]).all()


@pytest.mark.parametrize("name", ["ExplVR_BigEndNoMeta.dcm", "badVR.dcm", "rtstruct.dcm", "SC_rgb_jpeg.dcm"])
def test_info_describes_files_that_are_off(name):
    import pydicom.data

    output = run("info", Path(pydicom.data.__file__).parent / "test_files" / name)
    assert output.returncode == 0, output.stderr
    assert "read by:" in output.stdout
    assert "findings:" in output.stdout
