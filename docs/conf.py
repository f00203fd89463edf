"""How Sphinx builds the documentation: ``sphinx-build docs docs/_build``."""

from typing import Any

from hdcore.version import __version__

PLUGINS = ("ann", "ko", "legacy", "pm", "pr", "sc", "seg", "sr")
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
autoclass_content = "both"  # parameters are documented where they are declared, in constructors
autodoc_default_options = {"members": True, "show-inheritance": True}
nitpicky = False
suppress_warnings = ["ref.python"]  # some plugins have the same name for different things, such as GraphicTypeValues


def is_documented_elsewhere(app: Any, what: str, _name: str, member: object, *_: object) -> bool | None:
    """Leave out of a plugin's page what it passes on from the core: a name with two pages has no page to link to."""
    page = app.env.docname.removeprefix("reference/")
    of_core = str(getattr(member, "__module__", "")).startswith("hdcore.")
    return True if what == "module" and page in PLUGINS and of_core else None


def setup(app: Any) -> None:
    """Have Sphinx ask which members to leave out."""
    app.connect("autodoc-skip-member", is_documented_elsewhere)
