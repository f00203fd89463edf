from hdcore_seg import *
