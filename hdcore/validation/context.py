"""What checks know of the dataset they look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcore.validation.document import Document
    from hdcore.validation.elements import Item
    from hdcore.validation.standard import Module, Scope, Standard

__all__ = ["Context", "context_of"]

_SOP_CLASS = 0x00080016
_TOLD_BY_ANY = ("clinical-trial-subject", "clinical-trial-study", "clinical-trial-series")
"""Modules that any of their attributes tells of, as none of these is about anything else."""


@dataclass(frozen=True)
class Context:
    """A document with its definition."""

    document: Document
    standard: Standard
    sop_class: str
    iod: str
    """Name of the IOD in the tables; empty if they do not know the SOP class."""

    @property
    def root(self) -> Item:
        """Item: The dataset."""
        return self.document.root

    @cached_property
    def modules(self) -> list[Module]:
        """list: Modules that apply: the mandatory ones, and those others of which something is there.

        A module that need not be there is taken to be if the dataset has an attribute that the module demands and that
        no other module of the object's definition has. Where that may be empty (type 2), it has to have a value. Of a
        clinical trial's modules, any attribute tells.
        """
        if not self.iod:
            return []
        modules = self.standard.modules_of(self.iod)
        present = {
            tag & 0xFF00FFFF if 0x60000000 <= tag < 0x61000000 else tag: not element.is_empty
            for tag, element in self.root.elements.items()
        }
        owners: dict[int, int] = {}
        for module in modules:
            for tag in self.standard.tags_of(module.scope) & present.keys():
                owners[tag] = owners.get(tag, 0) + 1
        return [module for module in modules if self._applies(module, present, owners)]

    def _applies(self, module: Module, present: dict[int, bool], owners: dict[int, int]) -> bool:
        if module.usage == "M":
            return True
        if module.usage == "C" and module.condition is not None and module.condition.holds(self.root):
            return True
        filled = self.standard.tags_of(module.scope, ("1",))
        telling = self.standard.tags_of(module.scope, ("1", "2"))
        if not telling or module.name in _TOLD_BY_ANY:
            filled = telling = self.standard.tags_of(module.scope)
        return any(owners[tag] == 1 and (present[tag] or tag in filled) for tag in telling & present.keys())

    @cached_property
    def module_names(self) -> frozenset[str]:
        """frozenset: Names of the modules that apply."""
        return frozenset(module.name for module in self.modules)

    @cached_property
    def scope(self) -> Scope | None:
        """Tuple | None: What applies to the whole dataset; None if the tables do not know the SOP class."""
        if not self.iod:
            return None
        return tuple((module.scope, module.reference) for module in self.modules)

    @cached_property
    def allowed(self) -> frozenset[int]:
        """frozenset: Attributes that some module of the definition has, whether it applies or not."""
        if not self.iod:
            return frozenset()
        return frozenset().union(
            *(self.standard.tags_of(module.scope) for module in self.standard.modules_of(self.iod))
        )


def context_of(document: Document, standard: Standard) -> Context:
    """Look up the definition of a document.

    Parameters
    ----------
    document: Document
        What to validate.
    standard: Standard
        The tables.

    Returns
    -------
    Context
        What the checks take.
    """
    sop_class = str(document.root.first(_SOP_CLASS) or "")
    return Context(document, standard, sop_class, standard.iod_of(sop_class))
