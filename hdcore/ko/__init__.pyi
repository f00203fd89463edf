from hdcore_ko import *
