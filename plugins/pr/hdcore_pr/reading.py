"""Reading presentation states of any kind, and making that which fits the images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hdcore.errors import UnreadableError

from hdcore_pr.references import has_colors
from hdcore_pr.state import PresentationState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from typing import BinaryIO

    from pydicom.dataset import Dataset

__all__ = ["create", "prread", "read_dataset"]


def prread(fp: str | PathLike[str] | bytes | BinaryIO | Dataset) -> PresentationState:
    """Read a presentation state.

    Parameters
    ----------
    fp: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file, or a dataset.

    Returns
    -------
    PresentationState
        Of the class for its kind.

    Raises
    ------
    ValueError
        If what is read is not a presentation state.
    """
    from hdcore.api import read

    state = read(fp)
    if not isinstance(state, PresentationState):
        raise UnreadableError(f"Expected a presentation state, not SOP class {state.get('SOPClassUID')}.")
    return state


def read_dataset(dataset: Dataset, copy: bool = True) -> PresentationState:
    """Take a dataset as the state that its SOP class says.

    Raises
    ------
    ValueError
        If it is of no kind of presentation state.
    """
    from hdcore_pr.advanced_blending import AdvancedBlendingPresentationState
    from hdcore_pr.color import ColorSoftcopyPresentationState
    from hdcore_pr.grayscale import GrayscaleSoftcopyPresentationState
    from hdcore_pr.pseudo_color import PseudoColorSoftcopyPresentationState

    kinds: tuple[type[PresentationState], ...] = (
        GrayscaleSoftcopyPresentationState,
        ColorSoftcopyPresentationState,
        PseudoColorSoftcopyPresentationState,
        AdvancedBlendingPresentationState,
    )
    for kind in kinds:
        if dataset.get("SOPClassUID") in kind.sop_class_uids:
            return kind.from_dataset(dataset, copy=copy)
    raise UnreadableError(f"Expected a presentation state, not SOP class {dataset.get('SOPClassUID')}.")


def create(referenced_images: Sequence[Dataset], *args: Any, **kwargs: Any) -> PresentationState:
    """Make the state that fits the images.

    Parameters
    ----------
    referenced_images: Sequence[pydicom.dataset.Dataset]
        Images of one study.
    *args, **kwargs
        As of the state's constructor.

    Returns
    -------
    PresentationState
        An advanced blending state if ``blending`` is given; a pseudo-colour one if a palette is; else a grayscale or a
        colour one, by the images.
    """
    if "blending" in kwargs:
        from hdcore_pr.advanced_blending import AdvancedBlendingPresentationState

        return AdvancedBlendingPresentationState(referenced_images, *args, **kwargs)
    if "palette_color_lut_transformation" in kwargs:
        from hdcore_pr.pseudo_color import PseudoColorSoftcopyPresentationState

        return PseudoColorSoftcopyPresentationState(referenced_images, *args, **kwargs)
    if len(referenced_images) and has_colors(referenced_images[0]):
        from hdcore_pr.color import ColorSoftcopyPresentationState

        return ColorSoftcopyPresentationState(referenced_images, *args, **kwargs)
    from hdcore_pr.grayscale import GrayscaleSoftcopyPresentationState

    return GrayscaleSoftcopyPresentationState(referenced_images, *args, **kwargs)
