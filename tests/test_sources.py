"""The record: every file registered and whole, every identity of the real figures, nothing later than the day."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from briefing import codelists, observations, periods, sources
from briefing.build import default_first_period
from briefing.edition import FIRST_DAY, Edition
from briefing.errors import ChecksumMismatch, UnregisteredSource
from briefing.figures import by_flow
from briefing.sources import Source
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import forget

WORKBOOKS = [source for source in sources.register() if source.dataset == "census-country"]
TABLES = [source for source in sources.register() if source.file.endswith(".parquet")]


def name(source: Source) -> str:
    return f"{source.dataset}@{source.vintage}"


def balance(source: Source, first: str, last: str, partner: str = "5800") -> float:
    """Million dollars over the months."""
    rows = observations.between(observations.of_partner(sources._observations(source), partner), first, last)
    flows = by_flow(rows)
    return round(float((flows["X"] - flows["M"]).sum()) / 1e6, 1)


def to(last_period: str) -> Source:
    return next(source for source in WORKBOOKS if source.last_period == last_period)


def test_nine_vintages_of_the_country_workbook_are_held() -> None:
    assert [source.last_period for source in WORKBOOKS] == [
        "2011-12", "2016-11", "2018-08", "2019-10", "2020-08", "2023-01", "2024-06", "2025-02", "2026-01",
    ]  # fmt: skip


@pytest.mark.parametrize("source", sources.register(), ids=lambda source: source.file)
def test_every_file_is_the_one_that_was_registered(source: Source) -> None:
    sources.verified_bytes(source)
    assert source.title and source.producer and source.unit and source.basis and source.licence and source.obtained


def test_every_file_of_the_record_is_registered() -> None:
    data = sources.data_directory()
    held = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert held == {source.file for source in sources.register()} | {"sources.toml"}


def test_every_dataset_has_a_short_name() -> None:
    assert {source.dataset for source in sources.register()} == set(codelists.DATASETS)


@pytest.mark.parametrize("source", TABLES, ids=name)
def test_a_table_has_one_value_for_each_observation_up_to_its_last_month(source: Source) -> None:
    table = sources._observations(source)
    assert list(table.columns) == [*observations.COLUMNS, "source", "vintage"]
    observations.require_unique(table)
    assert table["time_period"].max() == source.last_period
    assert (table["obs_value"] >= 0).all()
    assert set(table["counterpart_area"]) <= set(codelists.AREAS)


@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_the_world_is_there_for_every_month_since_1992(source: Source) -> None:
    flows = by_flow(observations.of_partner(sources._observations(source), codelists.WORLD))
    assert list(flows.loc["1992-01":].index) == periods.span("1992-01", source.last_period)


@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_partners_add_up_to_the_world_within_half_a_million_up_to_the_last_revised_year(source: Source) -> None:
    # The open years are revised by partner and in total at different times, so three of them are left out.
    table = sources._observations(source)
    closed = observations.between(table, "1992-01", f"{int(source.last_period[:4]) - 4}-12")
    partners = closed[closed["counterpart_area"].isin(codelists.PARTNERS)]
    sums = partners.groupby(["time_period", "trade_flow"])["obs_value"].sum()
    world = observations.of_partner(closed, codelists.WORLD).set_index(["time_period", "trade_flow"])["obs_value"]
    assert len(sums) > 300
    assert (sums - world).abs().max() <= 500_000


@pytest.mark.parametrize(
    ("last_period", "now", "before"),
    [
        ("2018-08", -21_558.4, -26_425.4),
        ("2019-10", -21_540.3, -26_467.3),
        ("2020-08", -21_535.0, -26_467.3),
        ("2026-01", -21_535.0, -26_467.3),
    ],
)
def test_january_to_november_2017_was_revised_from_vintage_to_vintage(
    last_period: str, now: float, before: float
) -> None:
    assert balance(to(last_period), "2017-01", "2017-11") == now
    assert balance(to(last_period), "2016-01", "2016-11") == before


def test_the_newest_vintage_holds_the_years_as_they_stand_today() -> None:
    newest = to("2026-01")
    assert [balance(newest, f"{year}-01", f"{year}-12") for year in (2011, 2016, 2017)] == [
        -13_199.7,
        -27_624.6,
        -23_060.3,
    ]


def test_deficits_round_to_those_that_ustr_printed_after_the_revision_of_june_2018() -> None:
    # USTR, facts on Korea for 2017: exports 48.3, imports 71.4, deficit 23.1 billion dollars.
    rows = observations.between(
        observations.of_partner(sources._observations(to("2018-08")), "5800"), "2017-01", "2017-12"
    )
    sums = by_flow(rows).sum() / 1e9
    assert (round(sums["X"], 1), round(sums["M"], 1), round(sums["X"] - sums["M"], 1)) == (48.3, 71.4, -23.1)


def test_export_chapters_of_january_2013_add_up_to_the_country_total_to_the_dollar() -> None:
    (source,) = sources.vintages_of("census-hs-exports")
    table = sources._observations(source)
    chapters = table[(table["counterpart_area"] == "5800") & (table["time_period"] == "2013-01")]
    assert chapters["obs_value"].sum() == 3_117_963_667
    total = observations.of_partner(sources._observations(to("2026-01")), "5800")
    assert (
        total[(total["time_period"] == "2013-01") & (total["trade_flow"] == "X")]["obs_value"].item() == 3_117_963_667
    )


def test_general_import_chapters_add_up_to_the_country_totals_of_the_same_vintage_to_the_dollar() -> None:
    (source,) = sources.vintages_of("census-hs-imports-general")
    chapters = observations.of_partner(sources._observations(source), "5800").groupby("time_period")["obs_value"].sum()
    newest = to("2026-01")
    totals = observations.of_partner(sources._observations(newest), "5800")
    imports = totals[totals["trade_flow"] == "M"].set_index("time_period")["obs_value"]
    assert list(chapters.index) == periods.span("2023-01", "2024-12")
    assert chapters.equals(imports.reindex(chapters.index))
    assert source.vintage == newest.vintage


@pytest.mark.parametrize(
    ("as_of", "vintage", "standing", "last"),
    [
        ("2018-01-05", "2018-10-05", "later", "2017-11"),
        ("2018-01-04", "2018-10-05", "later", "2017-10"),
        ("2017-01-20", "2017-01-06", "held", "2016-11"),
        ("2017-02-06", "2017-01-06", "held", "2016-11"),
        ("2017-02-07", "2018-10-05", "later", "2016-12"),
        ("2018-10-05", "2018-10-05", "held", "2018-08"),
        ("2019-02-05", "2019-12-05", "later", "2018-10"),
        ("2026-11-23", "2026-03-12", "earlier", "2026-01"),
    ],
)
def test_an_edition_stands_on_the_vintage_of_its_day_or_the_nearest_later_one_cut(
    as_of: str, vintage: str, standing: str, last: str
) -> None:
    trade = sources.country_trade(sources.open_edition("5800", "2011-01", "latest", as_of))
    assert set(trade["vintage"]) == {vintage}
    assert set(trade["standing"]) == {standing}
    assert trade["time_period"].max() == last


@cache
def last_shown(as_of: date) -> str:
    first = default_first_period(sources.calendar().last_published(as_of))
    trade = sources.country_trade(sources.open_edition("5800", first, "latest", str(as_of)))
    return str(trade["time_period"].max())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dates(FIRST_DAY, date.today()))
def test_no_observation_released_after_the_day_is_ever_read(as_of: date) -> None:
    assert sources.calendar().release(last_shown(as_of)).day <= as_of


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.dates(FIRST_DAY, date.today() - timedelta(days=400)), st.integers(1, 400))
def test_a_later_day_never_shows_fewer_months(as_of: date, days: int) -> None:
    assert last_shown(as_of) <= last_shown(as_of + timedelta(days=days))


def test_a_changed_byte_is_refused(copied_record: Path) -> None:
    source = sources.vintages_of("census-country")[0]
    path = copied_record / source.file
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ChecksumMismatch, match=r"country\.parquet in 2012-02-10 is not the file that was registered"):
        sources.verified_bytes(source)


def test_a_dataset_that_is_not_registered_is_refused() -> None:
    with pytest.raises(UnregisteredSource, match="No dataset rumours is registered"):
        sources.vintages_of("rumours")


def test_imports_of_a_chapter_come_on_two_bases_told_apart(edition: Edition) -> None:
    now = sources.open_edition("5800", "2011-01", "latest", "2025-06-01")
    chapter = sources.chapter_trade(now, "87")
    imports = chapter[(chapter["trade_flow"] == "M") & (chapter["counterpart_area"] == "5800")]
    spans = imports.groupby("trade_system")["time_period"].agg(["min", "max"])
    assert tuple(spans.loc["consumption"]) == ("2013-01", "2021-07")
    assert tuple(spans.loc["general"]) == ("2023-01", "2024-12")
    assert set(sources.chapter_trade(edition, "87")["trade_system"]) == {"total", "consumption"}


def test_partners_held_leave_out_aggregates() -> None:
    held = sources.partners_held()
    assert codelists.WORLD in held and not (set(held) & set(codelists.AGGREGATES)) - {codelists.WORLD}
    assert pd.Series([last for _, last in held.values()]).max() == "2026-01"
    forget()
