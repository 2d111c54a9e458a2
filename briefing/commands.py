"""The command line: `briefing build`, `partners`, `sources`, `app`, `lab`, `acquire`."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from briefing import ending
from briefing.errors import BriefingError, EditionError
from briefing.record.edition import DEFAULT_DAY, DEFAULT_PARTNER, MOST_QUOTED

Command = TypeVar("Command", bound=Callable[..., Any])


class Commands(click.Group):
    """Commands whose refusals are sentences, not tracebacks, and which put away what they had begun when told to end."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        context.meta[GIVEN] = tuple(arguments)
        with _told_shortly(context):
            return super().parse_args(context, arguments)

    def invoke(self, context: click.Context) -> object:
        with _told_shortly(context):
            return self._invoked(context)

    def _invoked(self, context: click.Context) -> object:
        try:
            with ending.by_exception():
                return super().invoke(context)
        except BriefingError as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except ending.ToldToEnd as told:
            raise SystemExit(ending.exit_code(told.number)) from None
        except OSError as fault:
            if fault.errno == errno.EPIPE:  # whoever read us has gone
                raise
            raise click.ClickException(_of_the_system(fault)) from fault


GIVEN = f"{__name__}.given"
"""Under which a context keeps the arguments as they were given."""
LONGEST_REPEATED = 200
"""Signs of an argument that a refusal repeats whole: more than most paths and addresses have."""


@contextlib.contextmanager
def _told_shortly(context: click.Context) -> Iterator[None]:
    """A refusal in which each very long argument is repeated by its beginning, and by how long it is."""
    try:
        yield
    except click.ClickException as refusal:
        for given in context.meta[GIVEN]:
            for said in (given, given.partition("=")[2], given.partition("://")[2]):
                refusal.__dict__["message"] = _shortened(refusal.message, said)
        raise


def _shortened(message: str, said: str) -> str:
    """The message with the beginning of what was said in its place, as it is or as Python writes it."""
    if len(said) <= LONGEST_REPEATED:
        return message
    short = f"{said[:MOST_QUOTED]}… ({len(said):,} signs)"
    return message.replace(said, short).replace(repr(said)[1:-1], repr(short)[1:-1])


