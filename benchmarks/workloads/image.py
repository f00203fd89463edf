"""Reading images: enhanced CT, series, slides."""

from benchmarks.workload import Workload, digest_of


class _Enhanced(Workload):
    """An enhanced CT of 1,000 frames of 512²."""

    frames = 1000
    warm_megabytes = 3000

    def prepare(self, folder):
        """Write the image."""
        from hdcore.testing.sources import enhanced_ct

        image = enhanced_ct(frames=self.frames, rows=512, columns=512)
        image.save_as(folder / "enhanced.dcm", enforce_file_format=True)

    def load(self, side, folder):
        """Import; the file is opened while the clock runs."""
        path = f"{folder}/enhanced.dcm"
        if side == "floor":
            import numpy as np
            import pydicom

            return np, pydicom, path
        library = __import__(side)
        return library, library.imread, path

    def job(self, image):
        """Do the job with an image of either library."""
        raise TypeError(f"{type(self).__name__} has no job.")

    def hdcore(self, state):
        """Read with hdcore."""
        return self.job(state[1](state[2]))

    def highdicom(self, state):
        """Read with highdicom."""
        return self.job(state[1](state[2]))

    def stored(self, state):
        """Read the stored values and nothing else."""
        np, pydicom, path = state
        with open(path, "rb") as file:
            image = pydicom.dcmread(file, stop_before_pixels=True)
            file.seek(12, 1)
            values = np.fromfile(file, "<u2", self.frames * 512 * 512)
        return np, values.reshape(self.frames, *(image.Rows, image.Columns))

    def digest(self, side, result):
        """Reduce some of the voxels."""
        return digest_of(result[::37])


class EnhancedVolume(_Enhanced):
    """Its volume as float64."""

    title = "enhanced CT, 1,000 frames: volume float64"
    factor = 2.5

    def job(self, image):
        """Get the volume."""
        return image.get_volume().array

    def floor(self, state):
        """Add the intercept."""
        np, values = self.stored(state)
        return np.add(values[::-1], -1024.0, dtype=np.float64)


class EnhancedVolumeOfIntegers(_Enhanced):
    """Its volume as int16."""

    title = "enhanced CT, 1,000 frames: volume int16"
    factor = 2.5

    def job(self, image):
        """Get the volume."""
        return image.get_volume(dtype="int16").array

    def floor(self, state):
        """Add the intercept."""
        np, values = self.stored(state)
        return np.add(values[::-1].view(np.int16), np.int16(-1024))


class EnhancedWindowed(_Enhanced):
    """All frames windowed."""

    title = "enhanced CT, 1,000 frames: all frames windowed"
    factor = 2.5
    warm_megabytes = 5000

    def job(self, image):
        """Get the frames."""
        return image.get_frames(apply_voi_transform=True)

    def digest(self, side, result):
        """Reduce some of the pixels, rounded: the order of additions differs."""
        return digest_of(result[::37].round(6))


class EnhancedRandomFrames(_Enhanced):
    """200 frames, retrieved lazily."""

    title = "enhanced CT: 200 random frames lazily"
    factor = 2.5

    def job(self, image):
        """Get the frames."""
        import numpy as np

        numbers = np.random.default_rng(0).integers(1, self.frames, 200).tolist()
        return np.stack([image.get_frame(number)[::16, ::16] for number in numbers])

    def hdcore(self, state):
        """Read with hdcore."""
        return self.job(state[1](state[2], lazy_frame_retrieval=True))

    def highdicom(self, state):
        """Read with highdicom."""
        return self.job(state[1](state[2], lazy_frame_retrieval=True))


class VolumeFromSeries(Workload):
    """A volume from 400 CT images in memory."""

    title = "volume from a series of 400 CT files"
    factor = 5.0
    warm_megabytes = 2500

    def prepare(self, folder):
        """Write the files."""
        from hdcore.testing.sources import ct_series

        for index, image in enumerate(ct_series(400, 512, 512)):
            image.save_as(folder / f"{index * 37 % 400:03d}.dcm", enforce_file_format=True)

    def load(self, side, folder):
        """Import, and read the files with pydicom."""
        from pathlib import Path

        import numpy as np
        import pydicom

        images = [pydicom.dcmread(path) for path in sorted(Path(folder).glob("*.dcm"))]
        return (np if side == "floor" else __import__(side).get_volume_from_series), images

    def hdcore(self, state):
        """Sort and stack with hdcore."""
        return state[0](state[1]).array

    def highdicom(self, state):
        """Sort and stack with highdicom."""
        return state[0](state[1]).array

    def floor(self, state):
        """Sort and add."""
        np, images = state
        images = sorted(images, key=lambda image: -float(image.ImagePositionPatient[2]))
        volume = np.empty((len(images), 512, 512))
        for plane, image in zip(volume, images, strict=True):
            np.add(np.frombuffer(image.PixelData, "<u2").reshape(512, 512), -1024.0, out=plane)
        return volume

    def digest(self, side, result):
        """Reduce some of the voxels."""
        return digest_of(result[::37])


class _Slide(Workload):
    """A JPEG slide of 1,024 tiles of 256², read lazily."""

    factor = 4.0

    def prepare(self, folder):
        """Write the slide."""
        import io

        from PIL import Image
        from pydicom.encaps import encapsulate

        from hdcore.testing.sources import slide

        image = slide(8192, 8192, tile=(256, 256))
        encoded = []
        for frame in image.pixel_array:
            file = io.BytesIO()
            Image.fromarray(frame).save(file, "JPEG", quality=85, subsampling="4:2:2")
            encoded.append(file.getvalue())
        image.PixelData = encapsulate(encoded)
        image["PixelData"].VR = "OB"
        image["PixelData"].is_undefined_length = True
        image.PhotometricInterpretation = "YBR_FULL_422"
        image.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.50"
        image.save_as(folder / "slide.dcm", enforce_file_format=True)

    def load(self, side, folder):
        """Import; the file is opened while the clock runs."""
        return __import__(side).imread, f"{folder}/slide.dcm"

    def job(self, image):
        """Do the job with an image of either library."""
        raise TypeError(f"{type(self).__name__} has no job.")

    def hdcore(self, state):
        """Read with hdcore."""
        return self.job(state[0](state[1], lazy_frame_retrieval=True))

    def highdicom(self, state):
        """Read with highdicom."""
        return self.job(state[0](state[1], lazy_frame_retrieval=True))

    def frames(self, image, **options):
        """Get 500 frames."""
        import numpy as np

        numbers = np.random.default_rng(0).integers(1, 1024, 500).tolist()
        return sum(int(image.get_frame(number, dtype="uint8", **options)[0, 0, 0]) for number in numbers)


class SlideRandomFrames(_Slide):
    """Random frames."""

    title = "JPEG slide: 500 random frames lazily"

    def job(self, image):
        """Get the frames."""
        return self.frames(image, apply_icc_profile=False)


class SlideRegion(_Slide):
    """A region of the total pixel matrix."""

    title = "JPEG slide: a 2048² region"

    def job(self, image):
        """Get the region."""
        return image.get_total_pixel_matrix(1000, 3048, 1000, 3048, dtype="uint8", apply_icc_profile=False)


class SlideColors(_Slide):
    """Random frames with their ICC profile applied."""

    title = "JPEG slide: 500 frames with ICC"
    factor = 2.5

    def job(self, image):
        """Get the frames."""
        return self.frames(image, apply_icc_profile=True)
