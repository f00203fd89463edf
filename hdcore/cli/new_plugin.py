"""Writing the skeleton of a new plugin."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from hdcore.errors import InputError
from hdcore.registry.catalog import KNOWN

__all__ = ["write_skeleton"]

_SKELETON = Path(__file__).parent / "skeleton"
_SUFFIX = ".txt"


def write_skeleton(name: str, folder: Path) -> Path:
    """Write a distribution ``hdcore-<name>`` that registers one IOD, with builder, reader, rules and a contract test.

    Parameters
    ----------
    name: str
        Short name of the IOD.
    folder: pathlib.Path
        Where to write it; must not exist, or be empty.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ValueError
        If ``name`` cannot be a namespace, is that of a known plugin, or the folder is not empty.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower() or name.startswith("_"):
        raise InputError(f"{name!r} cannot be a plugin's name; expected a lower-case Python identifier such as 'acme'.")
    if name in KNOWN:
        raise InputError(f"{name!r} is the name of {KNOWN[name].distribution}; choose another.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"'{folder}' exists and is not an empty folder; choose another with --folder.")
    for template in sorted(_SKELETON.rglob(f"*{_SUFFIX}")):
        path = str(template.relative_to(_SKELETON)).removesuffix(_SUFFIX).replace("NAME", name)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = template.read_text(encoding="utf-8")
        for placeholder, value in (
            (r"RULE_PREFIX", name.replace("_", "").upper()),
            (r"NAME", name),
            (r"\bCLASS\b", name.title().replace("_", "")),  # not the one of SOP_CLASS_UID
        ):
            text = re.sub(placeholder, value, text)
        target.write_text(text, encoding="utf-8")
    return folder