def _of_the_system(fault: OSError) -> str:
    """What the system refused, in a sentence: a file that may not be read, a disk that is full."""
    what = f"{fault.filename or 'A file'}: {(fault.strerror or str(fault) or type(fault).__name__).lower()}"
    return (
        f"{what}. Nothing was changed. Give leave to read and write there, make room, or work in a copy that is yours."
    )


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
    help="Name or Schedule C code of the partner, as `briefing partners` lists them; 0015 is the world.",
)
@click.option(
    "--as-of",
    default=DEFAULT_DAY,
    show_default=True,
    metavar="DAY",
    help="The day whose knowledge the edition holds, YYYY-MM-DD, or today.",
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
    with ending.at_once():  # nothing is begun yet, and an engine that reads the record may lose an exception
        from briefing import kernels
        from briefing.kernels import home
        from briefing.record import sources

        try:
            edition = sources.open_edition(partner, first_period or "usual", last_period, as_of)
        except EditionError as refusal:
            raise EditionError(_by_options(str(refusal))) from refusal
    click.echo(f"Building {edition.title}")
    home.ensure()
    kernels.prestart(pages=False)  # it warms up while the rest is imported
    with ending.at_once():
        from briefing.press import build as builder
    built = builder.build(edition, out or builder.default_folder(edition), progress=True)
    for label, value in built.headline:
        click.echo(f"  {value:>22}  {label}")
    click.echo(f"{built.brief}")


def _by_options(refusal: str) -> str:
    """A refusal that names the parameters of a chapter, by the options that give them here."""
    return refusal.replace("first_period", "--first").replace("last_period", "--last")


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

    Without FIGURE_ID it lists the figures of the edition, which is the default one unless --edition DIR names another.
    """
    with ending.at_once():
        from briefing.press import explain as explaining

    click.echo(explaining.explained(figure_id, folder) if figure_id else explaining.listed(folder))


@main.command()
@click.argument("text", default="")
def partners(text: str) -> None:
    """List the partners held, with codes and months; TEXT narrows the list."""
    with ending.at_once():
        from briefing.codes import codelists
        from briefing.record import edition, sources
    held = sources.partners_held()
    if codelists.is_own_country(text):
        raise click.ClickException(edition.OWN_COUNTRY)
    found = codelists.found_by(text, held)
    if not found:
        near = codelists.nearest_partners(text, held)
        hint = f"Nearest: {'; '.join(near)}." if near else "Without a text all are listed."
        raise click.ClickException(f"No partner held has {text!r} in its name or code. {hint}")
    for code in found:
        first, last = held[code]
        click.echo(f"{code}  {codelists.AREAS[code]:<40} {first} to {last}")


@main.command("sources")
def list_sources() -> None:
    """Print the register: every vintage with its real-time period, the next release, and what is late."""
    with ending.at_once():
        from briefing.record import freshness
    for line in freshness.lines(date.today()):
        click.echo(line)


@main.command()
@click.argument("address")
def load(address: str) -> None:
    """Copy the record into the engine at ADDRESS, such as postgresql://user@host/database.

    It becomes the table "observations", in place of what that held. With BRIEFING_STORE=ADDRESS in the
    environment every command and page then reads from there.
    """
    with ending.at_once():
        from briefing.record import sources, store
    held = [source for source in sources.register() if source.file.endswith(".parquet")]
    tables = (store.answer(store.Files().vintage("", "", sources.verified_file(source))) for source in held)
    rows = store.load(address, tables)
    click.echo(f"{rows:,} observations of {len(held)} vintages loaded.")


_port = click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1.  [default: a free one]")
_no_browser = click.option("--no-browser", is_flag=True, help="Print the address only.")


@main.command()
@_port
@_no_browser
def app(port: int | None, no_browser: bool) -> None:
    """Serve the chapters as apps on 127.0.0.1 until Ctrl-C."""
    with ending.at_once():
        from briefing.kernels import home
    home.ensure()
    with ending.at_once():
        from briefing.app.server import serve

    serve(port, open_browser=not no_browser)


@main.command()
@_port
@_no_browser
def lab(port: int | None, no_browser: bool) -> None:
    """Open JupyterLab on the notebooks: the analyst's workbench."""
    with ending.at_once():
        from briefing.kernels import home
    home.ensure()
    with ending.at_once():
        from briefing.app.lab import open_lab

    open_lab(port, open_browser=not no_browser)


@main.group()
def acquire() -> None:
    """Bring new data into the record, as a vintage with its origin.

    \b
    From a live source, or from a file that you have:
      briefing acquire due
      briefing acquire country
      briefing acquire country country.xlsx --obtained "downloaded by hand" --seen 2026-12-08
    Keys are read from the environment: CENSUS_API_KEY (hs, end-use), FRED_API_KEY,
    COMTRADE_API_KEY, KOREA_CUSTOMS_KEY. country needs none.
    """


class _RegularFile(click.Path):
    """A file with an end: a pipe or a device would be waited for, or read, for ever."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.is_file():
            self.fail(
                f"{path} is no regular file but a pipe, a socket or a device, and might never end: "
                "nothing was read. Write what it gives to a file, and name that.",
                param,
                ctx,
            )
        return path


_FILE = _RegularFile(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])


def _of_a_file(command: Command) -> Command:
    """The options that a file needs, for nothing inside it says where it comes from."""
    for option in (
        click.option("--vintage", type=_DAY, help="The latest day it can have come out, if the calendar misleads."),
        click.option("--seen", type=_DAY, help="A day on which this copy existed; needed with a file."),
        click.option("--obtained", help="How the file came to us, in words; needed with a file."),
    ):
        command = option(command)
    return command


def _with_reasons(command: Command) -> Command:
    """The reasons for which something enters the record although something speaks against it; both are kept with it."""
    for option in (
        click.option(
            "--beside",
            default="",
            metavar="REASON",
            help="Keep it beside another file of the same day, which goes on to answer, and say why.",
        ),
        click.option(
            "--despite",
            default="",
            metavar="REASON",
            help="Register it although it lacks what is held or has it at another level, and say why: which page says so.",
        ),
    ):
        command = option(command)
    return command


def _reasons(beside: str, despite: str) -> Any:
    with ending.at_once():
        from briefing.acquire.imports import Reasons
    return Reasons(beside.strip(), despite.strip())


_address = click.option("--address", default="", help="Ask there, not at the address in data/sources.toml.")


def _refuse(why: str, options: dict[str, Any]) -> None:
    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise click.UsageError(f"{' and '.join(given)}: {why}")


def _origin(
    obtained: str | None, seen: datetime | None, vintage: datetime | None, beside: str, despite: str, address: str
) -> dict[str, Any]:
    why = (
        "a file is given, so no address is asked, and its figures would not be from there. Leave the file out to fetch "
        "from the address; where the file came from, say with --obtained."
    )
    _refuse(why, {"address": address})
    if not obtained or seen is None:
        raise click.UsageError(
            "A file does not say where it comes from: without --obtained and --seen its figures would have no origin. "
            "Give both, or leave the file out to fetch it from its source."
        )
    return {
        "obtained": obtained,
        "seen": seen.date(),
        "vintage": vintage.date() if vintage else None,
        "reasons": _reasons(beside, despite),
    }


def _fetch_instead(
    name: str, address: str, beside: str, despite: str, asked: Mapping[str, Any] | None = None, **of_a_file: Any
) -> None:
    """Fetch what no file of is given."""
    why = (
        "this is said of a file, and none is given: what is fetched has its origin from the fetch, and what you say would "
        "be lost. Name the file, or leave the option out."
    )
    _refuse(why, of_a_file)
    _fetch(name, address, beside, despite, **asked or {})


def _fetch(name: str, address: str, beside: str = "", despite: str = "", **options: Any) -> None:
    with ending.at_once():
        from briefing.acquire import live
    reasons = _reasons(beside, despite)
    for line in live.acquire(name, today=date.today(), address=address, say=_say, reasons=reasons, **options):
        click.echo(line)


def _say(text: str) -> None:
    click.echo(f"  {text}", err=True)


@acquire.command("country", short_help="The Census workbook country.xlsx, or a file of it.")
@click.argument("file", type=_FILE, required=False)
@_of_a_file
@_with_reasons
@_address
def acquire_country(file: Path | None, **origin: Any) -> None:
    """The Census workbook country.xlsx: fetched, or FILE (also the sheet saved as CSV)."""
    if file is None:
        return _fetch_instead("country", **origin)
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.import_country_workbook(file, **_origin(**origin)))
    return None


@acquire.command("country-table", short_help="A table that somebody made of all goods by partner and month.")
@click.argument("file", type=_FILE)
@click.option("--only", default="", metavar="FETCH", help="Import one fetch of those in the column commit.")
@click.option("--excerpt", is_flag=True, help="FILE has some partners and months alone: it shows among revisions.")
@_of_a_file
@_with_reasons
@_address
def acquire_country_table(file: Path, only: str, excerpt: bool, **origin: Any) -> None:
    """All goods by partner and month in million dollars, from a CSV FILE that somebody made of the office's pages or files."""
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.import_country_table(file, only=only, excerpt=excerpt, **_origin(**origin)))


