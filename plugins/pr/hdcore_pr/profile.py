"""The ICC profile of a state (PS3.3 C.11.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputTypeError
from hdcore.model.element import put
from hdcore.pixels.color import input_profile, srgb_icc_profile

from hdcore_pr.references import common_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

__all__ = ["put_icc_profile"]


def put_icc_profile(state: Dataset, icc_profile: bytes | None, images: Sequence[Dataset]) -> None:
    """Write the profile: that given, else that of the images, else sRGB.

    Raises
    ------
    TypeError
        If it is not bytes.
    ValueError
        If it is no profile of RGB colours.
    """
    if icc_profile is not None and not isinstance(icc_profile, bytes):
        raise InputTypeError(f"icc_profile is {type(icc_profile).__name__}; expected bytes.")
    profile = icc_profile or (common_value(images, "ICCProfile") if images else None) or srgb_icc_profile()
    put(state, ICCProfile=input_profile(bytes(profile)))
