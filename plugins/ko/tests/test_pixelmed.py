"""What PixelMed's validator says of selections, and where it errs."""

from __future__ import annotations

import hdcore as hd
from hdcore.content import (
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
)
from hdcore.testing import interop, sources
from hdcore.uid import UID
from pydicom.sr.codedict import codes

from hdcore_ko import KeyObjectSelection, KeyObjectSelectionDocument


def make(title, selected=None, **options):
    images = sources.ct_series(slices=2)
    content = KeyObjectSelection(title, selected or images, **options)
    return KeyObjectSelectionDocument(images, content, UID(), 1, UID(), 1, manufacturer="Acme")


def test_it_accepts_a_selection_with_all_rows():
    person = ObserverContext(codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane"))
    device = ObserverContext(codes.DCM.Device, DeviceObserverIdentifyingAttributes("1.2.3", name="Station"))
    image = sources.ct_series(slices=2)[0]
    item = ImageContentItem(codes.DCM.Finding, image.SOPClassUID, image.SOPInstanceUID)
    document = make(
        codes.DCM.ForTeaching, [item], observer_person_context=person, observer_device_context=device, description="x"
    )
    assert interop.pixelmed(document) == []


def test_it_takes_no_condition_of_a_modifier_for_fulfilled():
    """TID 2010 has three rows of modifiers: any (2), and one that some titles need (3, 4).

    It complains of rows 3 and 4 wherever there is a modifier, whatever the title is: the best in a set needs row 4, and
    here both are refused. It does not miss a modifier that a title needs, which KO005 does.
    """
    said = interop.pixelmed(make(codes.DCM.BestInSet, title_modifiers=[codes.DCM.Series]))
    assert ["Row 3" in said[0], "Row 4" in said[1], len(said)] == [True, True, 2]
    assert all("Conditional content item present when condition not satisfied" in line for line in said)
    without = make(codes.DCM.BestInSet)
    assert interop.pixelmed(without) == []
    assert [finding.code for finding in hd.validate(without)] == ["KO005"]