@acquire.command("hs", short_help="HS products of the Census API, or files of them.")
@click.argument("files", type=_FILE, nargs=-1)
@_of_a_file
@click.option("--only", metavar="DATASET", help="Import one basis of those in the files.")
@_with_reasons
@_address
def acquire_hs(files: tuple[Path, ...], only: str | None, **origin: Any) -> None:
    """HS products of the Census API: all chapters for South Korea and chapter 87 for others, or CSV FILES of replies."""
    if not files:
        return _fetch_instead("hs", only=only, **origin)
    with ending.at_once():
        from briefing.acquire import imports
    for line in imports.import_hs_products(list(files), only=only, **_origin(**origin)):
        click.echo(line)
    return None


@acquire.command("end-use", short_help="Trade by end-use, or an edition of the workbook.")
@click.argument("file", type=_FILE, required=False)
@click.option("--exports", is_flag=True, help="FILE is of enduse_exports.xlsx, not of imports.")
@click.option("--excerpt", is_flag=True, help="FILE has some partners or codes alone, and answers for those partners.")
@_of_a_file
@_with_reasons
@_address
def acquire_end_use(file: Path | None, exports: bool, excerpt: bool, **origin: Any) -> None:
    """Trade by end-use: monthly from the Census API, or FILE, an edition of enduse_imports.xlsx or enduse_exports.xlsx."""
    if file is None:
        return _fetch_instead("end-use", exports=exports, excerpt=excerpt, **origin)
    with ending.at_once():
        from briefing.acquire import imports
    flow = "X" if exports else "M"
    click.echo(imports.import_end_use(file, flow=flow, excerpt=excerpt, **_origin(**origin)))
    return None


