"""How Sphinx builds the documentation: ``sphinx-build docs docs/_build``."""

from hdcore.version import __version__

project = "hdcore"
author = "The hdcore authors"
copyright = "2026, the hdcore authors"  # noqa: A001
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"hdcore {__version__}"
exclude_patterns = ["_build", "plugins/*/README.md"]
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "show-inheritance": True}
nitpicky = False
