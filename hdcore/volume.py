"""Volumes: arrays of voxels that know where they are."""

from hdcore.spatial.channels import RGB_COLOR_CHANNEL_DESCRIPTOR, ChannelDescriptor
from hdcore.spatial.geometry import VolumeGeometry
from hdcore.spatial.mapping import VolumeToVolumeTransformer
from hdcore.spatial.volume import Volume

__all__ = ["RGB_COLOR_CHANNEL_DESCRIPTOR", "ChannelDescriptor", "Volume", "VolumeGeometry", "VolumeToVolumeTransformer"]
