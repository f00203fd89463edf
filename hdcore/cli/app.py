"""The commands and their options."""

from __future__ import annotations

import json
import sys
import warnings
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hdcore.cli.files import files_in
from hdcore.cli.words import tally
from hdcore.errors import HdcoreError, InputError, UnreadableError
from hdcore.validation.profiles import PROFILES
from hdcore.version import __version__

__all__ = ["app", "run"]

app = typer.Typer(
    name="hdcore",
    help="Read, create and check DICOM derived objects.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_WIDTH_ELSEWHERE = 120  # where there is no terminal whose width counts
console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_ELSEWHERE)

FileArgument = Annotated[Path, typer.Argument(help="A DICOM file.", show_default=False)]


def run() -> int:
    """Run the command that the arguments name.

    Returns
    -------
    int
        Exit status: 0 if all is well, 1 if ``validate`` found errors, 2 if the command could not be carried out.
    """
    warnings.showwarning = _show_warning
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # rather question marks than nothing where a terminal knows few letters
    try:
        status = app(standalone_mode=False)
    except HdcoreError as error:
        _complain(str(error))
        return 2
    except OSError as error:
        _complain(_told(error))
        return 2
    except Exception as error:
        told = getattr(error, "format_message", None)  # what the parser of the arguments raises has it
        if told is None:
            _complain(f"{type(error).__name__}: {error}")
        elif told():  # nothing where no command was given: the help has been shown
            _complain(f"{told()} Try 'hdcore --help'.")
        return 2
    return status if isinstance(status, int) else 0


def _told(error: OSError) -> str:
    """Say what the system would not do with which file."""
    return str(error) if error.filename is None else f"'{error.filename}': {error.strerror}."


def _complain(message: str) -> None:
    sys.stderr.write(f"hdcore: {' '.join(message.split())}\n")


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    sys.stderr.write(f"hdcore: warning: {' '.join(str(message).split())}\n")


def _show_version(wanted: bool) -> None:
    if wanted:
        console.print(f"hdcore {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Read, create and check DICOM derived objects."""


@app.command()
def plugins() -> None:
    """List the installed plugins and the kinds of object (IODs) that they make and read."""
    from rich.table import Table

    from hdcore.api import plugins as installed

    found = installed()
    if not found:
        console.print("No plugin is installed: pip install hdcore[all]", markup=False)
        return
    table = Table("distribution", "version", "name", "kind of object", box=None, header_style="bold")
    for plugin in found:
        lines = [(iod.name, iod.title) for iod in plugin.iods] or [(plugin.name, plugin.error)]
        for number, line in enumerate(lines):
            table.add_row(*((plugin.distribution, plugin.version) if number == 0 else ("", "")), *line)
    console.print(table)


@app.command()
def info(file: FileArgument) -> None:
    """Tell what a file is: who reads it, its frames, geometry, segments or content, and findings in brief."""
    from hdcore.cli.info import describe

    for line in describe(file):
        console.print(line, markup=False, soft_wrap=True)


@app.command()
def validate(
    files: Annotated[
        list[Path], typer.Argument(help="DICOM files, and folders of them.", metavar="FILE…", show_default=False)
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reports as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the report as a page to this file.")] = None,
    profile: Annotated[
        str | None, typer.Option(help=f"Also check what a viewer or archive requires: {', '.join(PROFILES)}.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Report only this code, or codes that begin so; may be repeated.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave out this code, or codes that begin so; may be repeated.")
    ] = None,
) -> int:
    """Check files against the standard; the exit status is 1 if one has errors, 2 if one cannot be opened."""
    from hdcore.api import validate as validate_instance

    chosen = list(files_in(files, _complain))
    if html is not None and len(chosen) != 1:
        raise InputError(f"--html writes the page of one file; {len(chosen)} were given.")
    reports, unopened = {}, False
    for file in chosen:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                reports[str(file)] = validate_instance(file, select=select or (), ignore=ignore or (), profile=profile)
            except (UnreadableError, OSError) as error:  # the other files are still reported on
                _complain(str(error))
                unopened = True
        for message in dict.fromkeys(str(warning.message) for warning in told):  # several rules may meet the same
            _complain(f"warning: {file}: {message}")
    if html is not None and reports:
        html.write_text(reports[str(chosen[0])].to_html(), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps({name: report.to_dict() for name, report in reports.items()}, indent=2) + "\n")
    else:
        for name, report in reports.items():
            console.print(f"{name}: {tally(report)}", markup=False, soft_wrap=True)
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
