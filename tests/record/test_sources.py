"""The record: every file registered and whole, every identity of the real figures, nothing later than the day."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from briefing import periods
from briefing.codes import codelists
from briefing.errors import ChecksumMismatch, NoVintage, SourceError, UnregisteredSource
from briefing.figures import by_flow
from briefing.outputs import origin_in_words, source_note
from briefing.record import observations, sources, store
from briefing.record.edition import FIRST_DAY, Edition, default_first_period
from briefing.record.origins import Origin
from briefing.record.sources import Source
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import forget
from tests.pacts import pact_of

LEFT_OUT = {"0005", "0006", "0007", "0021", "0022"}
"""Aggregates on another basis, and the product group."""
WORKBOOKS = sources.whole_vintages("census-country")
LAST_DAY = date(2026, 11, 23)
"""A day, not today: a generated test tries the same days every day. Move it when a vintage is added."""
TABLES = [source for source in sources.register() if source.file.endswith(".parquet")]


def name(source: Source) -> str:
    return f"{source.dataset}@{source.vintage}"


@cache
def table_of(source: Source) -> pd.DataFrame:
    return store.answer(sources.observations(source))


def balance(source: Source, first: str, last: str, partner: str = "5800") -> float:
    """Million dollars over the months."""
    rows = observations.between(observations.of_partner(table_of(source), partner), first, last)
    flows = by_flow(rows)
    return round(float((flows["X"] - flows["M"]).sum()) / 1e6, 1)


def to(last_period: str) -> Source:
    return next(source for source in WORKBOOKS if source.last_period == last_period)


def test_nine_vintages_of_the_country_workbook_are_held_and_perhaps_later_ones() -> None:
    assert {source.last_period for source in WORKBOOKS} >= {
        "2011-12", "2016-11", "2018-08", "2019-10", "2020-08", "2023-01", "2024-06", "2025-02", "2026-01",
    }  # fmt: skip


@pytest.mark.parametrize("source", sources.whole_register(), ids=lambda source: source.file)
def test_every_file_is_the_one_that_was_registered(source: Source) -> None:
    sources.verified_bytes(source)
    assert source.title and source.producer and source.unit and source.concepts and source.licence and source.obtained


def test_every_file_of_the_record_is_registered() -> None:
    data = sources.data_directory()
    held = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    unregistered = held - {source.file for source in sources.whole_register()} - {"sources.toml", ".lock"}
    assert {file for file in unregistered if not file.startswith("raw/")} == set()


def test_what_is_true_of_a_dataset_is_told_of_everyone_that_holds_observations() -> None:
    for dataset, _ in sources.described():
        told = sources.told_of(dataset)
        assert told["short_title"]
        observed = dataset not in ("ft900-calendar", "tradewartracker-tariffs") and "pact" not in told
        assert (told.get("statistics", ""), told.get("basis", "")) in (OF_OBSERVATIONS if observed else {("", "")})


OF_OBSERVATIONS = {("US", "census"), ("KR", "partner")}


@pytest.mark.parametrize("source", TABLES, ids=name)
def test_a_file_holds_the_statistics_of_the_economy_that_the_register_names(source: Source) -> None:
    table = pd.read_parquet(sources.data_directory() / source.file, columns=["ref_area"])
    assert set(table["ref_area"].unique()) == {source.statistics}


def test_a_dataset_described_but_not_held_is_told_from_an_unknown_one() -> None:
    with pytest.raises(NoVintage, match=r"korea-customs is described .* but no vintage of it is held"):
        sources.vintages_of("korea-customs")


@pytest.mark.long
@pytest.mark.parametrize("source", TABLES, ids=name)
def test_a_table_has_one_value_for_each_observation_up_to_its_last_month(source: Source) -> None:
    table = table_of(source)
    assert list(table.columns) == [*observations.COLUMNS, "source", "vintage"]
    observations.require_unique(table)
    assert table["time_period"].max() == source.last_period
    assert (table["obs_value"] >= 0).all()
    assert set(table["counterpart_area"].unique()) - {"US" if source.ledger_of else ""} <= set(codelists.AREAS)


@pytest.mark.long
@pytest.mark.parametrize("source", TABLES, ids=name)
def test_codes_are_text_with_their_leading_zeros(source: Source) -> None:
    table = table_of(source)
    assert all(pd.api.types.is_string_dtype(table[column]) for column in [*observations.KEY, "obs_status"])
    assert pd.api.types.is_integer_dtype(table["obs_value"])
    lengths = {
        "census-country": {5},
        "census-duties": {5},
        "census-end-use-imports": {5},
        "census-end-use-exports": {5},
        "census-hs-detail-imports-consumption": {4, 6, 10},
        "fred-korea": {5},
        "korea-customs-country": {5},
    }
    assert set(table["commodity"].str.len().unique()) == lengths.get(source.dataset, {2})
    assert set(table["counterpart_area"].replace("US", "0000").str.len().unique()) == {4}


@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_every_month_of_the_world_and_of_korea_is_there_once(source: Source) -> None:
    # The world row, not adjusted, begins in 1987; that of Korea in 1985. A table may have the world a month later.
    world_ends = periods.shifted(source.last_period, -1) if source.continues else source.last_period
    for partner, first, last in (("0015", "1987-01", world_ends), ("5800", "1985-01", source.last_period)):
        rows = observations.of_partner(table_of(source), partner)
        for _, flow in rows.groupby("trade_flow"):
            assert sorted(flow["time_period"]) == periods.span(first, last)
            assert (flow["obs_value"] > 0).all()


@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_an_area_is_either_a_partner_or_an_aggregate_on_the_basis_of_the_book(source: Source) -> None:
    areas = set(table_of(source)["counterpart_area"].unique())
    aggregates = {area for area in areas if area < "1000"}
    assert aggregates == areas & set(codelists.AGGREGATES)
    assert areas - aggregates <= set(codelists.PARTNERS)
    assert not areas & LEFT_OUT


@cache
def discrepancies(source: Source) -> pd.Series:
    """Partners less the world by month and flow, where it exceeds what is allowed, from 1992, in months with both.

    Half a million dollars; of rounded partners up to 1.8 million.

    The partners of 1987 to 1991 do not add up in any vintage, by up to 3.6 billion dollars a month.
    """
    table = observations.between(table_of(source), "1992-01", source.last_period)
    partners = table[table["counterpart_area"].isin(codelists.PARTNERS)]
    sums = partners.groupby(["time_period", "trade_flow"])["obs_value"].sum()
    world = observations.of_partner(table, codelists.WORLD).set_index(["time_period", "trade_flow"])["obs_value"]
    world_ends = periods.shifted(source.last_period, -1) if source.continues else source.last_period
    assert len(world) == 2 * len(periods.span("1992-01", world_ends))
    assert len(sums) == 2 * len(periods.span("1992-01", source.last_period))
    difference = (sums - world).dropna().sort_index()
    rounded = (difference.index.get_level_values("time_period") >= source.since) & (source.rounded_to > 1)
    return difference[difference.abs() > np.where(rounded, 1_800_000, 500_000)]


def last_revised_year(vintage: date) -> int:
    """The last year closed by an annual revision, which comes with the release of June."""
    return vintage.year - (1 if vintage.month >= 6 else 2)


@pytest.mark.long
@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_partners_add_up_to_the_world_within_half_a_million_up_to_the_last_revised_year(source: Source) -> None:
    # After it the office revises the total of a month with the next release, and its partners only in June.
    months = set(discrepancies(source).index.get_level_values("time_period"))
    assert min(months) > f"{last_revised_year(source.vintage)}-12"


@pytest.mark.parametrize("source", WORKBOOKS, ids=name)
def test_partners_add_up_to_the_world_in_the_month_that_came_out_with_the_vintage(source: Source) -> None:
    if not source.continues:  # a table of several releases
        assert source.last_period not in discrepancies(source).index.get_level_values("time_period")


@pytest.mark.parametrize(
    ("last_period", "now", "before"),
    [
        ("2018-08", -21_558.4, -26_425.4),
        ("2019-10", -21_540.3, -26_467.3),
        ("2020-08", -21_535.0, -26_467.3),
        ("2023-01", -21_535.0, -26_467.3),
        ("2024-06", -21_535.0, -26_467.3),
        ("2025-02", -21_535.0, -26_467.3),
        ("2026-01", -21_535.0, -26_467.3),
    ],
)
def test_january_to_november_2017_was_revised_from_vintage_to_vintage(
    last_period: str, now: float, before: float
) -> None:
    assert balance(to(last_period), "2017-01", "2017-11") == now
    assert balance(to(last_period), "2016-01", "2016-11") == before


def test_january_to_november_2016_was_known_before_the_year_was_over() -> None:
    assert balance(to("2016-11"), "2016-01", "2016-11") == -26_468.0


def test_exports_and_imports_of_january_to_november_2017_as_they_stand_today() -> None:
    rows = observations.of_partner(table_of(to("2026-01")), "5800")
    flows = by_flow(observations.between(rows, "2017-01", "2017-11"))
    assert [round(float(value) / 1e6, 1) for value in flows[["X", "M"]].sum()] == [43_870.2, 65_405.1]


def test_the_newest_vintage_holds_the_years_as_they_stand_today() -> None:
    newest = to("2026-01")
    assert [balance(newest, f"{year}-01", f"{year}-12") for year in (2011, 2016, 2017)] == [
        -13_199.7,
        -27_624.6,
        -23_060.3,
    ]


def test_deficits_round_to_those_that_ustr_printed_after_the_revision_of_june_2018() -> None:
    # USTR, facts on Korea for 2017: exports 48.3, imports 71.4, deficit 23.1 billion dollars.
    rows = observations.between(observations.of_partner(table_of(to("2018-08")), "5800"), "2017-01", "2017-12")
    sums = by_flow(rows).sum() / 1e9
    assert (round(sums["X"], 1), round(sums["M"], 1), round(sums["X"] - sums["M"], 1)) == (48.3, 71.4, -23.1)


def test_export_chapters_of_january_2013_add_up_to_the_country_total_to_the_dollar() -> None:
    (source,) = sources.vintages_of("census-hs-exports")
    table = table_of(source)
    chapters = table[(table["counterpart_area"] == "5800") & (table["time_period"] == "2013-01")]
    assert chapters["obs_value"].sum() == 3_117_963_667
    total = observations.of_partner(table_of(to("2026-01")), "5800")
    assert (
        total[(total["time_period"] == "2013-01") & (total["trade_flow"] == "X")]["obs_value"].item() == 3_117_963_667
    )


def chapters_and_total(dataset: str, source: Source, trade_flow: str) -> pd.DataFrame:
    """Korea by month, in dollars: the HS chapters' sum and the country's total in one vintage."""
    (chapters,) = sources.vintages_of(dataset)
    sums = observations.of_partner(table_of(chapters), "5800").groupby("time_period")["obs_value"].sum()
    totals = observations.of_partner(table_of(source), "5800")
    total = totals[totals["trade_flow"] == trade_flow].set_index("time_period")["obs_value"]
    return pd.DataFrame({"chapters": sums, "total": total}).dropna()


def test_export_chapters_of_closed_years_add_up_to_the_country_total_to_the_dollar() -> None:
    # The chapters came out after the revision of June 2026, which opened 2023 to 2025 once more.
    both = chapters_and_total("census-hs-exports", to("2026-01"), "X")
    equal = both["chapters"] == both["total"]
    assert list(both.index) == periods.span("2013-01", "2026-01")
    assert equal[:"2022-12"].all() and equal["2026-01"]
    assert not equal["2023-01":"2025-12"].any()


def test_general_import_chapters_add_up_to_the_country_totals_of_the_newest_vintage_and_of_no_other() -> None:
    # Every vintage but the newest precedes a revision of 2023 and 2024.
    for source in WORKBOOKS:
        both = chapters_and_total("census-hs-imports-general", source, "M")
        equal = both["chapters"] == both["total"]
        if source == to("2026-01"):
            assert list(both.index) == periods.span("2023-01", "2024-12")
            assert equal.all()
        else:
            assert not equal.any()
    (chapters,) = sources.vintages_of("census-hs-imports-general")
    assert chapters.vintage == to("2026-01").vintage


@pytest.mark.long
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
        ("2026-10-05", "2026-10-06", "later", "2026-07"),
        ("2026-11-23", "2026-10-06", "earlier", "2026-08"),
    ],
)
def test_an_edition_stands_on_the_vintage_of_its_day_or_the_nearest_later_one_cut(
    as_of: str, vintage: str, standing: str, last: str
) -> None:
    every_month = sources.country_trade(sources.open_edition("5800", "2011-01", "latest", as_of))
    (source,) = [one for one in WORKBOOKS if str(one.vintage) == vintage]
    own = every_month["time_period"] >= source.since
    assert set(every_month.loc[~own, "vintage"].unique()) == ({str(source.continues)} if source.continues else set())
    trade = every_month[own]
    assert set(trade["vintage"].unique()) == {vintage}
    assert {(origin.vintage, origin.standing) for origin in trade["origin"].unique()} == {(vintage, standing)}
    assert set(trade["basis"].unique()) == {"census"}
    assert trade["time_period"].max() == last


@cache
def known_from() -> dict[str, date]:
    """The day from which each month was known, told without `briefing.record.vintages`.

    The day in calendar.toml, or the day of a vintage that holds the month; else the last day of the
    second month after. A month is known at the latest with the next one.
    """
    rows = tomllib.loads((sources.data_directory() / "census/calendar.toml").read_text(encoding="utf-8"))["release"]
    recorded = {row["reference_month"]: row["release_date"] for row in rows}
    known = {}
    day = date.max
    for month in reversed(periods.span("1985-01", "2027-01")):
        year, number = int(month[:4]), int(month[5:]) + 2
        assumed = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
        held = [source.vintage for source in sources.register() if source.last_period == month]
        day = min(day, recorded.get(month) or min([assumed, *held]))
        known[month] = day
    return known


@cache
def months_shown(as_of: date) -> list[str]:
    """Every month of which an edition of that day reads any observation."""
    first = default_first_period(sources.calendar().last_published(as_of))
    trade = sources.country_trade(sources.open_edition("5800", first, "latest", str(as_of)))
    return sorted(trade["time_period"].unique())


@pytest.mark.long
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dates(FIRST_DAY, LAST_DAY))
def test_no_observation_of_a_month_released_after_the_day_is_ever_read(as_of: date) -> None:
    assert [month for month in months_shown(as_of) if known_from()[month] > as_of] == []


PRODUCTS = (
    "census-hs-exports",
    "census-hs-imports-consumption",
    "census-hs-imports-general",
    "census-end-use-imports",
    "census-hs-detail-imports-consumption",
)


@pytest.mark.long
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.dates(FIRST_DAY, LAST_DAY), st.sampled_from(PRODUCTS))
def test_no_product_of_a_period_released_after_the_day_is_ever_read(as_of: date, dataset: str) -> None:
    first = default_first_period(sources.calendar().last_published(as_of))
    edition = sources.open_edition("5800", first, "latest", str(as_of))
    for period in sources.read_as_of(dataset, edition)["time_period"].unique():
        assert known_from()[periods.last_month(period)] <= as_of


def test_a_year_is_read_when_its_december_has_come_out_and_not_before() -> None:
    def years(as_of: str) -> set[str]:
        edition = sources.open_edition("5800", "2014-01", "latest", as_of)
        return set(sources.end_use(edition, "30000").query("trade_flow == 'M'")["time_period"])

    assert max(years("2018-02-05")) == "2016"
    assert max(years("2018-02-06")) == "2017"
    assert (min(years("2018-02-06")), min(years("2026-03-01"))) == ("2014", "2016")


def years_less_totals(products: pd.DataFrame, totals: pd.DataFrame) -> pd.Series:
    """The sum over the codes of each year less its months of imports, by partner and year."""
    imports = totals[totals["trade_flow"] == "M"]
    of_goods = imports.groupby(["counterpart_area", imports["time_period"].str[:4]])["obs_value"].sum()
    return (products.groupby(["counterpart_area", "time_period"])["obs_value"].sum() - of_goods).dropna()


def test_imports_by_end_use_add_up_to_the_country_totals_of_their_day_for_every_partner_and_year() -> None:
    older, newer = sources.vintages_of("census-end-use-imports")
    for end_use, total in ((older, to("2024-06")), (older, to("2025-02")), (newer, to("2026-01"))):
        off = years_less_totals(table_of(end_use), table_of(total))
        partners = off[off.index.get_level_values("counterpart_area") != codelists.WORLD]
        assert len(partners) > 2_300 and partners.abs().max() <= 1_000_000
        assert off["5800"].abs().max() <= 1
    # The world's year was revised in the release after the one that the newer edition came with.
    assert off[codelists.WORLD]["2025"] == 52_456_757
    # 2023 as the older edition has it was revised in June 2025.
    assert years_less_totals(table_of(older), table_of(to("2026-01")))["5800"]["2023"] == -160_164_686


def test_passenger_cars_from_korea_are_what_the_workbook_prints() -> None:
    (newer,) = (s for s in sources.vintages_of("census-end-use-imports") if s.last_period == "2025")
    rows = table_of(newer)
    cars = rows[(rows["counterpart_area"] == "5800") & (rows["commodity"] == "30000")].set_index("time_period")
    assert (cars.at["2024", "obs_value"], cars.at["2025", "obs_value"]) == (37_385_177_929, 30_803_911_479)


def test_every_level_of_the_detail_adds_up_to_the_one_above() -> None:
    (source,) = sources.vintages_of("census-hs-detail-imports-consumption")
    rows = table_of(source)
    korea = rows[rows["counterpart_area"] == "5800"].set_index("commodity")["obs_value"]
    for digits, above in ((10, 6), (6, 4)):
        parts = korea[korea.index.str.len() == digits]
        sums = parts.groupby(parts.index.str[:above]).sum()
        assert len(sums) > 20 or above == 4
        assert sums.to_dict() == korea[sums.index].to_dict()
    assert set(rows.loc[rows["commodity"].str.len() == 4, "counterpart_area"]) == {
        "5800",
        "5880",
        "2010",
        "1220",
        "5700",
    }


def test_exports_of_the_first_month_held_by_chapter_are_the_country_total() -> None:
    (source,) = sources.vintages_of("census-hs-exports")
    rows = table_of(source)
    korea = rows[(rows["counterpart_area"] == "5800") & (rows["time_period"] == "2013-01")]
    assert int(korea["obs_value"].sum()) == 3_117_963_667


@pytest.mark.long
@settings(max_examples=75, deadline=None, derandomize=True)
@given(st.dates(FIRST_DAY, LAST_DAY), st.dates(FIRST_DAY, LAST_DAY))
def test_a_later_day_never_shows_fewer_months(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    assert set(months_shown(earlier)) <= set(months_shown(later))


@pytest.mark.long
@pytest.mark.parametrize("month", ["2016-11", "2017-11", "2018-08", "2020-08", "2025-02", "2026-01"])
def test_a_month_is_read_on_the_day_of_its_release_and_not_on_the_day_before(month: str) -> None:
    day = known_from()[month]
    assert months_shown(day)[-1] == month
    assert months_shown(day - timedelta(days=1))[-1] == periods.shifted(month, -1)


@pytest.mark.parametrize("dataset", ["census-country", "census-hs-exports", "ft900-calendar", "talks-korus"])
def test_a_changed_byte_is_refused(copied_record: Path, dataset: str) -> None:
    source = sources.vintages_of(dataset)[0]
    path = copied_record / source.file
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ChecksumMismatch, match=r"is not the file that was registered \(SHA-256 differs\)") as refusal:
        sources.verified_bytes(source)
    assert str(refusal.value).startswith(f"{path.name} in {path.parent.name} ")
    way = {
        "talks-korus": "register what you wrote with `briefing acquire record talks`",
        "ft900-calendar": "register what you wrote with `briefing acquire record ft900-calendar`",
    }
    assert f"Restore it, or {way.get(dataset, 'acquire it again')}." in str(refusal.value)


def test_a_file_changed_after_it_was_read_is_refused_without_being_told(copied_record: Path) -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    assert len(sources.own_trade(edition)) and len(sources.talks_record())
    source = next(s for s in sources.vintages_of("census-country") if s.last_period == "2018-08")
    for path, ask in (
        (copied_record / source.file, lambda: sources.own_trade(edition)),
        (copied_record / sources.vintages_of("talks-korus")[0].file, lambda: pact_of().rows["event"]),
    ):
        content = bytearray(path.read_bytes())
        content[1000] ^= 1
        path.write_bytes(bytes(content))
        with pytest.raises(ChecksumMismatch):
            ask()


def test_a_register_that_changes_is_read_anew_without_being_told(copied_record: Path) -> None:
    held = sources.vintages_of("census-country")
    path = copied_record / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(held[0].title, "Another title"), encoding="utf-8")
    assert sources.vintages_of("census-country")[0].title == "Another title"


def test_the_partners_rows_are_those_of_the_whole_table(edition: Edition) -> None:
    rows = observations.of_partner(sources.country_trade(edition), edition.partner).reset_index(drop=True)
    pd.testing.assert_frame_equal(sources.own_trade(edition).reset_index(drop=True), rows, check_dtype=False)


def test_no_edition_is_opened_on_a_changed_file(copied_record: Path) -> None:
    (source,) = (source for source in sources.vintages_of("census-country") if source.last_period == "2018-08")
    with (copied_record / source.file).open("ab") as file:
        file.write(b"\0")
    forget()
    with pytest.raises(ChecksumMismatch, match=r"country\.parquet in 2018-10-05 .* of unknown origin"):
        sources.open_edition("5800", "2011-01", "latest", "2018-01-05")


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
    assert pd.Series([last for _, last in held.values()]).max() == "2026-08"
    forget()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: f"{text}\nx = [", r"data/sources\.toml is no TOML \(Invalid value"),
        (lambda text: text.replace("vintage = 2012-02-10", 'vintage = "2012-02-10"'), "country.parquet vintage: '2012-02-10', where a day without quotes is wanted"),
        (lambda text: text.replace("census/2012-02-10/country.parquet", "../../etc/country.parquet"), r"lies outside data/"),
        (lambda text: text.replace("sha256 =", "sha257 =", 1), r"dataset census-country: vintages census/2012-02-10/country.parquet lacks original_sha256 \(1 more"),
    ],
)  # fmt: skip
def test_a_register_edited_by_hand_is_refused_by_its_fault(
    change: Callable[[str], str], words: str, copied_record: Path
) -> None:
    file = copied_record / "sources.toml"
    text = file.read_text(encoding="utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")
    with pytest.raises(SourceError, match=words):
        sources.register()


@pytest.mark.parametrize("source", TABLES, ids=name)
def test_notes_tell_the_vintage_of_what_the_office_keeps_apart(source: Source) -> None:
    kept, overwritten = (
        origin_in_words(sources.origin_of(replace(source, keeps_vintages=keeps), "held")) for keeps in (True, False)
    )
    assert kept == f"{source.short_title}, vintage of {periods.day_in_words(source.vintage)}"
    assert overwritten == source.short_title


def test_alfred_keeps_vintages_and_comtrade_does_not() -> None:
    kept = {dataset for dataset, _ in sources.described() if sources.told_of(dataset).get("keeps_vintages")}
    assert "fred-korea" in kept and not kept & {"comtrade-us", "comtrade-korea", "korea-customs", "talks-korus"}


REGISTERS = {
    "bytes": (lambda _: bytes(range(256)), r"is no text \(invalid start byte at byte 128\)"),
    "an array of tables": (
        lambda text: text.replace(b"\n[census-country]", b"\n[[census-country]]"),
        r"dataset census-country: \[\{.* where a table is wanted",
    ),
    "a month that is none": (
        lambda text: text.replace(b'"2011-12"', b'"2011-99"'),
        r"country\.parquet last_period: '2011-99' is no month or year",
    ),
    "a day that is none": (lambda text: text.replace(b"2012-02-10\n", b"2012-02-30\n", 1), r"is no TOML \(Invalid date"),
    "a vintage before its months": (
        lambda text: text.replace(b"2012-02-10\n", b"2011-12-31\n", 1),
        r"vintage 2011-12-31 came out before 2011-12, its last_period, had ended",
    ),
    "a checksum that is none": (lambda text: text.replace(b'sha256 = "53a2', b'sha256 = "x3a2'), "'x3a2.*' is no SHA-256"),
    "a basis that is no text": (lambda text: text.replace(b'\nbasis = "', b'\nbasis = 7 # ', 1), r"basis: 7, where one of 'census', 'bop' or 'partner' is wanted"),
    "nothing": (lambda _: b"", r"No dataset ft900-calendar is registered\. .* Registered: nothing"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), REGISTERS.values(), ids=REGISTERS)
def test_a_register_of_anything_else_is_refused_in_a_sentence(
    copied_record: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    path = copied_record / "sources.toml"
    text = path.read_bytes()
    assert change(text) != text
    path.write_bytes(change(text))
    forget()
    for ask in (lambda: sources.open_edition("5800", "usual", "latest", "2018-01-05"), sources.calendar):
        with pytest.raises(SourceError, match=words):
            ask()


def test_a_register_that_is_missing_is_said_to_be_with_a_way_to_have_it_again(
    copied_record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied_record / "sources.toml").unlink()
    for ask in (sources.register, sources.described, sources.records_of_talks):
        with pytest.raises(
            SourceError, match=r"sources\.toml is missing: no figure would have an origin\. You can put it back, or"
        ):
            ask()
    monkeypatch.setattr(sources, "data_directory", lambda: copied_record)
    monkeypatch.delenv("BRIEFING_DATA")
    with pytest.raises(SourceError, match=r"You can put it back with `git checkout -- data/sources\.toml`"):
        sources.register()


def test_a_registered_file_that_is_lost_is_named_with_a_way_to_have_it_again(copied_record: Path) -> None:
    source = next(s for s in sources.vintages_of("census-country") if s.last_period == "2018-08")
    (copied_record / source.file).unlink()
    with pytest.raises(
        SourceError, match=r"2018-10-05/country\.parquet is missing: what rests on it could not be told"
    ):
        sources.open_edition("5800", "usual", "latest", "2018-01-05")


def test_a_data_folder_named_by_nothing_is_the_projects_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = sources.data_directory()
    monkeypatch.setenv("BRIEFING_DATA", "")
    assert sources.data_directory() == own


def test_a_vintage_that_stands_both_in_force_and_as_a_later_one_is_one_vintage() -> None:
    three = [
        Origin("census-country", day, standing, title="Trade", dated=True)
        for day, standing in (
            ("2017-01-06", "later"),
            ("2018-10-05", "held"),
            ("2018-10-05", "later"),
            ("2026-03-12", "held"),
        )
    ]
    assert "every vintage held" not in source_note(three) and source_note(three).count("5 October 2018") == 2
    four = [*three, Origin("census-country", "2019-12-05", "later", title="Trade", dated=True)]
    assert "every vintage held from 6 January 2017 to 12 March 2026" in source_note(four)
