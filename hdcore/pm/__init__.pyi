from hdcore_pm import *
