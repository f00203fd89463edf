"""Identification of coding schemes."""

from hdcore.content.coding_scheme import CodingSchemeIdentificationItem, CodingSchemeResourceItem

__all__ = ["CodingSchemeIdentificationItem", "CodingSchemeResourceItem"]
