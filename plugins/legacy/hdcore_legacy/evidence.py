"""Where the images are that sources refer to (PS3.3 C.8.13.2.1.2, C.8.15.2).

The functional groups for referenced images and derivations need, at the level of the instance, the study and series of
every image that they refer to. A single-frame image does not tell these of others. They are known of the sources
themselves; references to other images go into a private note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcore.model.element import put_element
from hdcore.model.making import tag_of
from pydicom.dataset import Dataset

from hdcore_legacy.elements import as_raw, item_of, sequence_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hdcore_legacy.sources import Sources

__all__ = ["Evidence"]


def _tag(keyword: str) -> int:
    return int(tag_of(keyword))


class Evidence:
    """The instances whose study and series are known: those of the sources."""

    def __init__(self, sources: Sources, references: list[bytes]) -> None:
        """Note the sources.

        Parameters
        ----------
        sources: Sources
            The images.
        references: list[bytes]
            An item for each that refers to it.
        """
        series = sources.column("SeriesInstanceUID")
        uids = sources.column("SOPInstanceUID")
        self._study = sources.column("StudyInstanceUID")[0] or b""
        self._known = {
            text_of(uid): (own or b"", reference) for uid, own, reference in zip(uids, series, references, strict=True)
        }
        self._parsed: dict[bytes, frozenset[str]] = {}

    def covers(self, elements: Iterable[bytes]) -> bool:
        """Tell whether all images that sequences refer to are known.

        Parameters
        ----------
        elements: Iterable[bytes]
            Encoded sequences of references.

        Returns
        -------
        bool
            Whether their study and series are known.
        """
        return all(self._uids_of(element) <= self._known.keys() for element in elements)

    def encoded(self, elements: Iterable[bytes]) -> bytes:
        """Encode references to all images that sequences refer to (Hierarchical SOP Instance Reference, 10.4).

        Parameters
        ----------
        elements: Iterable[bytes]
            Encoded sequences of references, which are covered.

        Returns
        -------
        bytes
            Value of a sequence of studies, series and instances.
        """
        uids = sorted(frozenset[str]().union(*map(self._uids_of, elements)))
        series: dict[bytes, list[bytes]] = {}
        for uid in uids:
            own, reference = self._known[uid]
            series.setdefault(own, []).append(reference)
        instances, own_tag = _tag("ReferencedSOPSequence"), _tag("SeriesInstanceUID")
        items = [item_of({instances: sequence_of(instances, found), own_tag: own}) for own, found in series.items()]
        tag = _tag("ReferencedSeriesSequence")
        return item_of({tag: sequence_of(tag, items), _tag("StudyInstanceUID"): self._study})

    def _uids_of(self, element: bytes) -> frozenset[str]:
        if element not in self._parsed:
            tag = int.from_bytes(element[:2], "little") << 16 | int.from_bytes(element[2:4], "little")
            holder = Dataset()
            put_element(holder, as_raw(tag, element))
            self._parsed[element] = frozenset(
                str(item.get("ReferencedSOPInstanceUID", "")) for item in holder[tag].value
            )
        return self._parsed[element]
