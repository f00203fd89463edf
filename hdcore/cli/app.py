"""The commands and their options."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hdcore.errors import HdcoreError, InputError, UnreadableError

__all__ = ["app", "run"]

app = typer.Typer(
    name="hdcore",
    help="Read, create and check DICOM derived objects.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console(highlight=False)

FileArgument = Annotated[Path, typer.Argument(help="A DICOM file.", show_default=False)]


def run() -> int:
    """Run the command that the arguments name.

    Returns
    -------
    int
        Exit status: 0 if all is well, 1 if ``validate`` found errors, 2 if the command could not be carried out.
    """
    warnings.showwarning = _show_warning
    try:
        status = app(standalone_mode=False)
    except (HdcoreError, OSError) as error:
        _complain(str(error))
        return 2
    except Exception as error:
        told = getattr(error, "format_message", None)  # what the parser of the arguments raises has it
        _complain(told() if told is not None else f"{type(error).__name__}: {error}")
        return 2
    return status if isinstance(status, int) else 0


def _complain(message: str) -> None:
    sys.stderr.write(f"hdcore: {' '.join(message.split())}\n")


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    sys.stderr.write(f"hdcore: warning: {' '.join(str(message).split())}\n")


@app.command()
def plugins() -> None:
    """List the installed plugins and what they can make and read."""
    from rich.table import Table

    from hdcore.api import plugins as installed

    found = installed()
    if not found:
        console.print("No plugin is installed: pip install hdcore[all]", markup=False)
        return
    table = Table("plugin", "distribution", "version", "IODs", box=None, header_style="bold")
    for plugin in found:
        names = plugin.error or "\n".join(f"{iod.name}  {iod.title}" for iod in plugin.iods)
        table.add_row(plugin.name, plugin.distribution, plugin.version, names)
    console.print(table)


@app.command()
def info(file: FileArgument) -> None:
    """Tell what a file is: who reads it, its frames, geometry, segments or content, and findings in brief."""
    from hdcore.cli.info import describe

    for line in describe(file):
        console.print(line, markup=False, soft_wrap=True)


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="DICOM files.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as a page to this file.")] = None,
    profile: Annotated[str | None, typer.Option(help="Also check what this viewer or archive requires.")] = None,
    select: Annotated[list[str] | None, typer.Option(help="Report only findings of this code.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Leave out findings of this code.")] = None,
) -> int:
    """Check files against the standard; the exit status is 1 if one has errors, 2 if one cannot be opened."""
    from hdcore.api import validate as validate_instance

    if html is not None and len(files) > 1:
        raise InputError(f"--html writes the page of one file; {len(files)} were given.")
    reports, unopened = {}, False
    for file in files:
        try:
            reports[str(file)] = validate_instance(file, select=select or (), ignore=ignore or (), profile=profile)
        except (UnreadableError, OSError) as error:  # the other files are still reported on
            _complain(str(error))
            unopened = True
    if html is not None and reports:
        html.write_text(reports[str(files[0])].to_html(), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps({name: report.to_dict() for name, report in reports.items()}, indent=2) + "\n")
    else:
        for name, report in reports.items():
            console.print(f"{name}: {len(report.errors)} errors, {len(report)} findings", markup=False, soft_wrap=True)
            for finding in report:
                console.print(f"  {finding}", markup=False, soft_wrap=True)
    if unopened:
        return 2
    return 0 if all(reports.values()) else 1


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where to write the segmentation and the picture.")] = Path(
        "hdcore-demo"
    ),
    series: Annotated[Path | None, typer.Option(help="A folder with a CT series; pydicom's own if absent.")] = None,
) -> int:
    """Segment a real CT series, save, read back, compare, validate and draw it."""
    from hdcore.cli.demo import run_demo

    return run_demo(console, folder, series)


@app.command()
def new_plugin(
    name: Annotated[str, typer.Argument(help="Short name: the namespace hdcore.NAME.", show_default=False)],
    folder: Annotated[Path | None, typer.Option(help="Where to write it; ./hdcore-NAME if absent.")] = None,
) -> None:
    """Write the skeleton of a new IOD plugin: a distribution that installs, is found and passes its contract test."""
    from hdcore.cli.new_plugin import write_skeleton

    target = write_skeleton(name, folder or Path(f"hdcore-{name}"))
    console.print(f"Wrote {target}. Try: pip install -e {target} pytest && pytest {target}", markup=False)
