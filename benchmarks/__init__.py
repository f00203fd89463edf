"""Side by side with highdicom and with the floor, in one run: ``python -m benchmarks``."""
