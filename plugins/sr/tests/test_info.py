"""`hdcore info` shows a report of any class as a tree that people read."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hdcore.cli.info import describe
from hdcore.content import Concept
from sr_reports import LIVER, document, report
from sr_trees import document_of, every_relationship

import hdcore_sr as sr
from hdcore_sr.relationships import TABLES


def info(path, **environment):
    pytest.importorskip("typer", reason="the command line needs the extra cli")
    return subprocess.run(
        [sys.executable, "-c", "from hdcore.cli import main; main()", "info", path],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
        timeout=300,
    )


def below_content(lines):
    """The tree's lines, without their common indentation."""
    begin = next(number for number, line in enumerate(lines) if line.strip() == "content:") + 1
    end = next(number for number, line in enumerate(lines) if line.strip().startswith("findings:"))
    return [line[4:] for line in lines[begin:end]]


@pytest.mark.parametrize("uid", sorted(TABLES), ids=lambda uid: uid.removeprefix("1.2.840.10008.5.1.4.1.1."))
def test_reports_of_every_class_are_shown_as_they_are(uid, tmp_path):
    made = document_of(uid, every_relationship(uid))
    made.save_as(tmp_path / "report.dcm")
    lines = list(describe(tmp_path / "report.dcm"))
    assert "hdcore_sr.documents." in lines[1]
    assert lines == [line.rstrip() for line in lines]
    tree = below_content(lines)
    assert tree == sr.StructuredReport.from_dataset(made).to_text().splitlines()
    assert tree[0] == "Imaging Measurement Report"
    depths = {len(line) - len(line.lstrip()) for line in tree[1:]}
    assert depths >= ({2} if TABLES[uid].name.startswith("Spectacle") else {2, 4})


def test_trees_are_shown_to_the_depth_that_they_have(tmp_path):
    root = below = sr.ContainerContentItem(LIVER)
    for level in range(40):
        child = sr.ContainerContentItem(Concept(str(level), "99ACME", f"Ebene {level}"), relationship_type="CONTAINS")
        below.ContentSequence = [child]
        below = child
    below.ContentSequence = [sr.TextContentItem(LIVER, "größer 大きい " * 50, relationship_type="CONTAINS")]
    document(root).save_as(tmp_path / "deep.dcm")
    output = info(tmp_path / "deep.dcm", PYTHONIOENCODING="utf-8")
    tree = below_content(output.stdout.decode().splitlines())
    assert tree[40] == f"{'  ' * 40}Ebene 39"
    assert tree[41].startswith(f"{'  ' * 41}Liver: größer 大きい größer")
    assert tree[41].endswith("…")
    assert len(tree[41]) < 200


def test_what_is_piped_has_no_colours_and_letters_of_any_terminal(tmp_path):
    content = report()
    content[0].ContentSequence[-1].ContentSequence[0].ContentSequence[0].TextValue = "Größe \x1b[31mrot"
    document(content).save_as(tmp_path / "report.dcm")
    for encoding, written in (("utf-8", "Größe �[31mrot"), ("ascii", "Gr??e ?[31mrot")):
        output = info(tmp_path / "report.dcm", PYTHONIOENCODING=encoding, FORCE_COLOR="")
        assert output.returncode == 0, output.stderr
        assert b"\x1b" not in output.stdout
        assert written in output.stdout.decode(encoding)