@acquire.command("duties", short_help="Duties calculated on imports, from a file.")
@click.argument("file", type=_FILE)
@_of_a_file
@_with_reasons
def acquire_duties(file: Path, **origin: Any) -> None:
    """Duties calculated on imports for consumption by partner and month: FILE, a CSV made of replies of the Census API."""
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.import_duties(file, **_origin(**origin, address="")))


@acquire.command("modelled-tariffs", short_help="A model's rates of duty, from a file.")
@click.argument("file", type=_FILE)
@_of_a_file
def acquire_modelled_tariffs(file: Path, **origin: Any) -> None:
    """A model's rates of duty by partner and day: FILE, country-by-time.csv of trade-war-redux-2025; --vintage is its day."""
    with ending.at_once():
        from briefing.acquire import imports
    told = _origin(**origin, beside="", despite="", address="")
    click.echo(
        imports.import_modelled_tariffs(file, **{name: what for name, what in told.items() if name != "reasons"})
    )


@acquire.command("fred", short_help="EXPKR and IMPKR, from FRED and ALFRED, or files of them.")
@click.argument("files", type=_FILE, nargs=-1)
@click.option("--since", type=_DAY, help="Every vintage from that day on, each under the day it came out.")
@_of_a_file
@_with_reasons
@_address
def acquire_fred(files: tuple[Path, ...], since: datetime | None, **origin: Any) -> None:
    """EXPKR and IMPKR by real-time period: as they stand today, or every vintage SINCE a day (FRED and ALFRED); or FILES of both."""
    if not files:
        asked = {"since": since.date()} if since else {}
        return _fetch_instead("fred", **origin, asked=asked)
    _refuse("FILES are of one day. Leave the option out, or the files, to fetch from FRED.", {"since": since})
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.import_fred_files(files, **_origin(**origin)))
    return None


@acquire.command("comtrade", short_help="The mirror, from UN Comtrade.")
@_with_reasons
@_address
def acquire_comtrade(address: str, **reasons: str) -> None:
    """The mirror: trade between the two as each reports it (UN Comtrade)."""
    _fetch("comtrade", address, **reasons)


@acquire.command("korea-customs", short_help="Korea's own ledger by HSK code.")
@_with_reasons
@_address
def acquire_korea_customs(address: str, **reasons: str) -> None:
    """Korea's trade with the United States by HSK code, two years and the present one (Korea Customs Service)."""
    _fetch("korea-customs", address, **reasons)


@acquire.command("korea-ledger", short_help="Files of Korea's own ledger by country.")
@click.argument("files", type=_FILE, nargs=-1, required=True)
@_of_a_file
@_with_reasons
@_address
def acquire_korea_ledger(files: tuple[Path, ...], **origin: Any) -> None:
    """Korea's trade by country and month as Korea counts it: CSV FILES typed from the customs service, all of one day."""
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.import_korea_ledger(files, **_origin(**origin)))


@acquire.command("due", short_help="Every live source that is due.")
def acquire_due() -> None:
    """Every live source of which a release has come out since the newest vintage held."""
    with ending.at_once():
        from briefing.acquire import live
        from briefing.record import freshness, sources
    for warning in freshness.calendar_warnings(sources.calendar(), date.today()):
        _say(warning)
    failed = []
    for name, lines, refusal in live.acquire_due(date.today(), say=_say):
        for line in lines:
            click.echo(line)
        if refusal is not None:
            failed.append(name)
            click.echo(f"{name}: {refusal}", err=True)
    if failed:
        raise click.ClickException(f"Not fetched: {', '.join(failed)}. What was held of them is as before.")


@acquire.command("record", short_help="The files that are kept by hand, after an edit.")
@click.argument("dataset", type=click.Choice(["talks", "ft900-calendar"]))
@click.argument("files", type=_FILE, nargs=-1)
def acquire_record(dataset: str, files: tuple[Path, ...]) -> None:
    """Register the hand-kept files of a record as they now stand, after an edit; name FILES that are new."""
    with ending.at_once():
        from briefing.acquire import imports
    click.echo(imports.register_record(dataset, list(files), as_of=date.today()))
