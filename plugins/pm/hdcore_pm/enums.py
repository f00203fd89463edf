"""Terms of parametric maps (PS3.3 C.8.32.2)."""

from __future__ import annotations

from hdcore.enums import Terms

__all__ = ["SOP_CLASS_UIDS", "DerivedPixelContrastValues", "ImageFlavorValues"]

SOP_CLASS_UIDS = {"1.2.840.10008.5.1.4.1.1.30"}
"""Parametric Map Storage."""


class DerivedPixelContrastValues(Terms):
    """Value 4 of Image Type: how the contrast of derived pixels came about (PS3.3 C.8.16.1.4)."""

    ADDITION = "ADDITION"
    DIVISION = "DIVISION"
    ENERGY_PROP_WT = "ENERGY_PROP_WT"
    FILTERED = "FILTERED"
    MASKED = "MASKED"
    MAXIMUM = "MAXIMUM"
    MEAN = "MEAN"
    MEDIAN = "MEDIAN"
    MINIMUM = "MINIMUM"
    MULTIPLICATION = "MULTIPLICATION"
    NONE = "NONE"
    QUANTITY = "QUANTITY"
    RESAMPLED = "RESAMPLED"
    STD_DEVIATION = "STD_DEVIATION"
    SUBTRACTION = "SUBTRACTION"


class ImageFlavorValues(Terms):
    """Value 3 of Image Type: what the image is an image of (PS3.3 C.8.16.1.3)."""

    ANGIO = "ANGIO"
    ANGIO_TIME = "ANGIO_TIME"
    ASL = "ASL"
    ATTENUATION = "ATTENUATION"
    CARDIAC = "CARDIAC"
    CARDIAC_CASCORE = "CARDIAC_CASCORE"
    CARDIAC_CTA = "CARDIAC_CTA"
    CARDIAC_GATED = "CARDIAC_GATED"
    CARDRESP_GATED = "CARDRESP_GATED"
    CINE = "CINE"
    DIFFUSION = "DIFFUSION"
    DIXON = "DIXON"
    DYNAMIC = "DYNAMIC"
    FLOW_ENCODED = "FLOW_ENCODED"
    FLUID_ATTENUATED = "FLUID_ATTENUATED"
    FLUOROSCOPY = "FLUOROSCOPY"
    FMRI = "FMRI"
    LOCALIZER = "LOCALIZER"
    MAX_IP = "MAX_IP"
    METABOLITE_MAP = "METABOLITE_MAP"
    MIN_IP = "MIN_IP"
    MOTION = "MOTION"
    MULTIECHO = "MULTIECHO"
    M_MODE = "M_MODE"
    NON_PARALLEL = "NON_PARALLEL"
    PARALLEL = "PARALLEL"
    PERFUSION = "PERFUSION"
    POST_CONTRAST = "POST_CONTRAST"
    PRE_CONTRAST = "PRE_CONTRAST"
    PROTON_DENSITY = "PROTON_DENSITY"
    REALTIME = "REALTIME"
    REFERENCE = "REFERENCE"
    RESP_GATED = "RESP_GATED"
    REST = "REST"
    STATIC = "STATIC"
    STIR = "STIR"
    STRESS = "STRESS"
    T1 = "T1"
    T2 = "T2"
    T2_STAR = "T2_STAR"
    TAGGING = "TAGGING"
    TEMPERATURE = "TEMPERATURE"
    TOF = "TOF"
    VELOCITY = "VELOCITY"
    VOLUME = "VOLUME"
    WHOLE_BODY = "WHOLE_BODY"
