"""States applied to images: pixels as they are to be seen (PS3.4 N.2)."""
