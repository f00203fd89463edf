from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hdcore as hd
import pytest
from hdcore.testing import IODContract
from hdcore.testing.interop import dciodvfy
from pm_examples import EXAMPLES, mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOT_KNOWN_TO_DCIODVFY = [
    f"{keyword} - Non-string attribute while verifying string enumerated value"
    for keyword in ("MinimumStoredValueMapped(0028,1231)>", "MaximumStoredValueMapped(0028,1232)>")
]
"""Its complaints about COLOR_RANGE maps.

The two are of VR FD (PS3.6) and type 1 in the Stored Value Color Range macro (PS3.3 C.7.6.16.2.26), which a map of
Pixel Presentation COLOR_RANGE must have (A.75.5): any numbers are right, but dciodvfy looks for words.
"""


def _shared(instance: Any) -> Any:
    return instance.SharedFunctionalGroupsSequence[0]


def _mappings(instance: Any) -> Any:
    return _shared(instance).RealWorldValueMappingSequence


def _content(instance: Any, frame: int) -> Any:
    return instance.PerFrameFunctionalGroupsSequence[frame].FrameContentSequence[0]


def _set(dataset: Any, **values: Any) -> None:
    for keyword, value in values.items():
        setattr(dataset, keyword, value)


def _remove(dataset: Any, keyword: str) -> None:
    delattr(dataset, keyword)


def _index_twice(instance: Any) -> None:
    for frame in range(3):
        _content(instance, frame).DimensionIndexValues = [frame + 1, 1]


def _unlist(instance: Any) -> None:
    del instance.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]


def _move_outside(instance: Any) -> None:
    position = instance.PerFrameFunctionalGroupsSequence[3].PlanePositionSlideSequence[0]
    position.RowPositionInTotalImagePixelMatrix = 51


def _move_together(instance: Any) -> None:
    for frame in instance.PerFrameFunctionalGroupsSequence:
        frame.PlanePositionSequence[0].ImagePositionPatient = [0, 0, 0]


def _as_of_a_display(instance: Any) -> None:
    instance.ICCProfile = instance.ICCProfile[:12] + b"mntr" + instance.ICCProfile[16:]


class TestParametricMap(IODContract):
    iod_name = "pm"

    def examples(self) -> Mapping[str, Callable[[], Any]]:
        return EXAMPLES

    def breakages(self) -> Mapping[str, Any]:
        return {
            "PM001": lambda instance: _set(instance, FloatPixelData=bytes(4)),
            "PM002": lambda instance: _set(instance, BitsAllocated=8),
            "PM003": lambda instance: _remove(_shared(instance), "RealWorldValueMappingSequence"),
            "PM004": lambda instance: _remove(_mappings(instance)[0], "RealWorldValueSlope"),
            "PM005": ("table", lambda instance: _set(_mappings(instance)[0], RealWorldValueLUTData=[1.0, 2.0])),
            "PM006": lambda instance: _set(
                _mappings(instance)[0],
                DoubleFloatRealWorldValueFirstValueMapped=0.0,
                DoubleFloatRealWorldValueLastValueMapped=1.0,
            ),
            "PM007": lambda instance: _set(_mappings(instance)[0], RealWorldValueFirstValueMapped=5000),
            "PM008": lambda instance: _mappings(instance).append(mapping()),
            "PM009": ("palette", lambda instance: _remove(_shared(instance), "StoredValueColorRangeSequence")),
            "PM010": lambda instance: _set(
                _shared(instance).ParametricMapFrameTypeSequence[0],
                FrameType=["DERIVED", "PRIMARY", "PERFUSION", "NONE"],
            ),
            "PM011": _index_twice,
            "PM012": lambda instance: _set(_content(instance, 1), DimensionIndexValues=1),
            "PM013": _unlist,
            "PM014": ("slide", _move_outside),
            "PM015": _move_together,
            "PM016": lambda instance: _set(instance, PresentationLUTShape="INVERSE"),
            "PM017": lambda instance: _set(instance, PixelPresentation="COLOR"),
            "PM020": ("palette", _as_of_a_display),
            "PM019": lambda instance: _remove(_shared(instance), "PixelMeasuresSequence"),
            "PM021": lambda instance: _remove(_shared(instance), "FrameAnatomySequence"),
            "PM018": ("palette", lambda instance: _remove(instance, "ICCProfile")),
        }


def test_ranges_of_integers_suit_floating_point_pixels_as_well():
    made = EXAMPLES["floats"]()
    item = _mappings(made)[0]
    for end in ("First", "Last"):
        del item[f"DoubleFloatRealWorldValue{end}ValueMapped"]
    item.add_new("RealWorldValueFirstValueMapped", "US", 0)
    item.add_new("RealWorldValueLastValueMapped", "US", 255)
    assert not hd.validate(made).findings


@pytest.mark.parametrize("group", ["FrameAnatomySequence", "FrameVOILUTSequence"])
def test_groups_that_later_editions_may_leave_to_the_user_are_not_demanded(group):
    made = EXAMPLES["floats"]()
    _remove(_shared(made), group)
    assert not hd.validate(made).errors
    assert dciodvfy(made) == []


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_conforms(kind):
    errors = dciodvfy(EXAMPLES[kind]())
    known = _NOT_KNOWN_TO_DCIODVFY if kind == "palette" else []
    assert [error.rpartition("/")[2] for error in errors] == known


def test_dciodvfy_does_not_like_any_number_of_a_color_range():
    made = EXAMPLES["palette"]()
    group = made.SharedFunctionalGroupsSequence[0].StoredValueColorRangeSequence[0]
    assert {group[name].VR for name in ("MinimumStoredValueMapped", "MaximumStoredValueMapped")} == {"FD"}
    group.MinimumStoredValueMapped, group.MaximumStoredValueMapped = 0.0, 1.0
    assert [error.rpartition("/")[2] for error in dciodvfy(made)] == _NOT_KNOWN_TO_DCIODVFY
