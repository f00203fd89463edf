"""Documents of every SOP class, with every relationship that its table has."""

from __future__ import annotations

import numpy as np
import pydicom
from hdcore.content import TcoordContentItem, WaveformContentItem, duplicate
from sr_reports import LIVER, MM, document

import hdcore_sr as sr
from hdcore_sr.relationships import TABLES, is_allowed

SR = "1.2.840.10008.5.1.4.1.1.88."
RELATIONSHIPS = [one.value for one in sr.RelationshipTypeValues]
POINT = np.array([[1.0, 2.0]])
MAKERS = {
    "TEXT": lambda: sr.TextContentItem(LIVER, "x"),
    "CODE": lambda: sr.CodeContentItem(LIVER, LIVER),
    "NUM": lambda: sr.NumContentItem(LIVER, 1, MM),
    "DATETIME": lambda: sr.DateTimeContentItem(LIVER, "20200102030405"),
    "DATE": lambda: sr.DateContentItem(LIVER, "20200102"),
    "TIME": lambda: sr.TimeContentItem(LIVER, "030405"),
    "UIDREF": lambda: sr.UIDRefContentItem(LIVER, "1.2.3"),
    "PNAME": lambda: sr.PnameContentItem(LIVER, "Doe^Jane"),
    "IMAGE": lambda: sr.ImageContentItem(LIVER, "1.2.840.10008.5.1.4.1.1.2", "1.2.4"),
    "COMPOSITE": lambda: sr.CompositeContentItem(LIVER, f"{SR}33", "1.2.5"),
    "WAVEFORM": lambda: WaveformContentItem(LIVER, "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.6"),
    "SCOORD": lambda: sr.ScoordContentItem(LIVER, "POINT", POINT),
    "SCOORD3D": lambda: sr.Scoord3DContentItem(LIVER, "POINT", np.ones((1, 3)), "1.2.3"),
    "TCOORD": lambda: TcoordContentItem(LIVER, "POINT", [1]),
    "CONTAINER": lambda: sr.ContainerContentItem(LIVER),
}


def item(value_type, relationship=None, *children):
    made = MAKERS[value_type]()
    if relationship is not None:
        made.RelationshipType = relationship
    if children:
        made.ContentSequence = list(children)
    return made


def _path_to(table, source):
    """The relationships and value types on a shortest way from the root to an item of a value type."""
    paths = {"CONTAINER": ()}
    waiting = ["CONTAINER"]
    while source not in paths:
        parent = waiting.pop(0)
        for relationship in RELATIONSHIPS:
            for kind in sorted(table.value_types):
                if kind not in paths and is_allowed(table, parent, relationship, kind):
                    paths[kind] = (*paths[parent], (relationship, kind))
                    waiting.append(kind)
    return paths[source]


def every_relationship(uid, leave_out=lambda source, relationship, target: False):
    """Branches below the root with all that the table of a class allows; but for what is left out below the root."""
    table = TABLES[uid]
    kinds = sorted(table.value_types - {"TABLE"})
    branches = []
    for source in kinds:
        below = [
            item(target, relationship)
            for relationship in RELATIONSHIPS
            for target in kinds
            if is_allowed(table, source, relationship, target)
            and not (source == "CONTAINER" and leave_out(source, relationship, target))
        ]
        if source == "CONTAINER":
            branches.extend(below)
        elif below:
            for relationship, kind in reversed(_path_to(table, source)):
                below = [item(kind, relationship, *below)]
            branches.extend(below)
    return branches


def document_of(uid, branches):
    """A document of a class, as pydicom has it."""
    made = duplicate(document())
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = pydicom.uid.UID(uid)
    made.ContentSequence = branches
    del made.ContentTemplateSequence
    return made
