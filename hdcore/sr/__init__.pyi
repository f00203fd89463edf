from hdcore_sr import *
