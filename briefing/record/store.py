"""Where observations are asked: in the registered Parquet files, by the DuckDB inside this process, or in an engine.

An address chooses: none is the registered files; a folder is Parquet below it, partitioned or not, read
by the same DuckDB; anything else is what `ibis.connect` understands ("postgres://user@host/database",
"trino://...", "bigquery://...") and has a table `observations` in the shape of `briefing.record.observations`
with `source` and `vintage`; what it has beyond them is summed over. The questions are the same (`briefing.record.questions`).
"""

import contextlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
from ibis.expr.types import Table

from briefing import scratch
from briefing.errors import BriefingError, StoreError
from briefing.files import writing
from briefing.record import observations as obs
from briefing.record import questions
from briefing.secrecy import secrets_of, without_password

TABLE = "observations"
COLUMNS = [*obs.COLUMNS, "source", "vintage"]


def _as_it_stands(path: Path | str) -> str:
    """A path for DuckDB, which would read `[`, `*` and `?` in it as a pattern, and find another file."""
    return re.sub(r"[\[*?]", r"[\g<0>]", str(path))


def _silent(connection: Any) -> Any:
    """A connection that draws no bar of its progress: where Python runs a text, as kernels do, DuckDB would, among what is printed."""
    if connection.name == "duckdb":
        connection.raw_sql("SET enable_progress_bar = false")
    return connection


class Files:
    """The registered files, asked one vintage at a time, by one thread: they are small, and what has one can be forked."""

    def __init__(self) -> None:
        duckdb.execute("SET threads = 1")  # of the connection that importing it opens
        self._connection = _silent(ibis.duckdb.connect(threads=1))
        self._tables: dict[Path, Table] = {}
        self._together: dict[tuple[Path, ...], Table] = {}

    def vintage(self, dataset: str, vintage: str, file: Path) -> Table:
        """The observations of one vintage of a dataset, which that file holds."""
        if file not in self._tables:
            self._tables[file] = self._connection.read_parquet(_as_it_stands(file))
        return self._tables[file]

    def vintages(self, dataset: str, files: Mapping[str, Path]) -> Table:
        """The observations of several vintages of a dataset, each of which its file holds."""
        together = tuple(files.values())
        if together not in self._together:
            self._together[together] = self._connection.read_parquet([_as_it_stands(file) for file in together])
        return self._together[together]


class Engine:
    """A table that holds every vintage, in a database or in a folder of Parquet."""

    def __init__(self, table: Table) -> None:
        missing = [column for column in COLUMNS if column not in table.columns]
        if missing:
            raise StoreError(
                f"The table {TABLE} lacks {', '.join(missing)}. Its values would be without basis or origin. "
                "Fill it with `briefing load ADDRESS`, or give it the columns of briefing.record.observations."
            )
        if not table["obs_value"].type().is_integer():
            raise StoreError(
                f"The table {TABLE} has its obs_value as {table['obs_value'].type()}, not as whole US dollars. Sums of it "
                "would fail or be rounded. Fill it with `briefing load ADDRESS`."
            )
        self.table = questions.over_finer_dimensions(table)

    def vintage(self, dataset: str, vintage: str, file: Path) -> Table:
        """The observations of one vintage of a dataset."""
        return questions.of_vintages(self.table, dataset, [vintage])

    def vintages(self, dataset: str, files: Mapping[str, Path]) -> Table:
        """The observations of several vintages of a dataset."""
        return questions.of_vintages(self.table, dataset, list(files))


@lru_cache
def opened(address: str) -> Files | Engine:
    """The store at an address, connected once.

    Raises
    ------
    StoreError
        If nothing answers there, or it has no such table.
    """
    if not address:
        return Files()
    if _is_folder(address):
        return _folder(address)
    if "://" not in address:
        raise StoreError(f"{address} is no folder, and no address of a database, so {READ}")
    _require_file(address)
    only_read = {"read_only": True} if address.startswith("duckdb://") and not _in_memory(address) else {}
    connection = _connected(address, READ, **only_read)  # else the first process to open the file shuts the others out
    try:
        return Engine(connection.table(TABLE))
    except ibis.common.exceptions.TableNotFound:
        raise StoreError(
            f"{without_password(address)} has no table {TABLE}, so no figure could be read. "
            "Fill it with `briefing load ADDRESS`."
        ) from None
    except StoreError:
        raise
    except Exception as fault:  # every engine has its own
        failure = _words_of(fault, address)
    raise StoreError(
        f"{without_password(address)} does not show its table {TABLE} ({failure}), so no figure could be read. "
        "Name a user who may read it, or fill it with `briefing load ADDRESS`."
    )


def let_go(address: str) -> None:
    """Close what the engine at an address holds open: a process with its sockets or threads cannot be forked."""
    store = opened(address)
    if isinstance(store, Engine):
        store.table.get_backend().disconnect()
        opened.cache_clear()


def _require_file(address: str) -> None:
    """Refuse the file of an embedded engine that is not there: to connect to it would make an empty one."""
    file = _file_of(address)
    if file is not None and not file.is_file():  # a pipe would be waited for
        raise StoreError(f"{address} is no file that exists, so {READ} Or fill it with `briefing load {address}`.")


EMBEDDED = ("duckdb", "sqlite")


