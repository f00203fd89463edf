"""What cannot become a report is refused, by name, when it is given."""

from __future__ import annotations

import pytest
from sr_reports import document, planar, report

import hdcore_sr as sr


@pytest.mark.parametrize("kind", [sr.EnhancedSR, sr.ComprehensiveSR, sr.Comprehensive3DSR])
def test_content_that_the_character_set_cannot_hold_is_refused(kind):
    content = report([planar(session="сессия")])
    with pytest.raises(ValueError, match=r"TextValue is 'сессия'.*ISO_IR 192"):
        document(content, kind, specific_character_set="ISO_IR 100")
    made = document(content, kind, specific_character_set="ISO_IR 144")
    assert made.report.imaging_measurements[0].session == "сессия"
