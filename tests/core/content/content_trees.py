"""A small tree of content items that refers to images."""

from __future__ import annotations

from pydicom.sr.codedict import codes

from hdcore.content import CodeContentItem, ContainerContentItem, ImageContentItem, NumContentItem, TextContentItem
from hdcore.content.tree import set_children


def tree_of(images):
    """A report's root: a finding in words, and a group of a length and the images on which it was measured."""
    contains = {"relationship_type": "CONTAINS"}
    root = ContainerContentItem(codes.DCM.ImagingMeasurementReport, template_id="1500")
    group = ContainerContentItem(codes.DCM.MeasurementGroup, **contains)
    set_children(
        group,
        [
            NumContentItem(codes.SCT.Length, 12.5, codes.UCUM.Millimeter, **contains),
            CodeContentItem(codes.DCM.Finding, codes.SCT.Neoplasm, **contains),
            *(
                ImageContentItem(
                    codes.DCM.SourceImageForSegmentation, image.SOPClassUID, image.SOPInstanceUID, **contains
                )
                for image in images
            ),
        ],
    )
    set_children(root, [TextContentItem(codes.DCM.Finding, "a mass", **contains), group])
    return root
