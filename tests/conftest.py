"""What all tests of the core share."""

from hypothesis import settings

# Hypothesis fails what takes long, which says more of the machine's other work than of ours.
settings.register_profile("hdcore", deadline=None)
settings.load_profile("hdcore")
