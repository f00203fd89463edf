"""Validation of a segmentation of 300 frames; highdicom has none, so the floor is pydicom looking at every element."""

from __future__ import annotations

from typing import Any

from benchmarks.workload import Workload


class ValidateFirstSegmentation(Workload):
    """Validate a file of 300 frames of 512 × 512; tables and rules are loaded in the same run."""

    title = "validate a segmentation of 300 × 512², the first of a process"
    factor = 1.0

    def prepare(self, folder: Any) -> None:
        """Write a binary segmentation."""
        import numpy as np
        from pydicom.sr.coding import Code

        import hdcore as hd
        from hdcore.testing.sources import ct_series

        images = ct_series(300, 512, 512)
        mask = np.zeros((300, 512, 512), np.uint8)
        mask[:, 100:300, 150:400] = 1
        description = hd.seg.SegmentDescription(
            segment_number=1,
            segment_label="one",
            segmented_property_category=Code("91723000", "SCT", "Anatomical Structure"),
            segmented_property_type=Code("10200004", "SCT", "Liver"),
            algorithm_type="MANUAL",
        )
        segmentation = hd.create(
            "seg",
            source_images=images,
            pixel_array=mask,
            segmentation_type="BINARY",
            segment_descriptions=[description],
            series_instance_uid=hd.UID(),
            series_number=2,
            sop_instance_uid=hd.UID(),
            instance_number=1,
            manufacturer="Maker",
            manufacturer_model_name="Model",
            software_versions="1",
            device_serial_number="1",
        )
        segmentation.save_as(folder / "seg.dcm")

    def hdcore(self, state: Any) -> Any:
        """Validate from the path."""
        import hdcore

        return hdcore.validate(f"{state}/seg.dcm")

    def floor(self, state: Any) -> Any:
        """Parse every element with pydicom."""
        import pydicom

        dataset = pydicom.dcmread(f"{state}/seg.dcm")
        return sum(1 for _ in dataset.iterall())


class ValidateSegmentation(ValidateFirstSegmentation):
    """Validate the same where another one has been validated before."""

    title = "validate a segmentation of 300 × 512², in process"

    def load(self, side: str, folder: Any) -> Any:
        """Import, and do the same once."""
        getattr(self, side)(folder)
        return folder
