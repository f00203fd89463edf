"""Operations on the channel axes of volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from hdcore.errors import GeometryError, InputError
from hdcore.spatial.voxels import VoxelArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hdcore.spatial.channels import ChannelDescriptor, ChannelIdentifier, ChannelValue

__all__ = ["ChannelledVoxels"]


class ChannelledVoxels(VoxelArray):
    """Voxels with described axes beyond the three in space."""

    __slots__ = ()

    @property
    def channel_descriptors(self) -> tuple[ChannelDescriptor, ...]:
        """tuple[ChannelDescriptor, ...]: what varies along each axis beyond three."""
        return self._channels.descriptors

    def get_channel_values(self, channel_identifier: ChannelIdentifier) -> list[ChannelValue]:
        """Get the values along a channel axis.

        Parameters
        ----------
        channel_identifier: int | str | ChannelDescriptor
            Keyword, tag, descriptor or name of one's own.

        Returns
        -------
        list[str | int | float | Enum]
            The value at each index.

        Raises
        ------
        ValueError
            If the volume has no such channel.
        """
        return list(self._channels.values_of(self._channels.axis_of(channel_identifier)))

    def get_channel(self, *, keepdims: bool = False, **kwargs: ChannelValue) -> Self:
        """Select one value along one or more channel axes.

        Parameters
        ----------
        keepdims: bool, optional
            Whether the axes stay, with size one.
        **kwargs: str | int | float | Enum
            Value by the channel's keyword, such as ``SegmentNumber=2``.

        Returns
        -------
        Volume
            The selected voxels; shares memory with this volume.

        Raises
        ------
        ValueError
            If the volume has no such channel, or the channel no such value.
        """
        selected: list[int | slice] = [slice(None)] * self.ndim
        channels = self._channels
        axes = {self._channels.axis_of(identifier): value for identifier, value in kwargs.items()}
        for axis, value in axes.items():
            index = self._channels.index_of(axis, value)
            selected[3 + axis] = slice(index, index + 1) if keepdims else index
            channels = channels.with_only(axis, index)
        if not keepdims:
            channels = channels.without(list(axes))
        return self._with(self.array[tuple(selected)], channels)

    def permute_channel_axes(self, channel_identifiers: Sequence[ChannelIdentifier]) -> Self:
        """Put the channel axes in another order.

        Parameters
        ----------
        channel_identifiers: Sequence[int | str | ChannelDescriptor]
            All channels of the volume in the new order.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If they are not the volume's channels, each once.
        """
        return self.permute_channel_axes_by_index(
            [self._channels.axis_of(identifier) for identifier in channel_identifiers]
        )

    def permute_channel_axes_by_index(self, indices: Sequence[int]) -> Self:
        """Put the channel axes in another order.

        Parameters
        ----------
        indices: Sequence[int]
            Their indices, counted from zero at the first axis beyond three, in the new order.

        Returns
        -------
        Volume
            The new volume.

        Raises
        ------
        ValueError
            If they are not all of the indices, each once.
        """
        if sorted(indices) != list(range(len(self._channels))):
            raise InputError(
                f"The new order of channels is {list(indices)}; expected each of {len(self._channels)} once."
            )
        array = self._array.transpose(0, 1, 2, *(3 + index for index in indices))
        return self._shuffled(self._with(array, self._channels.permuted(indices)))

    def squeeze_channel(self, channel_descriptors: Sequence[ChannelIdentifier] | None = None) -> Self:
        """Remove channel axes of size one.

        Parameters
        ----------
        channel_descriptors: Sequence[int | str | ChannelDescriptor] | None, optional
            The channels to remove; all of size one if absent.

        Returns
        -------
        Volume
            The new volume; shares memory with this one.

        Raises
        ------
        ValueError
            If the volume has no such channel.
        RuntimeError
            If a channel has several values.
        """
        if channel_descriptors is None:
            axes = [axis for axis, size in enumerate(self.channel_shape) if size == 1]
        else:
            axes = [self._channels.axis_of(identifier) for identifier in channel_descriptors]
        for axis in axes:
            if self.channel_shape[axis] > 1:
                raise GeometryError(
                    f"Channel {self.channel_descriptors[axis]} has {self.channel_shape[axis]} values and cannot be "
                    "removed; select one with get_channel."
                )
        array = self.array.squeeze(tuple(3 + axis for axis in axes))
        return self._with(array, self._channels.without(axes))
