"""A presentation state of many images."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from benchmarks.workload import Workload

if TYPE_CHECKING:
    from pathlib import Path

_IMAGES = 300
_HEADER = {
    "series_instance_uid": "1.2.826.0.1.1",
    "series_number": 7,
    "sop_instance_uid": "1.2.826.0.1.2",
    "instance_number": 1,
    "manufacturer": "Somebody",
    "manufacturer_model_name": "Model",
    "software_versions": "1",
    "device_serial_number": "2",
    "content_label": "LABEL",
}


class GrayscaleState(Workload):
    """Reference all images of a series, which share a window, and annotate one of them."""

    title = "GSPS on 300 images: create and save"
    factor: ClassVar[float] = 10.0

    def load(self, side: str, folder: Path) -> Any:
        from hdcore.testing import sources

        images = sources.ct_series(_IMAGES, rows=64, columns=64)
        if side == "floor":
            return [(str(image.SOPClassUID), str(image.SOPInstanceUID)) for image in images]
        package = __import__(side)
        __import__(f"{side}.pr")
        for name in ("GraphicAnnotation", "GraphicLayer", "GraphicObject", "GrayscaleSoftcopyPresentationState"):
            getattr(package.pr, name)
        return package, images

    def work(self, package: Any, images: Any) -> bytes:
        """Do the job with either package."""
        import numpy as np

        layer = package.pr.GraphicLayer("LAYER", 1)
        line = package.pr.GraphicObject("POLYLINE", np.array([[1.0, 1.0], [9.0, 5.0]]), "PIXEL")
        annotation = package.pr.GraphicAnnotation(images[:1], layer, graphic_objects=[line])
        state = package.pr.GrayscaleSoftcopyPresentationState(
            images, graphic_annotations=[annotation], graphic_layers=[layer], **_HEADER
        )
        file = BytesIO()
        state.save_as(file, enforce_file_format=True)
        return file.getvalue()

    def hdcore(self, state: Any) -> Any:
        return self.work(*state)

    def highdicom(self, state: Any) -> Any:
        return self.work(*state)

    def floor(self, state: Any) -> Any:
        items = []
        for pair in state:
            value = b"".join(_element(number, uid) for number, uid in zip((0x1150, 0x1155), pair, strict=True))
            items.append(b"\xfe\xff\x00\xe0" + len(value).to_bytes(4, "little") + value)
        return b"".join(items)

    def digest(self, side: str, result: Any) -> str:
        if side == "floor":
            return ""
        from pydicom import dcmread

        state = dcmread(BytesIO(result))
        references = [
            *state.ReferencedSeriesSequence[0].ReferencedImageSequence,
            *state.GraphicAnnotationSequence[0].ReferencedImageSequence,
        ]
        window = state.SoftcopyVOILUTSequence[0]
        said = [(str(one.ReferencedSOPClassUID), str(one.ReferencedSOPInstanceUID)) for one in references]
        said.append((float(window.WindowCenter), float(window.WindowWidth), float(state.RescaleIntercept)))
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _element(number: int, uid: str) -> bytes:
    value = uid.encode() + b"\0" * (len(uid) % 2)
    return b"\x08\x00" + number.to_bytes(2, "little") + b"UI" + len(value).to_bytes(2, "little") + value
