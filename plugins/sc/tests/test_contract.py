from __future__ import annotations

import hdcore as hd
import pytest
from captures import BITS, capture, multiframe, slide_capture
from hdcore.testing import IODContract


def _set(**values):
    def break_it(instance):
        for keyword, value in values.items():
            setattr(instance, keyword, value)

    return break_it


BREAKAGES = {
    "SC001": _set(HighBit=3),
    "SC002": _set(SamplesPerPixel=3),
    "SC003": ("jpeg", _set(LossyImageCompression="00")),
}


def jpeg(make):
    return make("rgb", transfer_syntax_uid="1.2.840.10008.1.2.4.50", photometric_interpretation="YBR_FULL_422")


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203"])
def test_syntaxes_that_may_be_reversible_need_not_have_lost_anything(syntax):
    image = capture("rgb", transfer_syntax_uid="1.2.840.10008.1.2.4.90", photometric_interpretation="YBR_RCT")
    image.file_meta.TransferSyntaxUID = syntax
    assert image.get("LossyImageCompression") != "01"
    assert "SC003" not in hd.validate(image).codes


class TestSC(IODContract):
    iod_name = "sc"

    def examples(self):
        kinds = {kind: lambda kind=kind: capture(kind) for kind in BITS}
        return {**kinds, "slide": slide_capture, "jpeg": lambda: jpeg(capture)}

    def breakages(self):
        return BREAKAGES


class TestMultiFrameSC(IODContract):
    iod_name = "sc.multiframe"

    def examples(self):
        kinds = {kind: lambda kind=kind: multiframe(kind) for kind in ("byte", *BITS)}
        cine = {"cine": lambda: multiframe(frame_time=40.0), "jpeg": lambda: jpeg(multiframe)}
        return {**kinds, **cine}

    def breakages(self):
        return {
            **BREAKAGES,
            "SC101": _set(BitsAllocated=16),
            "SC102": lambda instance: delattr(instance, "PageNumberVector"),
            "SC103": _set(PageNumberVector=[1, 2]),
            "SC104": _set(RescaleSlope=2),
            "SC105": ("jpeg", _set(PhotometricInterpretation="RGB")),
        }
