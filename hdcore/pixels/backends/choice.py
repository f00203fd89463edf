"""Which backend codes which transfer syntax: the fastest that is installed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from pydicom.uid import UID

from hdcore.errors import MissingCodecError
from hdcore.pixels.backends import (
    deflate,
    imagecodecs,
    libjpeg,
    native,
    openjpeg,
    pillow,
    pydicom_plugins,
    pyjpegls,
    pylibjpeg_rle,
    runs,
)
from hdcore.pixels.profiles import PROFILES

if TYPE_CHECKING:
    from types import ModuleType

    from hdcore.pixels.backends.protocol import Decoder, Encoder

__all__ = ["BACKENDS", "decoders", "encoders", "others"]

BACKENDS: tuple[ModuleType, ...] = (
    native,
    deflate,
    imagecodecs,
    pillow,
    pyjpegls,
    pylibjpeg_rle,
    runs,
    openjpeg,
    libjpeg,
)
"""In order of preference. Pillow comes before pylibjpeg-libjpeg since libjpeg-turbo is six times as fast."""


@cache
def decoders(transfer_syntax_uid: str) -> tuple[Decoder, ...]:
    """Give the installed backends that decode a transfer syntax, the preferred one first.

    Raises
    ------
    MissingCodecError
        If there is none; the message names packages that would do.
    """
    able = [module for module in BACKENDS if transfer_syntax_uid in module.DECODES]
    found = [module for module in able if module.is_available()]
    if pydicom_plugins.decodes(transfer_syntax_uid):
        found.append(pydicom_plugins)
    if not found:
        raise MissingCodecError(_missing("decode", transfer_syntax_uid, able))
    return cast("tuple[Decoder, ...]", tuple(found))


@cache
def encoders(transfer_syntax_uid: str) -> tuple[Encoder, ...]:
    """Give the installed backends that encode a transfer syntax, the preferred one first.

    Raises
    ------
    MissingCodecError
        If there is none; the message names packages that would do.
    """
    able = [module for module in BACKENDS if transfer_syntax_uid in module.ENCODES]
    found = [module for module in able if module.is_available()]
    if not found:
        raise MissingCodecError(_missing("encode", transfer_syntax_uid, able))
    return cast("tuple[Encoder, ...]", tuple(found))


def others(transfer_syntax_uid: str) -> str:
    """Name packages that decode a transfer syntax, too, but are not installed; empty if there are none."""
    able = [module for module in BACKENDS if transfer_syntax_uid in module.DECODES]
    return " or ".join(module.PACKAGE for module in able if not module.is_available())


def _missing(verb: str, transfer_syntax_uid: str, able: list[ModuleType]) -> str:
    profile = PROFILES.get(transfer_syntax_uid)
    uid = UID(transfer_syntax_uid)
    known = profile.name if profile else uid.name
    name = f"transfer syntax {uid}" if known == uid else f"{known} ({uid})"
    if not able:
        return f"hdcore cannot {verb} {name}, and knows no package that can."
    packages = " or ".join(module.PACKAGE for module in able)
    return (
        f"No installed package can {verb} {name}; run: pip install {able[0].PACKAGE} (any of these does: {packages})."
    )
