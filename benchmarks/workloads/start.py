"""Starting up: what every script pays. These modules import nothing themselves, since imports are what is measured."""

from benchmarks.workload import Workload


class Import(Workload):
    """Import the package."""

    title = "import of the package"
    factor = 10.0

    def load(self, side, folder):
        """Import nothing: the import is the job."""
        return folder

    def hdcore(self, state):
        """Import hdcore."""
        import hdcore  # noqa: F401

    def highdicom(self, state):
        """Import highdicom."""
        import highdicom  # noqa: F401

    def floor(self, state):
        """Import what reading needs."""
        import numpy as np  # noqa: F401
        import pydicom  # noqa: F401


class FirstRead(Workload):
    """From the start of the interpreter to its end: import, read one CT, get one frame."""

    title = "fresh process: import, read one CT, one frame"
    factor = 2.0
    whole_process = True

    def prepare(self, folder):
        """Write a CT image."""
        from hdcore.testing.sources import ct_series

        ct_series(1, 512, 512)[0].save_as(folder / "ct.dcm", enforce_file_format=True)

    def hdcore(self, state):
        """Read with hdcore."""
        import hdcore

        hdcore.imread(state + "/ct.dcm").get_frame(1)

    def highdicom(self, state):
        """Read with highdicom."""
        import highdicom

        highdicom.imread(state + "/ct.dcm").get_frame(1)

    def floor(self, state):
        """Read with pydicom alone."""
        import numpy as np
        import pydicom

        image = pydicom.dcmread(state + "/ct.dcm")
        np.frombuffer(image.PixelData, "<u2").reshape(image.Rows, image.Columns).astype(np.float64)
