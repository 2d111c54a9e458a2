"""The same questions on the registered files, on a folder of Parquet and on PostgreSQL, with the same answers."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd
import pytest
from briefing import ending
from briefing.errors import CannotWrite, StoreError
from briefing.prefork.checks import THREAD_LIMITS
from briefing.record import questions, sources, store
from briefing.record.edition import Edition
from ibis.expr.types import Table

from tests.conftest import forget
from tests.engine import postgres

DATASET, VINTAGE, OTHER = "census-country", "2018-10-05", "2017-01-06"
PARTNERS = ["0015", "5800", "5880", "2010", "8500"]


@pytest.fixture(scope="module")
def excerpt() -> pd.DataFrame:
    """Five partners in two vintages, vehicles by chapter, and a year of our own making."""
    held = [s for s in sources.register() if s.dataset == DATASET and str(s.vintage) in (VINTAGE, OTHER)]
    held += sources.vintages_of("census-hs-exports")
    tables = [store.answer(sources.observations(source)) for source in held]
    rows = pd.concat(tables, ignore_index=True)
    kept = rows[rows["counterpart_area"].isin(PARTNERS) & (rows["commodity"].isin(["TOTAL", "87"]))]
    yearly = kept[(kept["vintage"] == VINTAGE) & (kept["time_period"] == "2017-01")]
    return pd.concat([kept, yearly.assign(time_period="2017", classification="END_USE")], ignore_index=True)


@pytest.fixture(scope="module")
def engine(excerpt: pd.DataFrame) -> Iterator[str]:
    with postgres() as address:
        store.load(address, [excerpt.iloc[:100], excerpt.iloc[100:]])
        yield address
        store.opened(address).table.get_backend().disconnect()  # type: ignore[union-attr]
        store.opened.cache_clear()


@pytest.fixture(scope="module")
def folder(excerpt: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("parquet")
    excerpt.to_parquet(folder, partition_cols=["counterpart_area"], index=False)
    return str(folder)


QUESTIONS: dict[str, Callable[[Table], Table]] = {
    "within the life of codes": questions.in_life,
    "within the life of codes in some months": lambda t: questions.in_life(t, ("2011-01", "2011-12")),
    "within the life of some codes": lambda t: questions.in_life(
        questions.of_partners(t, ("5800", "7321")), partners=("5800", "7321")
    ),
    "what each came to": lambda t: questions.sums(t, "2017-01", "2017-11"),
    "what each came to by year": lambda t: questions.sums(t, "2015-03", "2017-11", by_year=True),
    "one partner": lambda t: questions.of_partner_alone(t, "5800"),
    "several partners": lambda t: questions.of_partners(t, ("5800", "5880")),
    "one product": lambda t: questions.product_trade(t, "TOTAL", "TOTAL"),
    "products below a code": lambda t: questions.products_below(t, "TOTAL", "T"),
    "a row filter": lambda t: questions.within(
        t, {"counterpart_area": ["5800", "5880"], "time_period": ["2016-01", "2016-11"]}
    ),
}


def sorted_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Rows and columns in one order: an engine owes none."""
    return table[sorted(table.columns)].sort_values(sorted(table.columns), ignore_index=True)


@pytest.mark.database
@pytest.mark.parametrize("vintage", [VINTAGE, OTHER])
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_one_answer_on_every_engine(
    excerpt: pd.DataFrame, engine: str, folder: str, name: str, vintage: str
) -> None:
    memory = ibis.memtable(excerpt[(excerpt["source"] == DATASET) & (excerpt["vintage"] == vintage)])
    expected = sorted_rows(store.answer(QUESTIONS[name](memory)))
    for address in (engine, folder):
        table = store.opened(address).vintage(DATASET, vintage, Path())
        found = sorted_rows(store.answer(QUESTIONS[name](table)))
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.database
def test_the_chapter_is_answered_too(excerpt: pd.DataFrame, engine: str, folder: str) -> None:
    (source,) = sources.vintages_of("census-hs-exports")
    for address in (engine, folder):
        table = store.opened(address).vintage(source.dataset, str(source.vintage), Path())
        rows = store.answer(questions.product_trade(questions.of_partner_alone(table, "5800"), "HS", "87"))
        assert len(rows) == sum((excerpt["counterpart_area"] == "5800") & (excerpt["commodity"] == "87")) > 59
        assert set(rows["trade_system"]) == {"total"}


