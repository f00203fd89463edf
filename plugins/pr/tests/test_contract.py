from __future__ import annotations

import hdcore as hd
from hdcore.testing import IODContract
from pydicom.dataset import Dataset
from states import advanced_blending, annotated, color, grayscale, one_window_per_frame, pseudo_color


def _shape(state, number=1):
    return state.GraphicAnnotationSequence[0].GraphicObjectSequence[number]


def _refer_elsewhere(state):
    state.GraphicAnnotationSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3.4"


def _swap_corners(state):
    state.DisplayedAreaSelectionSequence[0].DisplayedAreaBottomRightHandCorner = [0, 0]


def _blend_what_is_not_there(state):
    state.BlendingDisplaySequence[0].BlendingDisplayInputSequence[0].BlendingInputNumber = 9


def _add_compound_graphic(state):
    compound = Dataset()
    compound.CompoundGraphicInstanceID = 5
    state.GraphicAnnotationSequence[0].CompoundGraphicSequence = [compound]


def _add_threshold(state):
    threshold = Dataset()
    threshold.ThresholdType, threshold.ThresholdValueSequence = "RANGE_INCL", [Dataset()]
    state.AdvancedBlendingSequence[0].ThresholdSequence = [threshold]


def _as_of_a_display(state):
    state.ICCProfile = state.ICCProfile[:12] + b"mntr" + state.ICCProfile[16:]


def _two_windows(entry):
    entry.WindowCenter, entry.WindowWidth, entry.WindowCenterWidthExplanation = [40, 50], [400, 500], ["SOFT", "BONE"]


ON_ANNOTATIONS = {
    "PR001": lambda state: setattr(state.GraphicLayerSequence[0], "GraphicLayer", "OTHER"),
    "PR002": lambda state: state.GraphicLayerSequence.append(state.GraphicLayerSequence[0]),
    "PR003": lambda state: setattr(_shape(state), "NumberOfGraphicPoints", 9),
    "PR004": lambda state: setattr(_shape(state, 5), "GraphicData", [0.1, 0.1, 7.0, 0.9]),
    "PR005": lambda state: setattr(_shape(state, 2), "GraphicFilled", "Y"),
    "PR006": _refer_elsewhere,
    "PR007": _swap_corners,
    "PR008": lambda state: setattr(_shape(state, 3), "GraphicGroupID", 9),
    "PR010": _add_compound_graphic,
}
ON_WINDOWS = {"PR013": lambda state: _two_windows(state.SoftcopyVOILUTSequence[0])}
ON_BLENDING = {"PR009": _blend_what_is_not_there, "PR011": _add_threshold, "PR012": _as_of_a_display}


class TestGrayscale(IODContract):
    iod_name = "pr.grayscale"

    def examples(self):
        return {"annotated": annotated, "plain": grayscale, "windows of frames": one_window_per_frame}

    def breakages(self):
        blending = {code: ("annotated", lambda state, code=code: _broken(code)) for code in ON_BLENDING}
        return {**ON_ANNOTATIONS, **ON_WINDOWS, **blending}


class TestColor(IODContract):
    iod_name = "pr.color"

    def examples(self):
        return {"plain": color}

    def breakages(self):
        return {code: lambda state, code=code: _broken(code) for code in [*ON_ANNOTATIONS, *ON_WINDOWS, *ON_BLENDING]}


class TestPseudoColor(TestColor):
    iod_name = "pr.pseudo_color"

    def examples(self):
        return {"plain": pseudo_color}


class TestAdvancedBlending(TestColor):
    iod_name = "pr.advanced_blending"

    def examples(self):
        return {"plain": advanced_blending}


def _broken(code):
    state = advanced_blending() if code in ON_BLENDING else annotated()
    {**ON_ANNOTATIONS, **ON_WINDOWS, **ON_BLENDING}[code](state)
    return state


def test_findings_count_items_from_zero_as_all_others_do():
    state = annotated()
    _shape(state, 2).GraphicFilled = "Y"
    found = [finding.path for finding in hd.validate(state, select=["PR005"])]
    assert found == ["GraphicAnnotationSequence[0]/GraphicObjectSequence[2]/GraphicFilled"]
