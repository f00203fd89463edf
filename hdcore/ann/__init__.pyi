from hdcore_ann import *
