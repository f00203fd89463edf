"""Secondary captures of several frames (PS3.3 A.8.2 to A.8.5)."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from hdcore.content.equipment import contributing_equipment as equipment_of
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.frames.image import Image
from hdcore.model.element import put
from hdcore.model.instance import SOPClass
from hdcore.model.syntaxes import EXPLICIT_VR_LITTLE_ENDIAN

from hdcore_sc.enums import (
    MULTI_FRAME,
    MULTI_FRAME_GRAYSCALE_BYTE,
    MULTI_FRAME_GRAYSCALE_WORD,
    MULTI_FRAME_SINGLE_BIT,
    MULTI_FRAME_TRUE_COLOR,
    ConversionTypeValues,
    true_color_interpretation,
)
from hdcore_sc.pixels import check_array, frame_format_of
from hdcore_sc.reference import belong_to, required, subject_parameters
from hdcore_sc.subject import Subject, spacing_of
from hdcore_sc.writing import write_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from hdcore.content import ContributingEquipment
    from hdcore.enums import CoordinateSystemNames, PhotometricInterpretationValues
    from hdcore.pixels.format import FrameFormat
    from pydicom.dataset import Dataset

__all__ = ["MultiFrameSCImage"]

_FRAME_TIME, _PAGE_NUMBER_VECTOR = 0x00181063, 0x00182001


class MultiFrameSCImage(Image):
    """A secondary capture of several frames: the SOP class follows from the pixels."""

    def __init__(
        self,
        pixel_array: npt.NDArray[np.bool_ | np.uint8 | np.uint16],
        photometric_interpretation: str | PhotometricInterpretationValues,
        bits_allocated: int,
        coordinate_system: str | CoordinateSystemNames,
        study_instance_uid: str,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        *,
        frame_time: float | None = None,
        pixel_spacing: tuple[float, float] | None = None,
        burned_in_annotation: bool = True,
        conversion_type: ConversionTypeValues | str = ConversionTypeValues.WSD,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        workers: int = 0,
        subject: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a secondary capture of several frames.

        Parameters
        ----------
        pixel_array: numpy.ndarray
            ``bool``, ``uint8`` or ``uint16`` of shape (frames, rows, columns), or ``uint8`` of shape
            (frames, rows, columns, 3).
        photometric_interpretation: str | PhotometricInterpretationValues
            Colour space of what is written: ``MONOCHROME2``, ``RGB``, or what a codec makes of RGB: ``YBR_RCT`` is that
            of JPEG 2000 without loss, ``YBR_ICT`` with loss, ``YBR_FULL_422`` of JPEG. The array is RGB for each.
        bits_allocated: int
            1, 8, 12 (of 16) or 16.
        coordinate_system: str | CoordinateSystemNames
            Whether a patient or a slide was imaged.
        study_instance_uid, series_instance_uid, series_number, sop_instance_uid, instance_number, manufacturer
            As of :class:`SCImage`.
        frame_time: float | None, optional
            Milliseconds between frames, for frames that follow one another in time; else frames are pages.
        pixel_spacing: tuple[float, float] | None, optional
            Distance between rows and between columns in millimetres.
        burned_in_annotation: bool, optional
            Whether the pixels may identify the patient; say False only if they do not.
        conversion_type: ConversionTypeValues | str, optional
            Where the capture comes from.
        transfer_syntax_uid: str, optional
            Any that PS3.5 8.2 allows for the pixels.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Equipment that contributed, beside this library.
        workers: int, optional
            Number of workers that encode frames.
        subject: dict[str, Any] | None, optional
            What is shown: ``patient_orientation``, ``laterality``, ``anatomical_orientation_type``,
            ``container_identifier``, ``issuer_of_container_identifier``, ``specimen_descriptions`` as of
            :class:`SCImage`.
        **kwargs
            Further attributes that :class:`hdcore.SOPClass` takes.

        Raises
        ------
        TypeError
            If the array's data type is none of those, or what the coordinate system requires is absent.
        ValueError
            If the pixels fit none of the four SOP classes.
        """
        check_array(pixel_array)
        if not isinstance(subject, dict | None):
            raise InputTypeError(f"subject is {subject!r}; expected a dict of what the constructor of SCImage takes.")
        known = {field.name for field in fields(Subject)} - {"coordinate_system"}
        unknown = sorted((subject or {}).keys() - known)
        if unknown:
            raise InputTypeError(f"subject has {unknown[0]!r}; expected {', '.join(sorted(known))}.")
        if pixel_array.ndim not in (3, 4):
            raise InputError(
                f"pixel_array has shape {pixel_array.shape}; expected (frames, rows, columns) or (…, 3) for colour."
            )
        frame_format = frame_format_of(pixel_array, photometric_interpretation, bits_allocated, transfer_syntax_uid)
        SOPClass.__init__(
            self,
            study_instance_uid=study_instance_uid,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_sop_class_of(frame_format),
            instance_number=instance_number,
            modality=kwargs.pop("modality", "OT"),
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            **kwargs,
        )
        now = datetime.now()
        put(
            self,
            ImageType=["DERIVED", "SECONDARY"],
            ConversionType=ConversionTypeValues(conversion_type).value,
            DateOfSecondaryCapture=f"{now:%Y%m%d}",
            TimeOfSecondaryCapture=f"{now:%H%M%S.%f}",
            BurnedInAnnotation="YES" if burned_in_annotation else "NO",
            ContributingEquipmentSequence=equipment_of(others=contributing_equipment),
        )
        if pixel_spacing is not None:
            put(self, PixelSpacing=spacing_of(pixel_spacing))
        Subject(coordinate_system=coordinate_system, **(subject or {})).describe(self)
        self._describe_frames(len(pixel_array), frame_time)
        self._describe_grayscale(frame_format)
        write_pixels(self, pixel_array, frame_format, workers)

    def _describe_frames(self, frames: int, frame_time: float | None) -> None:
        # PS3.3 C.7.6.6 Multi-frame, C.7.6.5 Cine, C.8.6.4 SC Multi-frame Vector
        put(self, NumberOfFrames=frames)
        if frame_time is not None:
            if not isinstance(frame_time, int | float) or not 0 < frame_time < float("inf"):
                raise InputError(f"frame_time is {frame_time!r}; expected a positive number of milliseconds.")
            put(self, FrameIncrementPointer=_FRAME_TIME, FrameTime=frame_time)
        else:
            put(self, FrameIncrementPointer=_PAGE_NUMBER_VECTOR, PageNumberVector=list(range(1, frames + 1)))

    def _describe_grayscale(self, frame_format: FrameFormat) -> None:
        # PS3.3 C.8.6.3: of more than one bit, grayscale values are P-values and pass through an identity rescale
        if frame_format.samples_per_pixel == 1 and frame_format.bits_allocated > 1:
            put(self, PresentationLUTShape="IDENTITY", RescaleIntercept=0, RescaleSlope=1, RescaleType="US")

    @classmethod
    def from_ref_dataset(
        cls,
        ref_dataset: Dataset,
        pixel_array: npt.NDArray[np.bool_ | np.uint8 | np.uint16],
        *,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        subject: dict[str, Any] | None = None,
        **parameters: Any,
    ) -> Self:
        """Make a capture that belongs to the study of another image.

        Parameters
        ----------
        ref_dataset: pydicom.dataset.Dataset
            The image whose patient, study, body part and specimens are taken over.
        pixel_array: numpy.ndarray
            As of the constructor.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Equipment that contributed, beside that of the image and this library.
        subject: dict[str, Any] | None, optional
            As of the constructor.
        **parameters
            The other parameters of the constructor, without the study's UID.

        Raises
        ------
        TypeError, ValueError
            As of the constructor.
        """
        names = ("laterality", "anatomical_orientation_type", "container_identifier", "specimen_descriptions")
        given = {**dict.fromkeys(names), **(subject or {})}
        capture = cls(
            pixel_array,
            study_instance_uid=required(ref_dataset, "StudyInstanceUID"),
            subject=subject_parameters(ref_dataset, **given),
            **parameters,
        )
        belong_to(capture, ref_dataset, contributing_equipment)
        return capture

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a secondary capture of several frames.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            An instance of one of the four multi-frame secondary capture SOP classes.
        copy: bool, optional
            Whether to leave ``dataset`` as it is.

        Raises
        ------
        ValueError
            If the dataset is of another SOP class.
        """
        if dataset.get("SOPClassUID") not in MULTI_FRAME:
            raise UnreadableError(
                f"Expected a multi-frame secondary capture, not SOP class {dataset.get('SOPClassUID')}."
            )
        return super().from_dataset(dataset, copy=copy)


def _sop_class_of(frame_format: FrameFormat) -> str:
    """Find the SOP class whose content constraints the pixels fulfil (PS3.3 A.8.2.4, A.8.3.4, A.8.4.4, A.8.5.4)."""
    if frame_format.samples_per_pixel == 3:
        expected = true_color_interpretation(frame_format.transfer_syntax_uid)
        if frame_format.bits_allocated != 8 or frame_format.photometric_interpretation != expected:
            raise InputError(
                f"colour frames of {frame_format.bits_allocated} bits as {frame_format.photometric_interpretation}: a "
                f"multi-frame true colour capture has 8 bits, and stores them under {frame_format.transfer_syntax_uid} "
                f"as {expected} (PS3.3 A.8.5.4)."
            )
        return MULTI_FRAME_TRUE_COLOR
    if frame_format.photometric_interpretation != "MONOCHROME2":
        raise InputError("several grayscale frames are written as MONOCHROME2; invert the array instead.")
    if frame_format.bits_allocated == 1:
        return MULTI_FRAME_SINGLE_BIT
    return MULTI_FRAME_GRAYSCALE_BYTE if frame_format.bits_allocated == 8 else MULTI_FRAME_GRAYSCALE_WORD
