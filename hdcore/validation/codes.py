"""The codes of the core's findings: what each says, and how grave it is.

Codes are stable: tools and people filter by them. A number is never given to another meaning.
"""

from __future__ import annotations

from hdcore.validation.findings import Finding, Severity, keyword_of

__all__ = ["CODES", "found", "severity_of"]

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

CODES: dict[str, tuple[Severity, str, str]] = {
    "FILE001": (_E, "the source holds no dataset", "PS3.10 7"),
    "FILE002": (_E, "the file has no preamble and prefix", "PS3.10 7.1"),
    "FILE003": (_E, "the file has no file meta information", "PS3.10 7.1"),
    "FILE004": (_E, "the length of the file meta information is wrong", "PS3.10 7.1"),
    "FILE005": (_E, "the transfer syntax is missing or unknown", "PS3.10 7.1"),
    "FILE006": (_E, "the deflated dataset cannot be inflated", "PS3.5 A.5"),
    "FILE007": (_E, "the file meta information and the dataset name different instances or classes", "PS3.10 7.1"),
    "FILE008": (_E, "an attribute of the file meta information is missing or empty", "PS3.10 7.1"),
    "FILE009": (_E, "an attribute of group 0002 stands outside the file meta information", "PS3.10 7.1"),
    "FILE010": (_E, "a delimiter stands where an attribute is expected", "PS3.5 7.5"),
    "FILE011": (_E, "bytes at the end are not an attribute", "PS3.5 7.1"),
    "FILE012": (_E, "attributes are not in ascending order, or twice", "PS3.5 7.1"),
    "FILE013": (_E, "something of undefined length has no end", "PS3.5 7.5"),
    "FILE014": (_E, "a value representation does not exist", "PS3.5 6.2"),
    "FILE015": (_E, "an undefined length is not allowed", "PS3.5 7.1.1"),
    "FILE016": (_E, "a value ends beyond what is there", "PS3.5 7.1.1"),
    "FILE017": (_W, "sequences are nested too deeply to be read", ""),
    "FILE018": (_E, "something stands where an item is expected", "PS3.5 7.5"),
    "FILE019": (_E, "fragments of pixel data cannot be read", "PS3.5 A.4"),
    "FILE020": (_E, "a value cannot be encoded", "PS3.5 6.2"),
    "FILE021": (_I, "the rules could not be applied since the file cannot be read further", ""),
    "VAL001": (_E, "a value has an odd length", "PS3.5 6.4"),
    "VAL002": (_E, "a value's length is not a multiple of its numbers' size", "PS3.5 6.2"),
    "VAL003": (_E, "characters are not allowed by the value representation", "PS3.5 6.2"),
    "VAL004": (_E, "a UID is padded with a space", "PS3.5 9.1"),
    "VAL005": (_W, "a text is padded with a null byte", "PS3.5 6.2"),
    "VAL006": (_E, "a value is too long", "PS3.5 6.2"),
    "VAL007": (_E, "a value is not one of its value representation", "PS3.5 6.2"),
    "VAL008": (_E, "a date or time does not exist", "PS3.5 6.2"),
    "VAL009": (_E, "an integer string is out of range", "PS3.5 6.2"),
    "VAL010": (_E, "a text has control characters", "PS3.5 6.1.3"),
    "VAL011": (_E, "a person name is malformed", "PS3.5 6.2.1"),
    "VAL012": (_E, "the value representation is not the attribute's", "PS3.6 6"),
    "VAL013": (_E, "the number of values is not the attribute's", "PS3.6 6"),
    "CHR001": (_E, "the specific character set is unknown", "PS3.3 C.12.1.1.2"),
    "CHR002": (_E, "a text is not in the declared character set", "PS3.5 6.1.2"),
    "PRV001": (_E, "a private attribute has no private creator", "PS3.5 7.8.1"),
    "PRV002": (_E, "a private creator is not a long string", "PS3.5 7.8.1"),
    "IOD001": (_W, "the SOP class is not known to the tables", "PS3.4 B.5"),
    "IOD003": (_W, "a standard attribute is not part of the object's definition", "PS3.4 B.3.1"),
    "IOD004": (_E, "the SOP Class UID is missing", "PS3.3 C.12.1"),
    "IOD005": (_I, "an attribute has been retired from the standard", "PS3.6 6"),
    "ATT001": (_E, "a required attribute is missing", ""),
    "ATT002": (_E, "a required attribute has no value", ""),
    "ATT003": (_E, "an attribute is missing that the object's other attributes require", ""),
    "ATT004": (_W, "an attribute is there although its condition does not hold", "PS3.5 7.4.2"),
    "ATT005": (_E, "a sequence has too few or too many items", ""),
    "ATT006": (_W, "an optional sequence is there without an item", "PS3.5 7.4.5"),
    "ENM001": (_E, "a value is not one of those enumerated", ""),
    "ENM002": (_W, "a value is not one of the defined terms", ""),
    "ENM003": (_W, "a value is not one of those that an older edition of the standard enumerates", ""),
    "COD001": (_E, "a coded entry has no code, or more than one", "PS3.3 8.8"),
    "COD002": (_E, "a coded entry's code is in the wrong attribute", "PS3.3 8.8"),
    "COD003": (_E, "a coded entry lacks its scheme or meaning", "PS3.3 8.8"),
    "COD004": (_W, "a code is retired", "PS3.16 8"),
    "PIX001": (_E, "the pixel data's length does not match the image's description", "PS3.5 8.1.1"),
    "PIX002": (_E, "the description of pixels contradicts itself", "PS3.3 C.7.6.3"),
    "PIX003": (_E, "the number of fragments does not match the number of frames", "PS3.5 A.4"),
    "PIX004": (_E, "the offset table does not point at fragments", "PS3.5 A.4"),
    "PIX005": (_E, "the pixel data's encoding is not that of the transfer syntax", "PS3.5 A.4"),
    "PIX006": (_E, "a lookup table's length does not match its descriptor", "PS3.3 C.11"),
    "PIX007": (_E, "an object has more than one kind of pixel data, or none", "PS3.3 C.7.6.3"),
    "MFG001": (_E, "the number of frames and of functional group items differ", "PS3.3 C.7.6.16"),
    "MFG002": (_E, "a functional group is shared as well as per frame", "PS3.3 C.7.6.16"),
    "MFG003": (_E, "a functional group is missing", "PS3.3 C.7.6.16"),
    "MFG004": (_E, "a functional group may not be shared", "PS3.3 C.7.6.16"),
    "MFG005": (_E, "dimension index values do not match the dimensions", "PS3.3 C.7.6.17"),
    "MFG006": (_E, "a dimension refers to what is not there", "PS3.3 C.7.6.17"),
    "MFG007": (_W, "frames cannot be told apart by their dimension index values", "PS3.3 C.7.6.17"),
    "MFG008": (_E, "a functional group is there for some frames only", "PS3.3 C.7.6.16"),
    "REF001": (_E, "a referenced instance is not listed", "PS3.3 C.12.2"),
    "REF002": (_E, "a reference names two SOP classes for one instance", "PS3.3 10.8"),
    "REF003": (_W, "an instance is listed twice", "PS3.3 C.12.2"),
    "REF005": (_E, "the object refers to itself", "PS3.3 10.8"),
    "UID001": (_E, "two things have one UID", "PS3.5 9"),
    "SRX001": (_E, "a content item's value type is not allowed", "PS3.3 A.35"),
    "SRX002": (_E, "a content item's relationship is not allowed", "PS3.3 A.35"),
    "SRX003": (_E, "a content item lacks what its value type requires", "PS3.3 C.17.3"),
    "SRX004": (_E, "graphic data do not match the graphic type", "PS3.3 C.18.6"),
    "SRX005": (_E, "a reference to a content item leads nowhere", "PS3.3 C.17.3"),
    "SRX006": (_E, "a reference names frames or segments of an image that has none", "PS3.3 10.3"),
    "SRX007": (_E, "times do not match the temporal range type", "PS3.3 C.18.7"),
    "STD001": (_E, "attributes contradict one another", ""),
    "RULE001": (_W, "a rule could not be checked", ""),
}
"""Severity, meaning and section of the standard, by code."""


def severity_of(code: str) -> Severity:
    """Give the severity of a code.

    Parameters
    ----------
    code: str
        One of :data:`CODES`.

    Returns
    -------
    hdcore.validation.Severity
        Its severity.
    """
    return CODES[code][0]


def found(code: str, path: str, message: str, reference: str = "", count: int = 1) -> Finding:
    """Make a finding of the core.

    Parameters
    ----------
    code: str
        One of :data:`CODES`.
    path: str
        The place.
    message: str
        What is wrong there; begins with a verb if the attribute is its subject.
    reference: str, optional
        Section of the standard; the code's if empty.
    count: int, optional
        At how many places.

    Returns
    -------
    hdcore.validation.Finding
        The finding.
    """
    severity, _, section = CODES[code]
    return Finding(severity, code, path, keyword_of(path), message, reference or section, count)
