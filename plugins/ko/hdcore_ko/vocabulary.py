"""Concepts of key object selections (PS3.16 TID 2010)."""

from __future__ import annotations

from hdcore.content import Concept

KEY_OBJECT_DESCRIPTION = Concept("113012", "DCM", "Key Object Description")
DOCUMENT_TITLE_MODIFIER = Concept("113011", "DCM", "Document Title Modifier")
SOURCE = Concept("260753009", "SCT", "Source")
LANGUAGE = Concept("121049", "DCM", "Language of Content Item and Descendants")

REJECTED_FOR_QUALITY = ("DCM", "113001")
QUALITY_ISSUE = ("DCM", "113010")
BEST_IN_SET = ("DCM", "113013")
