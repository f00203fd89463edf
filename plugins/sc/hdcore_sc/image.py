"""Secondary captures of one frame (PS3.3 A.8.1)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from hdcore.content.equipment import contributing_equipment as equipment_of
from hdcore.errors import InputError, UnreadableError
from hdcore.frames.image import Image
from hdcore.model.element import fetch, put
from hdcore.model.instance import SOPClass
from hdcore.model.syntaxes import EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN

from hdcore_sc.enums import SECONDARY_CAPTURE, SOP_CLASS_UIDS, ConversionTypeValues
from hdcore_sc.picture import Picture, opened, pixels_of, profile_of
from hdcore_sc.pixels import check_array, frame_format_of
from hdcore_sc.reference import belong_to, required, subject_parameters
from hdcore_sc.subject import Subject, spacing_of
from hdcore_sc.writing import write_pixels

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    import numpy as np
    import numpy.typing as npt
    from hdcore.content import ContributingEquipment, IssuerOfIdentifier
    from hdcore.content.specimen import SpecimenDescription
    from hdcore.enums import (
        AnatomicalOrientationTypeValues,
        CoordinateSystemNames,
        LateralityValues,
        PatientOrientationValuesBiped,
        PatientOrientationValuesQuadruped,
        PatientSexValues,
        PhotometricInterpretationValues,
    )
    from pydicom.dataset import Dataset
    from pydicom.valuerep import PersonName

__all__ = ["SCImage"]


class SCImage(Image):
    """A secondary capture: an image that did not come from a modality as DICOM."""

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
        patient_id: str | None = None,
        patient_name: str | PersonName | None = None,
        patient_birth_date: str | date | None = None,
        patient_sex: str | PatientSexValues | None = None,
        accession_number: str | None = None,
        study_id: str | None = None,
        study_date: str | date | None = None,
        study_time: str | time | None = None,
        referring_physician_name: str | PersonName | None = None,
        pixel_spacing: tuple[float, float] | None = None,
        laterality: str | LateralityValues | None = None,
        patient_orientation: Sequence[str | PatientOrientationValuesBiped | PatientOrientationValuesQuadruped]
        | None = None,
        anatomical_orientation_type: str | AnatomicalOrientationTypeValues | None = None,
        container_identifier: str | None = None,
        issuer_of_container_identifier: IssuerOfIdentifier | None = None,
        specimen_descriptions: Sequence[SpecimenDescription] | None = None,
        transfer_syntax_uid: str = EXPLICIT_VR_LITTLE_ENDIAN,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        """Make a secondary capture.

        Parameters
        ----------
        pixel_array: numpy.ndarray
            ``bool``, ``uint8`` or ``uint16`` of shape (rows, columns), or of shape (rows, columns, 3) for colour.
        photometric_interpretation: str | PhotometricInterpretationValues
            Colour space of what is written. The array is in the same, except under JPEG baseline
            (``YBR_FULL_422``) and JPEG 2000 (``YBR_RCT``, ``YBR_ICT``), where it is RGB and the codec converts.
        bits_allocated: int
            1, 8 or 16; 12 writes 12 bits stored in 16.
        coordinate_system: str | CoordinateSystemNames
            Whether a patient or a slide was imaged.
        study_instance_uid: str
            UID of the study.
        series_instance_uid: str
            UID of the series.
        series_number: int
            Number of the series.
        sop_instance_uid: str
            UID of the instance.
        instance_number: int
            Number of the instance within its series.
        manufacturer: str
            Manufacturer of the equipment that made the capture.
        patient_id, patient_name, patient_birth_date, patient_sex, accession_number, study_id, study_date, study_time,\
 referring_physician_name
            As of :class:`hdcore.SOPClass`.
        pixel_spacing: tuple[float, float] | None, optional
            Distance between rows and between columns in millimetres.
        laterality: str | LateralityValues | None, optional
            Side of a paired body part.
        patient_orientation: Sequence[str] | None, optional
            Directions of the rows and of the columns, such as ``("L", "F")``; required for a patient.
        anatomical_orientation_type: str | AnatomicalOrientationTypeValues | None, optional
            Whether the patient is a biped or a quadruped.
        container_identifier: str | None, optional
            Identifier of the slide; required for a slide.
        issuer_of_container_identifier: IssuerOfIdentifier | None, optional
            Who issued it.
        specimen_descriptions: Sequence[SpecimenDescription] | None, optional
            The specimens on the slide; required for a slide.
        transfer_syntax_uid: str, optional
            Native, RLE, JPEG baseline, JPEG-LS, JPEG 2000, or any other that PS3.5 8.2 allows for the pixels.
        contributing_equipment: Sequence[ContributingEquipment] | None, optional
            Equipment that contributed, beside this library.
        **kwargs
            Further attributes that :class:`hdcore.SOPClass` takes, and ``conversion_type`` (``"DI"`` if absent).

        Raises
        ------
        TypeError
            If the array's data type is none of those, or a parameter that the coordinate system requires is absent.
        ValueError
            If the array's shape, photometric interpretation, bits and transfer syntax do not fit one another.
        """
        check_array(pixel_array)
        if pixel_array.ndim not in (2, 3):
            raise InputError(
                f"pixel_array has shape {pixel_array.shape}; expected (rows, columns) or (rows, columns, 3). "
                "Several frames make a MultiFrameSCImage."
            )
        frames = pixel_array[None]
        frame_format = frame_format_of(frames, photometric_interpretation, bits_allocated, transfer_syntax_uid)
        subject = Subject(
            coordinate_system=coordinate_system,
            laterality=laterality,
            patient_orientation=patient_orientation,
            anatomical_orientation_type=anatomical_orientation_type,
            container_identifier=container_identifier,
            issuer_of_container_identifier=issuer_of_container_identifier,
            specimen_descriptions=specimen_descriptions,
        )
        conversion_type = ConversionTypeValues(kwargs.pop("conversion_type", ConversionTypeValues.DI))
        SOPClass.__init__(
            self,
            study_instance_uid=study_instance_uid,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=SECONDARY_CAPTURE,
            instance_number=instance_number,
            modality=kwargs.pop("modality", "OT"),
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            patient_id=patient_id,
            patient_name=patient_name,
            patient_birth_date=patient_birth_date,
            patient_sex=patient_sex,
            accession_number=accession_number,
            study_id=study_id,
            study_date=study_date,
            study_time=study_time,
            referring_physician_name=referring_physician_name,
            **kwargs,
        )
        now = datetime.now()
        put(
            self,
            ImageType=["DERIVED", "SECONDARY", "OTHER"],
            ConversionType=conversion_type.value,
            DateOfSecondaryCapture=f"{now:%Y%m%d}",
            TimeOfSecondaryCapture=f"{now:%H%M%S.%f}",
            ContributingEquipmentSequence=equipment_of(others=contributing_equipment),
        )
        if pixel_spacing is not None:
            put(self, PixelSpacing=spacing_of(pixel_spacing))
        subject.describe(self)
        write_pixels(self, frames, frame_format)

    @classmethod
    def from_ref_dataset(
        cls,
        ref_dataset: Dataset,
        pixel_array: npt.NDArray[np.bool_ | np.uint8 | np.uint16],
        photometric_interpretation: str | PhotometricInterpretationValues,
        bits_allocated: int,
        coordinate_system: str | CoordinateSystemNames,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        pixel_spacing: tuple[float, float] | None = None,
        laterality: str | LateralityValues | None = None,
        patient_orientation: Sequence[str | PatientOrientationValuesBiped | PatientOrientationValuesQuadruped]
        | None = None,
        anatomical_orientation_type: str | AnatomicalOrientationTypeValues | None = None,
        container_identifier: str | None = None,
        issuer_of_container_identifier: IssuerOfIdentifier | None = None,
        specimen_descriptions: Sequence[SpecimenDescription] | None = None,
        transfer_syntax_uid: str = IMPLICIT_VR_LITTLE_ENDIAN,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> Self:
        """Make a secondary capture that belongs to the study of another image.

        Parameters
        ----------
        ref_dataset: pydicom.dataset.Dataset
            The image: its patient, study, body part, laterality and, where none are given, orientation and specimens
            are taken over, and its equipment is named among that which contributed.
        pixel_array, photometric_interpretation, bits_allocated, coordinate_system, series_instance_uid, series_number,\
 sop_instance_uid, instance_number, manufacturer, pixel_spacing, laterality, patient_orientation,\
 anatomical_orientation_type, container_identifier, issuer_of_container_identifier, specimen_descriptions,\
 transfer_syntax_uid, contributing_equipment, **kwargs
            As of the constructor.

        Returns
        -------
        SCImage
            The capture.

        Raises
        ------
        TypeError, ValueError
            As of the constructor.
        """
        subject = subject_parameters(
            ref_dataset,
            laterality=laterality,
            anatomical_orientation_type=anatomical_orientation_type,
            container_identifier=container_identifier,
            specimen_descriptions=specimen_descriptions,
        )
        capture = cls(
            pixel_array=pixel_array,
            photometric_interpretation=photometric_interpretation,
            bits_allocated=bits_allocated,
            coordinate_system=coordinate_system,
            study_instance_uid=required(ref_dataset, "StudyInstanceUID"),
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            manufacturer=manufacturer,
            pixel_spacing=pixel_spacing,
            patient_orientation=patient_orientation,
            issuer_of_container_identifier=issuer_of_container_identifier,
            transfer_syntax_uid=transfer_syntax_uid,
            contributing_equipment=contributing_equipment,
            **subject,
            **kwargs,
        )
        belong_to(capture, ref_dataset, contributing_equipment)
        return capture

    @classmethod
    def from_picture(cls, picture: Picture, ref_dataset: Dataset, **parameters: Any) -> Self:
        """Make a secondary capture of a picture, such as a plot, in one call.

        Parameters
        ----------
        picture
            A PIL image; an image file (PNG, JPEG, TIFF, BMP) as path, bytes or file object, turned upright if it says
            how; a matplotlib figure; or an array. Its ICC profile is kept.
        ref_dataset: pydicom.dataset.Dataset
            An image of the study to which the capture belongs.
        **parameters
            Parameters of :meth:`from_ref_dataset`; those that follow from the picture and the image may be left out:
            new UIDs are made, the series number is 1 above that of ``ref_dataset``'s series.

        Returns
        -------
        SCImage
            The capture.

        Raises
        ------
        TypeError, ValueError
            If the picture cannot be read, or as of the constructor.
        """
        from hdcore.uid import UID

        picture = opened(picture)
        pixels, profile = pixels_of(picture), profile_of(picture)
        is_slide = "ImageOrientationSlide" in ref_dataset or "TotalPixelMatrixOriginSequence" in ref_dataset
        defaults: dict[str, Any] = {
            "photometric_interpretation": "RGB" if pixels.ndim == 3 else "MONOCHROME2",
            "bits_allocated": 1 if pixels.dtype.kind == "b" else pixels.dtype.itemsize * 8,
            "coordinate_system": "SLIDE" if is_slide else "PATIENT",
            "series_instance_uid": UID(),
            "series_number": int(fetch(ref_dataset, "SeriesNumber", 0)) + 1,
            "sop_instance_uid": UID(),
            "instance_number": 1,
            "manufacturer": "hdcore",
            "patient_orientation": None if is_slide else fetch(ref_dataset, "PatientOrientation") or ("L", "F"),
            "transfer_syntax_uid": EXPLICIT_VR_LITTLE_ENDIAN,
            "conversion_type": ConversionTypeValues.WSD,
        }
        capture = cls.from_ref_dataset(ref_dataset, pixels, **{**defaults, **parameters})
        if profile is not None:
            put(capture, ICCProfile=profile)
        return capture

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Take a dataset as a secondary capture.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            A Secondary Capture Image Storage instance.
        copy: bool, optional
            Whether to leave ``dataset`` as it is.

        Raises
        ------
        ValueError
            If the dataset is of another SOP class.
        """
        if dataset.get("SOPClassUID") not in SOP_CLASS_UIDS:
            raise UnreadableError(f"Expected a Secondary Capture Image, not SOP class {dataset.get('SOPClassUID')}.")
        return super().from_dataset(dataset, copy=copy)
