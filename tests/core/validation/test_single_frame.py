"""The list of classes whose images have one frame is that of the tables."""

from __future__ import annotations

from hdcore.model.references import SINGLE_FRAME_SOP_CLASS_UIDS
from hdcore.validation.standard import standard

ROWS, COLUMNS, NUMBER_OF_FRAMES = 0x00280010, 0x00280011, 0x00280008


def test_images_of_one_frame_are_those_without_a_number_of_frames():
    tables = standard()

    def has(iod, tag):
        return any(tag in tables.tags_of(module.scope) for module in tables.modules_of(iod) if module.scope)

    found = {
        uid
        for uid in tables.sop_classes
        if has(iod := tables.iod_of(uid), ROWS)
        and has(iod, COLUMNS)
        and not has(iod, NUMBER_OF_FRAMES)
        and not tables.macros_of(iod)
    }
    assert found == SINGLE_FRAME_SOP_CLASS_UIDS
    assert "1.2.840.10008.5.1.4.1.1.2" in found