def test_districts_of_a_finer_table_are_summed_over(excerpt: pd.DataFrame, tmp_path: Path) -> None:
    halves = excerpt["obs_value"] // 2
    finer = [
        excerpt.assign(district="01", obs_value=halves),
        excerpt.assign(district="02", obs_value=excerpt["obs_value"] - halves),
    ]
    pd.concat(finer).to_parquet(tmp_path / "rows.parquet", index=False)
    rows = store.answer(store.opened(str(tmp_path)).vintage(DATASET, VINTAGE, Path()))
    whole = excerpt[(excerpt["source"] == DATASET) & (excerpt["vintage"] == VINTAGE)]
    pd.testing.assert_frame_equal(sorted_rows(rows), sorted_rows(whole), check_dtype=False)


@pytest.mark.database
def test_an_edition_reads_from_the_engine_that_the_environment_names(
    engine: str, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = sources.own_trade(edition)
    monkeypatch.setenv("BRIEFING_STORE", engine)
    forget()
    found = sources.own_trade(edition)
    trade = sources.country_trade(edition)
    monkeypatch.undo()
    forget()
    pd.testing.assert_frame_equal(
        sorted_rows(found.drop(columns="origin")), sorted_rows(expected.drop(columns="origin")), check_dtype=False
    )
    assert set(trade["counterpart_area"]) == set(PARTNERS) and {origin.standing for origin in trade["origin"]} == {
        "later"
    }


@pytest.mark.database
def test_loading_again_replaces_what_the_engine_held(engine: str, excerpt: pd.DataFrame) -> None:
    for _ in range(2):
        assert store.load(engine, [excerpt]) == len(excerpt)
    table = store.opened(engine).vintage(DATASET, VINTAGE, Path())
    assert int(table.count().to_pyarrow().as_py()) == int(
        ((excerpt["source"] == DATASET) & (excerpt["vintage"] == VINTAGE)).sum()
    )


def test_an_engine_without_the_table_is_refused(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "empty.duckdb").close()
    with pytest.raises(StoreError, match=r"has no table observations, .* Fill it with `briefing load ADDRESS`"):
        store.opened(f"duckdb://{tmp_path}/empty.duckdb")


@pytest.mark.parametrize("scheme", store.EMBEDDED)
def test_an_engine_whose_file_is_not_there_is_refused_and_not_made(scheme: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is no file that exists, so no figure could be read\. .* Or fill it with"):
        store.opened(f"{scheme}://{tmp_path}/none.{scheme}")
    assert list(tmp_path.iterdir()) == []


def test_a_table_without_its_basis_is_refused(tmp_path: Path, excerpt: pd.DataFrame) -> None:
    excerpt.drop(columns=["valuation", "vintage"]).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(StoreError, match=r"lacks valuation, vintage\. Its values would be without basis or origin"):
        store.opened(str(tmp_path))


@pytest.mark.parametrize(("file", "words"), [("", "No files found"), ("rows.parquet", "too small")])
def test_a_folder_that_holds_no_observations_is_refused_in_a_sentence(tmp_path: Path, file: str, words: str) -> None:
    if file:
        (tmp_path / file).write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match=rf"is no folder of observations in Parquet .*{words}.* unset it to read the"):
        store.opened(str(tmp_path))


def test_values_that_are_no_whole_dollars_are_refused(tmp_path: Path, excerpt: pd.DataFrame) -> None:
    excerpt.astype({"obs_value": str}).to_parquet(tmp_path / "rows.parquet")
    with pytest.raises(StoreError, match=r"has its obs_value as string, not as whole US dollars"):
        store.opened(str(tmp_path))


def test_an_engine_that_breaks_off_is_told_in_a_sentence(tmp_path: Path, excerpt: pd.DataFrame) -> None:
    excerpt.to_parquet(tmp_path / "rows.parquet")
    table = store.opened(str(tmp_path)).vintage(DATASET, VINTAGE, Path())
    (tmp_path / "rows.parquet").unlink()
    with pytest.raises(StoreError, match=r"The record did not answer \(IOException\), so no figure could be read"):
        store.answer(table)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://book:s3cret@127.0.0.1:9/db",
        "postgresql://book:pa@s3cret@127.0.0.1:9/db",
        "postgresql://book:s3c/ret@127.0.0.1:9/db",
        "postgresql://book@127.0.0.1:9/db?password=s3cret",
        "nonsense://x:s3cret@y/z",
    ],
)
def test_an_engine_that_does_not_answer_is_named_without_its_password(address: str) -> None:
    with pytest.raises(StoreError, match=r"cannot be connected .* Correct BRIEFING_STORE") as refusal:
        store.opened(address)
    assert "s3c" not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_an_engine_that_may_not_be_written_is_told_in_a_sentence(tmp_path: Path, excerpt: pd.DataFrame) -> None:
    address = f"duckdb://{tmp_path}/read.duckdb"
    store.load(address, [excerpt])
    with pytest.raises(StoreError, match=r"cannot be written .* What its table observations held is as before"):
        store.load(f"{address}?read_only=True", [excerpt])


