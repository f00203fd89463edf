from hdcore_seg.utils import *
