"""What this distribution adds to hdcore."""

from __future__ import annotations

from hdcore.registry import IOD, hookimpl

_STORAGE = "1.2.840.10008.5.1.4.1.1.11"


@hookimpl
def hdcore_iods() -> list[IOD]:
    """Register the four kinds of presentation states, and the name that picks one by the images."""
    kinds = (
        ("pr.grayscale", "Grayscale Softcopy Presentation State", 1, "grayscale:GrayscaleSoftcopyPresentationState"),
        ("pr.color", "Color Softcopy Presentation State", 2, "color:ColorSoftcopyPresentationState"),
        (
            "pr.pseudo_color",
            "Pseudo-Color Softcopy Presentation State",
            3,
            "pseudo_color:PseudoColorSoftcopyPresentationState",
        ),
        (
            "pr.advanced_blending",
            "Advanced Blending Presentation State",
            8,
            "advanced_blending:AdvancedBlendingPresentationState",
        ),
    )
    return [
        IOD(
            name="pr",
            title="Presentation State of the kind that fits the images",
            sop_classes=(),
            builder="hdcore_pr.reading:create",
            reader="hdcore_pr.reading:read_dataset",
        ),
        *(
            IOD(
                name=name,
                title=title,
                sop_classes=(f"{_STORAGE}.{number}",),
                builder=f"hdcore_pr.{builder}",
                reader=f"hdcore_pr.{builder}.from_dataset",
                rules="hdcore_pr.rules:RULES",
            )
            for name, title, number, builder in kinds
        ),
    ]