def _file_of(address: str) -> Path | None:
    """The file of an embedded engine; None of a server, of a memory, and where none is named."""
    scheme, _, path = address.partition("?")[0].partition("://")
    return Path(path) if scheme in EMBEDDED and not _in_memory(address) and path else None


def _in_memory(address: str) -> bool:
    scheme, mark, path = address.partition("?")[0].partition("://")
    return bool(mark) and scheme in EMBEDDED and path.lstrip("/") in ("", ":memory:")


def _is_folder(address: str) -> bool:
    try:
        return Path(address).is_dir()
    except (OSError, ValueError):  # longer than a path may be, or no path at all
        return False


def _folder(address: str) -> Engine:
    try:
        tables = _silent(ibis.duckdb.connect(threads=1)).read_parquet(
            f"{_as_it_stands(address)}/**/*.parquet", hive_partitioning=True, hive_types_autocast=False
        )
    except duckdb.Error as fault:
        failure = _words_of(fault, address)
    else:
        return Engine(tables)
    raise StoreError(f"{address} is no folder of observations in Parquet ({failure}), so {READ}")


def answer(question: Table) -> pd.DataFrame:
    """The rows that a question gives.

    Raises
    ------
    StoreError
        If the engine does not answer it.
    """
    try:
        rows: pd.DataFrame = question.to_pyarrow().to_pandas(use_threads=False)
        return rows
    except Exception as fault:  # every engine has its own, and may repeat its address
        failure = type(fault).__name__
    raise StoreError(f"The record did not answer ({failure}), so {READ}")


def load(address: str, tables: Iterable[pd.DataFrame]) -> int:
    """Write observations into the engine's table `observations`, in place of what it held; the number of rows.

    The table that was there stays until the new one is whole; a file that was not there is made beside its place, and is
    in it whole or not at all.

    Raises
    ------
    StoreError
        If nothing answers there, or it may not be written.
    CannotWrite
        If no file can be made there.
    """
    if _is_folder(address):
        raise StoreError(
            f"{address} is a folder, and `load` writes databases alone, so nothing was loaded. Name a file of one after it, "
            f"such as duckdb://{Path(address).absolute()}/record.duckdb."
        )
    if _in_memory(address):
        raise StoreError(
            f"{address} is a database in memory, which would be gone with this command. Name a file after {address}."
        )
    file = _file_of(address)
    if file is None:
        return _loaded_into(address, tables)
    with writing(file):
        is_new = not file.exists()
    if not is_new and not file.is_file():
        raise StoreError(f"{address} is no regular file but a folder, a pipe or a device, so {LOAD}")
    if not is_new:
        return _loaded_into(address, tables)
    with writing(file), scratch.folder(file.absolute().parent, UNFINISHED_LOAD) as folder:
        beside = folder / file.name
        try:
            rows = _loaded_into(address.replace(str(file), str(beside), 1), tables)
        except StoreError as fault:
            raise StoreError(str(fault).replace(str(beside), str(file))) from None
        beside.replace(file)
    return rows


UNFINISHED_LOAD = ".briefing-load-"
"""How the name of a folder begins in which a file is being loaded."""


def _loaded_into(address: str, tables: Iterable[pd.DataFrame]) -> int:
    connection = _connected(address, LOAD)
    failure = ""
    try:
        return _loaded(connection, tables)
    except BriefingError:
        raise
    except Exception as fault:  # every engine has its own
        failure = _words_of(fault, address)
    finally:
        connection.disconnect()
    raise StoreError(
        f"{without_password(address)} cannot be written ({failure}). What its table {TABLE} held is as before. "
        "Name a user who may create tables there, or make room."
    )


def _loaded(connection: Any, tables: Iterable[pd.DataFrame]) -> int:
    new = f"{TABLE}_new"
    schema = ibis.schema({column: "int64" if column == "obs_value" else "string" for column in COLUMNS})
    rows = 0
    connection.drop_table(new, force=True)
    try:
        connection.create_table(new, schema=schema)
        for table in tables:
            connection.insert(new, table[COLUMNS])
            rows += len(table)
        connection.create_table(TABLE, connection.table(new), overwrite=True)
    finally:
        with contextlib.suppress(Exception):  # where it cannot be dropped, the fault that ended the load is the news
            connection.drop_table(new, force=True)
    return rows


READ = "no figure could be read. Correct BRIEFING_STORE, or unset it to read the registered files."
LOAD = "nothing was loaded. Correct the address, or name a place that you may write to."


def _connected(address: str, spoilt: str, **options: Any) -> Any:
    failure = ""
    try:
        return _silent(ibis.connect(address, **options))
    except Exception as fault:  # every engine has its own
        failure = _words_of(fault, address)
    raise StoreError(f"{without_password(address)} cannot be connected ({failure}), so {spoilt}")


def _words_of(fault: Exception, address: str) -> str:
    """What an engine says of a fault, in one line and without what its address keeps secret."""
    if any(re.search(r"[/?#\[\]]", secret.reveal()) for secret in secrets_of(address)):
        return "its password has signs that an address writes otherwise, such as / as %2F and ? as %3F"
    words = " ".join(str(fault).partition("\nLINE ")[0].split()) or type(fault).__name__
    for secret in secrets_of(address):
        words = secret.blotted(words)
    return words.replace(address, without_password(address))[:200]
