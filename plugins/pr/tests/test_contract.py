from __future__ import annotations

from hdcore.testing import IODContract
from states import advanced_blending, annotated, color, grayscale, one_window_per_frame, pseudo_color


def _shape(state, number=1):
    return state.GraphicAnnotationSequence[0].GraphicObjectSequence[number]


def _refer_elsewhere(state):
    state.GraphicAnnotationSequence[0].ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.3.4"


def _swap_corners(state):
    state.DisplayedAreaSelectionSequence[0].DisplayedAreaBottomRightHandCorner = [0, 0]


def _blend_what_is_not_there(state):
    state.BlendingDisplaySequence[0].BlendingDisplayInputSequence[0].BlendingInputNumber = 9


ON_ANNOTATIONS = {
    "PR001": lambda state: setattr(state.GraphicLayerSequence[0], "GraphicLayer", "OTHER"),
    "PR002": lambda state: state.GraphicLayerSequence.append(state.GraphicLayerSequence[0]),
    "PR003": lambda state: setattr(_shape(state), "NumberOfGraphicPoints", 9),
    "PR004": lambda state: setattr(_shape(state, 5), "GraphicData", [0.1, 0.1, 7.0, 0.9]),
    "PR005": lambda state: setattr(_shape(state, 2), "GraphicFilled", "Y"),
    "PR006": _refer_elsewhere,
    "PR007": _swap_corners,
    "PR008": lambda state: setattr(_shape(state, 3), "GraphicGroupID", 9),
}


class TestGrayscale(IODContract):
    iod_name = "pr.grayscale"

    def examples(self):
        return {"annotated": annotated, "plain": grayscale, "windows of frames": one_window_per_frame}

    def breakages(self):
        # PR009 is about blending alone
        return {**ON_ANNOTATIONS, "PR009": ("annotated", _make_blending)}


def _make_blending(state):
    broken = advanced_blending()
    _blend_what_is_not_there(broken)
    return broken


class TestColor(IODContract):
    iod_name = "pr.color"

    def examples(self):
        return {"plain": color}

    def breakages(self):
        return {code: lambda state, code=code: _broken(code) for code in [*ON_ANNOTATIONS, "PR009"]}


class TestPseudoColor(TestColor):
    iod_name = "pr.pseudo_color"

    def examples(self):
        return {"plain": pseudo_color}


class TestAdvancedBlending(TestColor):
    iod_name = "pr.advanced_blending"

    def examples(self):
        return {"plain": advanced_blending}


def _broken(code):
    if code == "PR009":
        return _make_blending(None)
    state = annotated()
    ON_ANNOTATIONS[code](state)
    return state
