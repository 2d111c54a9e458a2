"""What comes in is held against what was published before: real vintages pass, and what no release ever did is refused."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest
from briefing.acquire.continuity import CLOSED, LOST, REVISED, SMALL, TRADING, Neighbour, require_continuity
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record import observations, sources
from briefing.record.sources import Source

Change = Callable[[pd.DataFrame], pd.DataFrame]


def vintages(dataset: str) -> list[Source]:
    """The vintages that are as the office's own files: none that lacks months, or has its first ones from another."""
    whole = [source for source in sources.vintages_of(dataset) if not source.gaps and not source.continues]
    return sorted(whole, key=lambda source: source.vintage)


@cache
def held(source: Source) -> pd.DataFrame:
    return pd.read_parquet(sources.data_directory() / source.file)[observations.COLUMNS]


SUCCESSIVE = [
    pair for dataset in ("census-country", "census-end-use-imports") for pair in itertools.pairwise(vintages(dataset))
]
BEFORE, NEWEST = SUCCESSIVE[7]
"""The vintages of country.xlsx to February 2025 and to January 2026."""


@pytest.mark.long
@pytest.mark.parametrize(("older", "newer"), SUCCESSIVE, ids=lambda source: f"{source.dataset} {source.last_period}")
def test_every_real_vintage_passes_beside_the_one_before_and_the_one_after(older: Source, newer: Source) -> None:
    withdrawn = require_continuity(held(newer), "the newer", Neighbour(older, held(older)), later=True)
    require_continuity(held(older), "the older", Neighbour(newer, held(newer)), later=False)
    if newer.last_period == "2023-01":
        assert withdrawn == [
            "It no longer has NICS (0008) from 1985-01 on.",
            "It no longer has OPEC (0001) from 1985-01 on.",
        ]


@pytest.mark.long
@pytest.mark.parametrize(("older", "newer"), SUCCESSIVE, ids=lambda source: f"{source.dataset} {source.last_period}")
def test_the_bounds_are_those_of_the_vintages_held(older: Source, newer: Source) -> None:
    partners = [codelists.WORLD, *codelists.PARTNERS]
    sides = [table[table["counterpart_area"].isin(partners)] for table in (held(older), held(newer))]
    first, last = max(s["time_period"].min() for s in sides), min(s["time_period"].max() for s in sides)
    columns = [*observations.KEY, "obs_value"]
    both = sides[0][columns].merge(sides[1][columns], on=observations.KEY, how="outer", suffixes=("_older", "_newer"))
    both = both[both["time_period"].between(first, last)].fillna({"obs_value_older": 0, "obs_value_newer": 0})
    lost = both.loc[both["obs_value_newer"] == 0, "obs_value_older"].sum()
    assert lost <= 0.8 * LOST[str(both["classification"].iloc[0])]
    both["moved"] = (both["obs_value_older"] - both["obs_value_newer"]).abs()
    both["year"] = both["time_period"].str[:4].astype(int)
    cells = both.groupby(["counterpart_area", "commodity", "trade_flow", "year"])[
        ["obs_value_older", "obs_value_newer", "moved"]
    ].sum()
    closed = cells.index.get_level_values("year") <= int(last[:4]) - older.open_years
    assert cells.loc[closed, "moved"].max() <= CLOSED / 2
    size = cells[["obs_value_older", "obs_value_newer"]].max(axis=1)
    for least, share in REVISED:
        assert (cells["moved"] / size)[size >= least].max() <= share


def a_year_late(table: pd.DataFrame) -> pd.DataFrame:
    years = (table["time_period"].str[:4].astype(int) + 1).astype(str)
    return table.assign(time_period=years + table["time_period"].str[4:]).query("time_period <= '2026-01'")


def exchanged(partners: list[str], year: str = "") -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        own = table["counterpart_area"].isin(partners) & table["time_period"].str.startswith(year)
        key = ["counterpart_area", "time_period"]
        other = table[own].assign(trade_flow=table["trade_flow"].map({"X": "M", "M": "X"}))
        values = table[own].merge(other, on=[*key, "trade_flow"], how="left")["obs_value_y"].to_numpy()
        return table.assign(obs_value=table["obs_value"].mask(own, pd.Series(values, index=table.index[own])))

    return change


def multiplied(factor: float, where: str = "time_period > ''") -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        rows = table.eval(where)
        return table.assign(
            obs_value=table["obs_value"].mask(rows, (table["obs_value"] * factor).round().astype("int64"))
        )

    return change