@pytest.mark.parametrize("scheme", store.EMBEDDED)
def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(scheme: str, tmp_path: Path) -> None:
    address = f"{scheme}://{tmp_path}/pipe"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StoreError, match=r"is no file that exists, so no figure could be read"):
        store.opened(address)
    with pytest.raises(StoreError, match=r"a pipe or a device, so nothing was loaded"):
        store.load(address, [])


@pytest.mark.parametrize("told", ["", "?read_only=True"])
def test_a_file_that_another_process_reads_is_read_too(tmp_path: Path, excerpt: pd.DataFrame, told: str) -> None:
    """A build and its kernels, or an app's sessions, each open the file."""
    store.load(f"duckdb://{tmp_path}/read.duckdb", [excerpt])
    code = f"import duckdb; held = duckdb.connect('{tmp_path}/read.duckdb', read_only=True); print(flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        rows = store.opened(f"duckdb://{tmp_path}/read.duckdb{told}").vintage(DATASET, VINTAGE, Path())  # type: ignore[union-attr]
        assert int(rows.count().to_pyarrow().as_py()) > 0
        other.communicate(b"\n")


def test_a_path_with_signs_of_a_pattern_leads_to_the_file_that_was_hashed(tmp_path: Path) -> None:
    for folder, value in (("da[t]a", 1), ("data", 2), ("d*?", 3)):
        (tmp_path / folder).mkdir()
        pd.DataFrame({"obs_value": [value]}).to_parquet(tmp_path / folder / "one.parquet")
        read = store.Files().vintage("", "", tmp_path / folder / "one.parquet")
        assert store.answer(read)["obs_value"].tolist() == [value]


