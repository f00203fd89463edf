from hdcore_legacy import *
