"""Items that others wrote wrongly: read, or refused in a typed error, whatever is wrong with them."""

from __future__ import annotations

import inspect
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

import hdcore
from hdcore import content
from hdcore.errors import HdcoreError

SCT = codes.SCT
LAB = content.IssuerOfIdentifier("1.2", "ISO")
IMAGE = ("1.2.840.10008.5.1.4.1.1.2.1", "1.2.3")
RAMP = np.array([0, 1, 0, 1, 4, 200], np.uint8)
OBJECTS = {
    "specimen": hdcore.SpecimenDescription(
        "s",
        "1.2.3",
        (1.0, 2.0, 3.0),
        [hdcore.SpecimenPreparationStep("s", hdcore.SpecimenCollection(SCT.Biopsy))],
        LAB,
        [SCT.Liver],
        SCT.TissueSpecimen,
        "short",
        "long",
    ),
    "sampling": hdcore.SpecimenPreparationStep(
        "s", hdcore.SpecimenSampling(SCT.Biopsy, "parent", SCT.TissueSpecimen, LAB), None, "20200102", LAB
    ),
    "staining": hdcore.SpecimenPreparationStep(
        "s", hdcore.SpecimenStaining([SCT.HematoxylinStain, "eosin"]), fixative=SCT.Formalin
    ),
    "issuer": LAB,
    "algorithm": hdcore.AlgorithmIdentificationSequence("n", codes.DCM.ArtificialIntelligence, "1", "s", {"a": "b"}),
    "code": content.CodedConcept("1", "99X", "m", "1"),
    "table": hdcore.ModalityLUT("HU", 0, np.arange(4, dtype=np.uint16), "x"),
    "palette": hdcore.PaletteColorLUTTransformation.from_colors(["red", "blue"]),
    "segments": hdcore.PaletteColorLUTTransformation(
        *(hdcore.SegmentedPaletteColorLUT(0, RAMP, color) for color in ("red", "green", "blue"))
    ),
    "measures": hdcore.PixelMeasuresSequence([1, 1], 1.0, 2.0),
    "position": hdcore.PlanePositionSequence("SLIDE", [1, 2, 3], (1, 1)),
    "orientation": hdcore.PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0]),
    "text": content.TextContentItem(SCT.Liver, "t"),
    "code item": content.CodeContentItem(SCT.Liver, SCT.Liver),
    "number": content.NumContentItem(SCT.Liver, 1.5, codes.UCUM.Millimeter, SCT.Liver),
    "date": content.DateContentItem(SCT.Liver, "20200101"),
    "time": content.TimeContentItem(SCT.Liver, "120000"),
    "date and time": content.DateTimeContentItem(SCT.Liver, "20200101120000"),
    "name": content.PnameContentItem(SCT.Liver, "A^B"),
    "uid": content.UIDRefContentItem(SCT.Liver, "1.2.3"),
    "container": content.ContainerContentItem(SCT.Liver, template_id="1500"),
    "composite": content.CompositeContentItem(SCT.Liver, *IMAGE),
    "image": content.ImageContentItem(SCT.Liver, *IMAGE, referenced_frame_numbers=[1, 2]),
    "waveform": content.WaveformContentItem(SCT.Liver, *IMAGE, referenced_waveform_channels=[(1, 2)]),
    "points": content.ScoordContentItem(SCT.Liver, "POINT", np.ones((1, 2)), "FRAME", "1.2"),
    "points in space": content.Scoord3DContentItem(SCT.Liver, "POINT", np.ones((1, 3)), "1.2.3", "1.2"),
    "times": content.TcoordContentItem(SCT.Liver, "POINT", referenced_sample_positions=[1]),
}
DAMAGE = {
    "absent": lambda item, tag: item.pop(tag),
    "empty": lambda item, tag: item.add(DataElement(tag, item[tag].VR, [] if item[tag].VR == "SQ" else None)),
    "text": lambda item, tag: item.add(DataElement(tag, "LO", "xyz")),
    "number": lambda item, tag: item.add(DataElement(tag, "DS", "1")),
    "items": lambda item, tag: item.add(DataElement(tag, "SQ", [Dataset()])),
}


def _bytes(made):
    whole = Dataset()
    whole.ContentSequence = list(made) if isinstance(made, Sequence) else [made]
    buffer = BytesIO()
    pydicom.dcmwrite(buffer, whole, implicit_vr=False, little_endian=True)
    return buffer.getvalue()


def _read(data):
    return pydicom.dcmread(BytesIO(data), force=True).ContentSequence


def _places(items, above=()):
    for index, item in enumerate(items):
        for element in item:
            yield (*above, index), element.tag
            if element.VR == "SQ":
                yield from _places(element.value, (*above, index, element.tag))


def _item(items, place):
    for step in place:
        items = items[step] if isinstance(items, Sequence) else items[step].value
    return items


def _take(made, items):
    kind = type(made)
    if isinstance(made, Sequence):
        return kind.from_sequence(items)
    return (kind.from_dataset if hasattr(kind, "from_dataset") else kind.extract_from_dataset)(items[0])


def _look(read, deepest=4):
    """Look at all that a class of ours says about what was read."""
    names = [name for name in dir(type(read)) if not name.startswith("_") and not hasattr(Dataset, name)]
    for name in names:
        if not isinstance(inspect.getattr_static(type(read), name), property):
            continue
        try:
            value = getattr(read, name)
        except HdcoreError:
            continue
        for one in value if isinstance(value, list) else [value]:
            if deepest and isinstance(one, Dataset | Sequence):
                _look(one, deepest - 1)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("made", OBJECTS.values(), ids=OBJECTS)
def test_whatever_is_wrong_is_read_or_refused_in_words(made, damage):
    data = _bytes(made)
    places = list(_places(_read(data)))
    assert places
    for place, tag in places:
        items = _read(data)
        DAMAGE[damage](_item(items, place), tag)
        for damaged in (items, _read(_bytes(items))):
            try:
                read = _take(made, damaged)
            except HdcoreError:
                continue
            _look(read)


def test_what_is_not_damaged_is_read():
    for name, made in OBJECTS.items():
        assert _take(made, _read(_bytes(made))) == made, name


def test_a_number_of_another_value_representation_is_not_taken_for_its_bytes():
    item = content.ScoordContentItem(SCT.Liver, "POINT", np.array([[1.0, 2.0]]))
    plain = Dataset.from_json(item.to_json())
    plain.add(DataElement("GraphicData", "FD", [1.0, 2.0]))
    plain = _read(_bytes(plain))[0]
    assert content.ScoordContentItem.from_dataset(plain).value.tolist() == [[1.0, 2.0]]
