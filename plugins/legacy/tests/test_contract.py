from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hdcore.content.code import CodedConcept
from hdcore.testing import IODContract, sources
from hdcore.uid import UID

from hdcore_legacy import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydicom.dataset import Dataset

PER_FRAME, SHARED = "PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"


def _same_source(image: Dataset) -> None:
    first, second = image[PER_FRAME].value[:2]
    second.ConversionSourceAttributesSequence = copy.deepcopy(first.ConversionSourceAttributesSequence)


def _unreferenced(image: Dataset) -> None:
    del image.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]


def _misplaced(image: Dataset) -> None:
    image[PER_FRAME].value[0].UnassignedSharedConvertedAttributesSequence = []


def _other_type(image: Dataset) -> None:
    image.ImageType = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]


def _empty_window(image: Dataset) -> None:
    for groups in (*image[SHARED].value, *image[PER_FRAME].value):
        for item in groups.get("FrameVOILUTSequence") or ():
            item.WindowCenter = None


def _fewer_groups(image: Dataset) -> None:
    del image[PER_FRAME].value[-1]


def _other_modality(image: Dataset) -> None:
    image.Modality = "US"


def _colour(image: Dataset) -> None:
    image.PhotometricInterpretation = "RGB"


def _unknown_agent(image: Dataset) -> None:
    image[SHARED].value[0].ContrastBolusUsageSequence[0].ContrastBolusAgentNumber = 2


def _with_contrast(series: list[Dataset]) -> list[Dataset]:
    for image in series:
        image.ContrastBolusAgent = "agent"
        image.ContrastBolusAgentSequence = [CodedConcept("44588005", "SCT", "Iodine")]
        image.ContrastBolusAdministrationRouteSequence = [CodedConcept("47625008", "SCT", "Intravenous route")]
    return series


class _Converted(IODContract):
    series: Callable[[], list[Dataset]]

    def examples(self) -> Mapping[str, Callable[[], Any]]:
        return {
            "volume": lambda: convert(type(self).series(), UID(), 1, UID(), 1),
            "compressed": lambda: convert(
                type(self).series(), UID(), 1, UID(), 1, transfer_syntax_uid="1.2.840.10008.1.2.5"
            ),
        }

    def breakages(self) -> Mapping[str, Any]:
        return {
            "LCE001": _same_source,
            "LCE002": _unreferenced,
            "LCE003": _misplaced,
            "LCE004": _other_type,
            "LCE005": _empty_window,
            "LCE006": _fewer_groups,
            "LCE007": _other_modality,
            "LCE008": _colour,
        }


class _Contrasted(_Converted):
    def examples(self) -> Mapping[str, Callable[[], Any]]:
        contrast = {"contrast": lambda: convert(_with_contrast(type(self).series()), UID(), 1, UID(), 1)}
        return {**super().examples(), **contrast}

    def breakages(self) -> Mapping[str, Any]:
        return {**super().breakages(), "LCE009": ("contrast", _unknown_agent)}


class TestCT(_Contrasted):
    iod_name = "legacy.ct"
    series = staticmethod(lambda: sources.ct_series(3))


class TestMR(_Contrasted):
    iod_name = "legacy.mr"
    series = staticmethod(lambda: sources.mr_series(3))


class TestPET(_Converted):
    iod_name = "legacy.pet"
    series = staticmethod(lambda: sources.pet_series(3))