def test_a_store_without_a_registered_vintage_is_refused_and_not_taken_for_no_trade(
    excerpt: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = next(s for s in sources.vintages_of(DATASET) if str(s.vintage) == VINTAGE)
    excerpt[excerpt["vintage"] == OTHER].to_parquet(tmp_path / "rows.parquet")
    monkeypatch.setenv("BRIEFING_STORE", str(tmp_path))
    with pytest.raises(
        StoreError, match=f"lacks {DATASET} of {VINTAGE}, which is registered. Pages would say that there"
    ):
        sources.observations(source)
    holes = excerpt.assign(obs_value=excerpt["obs_value"].astype("Int64").where(excerpt.index != 0))
    (tmp_path / "other").mkdir()
    holes.to_parquet(tmp_path / "other" / "rows.parquet")
    monkeypatch.setenv("BRIEFING_STORE", str(tmp_path / "other"))
    missing = next(s for s in sources.vintages_of(DATASET) if str(s.vintage) == holes["vintage"][0])
    with pytest.raises(StoreError, match="has rows without a value in"):
        sources.observations(missing)


def test_a_vintage_that_the_store_lacks_is_not_left_out_from_among_the_others(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = sources._telling_of("5800")
    tables = [store.answer(questions.of_partner_alone(sources.observations(source), "5800")) for source in held]
    pd.concat(tables).to_parquet(tmp_path / "rows.parquet", index=False)
    monkeypatch.setenv("BRIEFING_STORE", str(tmp_path))
    told = {*sources.country_vintages(edition)["vintage"]}
    assert told == {str(source.vintage) for source in held if not source.since and not source.gaps}
    (tmp_path / "poorer").mkdir()
    pd.concat(tables[:-1]).to_parquet(tmp_path / "poorer" / "rows.parquet", index=False)
    monkeypatch.setenv("BRIEFING_STORE", str(tmp_path / "poorer"))
    with pytest.raises(StoreError, match=f"lacks {held[-1].dataset} of {held[-1].vintage}, which is registered"):
        sources.country_vintages(edition)


@pytest.mark.parametrize("address", ["duckdb://", "sqlite://", "duckdb:///:memory:"])
def test_nothing_is_loaded_into_a_memory_that_ends_with_the_command(address: str) -> None:
    with pytest.raises(
        StoreError, match=r"is a database in memory, which would be gone with this command\. Name a file"
    ):
        store.load(address, [])


def test_an_address_that_is_none_is_told_in_a_sentence() -> None:
    with pytest.raises(StoreError, match=r"\[::1 cannot be connected"):
        store.opened("postgresql://[::1")


@pytest.mark.long
@pytest.mark.parametrize("scheme", store.EMBEDDED)
def test_a_load_that_is_told_to_end_leaves_no_half_of_a_file(
    scheme: str, tmp_path: Path, excerpt: pd.DataFrame
) -> None:
    def until_told() -> Iterator[pd.DataFrame]:
        yield excerpt
        raise ending.ToldToEnd(signal.SIGTERM)

    address = f"{scheme}://{tmp_path}/new.{scheme}"
    with pytest.raises(ending.ToldToEnd):
        store.load(address, until_told())
    assert list(tmp_path.iterdir()) == []
    assert store.load(address, [excerpt]) == len(excerpt)
    assert [path.name for path in tmp_path.iterdir()] == [f"new.{scheme}"]
    with pytest.raises(ending.ToldToEnd):
        store.load(address, until_told())
    assert store.answer(store.opened(address).table.count().as_table()).iloc[0, 0] == len(excerpt)  # type: ignore[union-attr]
    file = str(tmp_path / f"new.{scheme}")
    held = sqlite3.connect(file) if scheme == "sqlite" else duckdb.connect(file, read_only=True)
    assert held.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("observations",)]


def test_a_file_that_cannot_be_made_is_named_as_it_was_given(tmp_path: Path, excerpt: pd.DataFrame) -> None:
    with pytest.raises(CannotWrite, match=r"nowhere/new\.duckdb cannot be written \(No such file or directory\)"):
        store.load(f"duckdb://{tmp_path}/nowhere/new.duckdb", [excerpt])


@pytest.mark.long
def test_no_bar_of_progress_is_drawn_among_what_is_printed(tmp_path: Path) -> None:
    """DuckDB draws one, of questions that take long, where Python runs a text."""
    asked = "connection.con.execute(\"SELECT current_setting('enable_progress_bar')\").fetchone()"
    places = ["store.opened('')._connection", f"store._connected('duckdb://{tmp_path}/new.duckdb', '')"]
    for place in places:
        program = f"from briefing.record import store; connection = {place}; print({asked})"
        printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        assert printed == "(False,)\n"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_store_is_read_by_many_at_once_and_let_go_leaves_neither_thread_nor_connection(
    kind: str, excerpt: pd.DataFrame, folder: str, tmp_path: Path
) -> None:
    """What has a thread or a socket cannot be forked, and one who may write a file of DuckDB keeps all others out."""
    address = folder if kind == "folder" else f"duckdb://{tmp_path}/new.duckdb"
    if kind == "file":
        store.load(address, [excerpt])
    program = (
        "import os, sys; from briefing.record import store; store.opened(''); "
        f"one = store.opened({address!r}).vintage({DATASET!r}, {VINTAGE!r}, None); print(len(store.answer(one)), flush=True); "
        f"sys.stdin.readline(); store.let_go({address!r}); print(len(os.listdir('/proc/self/task')))"
    )
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    asking = [
        subprocess.Popen([sys.executable, "-c", program], env={**os.environ, **THREAD_LIMITS}, **pipes)
        for _ in range(2)
    ]
    rows = len(excerpt[(excerpt["source"] == DATASET) & (excerpt["vintage"] == VINTAGE)])
    first = [one.stdout.readline() for one in asking if one.stdout is not None]
    assert first == [f"{rows}\n"] * 2
    assert [one.communicate("\n", timeout=60)[0] for one in asking] == ["1\n"] * 2


def test_a_folder_is_told_to_be_none_that_can_be_loaded_into_and_one_that_is_not_there_to_be_none(
    tmp_path: Path,
) -> None:
    with pytest.raises(StoreError, match=r"is a folder, and `load` writes databases alone, .* duckdb:///"):
        store.load(str(tmp_path), [])
    with pytest.raises(
        StoreError, match=r"none is no folder, and no address of a database, so no figure could be read\."
    ):
        store.opened(f"{tmp_path}/none")
