"""What the tables of the standard allow (PS3.3 A.35)."""

from __future__ import annotations

import shutil
import subprocess

import hdcore as hd
import pytest
from hdcore.content import duplicate
from pydicom.dataset import Dataset
from sr_reports import LIVER, document, images
from sr_trees import MAKERS, RELATIONSHIPS, SR, document_of, every_relationship, item

import hdcore_sr as sr
from hdcore_sr.documents import READ_SOP_CLASS_UIDS
from hdcore_sr.relationships import TABLES, is_allowed
from hdcore_sr.structure import misplaced


def reference(relationship, *numbers):
    made = Dataset()
    made.RelationshipType = relationship
    made.ReferencedContentItemIdentifier = list(numbers)
    return made


def messages(root, number):
    return [message for _, message in misplaced(root, TABLES[SR + number])]


ALLOWED = [
    ("11", "CONTAINER", "HAS OBS CONTEXT", "COMPOSITE"),
    ("22", "CONTAINER", "HAS OBS CONTEXT", "COMPOSITE"),
    ("22", "NUM", "HAS ACQ CONTEXT", "NUM"),
    ("22", "NUM", "INFERRED FROM", "SCOORD"),
    ("33", "NUM", "HAS OBS CONTEXT", "UIDREF"),
    ("33", "CODE", "HAS PROPERTIES", "CONTAINER"),
    ("34", "TCOORD", "SELECTED FROM", "SCOORD3D"),
    ("35", "IMAGE", "HAS OBS CONTEXT", "IMAGE"),
    ("40", "IMAGE", "HAS OBS CONTEXT", "CODE"),
    ("50", "IMAGE", "HAS ACQ CONTEXT", "UIDREF"),
    ("65", "WAVEFORM", "HAS ACQ CONTEXT", "TEXT"),
    ("67", "PNAME", "HAS PROPERTIES", "TIME"),
    ("68", "CONTAINER", "HAS OBS CONTEXT", "PNAME"),
    ("69", "IMAGE", "HAS ACQ CONTEXT", "CONTAINER"),
    ("70", "UIDREF", "HAS PROPERTIES", "COMPOSITE"),
    ("71", "CODE", "HAS PROPERTIES", "SCOORD3D"),
    ("72", "TCOORD", "SELECTED FROM", "WAVEFORM"),
    ("73", "COMPOSITE", "HAS OBS CONTEXT", "COMPOSITE"),
]
FORBIDDEN = [
    ("11", "CONTAINER", "CONTAINS", "NUM"),
    ("11", "CODE", "INFERRED FROM", "TEXT"),
    ("22", "NUM", "HAS OBS CONTEXT", "UIDREF"),
    ("22", "CODE", "HAS PROPERTIES", "CONTAINER"),
    ("33", "TCOORD", "SELECTED FROM", "SCOORD3D"),
    ("34", "SCOORD3D", "SELECTED FROM", "IMAGE"),
    ("34", "NUM", "CONTAINS", "COMPOSITE"),
    ("35", "NUM", "CONTAINS", "COMPOSITE"),
    ("40", "CONTAINER", "CONTAINS", "CONTAINER"),
    ("50", "TEXT", "HAS CONCEPT MOD", "CODE"),
    ("65", "CONTAINER", "CONTAINS", "TEXT"),
    ("67", "COMPOSITE", "HAS OBS CONTEXT", "TEXT"),
    ("68", "CONTAINER", "CONTAINS", "IMAGE"),
    ("69", "CONTAINER", "CONTAINS", "SCOORD3D"),
    ("70", "CODE", "HAS PROPERTIES", "TEXT"),
    ("71", "NUM", "HAS PROPERTIES", "TEXT"),
    ("72", "CONTAINER", "CONTAINS", "IMAGE"),
    ("73", "IMAGE", "HAS PROPERTIES", "TEXT"),
]


def test_every_class_that_is_read_has_a_table():
    """But for the two whose tables neither a text at hand nor DCMTK has."""
    assert set(TABLES) == READ_SOP_CLASS_UIDS - {f"{SR}76", f"{SR}77"}
    assert set(TABLES) > sr.SOP_CLASS_UIDS


