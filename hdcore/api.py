"""The front door: create, read and validate instances of whatever IODs are installed."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from hdcore.errors import HdcoreWarning, InputError, InputTypeError, MissingAttributeError
from hdcore.model.damage import reading, refuse_truncated, warn_of_rest
from hdcore.model.given import is_stream
from hdcore.model.syntaxes import DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
from hdcore.registry.catalog import KNOWN, known_reader_of
from hdcore.registry.incoming import Incoming, Source, take
from hdcore.registry.manager import plugin_manager, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydicom.dataset import Dataset

    from hdcore.registry.iod import IOD
    from hdcore.validation import Report

__all__ = ["PluginInfo", "create", "plugins", "read", "validate"]


def create(name: str, /, *args: Any, **kwargs: Any) -> Any:
    """Make a new instance of an IOD.

    Parameters
    ----------
    name: str
        Short name of the IOD such as ``"seg"`` or ``"pr.pseudo_color"``; :func:`plugins` lists them.
    *args, **kwargs
        What the builder takes: ``create("seg", …)`` takes what ``hdcore.seg.Segmentation`` takes.

    Returns
    -------
    Any
        What the builder makes, after the plugins' hook ``hdcore_created`` has seen it.

    Raises
    ------
    UnknownIODError
        If no plugin knows the name; the message lists the names that exist.
    PluginNotInstalledError
        If a known plugin is needed that is not installed; the message says how to install it.
    ValueError, TypeError
        If the builder cannot make the object from the arguments, or the Specific Character Set cannot hold a text.
    """
    manager = plugin_manager()
    iod = manager.iod(name)
    instance = resolve(iod.builder)(*args, **kwargs)
    manager.created(manager.identify(instance) or iod, instance)
    _check_texts(instance)
    return instance


def _check_texts(instance: Any) -> None:
    from pydicom.dataset import Dataset

    from hdcore.model.repertoire import check_texts

    if isinstance(instance, Dataset):
        check_texts(instance, is_new=True)


def read(source: Source, **options: Any) -> Any:
    """Read an instance as the class that the plugin of its IOD registers.

    Parameters
    ----------
    source: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file that can be sought (also a remote one), or a dataset.
    **options
        What the reader takes beside the source, such as ``lazy_frame_retrieval=True`` for images.

    Returns
    -------
    Any
        An instance of the plugin's class; else :class:`hdcore.Image` for anything with pixels; else
        :class:`hdcore.SOPClass`. If a known plugin that is not installed would read it, a warning says what to install.

    Raises
    ------
    FileNotFoundError
        If there is no file at the path.
    ValueError
        If the source is not a DICOM instance, or cannot be read as what it claims to be.
    TypeError
        If the source is of no type that can be read, or the reader does not know an option.
    """
    incoming = take(source)
    iod = plugin_manager().identify(incoming.header)
    if iod is None:
        _hint(incoming, "read as a plain instance; to read it as what it is")
        return _read_plain(source, incoming, options)
    reader = resolve(iod.reader)
    return _apply(reader, source, incoming, options)


def validate(
    source: Source, *, select: Iterable[str] = (), ignore: Iterable[str] = (), profile: str | None = None
) -> Report:
    """Check an instance against the standard: the tables of its IOD, its plugin's rules, and rules of other plugins.

    Parameters
    ----------
    source: str | os.PathLike | bytes | BinaryIO | pydicom.dataset.Dataset
        A file's path or content, a binary file, or a dataset; it is not changed.
    select: Iterable[str], optional
        Codes, or beginnings of codes, of the only findings to report.
    ignore: Iterable[str], optional
        Codes, or beginnings of codes, of findings to leave out.
    profile: str | None, optional
        Name of a viewer or archive whose known requirements are checked as well, such as ``"ohif"``.

    Returns
    -------
    hdcore.validation.Report
        All findings; falsy if there are errors. Bad content never raises: what cannot be read is a finding. If the
        plugin that has the rules of this IOD is known and not installed, a warning says what to install.

    Raises
    ------
    hdcore.errors.InputError
        If no rule of an installed plugin has a code that ``select`` names, or there is no such profile.
    """
    from hdcore.validation.engine import validate as validate_instance
    from hdcore.validation.selection import codes_of, prefixes, refuse_unknown

    manager = plugin_manager()
    if select := prefixes(select, "select"):
        refuse_unknown(select, codes_of(rule for iod in manager.iods() for rule in manager.rules(iod)))
    if is_stream(source):
        source = cast("BinaryIO", source).read()  # once for the header and once for all
    try:
        incoming = take(source)
    except InputError:
        iod = None
    else:
        iod = manager.identify(incoming.header)
        if iod is None:
            _hint(incoming, "checked without the rules of its plugin; to check all")
    rules = manager.rules(iod) if iod is not None else ()
    return validate_instance(source, rules=rules, select=select, ignore=ignore, profile=profile)


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """An installed plugin."""

    name: str
    """Short name; ``hdcore.<name>`` is its namespace."""
    distribution: str
    version: str
    iods: tuple[IOD, ...]
    """The IODs that it can build and read."""
    error: str = ""
    """Why it cannot be loaded; empty if it can."""


def plugins() -> tuple[PluginInfo, ...]:
    """List the installed plugins.

    Returns
    -------
    tuple[PluginInfo, ...]
        Sorted by name, with versions and IODs.

    Raises
    ------
    PluginConflictError
        If two distributions register the same IOD name or SOP class.
    """
    manager = plugin_manager()
    iods = manager.iods()
    return tuple(
        PluginInfo(
            name=plugin.name,
            distribution=plugin.distribution,
            version=plugin.version,
            iods=tuple(iod for iod in iods if iod.name.partition(".")[0] == plugin.name),
            error=str(manager.failures.get(plugin.name, "")),
        )
        for plugin in manager.installed.values()
    )


def _read_whole(incoming: Incoming) -> Dataset:
    from hdcore.frames.opening import read_dataset

    if isinstance(incoming.file, Path):
        with incoming.file.open("rb") as file:
            return _read_whole(replace(incoming, file=file))
    assert incoming.file is not None
    with reading(incoming.name):
        dataset = read_dataset(incoming.file, force=True)
    refuse_truncated(dataset, incoming.name)
    if dataset.file_meta.get("TransferSyntaxUID") != DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
        incoming.file.seek(0, os.SEEK_END)  # which not every file answers with its position
        warn_of_rest(dataset, incoming.file.tell(), incoming.name)
    return dataset


def _apply(reader: Callable[..., Any], source: Source, incoming: Incoming, options: dict[str, Any]) -> Any:
    if incoming.file is None:
        _refuse_unknown(reader, options, incoming.name)
        return reader(source, **options)
    from_file = getattr(getattr(reader, "__self__", None), "from_file", None)
    if from_file is not None:
        _refuse_unknown(from_file, options, incoming.name)
        return from_file(incoming.file, **options)
    _refuse_unknown(reader, options, incoming.name, taken=("copy",))
    return reader(_read_whole(incoming), copy=False, **options)


def _refuse_unknown(
    reader: Callable[..., Any], options: dict[str, Any], name: str, taken: tuple[str, ...] = ()
) -> None:
    """Refuse options that a reader does not take beside its source."""
    if not options:
        return
    import inspect

    _, *parameters = inspect.signature(reader).parameters.values()
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return
    known = [parameter.name for parameter in parameters if parameter.name not in taken]
    unknown = [option for option in options if option not in known]
    if unknown:
        raise InputTypeError(
            f"{name} is read by {getattr(reader, '__self__', reader).__name__}, which has no option "
            f"{', '.join(map(repr, unknown))}; its options are {', '.join(known) or 'none'}."
        )


def _read_plain(source: Source, incoming: Incoming, options: dict[str, Any]) -> Any:
    """Read what no plugin knows: an image if it has pixels, which its header cannot tell for certain."""
    from hdcore.model.instance import SOPClass

    if "Rows" in incoming.header:
        from hdcore.frames.image import Image

        start = None if incoming.file is None or isinstance(incoming.file, Path) else incoming.file.tell()
        try:
            return _apply(Image.from_dataset, source, incoming, options)
        except MissingAttributeError:
            if start is not None:
                incoming.file.seek(start)  # type: ignore[union-attr]
            dataset = incoming.header if incoming.file is None else _read_whole(incoming)
            if any(keyword in dataset for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData")):
                raise
            if start is not None:
                incoming.file.seek(start)  # type: ignore[union-attr]
    return _apply(SOPClass.from_dataset, source, incoming, options)


def _hint(incoming: Incoming, consequence: str) -> None:
    known = known_reader_of(str(incoming.header.get("SOPClassUID", "")))
    if known is not None:
        plugin = KNOWN[known]
        warnings.warn(
            f"{incoming.name} is one of the {plugin.title}, {consequence}: pip install {plugin.distribution}",
            HdcoreWarning,
            stacklevel=3,
        )
