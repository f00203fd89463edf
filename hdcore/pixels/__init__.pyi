"""What pixels are."""

from .codec import decode as decode
from .codec import encode as encode
from .format import EncodingOptions as EncodingOptions
from .format import FrameFormat as FrameFormat
from .options import PixelOptions as PixelOptions
from .packing import BitPacker as BitPacker
from .packing import pack_bits as pack_bits
from .packing import unpack_frame as unpack_frame
from .packing import unpack_frames as unpack_frames
from .parameters import PixelParameters as PixelParameters
from .stream import encode_frames as encode_frames
from .transform import PixelTransform as PixelTransform
from .window import apply_lut as apply_lut
from .window import apply_voi_window as apply_voi_window
