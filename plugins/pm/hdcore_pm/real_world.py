"""Real-world values by the name of their quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hdcore.errors import GeometryError, InputError, NotPresentError
from hdcore.frames.assemble import assemble_planes, assemble_region
from hdcore.frames.columns import Categorical
from hdcore.frames.image import Image
from hdcore.frames.placement import Tolerances, tiles_of, volume_planes_of
from hdcore.pixels.options import PixelOptions
from hdcore.spatial.distinct import distinct

from hdcore_pm.mapping import RealWorldValueMapping

if TYPE_CHECKING:
    from hdcore.content.code import CodedConcept
    from hdcore.frames.columns import EncodedItems
    from hdcore.spatial.volume import Volume
    from numpy.typing import DTypeLike, NDArray

__all__ = ["QuantityImage"]


class QuantityImage(Image):
    """An image whose frames show quantities, named by real-world value mappings.

    A quantity is named by the label of a mapping, or by the value or the meaning of the code of its quantity.
    """

    @property
    def real_world_value_mappings(self) -> list[RealWorldValueMapping]:
        """list[RealWorldValueMapping]: all different mappings of all frames."""
        found: list[RealWorldValueMapping] = []
        for word in self._words().vocabulary:
            found.extend(mapping for mapping in self._mappings_in(word) if mapping not in found)
        return found

    @property
    def quantities(self) -> list[str]:
        """list[str]: the labels of all mappings."""
        return list(dict.fromkeys(mapping.label for mapping in self.real_world_value_mappings))

    def get_unit(self, quantity: str | None = None) -> CodedConcept:
        """Get the unit of a quantity.

        Parameters
        ----------
        quantity: str | None, optional
            Name of the quantity; may be left out if there is one only.

        Returns
        -------
        CodedConcept
            The unit.

        Raises
        ------
        ValueError
            If there is no such quantity, or it has no unit.
        """
        unit = self._mapping_of(quantity).unit
        if unit is None:
            raise NotPresentError(f"The mapping of {quantity!r} has no MeasurementUnitsCodeSequence.")
        return unit

    def frames_of_quantity(self, quantity: str | None = None, temporal_position: int | None = None) -> NDArray[np.intp]:
        """Find the frames that show a quantity.

        Parameters
        ----------
        quantity: str | None, optional
            Name of the quantity; may be left out if there is one only.
        temporal_position: int | None, optional
            Point in time (Temporal Position Index), counted from 1; all if absent.

        Returns
        -------
        NDArray[int]
            Zero-based indices of frames, ascending.

        Raises
        ------
        ValueError
            If no frame shows it, or it is left out though there are several; the message lists those that there are.
            If no frame is of that point in time.
        """
        label = self._mapping_of(quantity).label
        words = self._words()
        matching = [
            code
            for code, word in enumerate(words.vocabulary)
            if any(label == mapping.label for mapping in self._mappings_in(word))
        ]
        chosen = np.isin(words.codes, matching)
        if temporal_position is not None:
            times = np.asarray(self.frame_table.get("temporal_position_index", np.zeros(len(chosen), np.int64)))
            if not (chosen & (times == temporal_position)).any():
                known = ", ".join(map(str, distinct(times[times > 0]).tolist())) or "no points in time"
                raise NotPresentError(f"The map has no frame of temporal position {temporal_position}; it has {known}.")
            chosen &= times == temporal_position
        return np.flatnonzero(chosen)

    def get_real_world_frames(
        self,
        quantity: str | None = None,
        dtype: DTypeLike = np.float64,
        *,
        temporal_position: int | None = None,
    ) -> NDArray[Any]:
        """Get the real-world values of a quantity, frame by frame.

        Parameters
        ----------
        quantity: str | None, optional
            Name of the quantity; may be left out if there is one only.
        dtype: numpy.typing.DTypeLike, optional
            Type of the result.
        temporal_position: int | None, optional
            Point in time, counted from 1; all if absent.

        Returns
        -------
        numpy.ndarray
            Shape (frames, rows, columns), in the order in which frames are stored; in the unit of :meth:`get_unit`.

        Raises
        ------
        ValueError
            If there is no such quantity, or its values do not fit into the type.
        """
        frames = self.frames_of_quantity(quantity, temporal_position)
        conversion = self.pixel_transform(self._options(quantity, dtype), frames)
        return assemble_planes(self.stored_frames, frames, conversion)

    def get_real_world_values(
        self,
        quantity: str | None = None,
        *,
        temporal_position: int | None = None,
        dtype: DTypeLike = np.float64,
        rtol: float | None = None,
        atol: float | None = None,
        allow_missing_positions: bool = False,
    ) -> Volume:
        """Get the real-world values of a quantity in space: a stack of planes, or a total pixel matrix.

        Parameters
        ----------
        quantity: str | None, optional
            Name of the quantity; may be left out if there is one only.
        temporal_position: int | None, optional
            Point in time, counted from 1; may be left out if there is one only.
        dtype: numpy.typing.DTypeLike, optional
            Type of the result.
        rtol, atol, allow_missing_positions
            As of :meth:`hdcore.Image.get_volume`.

        Returns
        -------
        Volume
            Shape (slices, rows, columns), in the unit of :meth:`get_unit`.

        Raises
        ------
        GeometryError
            If the frames are no regular volume; see :meth:`get_real_world_frames`. A ValueError and RuntimeError.
        ValueError
            If there is no such quantity, or its values do not fit into the type.
        """
        frames = self.frames_of_quantity(quantity, temporal_position)
        conversion = self.pixel_transform(self._options(quantity, dtype), frames)
        table = self.frame_table.select(frames)
        if self.is_tiled:
            tiles = tiles_of(self, table)
            if tiles.geometry is None:
                raise GeometryError("The map does not say where its total pixel matrix lies.")
            region = (0, tiles.rows), (0, tiles.columns)
            if not allow_missing_positions:
                tiles.require_covered(*region, int(self.Rows), int(self.Columns))
            matrix = assemble_region(self.stored_frames, frames, tiles, conversion, rows=region[0], columns=region[1])
            return tiles.geometry.with_array(matrix[np.newaxis])
        found = volume_planes_of(self, table, Tolerances(rtol, atol, None, allow_missing_positions))
        array = assemble_planes(
            self.stored_frames, frames, conversion, planes=found.planes, shape=found.geometry.spatial_shape[:1]
        )
        return found.geometry.with_array(array)

    def _options(self, quantity: str | None, dtype: DTypeLike) -> PixelOptions:
        mapping = self._mapping_of(quantity)
        return PixelOptions(dtype=dtype, apply_real_world_transform=True, real_world_value_map_selector=mapping.label)

    def _mapping_of(self, quantity: str | None) -> RealWorldValueMapping:
        mappings = self.real_world_value_mappings
        if quantity is None:
            if len({mapping.label for mapping in mappings}) != 1:
                raise InputError(
                    f"The map has the quantities {', '.join(map(repr, self.quantities))}; name one of them."
                )
            return mappings[0]
        for mapping in mappings:
            if quantity in _names_of(mapping):
                return mapping
        raise NotPresentError(f"The map has no {quantity!r}; it has {', '.join(map(repr, self.quantities)) or 'none'}.")

    def _words(self) -> Categorical:
        column = self.frame_table.get("real_world_value_mapping")
        return column if column is not None else Categorical(np.full(len(self.frame_table), -1), ())

    def _mappings_in(self, word: EncodedItems) -> list[RealWorldValueMapping]:
        character_set = str(self.get("SpecificCharacterSet") or "ISO_IR 6")
        return [RealWorldValueMapping.from_dataset(item, copy=False) for item in word.items(character_set)]


def _names_of(mapping: RealWorldValueMapping) -> list[str]:
    names = [mapping.label]
    quantity = mapping.quantity
    if quantity is not None:
        names += [quantity.value, quantity.meaning]
    return names
