"""Layers, groups, and what is drawn on which images (PS3.3 C.10.5, C.10.7, C.11.21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import put
from hdcore.model.references import ReferencedImageSequence
from hdcore.pixels.color import CIELabColor
from hdcore.text import check_text
from pydicom.dataset import Dataset

from hdcore_pr.given import integer, items_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore_pr.graphics import GraphicObject, TextObject

__all__ = ["GraphicAnnotation", "GraphicGroup", "GraphicLayer"]


class GraphicLayer(Dataset):
    """A layer on which annotations are drawn (PS3.3 C.10.7)."""

    def __init__(
        self, layer_name: str, order: int, description: str | None = None, display_color: CIELabColor | None = None
    ) -> None:
        """Make a layer.

        Parameters
        ----------
        layer_name: str
            Name, a code string: up to 16 upper-case letters, digits, spaces and underscores.
        order: int
            Layers of lower order are drawn first.
        description: str | None, optional
            What the layer is for, at most 64 characters.
        display_color: CIELabColor | None, optional
            Colour in which to draw it.

        Raises
        ------
        ValueError
            If the name is not a code string.
        TypeError
            If ``order`` is no integer, or ``display_color`` is not a CIELabColor.
        """
        super().__init__()
        if not layer_name:
            raise InputError("layer_name is empty.")
        check_text(layer_name, "CS", "layer_name")
        put(self, GraphicLayer=layer_name, GraphicLayerOrder=integer("order", order))
        if description is not None:
            check_text(description, "LO", "description")
            put(self, GraphicLayerDescription=description)
        if display_color is not None:
            if not isinstance(display_color, CIELabColor):
                raise InputTypeError(f"display_color is {type(display_color).__name__}; expected a CIELabColor.")
            put(self, GraphicLayerRecommendedDisplayCIELabValue=list(display_color.value))


class GraphicGroup(Dataset):
    """A group of annotations that belong together (PS3.3 C.11.21)."""

    def __init__(self, graphic_group_id: int, label: str, description: str | None = None) -> None:
        """Make a group.

        Parameters
        ----------
        graphic_group_id: int
            Positive number that is the group's own within the presentation state.
        label: str
            Name, at most 64 characters.
        description: str | None, optional
            What it is, at most 1024 characters.

        Raises
        ------
        TypeError
            If the number is no integer.
        ValueError
            If the number is not positive, or a text is too long.
        """
        super().__init__()
        number = integer("graphic_group_id", graphic_group_id, 1)
        check_text(label, "LO", "label")
        put(self, GraphicGroupID=number, GraphicGroupLabel=label)
        if description is not None:
            check_text(description, "ST", "description")
            put(self, GraphicGroupDescription=description)

    @property
    def graphic_group_id(self) -> int:
        """int: the group's number."""
        return int(self.GraphicGroupID)


class GraphicAnnotation(Dataset):
    """Shapes and texts on one layer of some images (PS3.3 C.10.5)."""

    def __init__(
        self,
        referenced_images: Sequence[Dataset],
        graphic_layer: GraphicLayer,
        referenced_frame_number: int | Sequence[int] | None = None,
        referenced_segment_number: int | Sequence[int] | None = None,
        graphic_objects: Sequence[GraphicObject] | None = None,
        text_objects: Sequence[TextObject] | None = None,
    ) -> None:
        """Annotate images.

        Parameters
        ----------
        referenced_images: Sequence[pydicom.dataset.Dataset]
            The images over which to draw.
        graphic_layer: GraphicLayer
            The layer on which to draw.
        referenced_frame_number: int | Sequence[int] | None, optional
            Frames of a multi-frame image, counted from 1; all if absent.
        referenced_segment_number: int | Sequence[int] | None, optional
            Segments of a segmentation; all if absent.
        graphic_objects: Sequence[GraphicObject] | None, optional
            Shapes.
        text_objects: Sequence[TextObject] | None, optional
            Texts.

        Raises
        ------
        TypeError
            If there is neither a shape nor a text, or an argument is of another type.
        ValueError
            If there are no images, or frames or segments do not fit them.
        """
        super().__init__()
        if not graphic_objects and not text_objects:
            raise InputTypeError("An annotation needs graphic_objects, text_objects, or both.")
        if not isinstance(graphic_layer, Dataset) or "GraphicLayer" not in graphic_layer:
            raise InputTypeError(f"graphic_layer is {type(graphic_layer).__name__}; expected a GraphicLayer.")
        references = ReferencedImageSequence(referenced_images, referenced_frame_number, referenced_segment_number)
        put(self, ReferencedImageSequence=references, GraphicLayer=str(graphic_layer.GraphicLayer))
        if graphic_objects:
            shapes = items_of("graphic_objects", graphic_objects, "GraphicType", "GraphicObject")
            put(self, GraphicObjectSequence=shapes)
        if text_objects:
            texts = items_of("text_objects", text_objects, "UnformattedTextValue", "TextObject")
            put(self, TextObjectSequence=texts)