def without(where: str) -> Change:
    return lambda table: table.query(f"not ({where})")


def exchanged_months(one: str, other: str, where: str = "time_period > ''") -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        names = table["time_period"].mask(table.eval(where), table["time_period"].replace({one: other, other: one}))
        return table.assign(time_period=names)

    return change


def exchanged_codes(one: str, other: str, first: str) -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        korea = (table["counterpart_area"] == "5800") & (table["time_period"] >= first)
        return table.assign(
            commodity=table["commodity"].mask(korea, table["commodity"].replace({one: other, other: one}))
        )

    return change


EVERYBODY = [code for code in codelists.AREAS if code != "0004"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (multiplied(0.001), r"flow M, 2024, at 3,266\.4 million dollars, the vintage of 2025-04-03 at 3,267,460\.6 million, as if divided by 1,000"),
        (multiplied(0.01), "as if divided by 100"),
        (multiplied(0.1), "as if divided by 10:"),
        (multiplied(1000), "as if multiplied by 1,000"),
        (exchanged(EVERYBODY), "as if exports and imports had been exchanged"),
        (exchanged(["5800"]), r"Korea, South \(5800\), flow X, 2024, .* as if exports and imports had been exchanged"),
        (exchanged(["4120"], "2024"), r"United Kingdom \(4120\), flow X, 2024, .* exchanged: no revision has that form"),
        (a_year_late, "as if each value stood a year late"),
        (multiplied(0.001, "counterpart_area == '6862'"), r"Nauru \(6862\), .* that year was closed to revision"),
        (multiplied(0.001, "counterpart_area == '5800' and time_period > '2025-06'"), r"Korea, South \(5800\), flow M, 2025-07, at 11\.1 million dollars, where the twelve months before have 10,714\.2 million each"),
        (multiplied(0.4, "time_period == '2026-01'"), r"World, .*, 2026-01, at [\d,.]+ million dollars, where the twelve months before"),
        (without("counterpart_area == '5800' and '2015' <= time_period < '2017'"), r"Korea, South \(5800\), flow M, 2015-01 to 2016-12, 24 observations of 141,\d{3}\.\d million dollars; in all 51 observations"),
        (without("counterpart_area == '6830'"), r"lacks what the vintage of 2025-04-03 holds: Palau \(6830\), flow X"),
        (without("time_period < '2020'"), r"everything, 1985-01 to 2019-12, [\d,]+ observations of [\d,.]+ million dollars; in all"),
        (without("time_period > '2024-12'"), "ends at 2024-12, the vintage of 2025-04-03 already at 2025-02"),
        (without("counterpart_area == '0003' and time_period == '2019-03'"), r"European Union \(0003\), flow M, 2019-03, 1 observation of"),
    ],
)  # fmt: skip
def test_a_file_that_agrees_with_itself_and_not_with_what_was_published_is_refused(change: Change, words: str) -> None:
    with pytest.raises(MalformedSource, match=words) as refusal:
        require_continuity(change(held(NEWEST)), "country.xlsx", Neighbour(BEFORE, held(BEFORE)), later=True)
    assert "--despite" in str(refusal.value) or "--vintage" in str(refusal.value)


@pytest.mark.long
@pytest.mark.parametrize("where", ["time_period > ''", "trade_flow == 'X'"])
def test_months_of_a_year_exchanged_for_all_partners_are_named(where: str) -> None:
    words = r"has flow [XM], 2024, otherwise than the vintage of 2025-04-03, as if 2024-04 stood under 2024-03, 2024-03 stood under 2024-04: what each"
    change = exchanged_months("2024-03", "2024-04", where)
    with pytest.raises(MalformedSource, match=words):
        require_continuity(change(held(NEWEST)), "country.xlsx", Neighbour(BEFORE, held(BEFORE)), later=True)


