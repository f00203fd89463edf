"""DICOM key object selections."""

from .document import SOP_CLASS_UIDS as SOP_CLASS_UIDS
from .document import KeyObject as KeyObject
from .document import KeyObjectSelectionDocument as KeyObjectSelectionDocument
from .document import koread as koread
from .selection import KeyObjectSelection as KeyObjectSelection
