from hdcore_sc import *
