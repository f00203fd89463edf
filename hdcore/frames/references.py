"""References from a derived image to its sources, so that viewers find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hdcore.frames.columns import Categorical, EncodedItems, Ragged
from hdcore.frames.encoding import encode_rows
from hdcore.frames.groups import Rows
from hdcore.frames.table import FrameTable
from hdcore.model.element import fetch_text, item, put, put_raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

    from hdcore.frames.source import Source

__all__ = ["derivations_of", "put_instance_references", "put_source_images"]

_INSTANCES = Rows(
    "ReferencedInstanceSequence", sop_class_uid="ReferencedSOPClassUID", sop_instance_uid="ReferencedSOPInstanceUID"
)
_SERIES = Rows("ReferencedSeriesSequence", instances=_INSTANCES, series_instance_uid="SeriesInstanceUID")
_SOURCE_IMAGE = ("121322", "DCM", "Source image for image processing operation")


def put_instance_references(dataset: Dataset, images: Iterable[Dataset]) -> None:
    """Put the Common Instance Reference module into a dataset (PS3.3 C.12.2).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put Referenced Series Sequence, and Studies Containing Other Referenced Instances Sequence for images
        of other studies; its Study Instance UID is set.
    images: Iterable[pydicom.dataset.Dataset]
        All images that it refers to; duplicates are referenced once.
    """
    studies: dict[str, dict[str, dict[str, str]]] = {}
    for image in images:
        study = fetch_text(image, "StudyInstanceUID") or ""
        series = fetch_text(image, "SeriesInstanceUID") or ""
        sop_class, instance = _identity_of(image)
        studies.setdefault(study, {}).setdefault(series, {}).setdefault(instance, sop_class)
    own = studies.pop(fetch_text(dataset, "StudyInstanceUID") or "", None)
    if own:
        put_raw(dataset, "ReferencedSeriesSequence", "SQ", encode_rows(_table_of_series(own), _SERIES.fields))
    if studies:
        items = [_study_item(study, _table_of_series(series)) for study, series in studies.items()]
        put(dataset, StudiesContainingOtherReferencedInstancesSequence=items)


def _identity_of(image: Dataset) -> tuple[str, str]:
    return fetch_text(image, "SOPClassUID") or "", fetch_text(image, "SOPInstanceUID") or ""


def _table_of_instances(instances: dict[str, str]) -> FrameTable:
    return FrameTable(
        len(instances),
        {
            "sop_class_uid": Categorical.of(instances.values()),
            "sop_instance_uid": Categorical.of(instances),
        },
    )


def _table_of_series(series: dict[str, dict[str, str]]) -> FrameTable:
    everything = {uid: sop_class for instances in series.values() for uid, sop_class in instances.items()}
    instances = Ragged.of([len(each) for each in series.values()], _table_of_instances(everything))
    return FrameTable(len(series), {"instances": instances, "series_instance_uid": Categorical.of(series)})


def _study_item(study: str, series: FrameTable) -> Dataset:
    one = item(StudyInstanceUID=study)
    put_raw(one, "ReferencedSeriesSequence", "SQ", encode_rows(series, _SERIES.fields))
    return one


def put_source_images(dataset: Dataset, images: Iterable[Dataset]) -> None:
    """Put references to the source images themselves into a dataset (General Reference module, PS3.3 C.12.4).

    Parameters
    ----------
    dataset: pydicom.dataset.Dataset
        Where to put Source Image Sequence.
    images: Iterable[pydicom.dataset.Dataset]
        The images, without duplicates.
    """
    identities = [_identity_of(image) for image in images]
    table = _table_of_instances({instance: sop_class for sop_class, instance in identities})
    put_raw(dataset, "SourceImageSequence", "SQ", encode_rows(table, _INSTANCES.fields))


def derivations_of(
    source: Source,
    planes: NDArray[np.integer[Any]],
    derivation: tuple[str, str, str],
    *,
    further_images: Sequence[Dataset] = (),
    purpose: tuple[str, str, str] = _SOURCE_IMAGE,
    spatial_locations_preserved: bool = True,
    description: str | None = None,
) -> Ragged:
    """Say for each frame which source plane it was derived from (PS3.3 C.7.6.16.2.6).

    Parameters
    ----------
    source: Source
        The source images.
    planes: NDArray[int]
        Index of the source plane of each frame, shape (frames,); -1 for a frame that has none.
    derivation: tuple[str, str, str]
        Code value, scheme designator and meaning of how frames were derived.
    further_images: Sequence[pydicom.dataset.Dataset], optional
        Images, such as of another series, that every frame was also derived from.
    purpose: tuple[str, str, str], optional
        Code of the purpose of the reference.
    spatial_locations_preserved: bool, optional
        Whether a pixel of a frame is at the place of the same pixel of its source.
    description: str | None, optional
        Derivation Description.

    Returns
    -------
    Ragged
        The column ``derivations`` of :data:`hdcore.frames.groups.DERIVATION_IMAGE`.
    """
    planes = np.asarray(planes)
    found = np.flatnonzero(planes >= 0)
    references = _references(source, further_images)
    per_frame = np.stack([planes[found], *(np.full(len(found), len(source) + i) for i in range(len(further_images)))])
    sources = references.select(per_frame.T.ravel()).with_shared(
        spatial_locations_preserved=["YES" if spatial_locations_preserved else "NO"],
        purpose=Categorical.of([_code(purpose)]),
    )
    derivations = FrameTable(
        len(found), {"sources": Ragged.of(np.full(len(found), 1 + len(further_images)), sources)}
    ).with_shared(codes=Categorical.of([_code(derivation)]))
    if description is not None:
        derivations = derivations.with_shared(description=[description])
    return Ragged.of((planes >= 0).astype(np.int64), derivations)


def _references(source: Source, further_images: Sequence[Dataset]) -> FrameTable:
    """Make one row per source plane, then one per further image."""
    images = [*source.images, *further_images]
    further = np.arange(len(source.images), len(images))
    of_image = np.concatenate([np.asarray(source.planes["image"]), further]).astype(np.intp)
    classes = Categorical.of(fetch_text(image, "SOPClassUID") for image in images)
    instances = Categorical.of(fetch_text(image, "SOPInstanceUID") for image in images)
    columns: dict[str, Any] = {"sop_class_uid": classes.take(of_image), "sop_instance_uid": instances.take(of_image)}
    if source.is_multiframe:
        numbers = np.asarray(source.planes["frame_number"])
        counts = np.concatenate([np.ones(len(numbers), np.int64), np.full(len(further), -1)])
        starts = np.concatenate([np.arange(len(numbers)), np.zeros(len(further), np.int64)])
        columns["frame_numbers"] = Ragged(starts, counts, numbers)
    return FrameTable(len(of_image), columns)


def _code(code: tuple[str, str, str]) -> EncodedItems:
    value, scheme, meaning = code
    return EncodedItems.of([item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)])
