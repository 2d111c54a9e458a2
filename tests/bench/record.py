"""Times the record, for `make bench`: which store answers quickest, and how it bears fifty million rows.

Every figure is a median in one process, beside the alternatives in the same run: compare ratios, for
milliseconds differ from machine to machine.
"""

import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import ibis
import pandas as pd
import pyarrow.dataset
from briefing.codes import codelists
from briefing.record import questions, sources, store
from briefing.record.edition import Edition

FOLDER = Path("build/bench")
PARTNERS = [code for code in codelists.PARTNERS if code not in codelists.RESIDUALS][:240]
MONTHS, PRODUCTS, DISTRICTS = 156, 112, 6
"""Thirteen years of two flows: 209,664 rows a partner."""


def median_of(runs: int, act: Callable[[], object]) -> float:
    """Milliseconds, the first run left out."""
    act()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        act()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def small() -> None:
    """Both flows of one partner, all months, as of the day of the first round."""
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    (source,) = (s for s in sources.vintages_of("census-country") if s.last_period == "2018-08")
    file = str(sources.verified_file(source))
    columns = ["trade_flow", "time_period", "obs_value"]
    wanted = (pyarrow.dataset.field("counterpart_area") == "5800") & (pyarrow.dataset.field("time_period") <= "2017-11")
    query = f"select * from '{file}' where counterpart_area = '5800' and time_period <= '2017-11'"
    embedded = duckdb.connect()
    verdict = "DuckDB, for the same questions then run on any engine that Ibis speaks; on one file pyarrow is as quick."
    data = sum(path.stat().st_size for path in sources.data_directory().rglob("*") if "raw" not in path.parts)
    print("Both flows, one partner, all months, as of a day; ms, median of 30")
    ways = {
        "the book: choose the vintage, verify its bytes, ask DuckDB through Ibis": lambda: asked_anew(edition),
        "DuckDB, its own SQL, unverified": lambda: embedded.execute(query).df(),
        "pyarrow, three columns, unverified": lambda: pyarrow.dataset.dataset(file).to_table(
            filter=wanted, columns=columns
        ),
        "pandas, the whole file, then filtered": lambda: pd.read_parquet(file).query("counterpart_area == '5800'"),
        "a new DuckDB, opened and asked through Ibis": lambda: opened_and_asked(Path(file)),
    }
    for name, act in ways.items():
        print(f"  {median_of(30, act):8.1f}  {name}")
    print(f"  chosen: {verdict}")
    print(f"  data/ holds {data / 1e6:.1f} MB in {len(sources.register())} files")


def opened_and_asked(file: Path) -> pd.DataFrame:
    return store.answer(questions.of_partner_alone(store.Files().vintage("", "", file), "5800"))


def asked_anew(edition: Edition) -> pd.DataFrame:
    """The partner's rows in the edition's vintage, which is not remembered."""
    return store.answer(questions.of_partner_alone(sources.observations(sources.country_vintage(edition)), "5800"))


def generate(folder: Path) -> int:
    """Fifty million rows by partner, HS10 code, district and month, as Parquet partitioned by partner; how many."""
    connection = duckdb.connect(config={"memory_limit": "1GB"})
    for code in PARTNERS:
        target = folder / f"counterpart_area={code}"
        target.mkdir(parents=True)
        connection.execute(
            f"""
            copy (
              select 'HS' as classification, printf('87%08d', product * 1000) as commodity, 'US' as ref_area, trade_flow,
                if(trade_flow = 'X', 'total', 'general') as trade_system,
                if(trade_flow = 'X', 'fas', 'customs_value') as valuation, 'N' as adjustment,
                printf('%d-%02d', 2013 + month // 12, month % 12 + 1) as time_period,
                cast(hash(product, month, district, trade_flow, {code}) % 1000000 as bigint) as obs_value,
                'A' as obs_status, 'generated' as source, '2026-11-24' as vintage, printf('%02d', district) as district
              from range({PRODUCTS}) p(product), (values ('X'), ('M')) f(trade_flow), range({MONTHS}) m(month),
                range({DISTRICTS}) d(district)
              order by commodity, trade_flow, time_period
            ) to '{target}/part.parquet' (format parquet, compression zstd, row_group_size 30000)
            """
        )
    return len(PARTNERS) * PRODUCTS * 2 * MONTHS * DISTRICTS


def large() -> None:
    """The same questions on the generated rows, through the address of their folder."""
    begin = time.perf_counter()
    held: store.Engine = store.opened(str(FOLDER / "hs10"))  # type: ignore[assignment]
    opening = time.perf_counter() - begin
    table = held.vintage("generated", "2026-11-24", Path())
    product = "8700055000"
    asked = questions.product_trade(questions.of_partner_alone(table, "5800"), "HS", product)
    everyone = questions.sums(questions.product_trade(table, "HS", product), "2025-01", "2025-12")
    rows = store.answer(asked)
    assert len(rows) == 2 * MONTHS, len(rows)
    # Summed over districts: the questions are those of the book, the table is finer.
    (check,) = duckdb.sql(
        f"select sum(obs_value) from '{FOLDER}/hs10/counterpart_area=5800/*.parquet' where commodity = '{product}'"
    ).fetchall()
    assert int(rows["obs_value"].sum()) == int(check[0])
    print(f"  {opening * 1000:8.1f}  open the folder of {len(PARTNERS)} partitions")
    print(
        f"  {median_of(10, lambda: store.answer(asked)):8.1f}  one partner, one HS10 code, every month, over districts"
    )
    print(f"  {median_of(3, lambda: store.answer(everyone)):8.1f}  every country's flows in one HS10 code over a year")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {peak:8.0f}  MB at most in memory")


def main() -> None:
    if sys.argv[1:] == ["large"]:
        return large()
    ibis.options.interactive = False
    small()
    folder = FOLDER / "hs10"
    count = len(PARTNERS) * PRODUCTS * 2 * MONTHS * DISTRICTS
    if not (FOLDER / "done").exists():
        shutil.rmtree(FOLDER, ignore_errors=True)
        begin = time.perf_counter()
        count = generate(folder)
        (FOLDER / "done").touch()
        print(f"Generated {count:,} rows in {time.perf_counter() - begin:.0f} s")
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    print(
        f"{count:,} rows by partner, HS10 code, district and month ({size / 1e6:.0f} MB of Parquet); ms, a fresh process"
    )
    subprocess.run([sys.executable, "-m", "tests.bench.record", "large"], check=True)
    return None


if __name__ == "__main__":
    main()
