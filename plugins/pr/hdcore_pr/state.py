"""Presentation states: how images are to be presented (PS3.3 A.33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from hdcore.errors import InputError, UnreadableError
from hdcore.model.element import fetch
from hdcore.model.instance import SOPClass
from hdcore.model.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLICIT_VR_LITTLE_ENDIAN,
)

from hdcore_pr.references import has_colors, study_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

__all__ = ["PresentationState"]

_UNCOMPRESSED = (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)


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

    def _check_colors(self, images: Sequence[Dataset], *, expected: bool) -> None:
        study_of(images)
        for image in images:
            if has_colors(image) != expected:
                found = f"{fetch(image, 'SamplesPerPixel', 1)} samples per pixel"
                interpretation = fetch(image, "PhotometricInterpretation", "unknown")
                raise InputError(
                    f"referenced_images holds an image with {found}, {interpretation}; "
                    f"a {type(self).__name__} is for {'colour' if expected else 'grayscale'} images."
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

    def apply(
        self,
        image: Dataset | Sequence[Dataset],
        frame_number: int = 1,
        *,
        voi_transform_selector: int | str = 0,
        size: tuple[int, int] | None = None,
        display_pixel_spacing: float | None = None,
        as_rgb: bool | None = None,
        apply_shutters: bool = True,
        apply_overlays: bool = True,
        apply_spatial_transformation: bool = True,
        apply_displayed_area: bool = True,
        apply_annotations: bool = True,
    ) -> npt.NDArray[np.uint8]:
        """Get the pixels of an image as the state says that they are to be seen (PS3.4 N.2).

        The state's transformations take the place of the image's: what the image itself says of rescale, windows,
        presentation and shutters is not used.

        Parameters
        ----------
        image: pydicom.dataset.Dataset | Sequence[pydicom.dataset.Dataset]
            An image that the state references: an :class:`hdcore.Image` or any dataset with pixels. For advanced
            blending the images of all inputs, first the one to look at, on whose grid the others are laid by their
            positions.
        frame_number: int, optional
            Frame of the image, counted from 1. Of a tiled image the total pixel matrix is presented, if the state's
            displayed area is one of it.
        voi_transform_selector: int | str, optional
            Which window or VOI LUT, where the state has several for the image: zero-based index, or explanation.
        size: tuple[int, int] | None, optional
            Rows and columns of the result, into which the displayed area is fitted, with pixels as wide and high as
            they are, and black around it. If absent, pixels of the result are those of the image, unless the state
            asks for a magnification.
        display_pixel_spacing: float | None, optional
            Distance between pixels of the result in mm, for states that ask for true size.
        as_rgb: bool | None, optional
            Whether to give colours; if absent, grayscale states give gray levels and others colours. The colours in
            which layers are drawn are seen in colours only.
        apply_shutters, apply_overlays, apply_spatial_transformation, apply_displayed_area, apply_annotations: bool, \
optional
            Whether to apply shutters, activated overlays, rotation and flip, the displayed area, and to draw shapes
            and texts.

        Returns
        -------
        numpy.ndarray
            uint8. Gray levels, 0 black and 255 white, of shape (rows, columns); or sRGB of shape (rows, columns, 3).

        Raises
        ------
        ValueError
            If the state does not reference the image or frame, the image is of the wrong kind, the state is damaged,
            or inputs of blending cannot be laid over one another.
        IndexError
            If no window or table is selected.
        TypeError
            If an argument is of another type.
        """
        from hdcore_pr.presentation.options import PresentationOptions
        from hdcore_pr.presentation.present import present

        options = PresentationOptions(
            voi_transform_selector=voi_transform_selector,
            size=size,
            display_pixel_spacing=display_pixel_spacing,
            as_rgb=as_rgb,
            apply_shutters=apply_shutters,
            apply_overlays=apply_overlays,
            apply_spatial_transformation=apply_spatial_transformation,
            apply_displayed_area=apply_displayed_area,
            apply_annotations=apply_annotations,
        )
        return present(self, image, frame_number, options)
