"""Annotation groups (PS3.3 C.37.1.2)."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from hdcore.content.code import CodedConcept
from hdcore.errors import InputError, InputTypeError, UnreadableError
from hdcore.model.element import fetch, item, put
from hdcore.text import check_text
from hdcore.uid import UID
from hdcore_ann.checks import check_shapes
from hdcore_ann.enums import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
)
from hdcore_ann.graphics import GraphicData, encode
from hdcore_ann.measurements import Measurements
from hdcore_ann.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from hdcore import AlgorithmIdentificationSequence
    from hdcore.color import CIELabColor

__all__ = ["AnnotationGroup"]
