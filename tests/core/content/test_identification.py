"""The Content Identification macro."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset

from hdcore.content.identification import put_content_identification


def test_the_content_is_identified():
    dataset = Dataset()
    put_content_identification(dataset, "MAP", None, "Doe^Jane", None)
    assert dataset.ContentLabel == "MAP"
    assert dataset["ContentDescription"].is_empty
    assert dataset.ContentCreatorName == "Doe^Jane"
    with pytest.raises(ValueError, match="content_label"):
        put_content_identification(dataset, "map", None, None, None)


def test_who_made_the_content_is_refused_by_name():
    for creator, message in ((5, "content_creator_name is 5"), ("a^b^c^d^e^f", "over five components")):
        with pytest.raises((TypeError, ValueError), match=message):
            put_content_identification(Dataset(), "MAP", None, creator, None)
    with pytest.raises(TypeError, match="content_creator_identification"):
        put_content_identification(Dataset(), "MAP", None, None, ["x"])
