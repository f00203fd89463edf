"""Rules, findings and reports."""

from .checking import check as check
from .condition import Condition as Condition
from .expectations import expects as expects
from .findings import Draft as Draft
from .findings import Finding as Finding
from .findings import Severity as Severity
from .findings import finding as finding
from .report import Report as Report
from .rules import Rule as Rule
from .rules import attributes as attributes
from .rules import equals as equals
from .rules import one_of as one_of
from .rules import required as required
from .rules import required_if as required_if
from .rules import rule as rule