@pytest.mark.parametrize(("number", "source", "relationship", "target"), ALLOWED)
def test_what_a_table_has_is_allowed(number, source, relationship, target):
    assert is_allowed(TABLES[SR + number], source, relationship, target)


@pytest.mark.parametrize(("number", "source", "relationship", "target"), FORBIDDEN)
def test_what_a_table_has_not_is_refused(number, source, relationship, target):
    assert not is_allowed(TABLES[SR + number], source, relationship, target)


def test_references_to_items_are_checked_where_a_class_has_them():
    root = item("CONTAINER", None, item("TEXT", "CONTAINS"), item("NUM", "CONTAINS", reference("INFERRED FROM", 1, 1)))
    assert messages(root, "33") == []
    assert messages(root, "22") == ["'INFERRED FROM' by reference"]
    children = root.ContentSequence[1].ContentSequence
    children[0].ReferencedContentItemIdentifier = [1, 7]
    assert messages(root, "33") == ["'INFERRED FROM' by reference to an item that does not exist"]
    children[0].ReferencedContentItemIdentifier = [1, 2]
    assert messages(root, "34") == ["'INFERRED FROM' by reference to an ancestor"]
    children[0].ReferencedContentItemIdentifier = [1, 1]
    children[0].RelationshipType = "CONTAINS"
    assert messages(root, "34") == ["'CONTAINS' by reference from NUM to TEXT"]


@pytest.mark.parametrize(
    ("number", "relationships"),
    [
        ("33", {"HAS PROPERTIES", "INFERRED FROM"}),
        ("50", {"HAS PROPERTIES", "INFERRED FROM"}),
        ("65", {"HAS PROPERTIES", "INFERRED FROM"}),
        ("69", {"INFERRED FROM"}),
        ("22", set()),
        ("40", set()),  # PS3.3 A.35.7.3.1.4
        ("67", set()),  # PS3.3 A.35.8.3.1.3
        ("70", set()),  # PS3.3 A.35.12.3.1.3
        ("72", set()),  # PS3.3 A.35.17.3.1.3
    ],
)
def test_what_may_be_by_reference_depends_on_the_class(number, relationships):
    target = "IMAGE" if number == "40" else "NUM" if number != "70" else "COMPOSITE"
    allowed = set()
    for relationship in ("HAS PROPERTIES", "INFERRED FROM"):
        root = item(
            "CONTAINER", None, item(target, "CONTAINS"), item("CODE", "CONTAINS", reference(relationship, 1, 1))
        )
        found = messages(root, number)
        if found:
            assert found == [f"{relationship!r} by reference"]
        else:
            allowed.add(relationship)
    assert allowed == relationships


def test_documents_may_be_built_with_references_to_items():
    image = sr.ImageContentItem(LIVER, images()[0].SOPClassUID, images()[0].SOPInstanceUID)
    image.RelationshipType = "CONTAINS"
    root = item("CONTAINER", None, image, item("NUM", "CONTAINS", reference("INFERRED FROM", 1, 1)))
    made = document(root, sr.ComprehensiveSR)
    assert hd.validate(made), hd.validate(made)
    assert "-> 1.1" in made.to_text()
    with pytest.raises(ValueError, match="by reference"):
        document(duplicate(root), sr.EnhancedSR)


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (["20200101120000", "20200101120000", "20200101120001.5", "202001011201"], []),
        (["20200101", "20200101110000"], []),
        (["20200101120000+0100", "20200101113000+0000"], []),
        (["20200101120000", "20200101115959"], ["is 20200101115959, after an entry of 20200101120000"]),
        (["20200101120000+0100", "2019+0100"], ["is 2019+0100, after an entry of 20200101120000+0100"]),
        (["20200101120000", None, "20200101110000"], ["is missing", "is 20200101110000, after an entry of"]),
    ],
)
def test_entries_of_a_procedure_log_are_in_the_order_of_time(times, found):
    """PS3.3 A.35.7.3.1.2."""
    entries = [item("CODE", "HAS CONCEPT MOD")]
    for time in times:
        entries.append(item("TEXT", "CONTAINS"))
        if time is not None:
            entries[-1].ObservationDateTime = time
    log = document_of(f"{SR}40", entries)
    told = [finding.message for finding in hd.validate(log) if finding.code == "SR015"]
    assert len(told) == len(found)
    assert all(message in line for message, line in zip(found, told, strict=True))
    other = document_of(f"{SR}11", entries)
    assert "SR015" not in {finding.code for finding in hd.validate(other)}


