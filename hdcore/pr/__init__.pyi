from hdcore_pr import *
