"""Where observations are asked: in the registered Parquet files, by the DuckDB inside this process, or in an engine.

An address chooses: none is the registered files; a folder is Parquet below it, partitioned or not, read
by the same DuckDB; anything else is what `ibis.connect` understands ("postgres://user@host/database",
"trino://...", "bigquery://...") and has a table `observations` in the shape of `briefing.observations`
with `source` and `vintage`. The questions are the same (`briefing.questions`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
from ibis.expr.types import Table

from briefing import observations as obs
from briefing import questions
from briefing.errors import StoreError

TABLE = "observations"
COLUMNS = [*obs.COLUMNS, "source", "vintage"]


class Files:
    """The registered files, asked one vintage at a time, by one thread: they are small, and what has one can be forked."""

    def __init__(self) -> None:
        duckdb.execute("SET threads = 1")  # of the connection that importing it opens
        self._connection = ibis.duckdb.connect(threads=1)
        self._tables: dict[Path, Table] = {}

    def vintage(self, dataset: str, vintage: str, file: Path) -> Table:
        """The observations of one vintage of a dataset, which that file holds."""
        if file not in self._tables:
            self._tables[file] = self._connection.read_parquet(str(file))
        return self._tables[file]


class Engine:
    """A table that holds every vintage, in a database or in a folder of Parquet."""

    def __init__(self, table: Table) -> None:
        missing = [column for column in COLUMNS if column not in table.columns]
        if missing:
            raise StoreError(
                f"The table {TABLE} lacks {', '.join(missing)}. Its values would be without basis or origin. "
                "Fill it with `briefing load ADDRESS`, or give it the columns of briefing.observations."
            )
        self.table = table

    def vintage(self, dataset: str, vintage: str, file: Path) -> Table:
        """The observations of one vintage of a dataset."""
        return questions.of_vintages(self.table, dataset, [vintage])


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
    if Path(address).is_dir():
        return Engine(
            ibis.duckdb.connect().read_parquet(
                f"{address}/**/*.parquet", hive_partitioning=True, hive_types_autocast=False
            )
        )
    connection = _connected(address)
    try:
        return Engine(connection.table(TABLE))
    except ibis.common.exceptions.TableNotFound:
        raise StoreError(
            f"{_without_password(address)} has no table {TABLE}, so no figure could be read. "
            "Fill it with `briefing load ADDRESS`."
        ) from None


def answer(question: Table) -> pd.DataFrame:
    """The rows that a question gives."""
    rows: pd.DataFrame = question.to_pyarrow().to_pandas(use_threads=False)
    return rows


def load(address: str, tables: Iterable[pd.DataFrame]) -> int:
    """Write observations into the engine's table `observations`, in place of what it held; the number of rows.

    The table that was there stays until the new one is whole.
    """
    connection = _connected(address)
    new = f"{TABLE}_new"
    schema = ibis.schema({column: "int64" if column == "obs_value" else "string" for column in COLUMNS})
    rows = 0
    try:
        connection.drop_table(new, force=True)
        connection.create_table(new, schema=schema)
        for table in tables:
            connection.insert(new, table[COLUMNS])
            rows += len(table)
        connection.create_table(TABLE, connection.table(new), overwrite=True)
        connection.drop_table(new)
    finally:
        connection.disconnect()
    return rows


def _connected(address: str) -> Any:
    failure = ""
    try:
        return ibis.connect(address)
    except Exception as fault:  # every engine has its own
        failure = " ".join(str(fault).split()) or type(fault).__name__
    raise StoreError(
        f"{_without_password(address)} cannot be connected ({_without_password(failure)[:200]}), so no figure could be "
        "read. Correct BRIEFING_STORE, or unset it to read the registered files."
    )


def _without_password(text: str) -> str:
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:•••@", text)
