"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

__all__ = ["hdcore_iods"]

_KINDS = (
    ("ct", "CT", "1.2.840.10008.5.1.4.1.1.2.2"),
    ("mr", "MR", "1.2.840.10008.5.1.4.1.1.4.4"),
    ("pet", "PET", "1.2.840.10008.5.1.4.1.1.128.1"),
)


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Name the IODs that this plugin builds and reads; ``legacy`` itself chooses among them by the sources."""
    kinds = [
        IOD(
            name=f"legacy.{name}",
            title=f"Legacy Converted Enhanced {title} Image",
            sop_classes=(sop_class,),
            builder=f"hdcore_legacy.images:LegacyConvertedEnhanced{title}Image",
            reader=f"hdcore_legacy.images:LegacyConvertedEnhanced{title}Image.from_dataset",
            rules=f"hdcore_legacy.rules:{title}_RULES",
        )
        for name, title, sop_class in _KINDS
    ]
    chosen = IOD(
        name="legacy",
        title="Legacy Converted Enhanced Image",
        sop_classes=(),
        builder="hdcore_legacy.images:convert",
        reader="hdcore_legacy.images:lceread",
    )
    return [chosen, *kinds]
