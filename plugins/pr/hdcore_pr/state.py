"""Presentation states: how images are to be presented (PS3.3 A.33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import fetch
from hdcore.model.instance import SOPClass

from hdcore_pr.references import study_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["EXPLICIT_VR_LITTLE_ENDIAN", "PresentationState"]

EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
_UNCOMPRESSED = ("1.2.840.10008.1.2", EXPLICIT_VR_LITTLE_ENDIAN, "1.2.840.10008.1.2.1.99")


class PresentationState(SOPClass):
    """What the four kinds of states have in common; make one of these."""

    sop_class_uids: ClassVar[frozenset[str]] = frozenset()
    """SOP classes of the kind."""

    def _begin(self, sop_class_uid: str, images: Sequence[Dataset], *, transfer_syntax_uid: str, **header: Any) -> None:
        if str(transfer_syntax_uid) not in _UNCOMPRESSED:
            raise InputError(
                f"transfer_syntax_uid is {transfer_syntax_uid}; a presentation state has no pixels to compress: "
                f"expected one of {', '.join(_UNCOMPRESSED)}."
            )
        SOPClass.__init__(
            self,
            study_instance_uid=study_of(images),
            sop_class_uid=sop_class_uid,
            modality="PR",
            transfer_syntax_uid=transfer_syntax_uid,
            **header,
        )
        # no module of the IOD has them (PS3.3 table A.33.1-1): the moment is Presentation Creation Date and Time
        for keyword in ("ContentDate", "ContentTime"):
            if keyword in self:
                delattr(self, keyword)

    def _check_samples(self, images: Sequence[Dataset], samples: int) -> None:
        for image in images:
            found = int(fetch(image, "SamplesPerPixel", 1))
            if found != samples:
                kinds = {1: "grayscale images", 3: "colour images"}
                raise InputError(
                    f"referenced_images holds an image with {found} samples per pixel; "
                    f"a {type(self).__name__} is for {kinds[samples]}, with {samples}."
                )

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a state of this kind.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            A presentation state of any producer.
        copy: bool, optional
            Whether to leave ``dataset`` as it is.

        Raises
        ------
        ValueError
            If the dataset is of another SOP class, or references no images.
        """
        if dataset.get("SOPClassUID") not in cls.sop_class_uids:
            raise UnreadableError(f"Expected a {cls.__name__}, not SOP class {dataset.get('SOPClassUID')}.")
        return super().from_dataset(dataset, copy=copy)
