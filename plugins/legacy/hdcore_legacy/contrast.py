"""Contrast agents as an enhanced image tells them (PS3.3 C.7.6.4b, C.7.6.16.2.12).

A single-frame image has codes of its agents and of one route. An enhanced image numbers the agents, tells the route of
each, and tells of each frame whether an agent had been given. Names that are no codes stay what they are (C.7.6.4).
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from hdcore.model.element import put, put_element
from hdcore.model.making import tag_of
from pydicom.dataset import Dataset

from hdcore_legacy.elements import as_raw, encoded_elements, item_of
from hdcore_legacy.keywords import CONTRAST_KEYWORDS

if TYPE_CHECKING:
    from hdcore_legacy.sources import Sources

__all__ = ["contrast_agents"]

_AGENTS, _ROUTE = "ContrastBolusAgentSequence", "ContrastBolusAdministrationRouteSequence"
_OF_ONE_AGENT = ("ContrastBolusVolume", "ContrastBolusIngredientConcentration")


def contrast_agents(sources: Sources) -> tuple[bytes, list[bytes]] | None:
    """Number the agents of all images, and tell for which of them they had been given.

    Parameters
    ----------
    sources: Sources
        The images.

    Returns
    -------
    tuple[bytes, list[bytes]] | None
        The Contrast/Bolus Agent Sequence of the enhanced image, and for each frame the items of its Contrast/Bolus
        Usage Sequence. None if agents are not coded, differ from image to image, or their route is not told: an
        enhanced image cannot be without.
    """
    tags = {int(tag_of(keyword)) for keyword in CONTRAST_KEYWORDS}
    said = [{tag: elements[tag] for tag in tags & elements.keys()} for elements in sources.elements]
    with_agents = [elements for elements in said if elements]
    first = with_agents[0] if with_agents else {}
    agents, route = int(tag_of(_AGENTS)), int(tag_of(_ROUTE))
    alike = all(elements.get(tag) == first.get(tag) for elements in with_agents for tag in (agents, route))
    if not alike or not {agents, route} <= first.keys():
        return None
    holder = Dataset()
    for tag, element in first.items():
        put_element(holder, as_raw(tag, element))
    if not holder[_AGENTS].value or len(holder[_ROUTE].value) != 1:
        return None
    numbered = _numbered(holder)
    count = len(numbered[_AGENTS].value)
    given = {flag: b"".join(_usage(number, flag) for number in range(1, count + 1)) for flag in ("YES", "NO")}
    return encoded_elements(numbered)[agents], [given["YES" if elements else "NO"] for elements in said]


def _numbered(holder: Dataset) -> Dataset:
    """Make the agents of an Enhanced Contrast/Bolus module of those of a Contrast/Bolus module."""
    agents = [deepcopy(agent) for agent in holder[_AGENTS].value]
    for number, agent in enumerate(agents, 1):
        put(agent, ContrastBolusAgentNumber=number, ContrastBolusIngredientCodeSequence=[])
        put(agent, **{_ROUTE: [deepcopy(holder[_ROUTE].value[0])]})
        for keyword in _OF_ONE_AGENT:
            # of a mixture, they do not tell which agent they are of
            value = holder[keyword].value if len(agents) == 1 and keyword in holder else None
            setattr(agent, keyword, value)
    numbered = Dataset()
    put(numbered, **{_AGENTS: agents})
    return numbered


def _usage(number: int, administered: str) -> bytes:
    usage = Dataset()
    put(usage, ContrastBolusAgentNumber=number, ContrastBolusAgentAdministered=administered)
    usage.ContrastBolusAgentDetected = usage.ContrastBolusAgentPhase = None
    return item_of(encoded_elements(usage))