@pytest.mark.long
def test_years_of_an_edition_exchanged_are_named() -> None:
    older, newer = SUCCESSIVE[-1]
    with pytest.raises(MalformedSource, match="as if 2021 stood under 2020, 2020 stood under 2021"):
        require_continuity(
            exchanged_months("2020", "2021")(held(newer)), "it", Neighbour(older, held(older)), later=True
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (exchanged_codes("84", "87", "2026-05"), r"has Korea, South \(5800\), 2026-05, otherwise .* as if HS 87 stood under HS 84, HS 84 stood under HS 87"),
        (exchanged_codes("84", "87", "2013-01"), r"has Korea, South \(5800\), 2013-01 to 2026-05, otherwise .* as if HS 87 stood under HS 84"),
        (exchanged_months("2026-03", "2026-04"), r"has flow X, 2026, otherwise .* as if 2026-04 stood under 2026-03, 2026-03 stood under 2026-04"),
    ],
)  # fmt: skip
def test_chapters_or_months_exchanged_in_a_reply_are_named(change: Change, words: str) -> None:
    (source,) = vintages("census-hs-exports")
    with pytest.raises(MalformedSource, match=words):
        require_continuity(change(held(source)), "This reply", Neighbour(source, held(source)), later=True)


SAME_YEAR = SUCCESSIVE[6]
"""The vintages of country.xlsx to June 2024 and to February 2025: no annual revision came out between them."""


@pytest.mark.long
def test_without_an_annual_revision_between_them_partners_stay_to_the_dollar() -> None:
    older, newer = SAME_YEAR
    assert not sources.calendar().annual_revisions(older.vintage, newer.vintage)
    require_continuity(held(newer), "the newer", Neighbour(older, held(older)), later=True, revised=False)
    require_continuity(held(older), "the older", Neighbour(newer, held(newer)), later=False, revised=False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (multiplied(1.01, "time_period == '2024-06'"), r"2024-06, at .* and no annual revision lies between the two: until one, .* \(\d{3} such observations\)"),
        (multiplied(1.01, "counterpart_area == '5800' and trade_flow == 'X' and time_period == '2024-05'"), r"Korea, South \(5800\), flow X, 2024-05, at 5,\d{3}\.\d million dollars, .* as they came out\. Every level"),
        (multiplied(1.01, "counterpart_area == '1220' and trade_flow == 'M' and time_period == '2024-06'"), r"Canada \(1220\), flow M, 2024-06"),
        (multiplied(1.01, "counterpart_area == '1220' and trade_flow == 'X' and time_period == '2024-05'"), r"Canada \(1220\), flow X, 2024-05"),
    ],
)  # fmt: skip
def test_a_partner_that_moved_without_an_annual_revision_is_refused(change: Change, words: str) -> None:
    older, newer = SAME_YEAR
    with pytest.raises(MalformedSource, match=words):
        require_continuity(change(held(newer)), "it", Neighbour(older, held(older)), later=True, revised=False)
    if "2024-06, at" not in words:  # of all partners together the median tells it, revised or not
        require_continuity(change(held(newer)), "it", Neighbour(older, held(older)), later=True)


@pytest.mark.long
@pytest.mark.parametrize(("off", "passes"), [(CLOSED, True), (CLOSED + 1, False)])
def test_a_thousand_dollars_are_no_move(off: int, passes: bool) -> None:
    older, newer = SAME_YEAR
    table = held(newer).copy()
    table.loc[
        table.query("counterpart_area == '5800' and trade_flow == 'M' and time_period == '2024-05'").index, "obs_value"
    ] += off
    neighbour = Neighbour(older, held(older))
    if passes:
        require_continuity(table, "it", neighbour, later=True, revised=False)
    else:
        with pytest.raises(MalformedSource, match="no annual revision lies between the two"):
            require_continuity(table, "it", neighbour, later=True, revised=False)


@pytest.mark.long
@pytest.mark.parametrize("share", [TRADING, TRADING - 0.02])
def test_a_new_month_in_which_a_tenth_of_the_partners_trades_no_longer_is_refused(share: float) -> None:
    table = held(NEWEST)
    partners = table["counterpart_area"].isin(codelists.PARTNERS) & (table["obs_value"] > 0)
    year = table[partners & table["time_period"].between("2025-01", "2025-12") & (table["trade_flow"] == "X")]
    newest = table[partners & (table["time_period"] == "2026-01") & (table["trade_flow"] == "X")]
    kept = math.ceil(share * len(year) / 12)
    lost = newest.nsmallest(len(newest) - kept, "obs_value").index
    zeroed = table.assign(obs_value=table["obs_value"].mask(table.index.isin(lost), 0))
    neighbour = Neighbour(BEFORE, held(BEFORE))
    if share == TRADING:
        require_continuity(zeroed, "it", neighbour, later=True)
    else:
        words = r"has \d+ partners with exports in 2026-01, where the twelve months before have 2\d\d each"
        with pytest.raises(MalformedSource, match=words):
            require_continuity(zeroed, "it", neighbour, later=True)


