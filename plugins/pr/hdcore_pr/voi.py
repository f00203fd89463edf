"""VOI LUT transformations of presentation states (PS3.3 C.11.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputTypeError
from hdcore.model.element import put
from hdcore.model.references import ReferencedImageSequence
from hdcore.pixels.lut import VOILUTTransformation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.enums import VOILUTFunctionValues
    from hdcore.pixels.lut import VOILUT

__all__ = ["SoftcopyVOILUTTransformation"]


class SoftcopyVOILUTTransformation(VOILUTTransformation):
    """Windows or tables of interest, for all images of a state or for some of them."""

    def __init__(
        self,
        window_center: float | Sequence[float] | None = None,
        window_width: float | Sequence[float] | None = None,
        window_explanation: str | Sequence[str] | None = None,
        voi_lut_function: VOILUTFunctionValues | str | None = None,
        voi_luts: Sequence[VOILUT] | None = None,
        referenced_images: ReferencedImageSequence | None = None,
    ) -> None:
        """Describe a transformation.

        Parameters
        ----------
        window_center, window_width, window_explanation, voi_lut_function, voi_luts
            As of :class:`hdcore.VOILUTTransformation`.
        referenced_images: ReferencedImageSequence | None, optional
            The images, or frames of one, to which it applies; all that the state references if absent.

        Raises
        ------
        TypeError
            If neither a window nor a table is given, or ``referenced_images`` is not a ReferencedImageSequence.
        ValueError
            If a width is out of range, or the numbers of centres, widths and explanations differ.
        """
        super().__init__(
            window_center=window_center,
            window_width=window_width,
            window_explanation=window_explanation,
            voi_lut_function=voi_lut_function,
            voi_luts=voi_luts,
        )
        if referenced_images is not None:
            if not isinstance(referenced_images, ReferencedImageSequence):
                raise InputTypeError(
                    f"referenced_images is {type(referenced_images).__name__}; expected a ReferencedImageSequence."
                )
            put(self, ReferencedImageSequence=referenced_images)
