"""Instances are compared by what they say, not by when they were made."""

import pydicom

from hdcore.testing.compare import said
from hdcore.testing.sources import ct_series


def test_moments_and_what_is_new_each_time_are_left_out_at_every_depth():
    (one,) = ct_series(1)
    one.ContributingEquipmentSequence = [pydicom.Dataset()]
    one.ContributingEquipmentSequence[0].Manufacturer = "Acme"
    (other,) = ct_series(1)
    other.ContributingEquipmentSequence = [pydicom.Dataset()]
    other.ContributingEquipmentSequence[0].Manufacturer = "Acme"
    other.ContributingEquipmentSequence[0].ContributionDateTime = "20200101"
    other.ContentTime = "111111"
    other.PatientComments = "new each time"
    assert said(one) != said(other)
    assert said(one, but=["PatientComments"]) == said(other, but=["PatientComments"])
    assert other.ContentTime == "111111"
    other.ContributingEquipmentSequence[0].Manufacturer = "Another"
    assert said(one, but=["PatientComments"]) != said(other, but=["PatientComments"])


def test_the_transfer_syntax_is_said():
    (one,), (other,) = ct_series(1), ct_series(1)
    other.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian
    assert said(one) != said(other)
