"""Finding items in reports and collecting evidence."""

from hdcore.content import collect_evidence, find_content_items, get_coded_name, get_coded_value

__all__ = ["collect_evidence", "find_content_items", "get_coded_name", "get_coded_value"]
