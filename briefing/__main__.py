"""The command line: `briefing build`, `partners`, `sources`, `app`, `lab`, `acquire`."""

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import click

from briefing import codelists, sources
from briefing.errors import BriefingError

DEFAULT_PARTNER = "Korea, South"
DEFAULT_DAY = "2018-01-05"


class Commands(click.Group):
    """Commands whose refusals are sentences, not tracebacks."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except BriefingError as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """The KORUS Briefing Book: US trade with a partner as it was known on a day.

    An edition is one partner as of one day. `briefing build` prints it as a PDF, `briefing app` serves
    it with controls, `briefing lab` opens the workbench.

    \b
    Examples:
      briefing build
      briefing build --partner Japan --as-of 2024-09-10
      briefing partners korea
      briefing app --port 8866
    """


@main.command()
@click.option(
    "--partner",
    default=DEFAULT_PARTNER,
    show_default=True,
    help="Name or Schedule C code of the partner; 0015 is the world.",
)
@click.option(
    "--as-of",
    default=DEFAULT_DAY,
    show_default=True,
    metavar="DAY",
    help="The day whose knowledge the edition holds, YYYY-MM-DD.",
)
@click.option(
    "--first",
    "first_period",
    metavar="MONTH",
    help="First month shown, YYYY-MM.  [default: 2011-01, or six years back]",
)
@click.option(
    "--last",
    "last_period",
    default="latest",
    show_default=True,
    metavar="MONTH",
    help="Last month shown, YYYY-MM, or the latest published by then.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder of the edition.  [default: build/PARTNER/DAY]",
)
def build(partner: str, as_of: str, first_period: str | None, last_period: str, out: Path | None) -> None:
    """Build an edition: the PDF brief, figures.json, claims.json and the executed chapters.

    The folder is written whole or not at all; an earlier edition in it is replaced.
    """
    from briefing import build as builder

    edition = sources.open_edition(partner, first_period or _first_period(as_of), last_period, as_of)
    click.echo(f"Building {edition.title}")
    built = builder.build(edition, out or builder.default_folder(edition), progress=True)
    for label, value in built.headline:
        click.echo(f"  {value:>22}  {label}")
    click.echo(f"{built.brief}")


def _first_period(as_of: str) -> str:
    """The usual first month for that day; any month if the day is none, so that the day is what is refused."""
    from briefing import build as builder

    try:
        return builder.default_first_period(sources.calendar().last_published(date.fromisoformat(as_of)))
    except ValueError:
        return builder.DEFAULT_FIRST_PERIOD


@main.command()
@click.argument("figure_id", default="")
@click.option(
    "--edition",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default=Path("build/5800/2018-01-05"),
    show_default=True,
    help="Folder of a built edition.",
)
def explain(figure_id: str, folder: Path) -> None:
    """Lead a figure of an edition to file, row filter, vintage and checksum, and read its rows again.

    Without FIGURE_ID it lists the figures of the edition.
    """
    from briefing import explain as explaining

    click.echo(explaining.explained(figure_id, folder) if figure_id else explaining.listed(folder))


@main.command()
@click.argument("text", default="")
def partners(text: str) -> None:
    """List the partners held, with codes and months; TEXT narrows the list."""
    for code, (first, last) in sources.partners_held().items():
        label = codelists.AREAS[code]
        if text.casefold() in f"{code} {label} {codelists.in_prose(code)}".casefold():
            click.echo(f"{code}  {label:<40} {first} to {last}")


@main.command("sources")
def list_sources() -> None:
    """Print the register: every vintage with its real-time period, the next release, and what is late."""
    from briefing import freshness

    for line in freshness.lines(date.today()):
        click.echo(line)


@main.command()
@click.argument("address")
def load(address: str) -> None:
    """Copy the record into the engine at ADDRESS, such as postgresql://user@host/database.

    It becomes the table "observations", in place of what that held. With BRIEFING_STORE=ADDRESS in the
    environment every command and page then reads from there.
    """
    from briefing import store

    held = [source for source in sources.register() if source.file.endswith(".parquet")]
    tables = (store.answer(store.Files().vintage("", "", sources.verified_file(source))) for source in held)
    rows = store.load(address, tables)
    click.echo(f"{rows:,} observations of {len(held)} vintages loaded.")


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1.  [default: a free one from 8866]")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def app(port: int | None, no_browser: bool) -> None:
    """Serve the chapters as apps on 127.0.0.1 until Ctrl-C."""
    from briefing.serve import serve

    serve(port, open_browser=not no_browser)


@main.command()
@click.option("--no-browser", is_flag=True, help="Print the address only.")
def lab(no_browser: bool) -> None:
    """Open JupyterLab on the notebooks: the analyst's workbench."""
    notebooks = Path(__file__).parents[1] / "notebooks"
    options = ["--no-browser"] if no_browser else []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        *options,
        str(notebooks / "explore.ipynb"),
    ]
    raise SystemExit(subprocess.call(command))


@main.group()
def acquire() -> None:
    """Bring a new file into the record, as a vintage with its origin."""


_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
_obtained = click.option("--obtained", required=True, help="How the file came to us, in words.")
_seen = click.option(
    "--seen", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A day on which this copy existed."
)


_vintage = click.option(
    "--vintage",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The latest day it can have come out, if the calendar misleads.",
)


@acquire.command("country")
@click.argument("file", type=_FILES)
@_obtained
@_seen
@_vintage
def acquire_country(file: Path, obtained: str, seen: datetime, vintage: datetime | None) -> None:
    """Import one vintage of the Census workbook country.xlsx (or the sheet saved as CSV)."""
    from briefing.acquire import imports

    day = vintage.date() if vintage else None
    click.echo(imports.import_country_workbook(file, obtained=obtained, seen=seen.date(), vintage=day))


@acquire.command("hs-products")
@click.argument("files", type=_FILES, nargs=-1, required=True)
@_obtained
@_seen
@_vintage
@click.option("--only", metavar="DATASET", help="Import one basis of those in the files.")
def acquire_hs_products(
    files: tuple[Path, ...], obtained: str, seen: datetime, vintage: datetime | None, only: str | None
) -> None:
    """Import HS products from CSV copies of Census API replies."""
    from briefing.acquire import imports

    day = vintage.date() if vintage else None
    for line in imports.import_hs_products(list(files), obtained=obtained, seen=seen.date(), vintage=day, only=only):
        click.echo(line)


@acquire.command("record")
@click.argument("dataset", type=click.Choice(["talks", "ft900-calendar"]))
@click.argument("files", type=_FILES, nargs=-1)
def acquire_record(dataset: str, files: tuple[Path, ...]) -> None:
    """Register the hand-kept files of a record as they now stand, after an edit; name FILES that are new."""
    from briefing.acquire import imports

    click.echo(imports.register_record(dataset, list(files), as_of=date.today()))


if __name__ == "__main__":
    main()
