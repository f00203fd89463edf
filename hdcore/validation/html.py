"""A report as a page that needs no other file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hdcore.validation.findings import Finding
    from hdcore.validation.report import Report

__all__ = ["page_of"]

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --line: #8884;
        --error: #c62828; --warning: #b26a00; --info: #1565c0; --good: #2e7d32 }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.4rem; margin-bottom: 0 }}
.source {{ opacity: .75; overflow-wrap: anywhere; margin-top: .2rem }}
.verdict {{ font-weight: 600; margin: 1rem 0 }}
.verdict.good {{ color: var(--good) }} .verdict.bad {{ color: var(--error) }}
label {{ margin-right: 1rem; cursor: pointer }}
ul {{ list-style: none; padding: 0 }}
li {{ border: 1px solid var(--line); border-left: .4rem solid var(--line); border-radius: .4rem;
     padding: .5rem .8rem; margin: .5rem 0 }}
li.error {{ border-left-color: var(--error) }} li.warning {{ border-left-color: var(--warning) }}
li.info {{ border-left-color: var(--info) }}
li p {{ margin: 0 }}
code {{ font-size: .9em; overflow-wrap: anywhere }}
.meta {{ font-size: .85em; opacity: .75 }}
body:has(#error:not(:checked)) li.error, body:has(#warning:not(:checked)) li.warning,
body:has(#info:not(:checked)) li.info {{ display: none }}
</style>
</head>
<body>
<h1>DICOM validation</h1>
<p class="source">{source}</p>
<p class="verdict {mood}">{verdict}</p>
<p>{switches}</p>
<ul>
{findings}
</ul>
</body>
</html>
"""


def page_of(report: Report) -> str:
    """Write a report as HTML.

    Parameters
    ----------
    report: hdcore.validation.Report
        The report.

    Returns
    -------
    str
        A whole page with its style; severities can be hidden without scripts.
    """
    switches = "".join(
        f'<label><input type="checkbox" id="{severity}" checked> {severity} ({number})</label>'
        for severity, number in report.counts.items()
    )
    return _PAGE.format(
        title=escape(f"Validation of {report.source}" if report.source else "Validation"),
        source=escape(report.source),
        mood="good" if report else "bad",
        verdict="No errors were found." if report else "The object does not conform to the DICOM standard.",
        switches=switches,
        findings="\n".join(_entry(found) for found in report),
    )


def _entry(found: Finding) -> str:
    details = [found.code, f"{found.count} places" if found.count > 1 else "", found.reference]
    tag = found.tag
    if tag is not None:
        details.insert(1, f"({tag >> 16:04X},{tag & 0xFFFF:04X})")
    place = f"<p><code>{escape(found.path)}</code></p>" if found.path else ""
    meta = " · ".join(escape(detail) for detail in details if detail)
    return (
        f'<li class="{found.severity.value}">{place}<p>{escape(found.message)}</p>'
        f'<p class="meta">{found.severity.value} · {meta}</p></li>'
    )
