"""The words that IODs are written in: coded concepts, content items, templates."""