@pytest.mark.parametrize(
    ("dataset", "value", "passes"),
    [
        ("census-country", SMALL["TOTAL"] - 1, True),
        ("census-country", SMALL["TOTAL"], False),
        ("census-hs-exports", SMALL["TOTAL"] - 1, False),
    ],
)
def test_small_observations_count_as_lost_of_products_and_not_of_all_goods(
    dataset: str, value: int, passes: bool
) -> None:
    source = vintages(dataset)[-1]
    older = held(source).query("counterpart_area not in @codelists.AGGREGATES and '2025' <= time_period").copy()
    lost = older.query("obs_value > 0 and time_period < '2026'").nsmallest(400, "obs_value").index
    older.loc[lost, "obs_value"] = value
    assert len(lost) * value > max(LOST.values())
    if passes:
        require_continuity(older.drop(lost), "it", Neighbour(source, older), later=True)
    else:
        with pytest.raises(MalformedSource, match=rf"lacks what the vintage of {source.vintage} holds"):
            require_continuity(older.drop(lost), "it", Neighbour(source, older), later=True)


@pytest.mark.long
def test_an_older_file_found_later_is_held_against_what_followed_it() -> None:
    with pytest.raises(MalformedSource, match=r"the vintage of 2026-03-12 at .*, as if divided by 1,000"):
        require_continuity(multiplied(0.001)(held(BEFORE)), "found", Neighbour(NEWEST, held(NEWEST)), later=False)


@pytest.mark.long
def test_an_edition_may_leave_out_the_years_before_its_window_and_no_other() -> None:
    older, newer = SUCCESSIVE[-1]
    assert (older.window, held(older)["time_period"].min(), held(newer)["time_period"].min()) == (10, "2014", "2016")
    with pytest.raises(MalformedSource, match="everything, 2016, "):
        require_continuity(
            without("time_period == '2016'")(held(newer)), "it", Neighbour(older, held(older)), later=True
        )
    with pytest.raises(MalformedSource, match="everything, 2014 to 2015, "):
        require_continuity(held(newer), "it", Neighbour(replace(older, window=0), held(older)), later=True)


CARS = "commodity == '87' and counterpart_area == '5800' and '2015' <= time_period < '2017'"


def test_cars_missing_for_two_years_are_refused_although_they_are_few_rows() -> None:
    (source,) = vintages("census-hs-imports-consumption")
    cut = without(CARS)(held(source))
    assert len(held(source)) - len(cut) == 24
    words = r"Korea, South \(5800\), flow M, commodity 87, 2015-01 to 2016-12, 24 observations of [34]\d,\d{3}\.\d million dollars\. Every sum"
    with pytest.raises(MalformedSource, match=words):
        require_continuity(cut, "hs.csv", Neighbour(source, held(source)), later=True)


def test_what_is_known_of_a_dataset_stands_in_the_register() -> None:
    facts: dict[str, Any] = {source.dataset: (source.open_years, source.window) for source in sources.register()}
    assert facts["census-country"] == (4, 0) and facts["census-end-use-imports"] == (4, 10)
    assert all(source.seen is None or source.seen >= source.vintage for source in sources.register())
    assert date(2024, 11, 1) in {source.seen for source in sources.register()}


def test_a_month_that_is_an_earlier_one_under_another_name_is_refused() -> None:
    table = held(NEWEST)
    copied = table[table["time_period"] == "2025-02"].assign(time_period="2026-02")
    with pytest.raises(
        MalformedSource, match=r"has for 2026-02 what it has for 2025-02, to the dollar, in [\d,]+ of [\d,]+"
    ):
        require_continuity(
            pd.concat([table, copied], ignore_index=True), "mine.csv", Neighbour(NEWEST, table), later=True
        )


@pytest.mark.long
def test_the_newest_months_of_a_large_partner_do_not_vanish() -> None:
    lost = without("counterpart_area == '5600' and time_period > '2025-12'")(held(NEWEST))
    with pytest.raises(MalformedSource, match=r"Indonesia \(5600\), flow [XM], 2026-01, at 0\.000 million dollars"):
        require_continuity(lost, "country.xlsx", Neighbour(BEFORE, held(BEFORE)), later=True)
