"""A distribution of somebody else's adds a template of its own, and its rule to the validation of reports."""

from __future__ import annotations

import os
import subprocess
import sys

PLUGIN = '''
from hdcore.content import CodedConcept, Concept, Template, rows
from hdcore.registry import hookimpl

GRADE = Concept("QC1", "99SITE", "Quality grade")


class ScanQuality(Template):
    """Quality of a scan."""

    TID = "9000"
    ROOT = Concept("QC0", "99SITE", "Scan quality")
    ROOT_VALUE_TYPE = "CONTAINER"
    grade = rows.code(GRADE, "CONTAINS", doc="Grade.")


@hookimpl
def hdcore_rules(iod):
    if iod.name.startswith("sr"):
        from hdcore.sr import rule_of

        yield rule_of(ScanQuality, "SITE001", ref="site template 9000")
'''
PROGRAM = """
import hdcore as hd
from hdcore.testing import sources
from site_quality import GRADE, ScanQuality

images = sources.ct_series(slices=1)
quality = ScanQuality(grade=hd.content.CodedConcept("QC10", "99SITE", "Good"))
hd.create("sr", images, quality, hd.UID(), 1, hd.UID(), 1).save_as("quality.dcm")
report = hd.read("quality.dcm")
assert ScanQuality.from_sequence(report.content).grade.meaning == "Good"
print([finding.code for finding in hd.validate(report)])
report.ContentSequence[:] = [item for item in report.ContentSequence if item.name != GRADE]
report.save_as("quality.dcm")
print([(one.code, one.severity.value, one.message) for one in hd.validate("quality.dcm", select=["SITE001"])])
"""


def test_its_rule_is_applied_to_reports_that_name_the_template(tmp_path):
    (tmp_path / "site_quality.py").write_text(PLUGIN)
    metadata = tmp_path / "site_quality-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: site-quality\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[hdcore]\nquality = site_quality\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    clean, broken = done.stdout.splitlines()
    assert clean == "[]"
    assert broken.startswith("[('SITE001', 'error', 'Content of template 9000 must follow its rows (ScanQuality)")
    assert "Scan quality/Quality grade is missing" in broken
