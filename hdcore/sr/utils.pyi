from hdcore_sr.utils import *