def test_a_finding_names_the_place():
    made = document()
    group = made.ContentSequence[-1].ContentSequence[0]
    next(one for one in group.ContentSequence if one.ValueType == "NUM").RelationshipType = "SELECTED FROM"
    (finding,) = [one for one in hd.validate(made) if one.code == "SR002"]
    assert finding.path.count("ContentSequence") == 3
    assert "'SELECTED FROM' from CONTAINER to NUM" in finding.message


with_dcmtk = pytest.mark.skipif(shutil.which("dsrdump") is None, reason="dsrdump is part of DCMTK")


def dump(trees, uid, folder):
    """Let DCMTK read a document of each tree; tell what it says of those that it does not read, or warns of."""
    folder.mkdir()
    for number, tree in enumerate(trees):
        document_of(uid, tree).save_as(folder / f"{number:04}.dcm")
    files = sorted(folder.iterdir())
    run = subprocess.run(["dsrdump", *files], capture_output=True, text=True, check=False)
    return run.stderr, [number for number in range(len(files)) if f"parsing file: {files[number]}" in run.stderr]


@with_dcmtk
@pytest.mark.parametrize("uid", sorted(set(TABLES) - {f"{SR}35"}))
def test_dcmtk_refuses_below_the_root_what_a_table_has_not(uid, tmp_path):
    """Below other items it does too, of all 15,000 combinations, which takes a minute."""
    combinations = [(relationship, kind) for relationship in RELATIONSHIPS for kind in MAKERS]
    _, refused = dump([[item(kind, relationship)] for relationship, kind in combinations], uid, tmp_path / "files")
    ours = {one for one in combinations if not is_allowed(TABLES[uid], "CONTAINER", *one)}
    more = {combinations[number] for number in refused} - ours
    assert {combinations[number] for number in refused} >= ours
    assert {relationship for relationship, _ in more} <= {"HAS OBS CONTEXT"}
    assert bool(more) == (
        uid in {f"{SR}33", f"{SR}34", f"{SR}68", f"{SR}74", f"{SR}75"}
    )  # the rows on observers that it misses


@with_dcmtk
@pytest.mark.parametrize("uid", [f"{SR}50", f"{SR}65", f"{SR}69"])
def test_dcmtk_warns_of_the_references_that_a_computer_aided_detection_must_not_have(uid, tmp_path):
    for relationship, source, target in (
        ("HAS PROPERTIES", "CODE", "NUM"),
        ("INFERRED FROM", "CODE", "NUM"),
        ("HAS OBS CONTEXT", "CODE", "NUM"),
        ("HAS CONCEPT MOD", "CODE", "CODE"),
    ):
        tree = [
            item("NUM", "CONTAINS", item("NUM", "HAS PROPERTIES"), item("CODE", "HAS PROPERTIES")),
            item(source, "CONTAINS", reference(relationship, 1, 1, 1 if target == "NUM" else 2)),
        ]
        said, _ = dump([tree], uid, tmp_path / relationship)
        allowed = relationship in (TABLES[uid].by_reference or ())
        assert ("Invalid by-reference relationship" in said) != allowed


@with_dcmtk
@pytest.mark.parametrize("uid", sorted(set(TABLES) - {f"{SR}35"}))
def test_dcmtk_reads_every_relationship_that_a_table_has(uid, tmp_path):
    """DCMTK does not know Extensible SR, nor the rows on observers that it misses below."""

    def misses(source, relationship, target):
        return relationship == "HAS OBS CONTEXT" and (target == "CONTAINER" or uid == f"{SR}68")

    branches = every_relationship(uid, misses)
    made = document_of(uid, branches)
    made.save_as(tmp_path / "all.dcm")
    run = subprocess.run(["dsrdump", "-q", tmp_path / "all.dcm"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.splitlines()) > len(branches)
