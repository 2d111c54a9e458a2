"""Trade in all goods: the default edition's figures, and the identities they obey."""

import pandas as pd
import pytest
from briefing import periods
from briefing.codes import codelists
from briefing.figures import autos, deficit
from briefing.record import observations, sources
from briefing.record.edition import Edition


@pytest.fixture(scope="module")
def year(trade: pd.DataFrame) -> deficit.YearToDate:
    return deficit.year_to_date(trade, "5800")


def test_the_deficit_of_the_day_is_21_6_billion_down_18_percent(year: deficit.YearToDate) -> None:
    assert year.balance_before is not None and year.balance_change is not None
    assert round(year.balance.value / 1e6, 1) == -21_558.4
    assert round(year.balance_before.value / 1e6, 1) == -26_425.4
    assert round(year.balance_change.value * 100, 1) == -18.4


def test_balance_is_exports_less_imports(year: deficit.YearToDate) -> None:
    assert year.balance.value == year.exports.value - year.imports.value


def test_the_same_months_today_stand_at_21_535_0_million(edition: Edition) -> None:
    now = deficit.year_to_date(sources.own_trade_now(edition), "5800", "now")
    assert now.balance_change is not None
    values = (now.balance.value, now.exports.value, now.imports.value)
    assert [round(value / 1e6, 1) for value in values] == [-21_535.0, 43_870.2, 65_405.1]
    assert round(now.balance_change.value * 100, 1) == -18.6


def test_months_add_up_to_the_year_to_date(trade: pd.DataFrame, year: deficit.YearToDate) -> None:
    monthly = deficit.monthly(trade, "5800").set_index("time_period")["trade_balance"]
    assert monthly[periods.year_to_date("2017-11")].sum() == year.balance.value


def test_the_twelve_month_balance_of_a_december_is_that_of_its_year(trade: pd.DataFrame) -> None:
    december = deficit.twelve_month_balance(trade, "5800", "2016-12")
    whole = deficit.year_balance(trade, "5800", 2016)
    assert december is not None and whole is not None and december.value == whole.value
    annual = deficit.annual(trade, "5800", 2011).set_index("year")
    assert annual.at["2016", "trade_balance"] == whole.value
    assert annual.at["2017", "months"] == 11


def test_an_unfinished_year_has_no_balance_and_a_short_record_no_twelve_months(trade: pd.DataFrame) -> None:
    assert deficit.year_balance(trade, "5800", 2017) is None
    early = observations.between(trade, "2017-05", "2017-11")
    assert deficit.twelve_month_balance(early, "5800", "2017-11") is None


def test_korea_is_tenth_among_deficits_to_november_and_ranks_hold_every_country_once(
    edition: Edition, year: deficit.YearToDate
) -> None:
    everyone = sources.everyone(edition, "2017-01", "2017-11")
    table = deficit.ranking(everyone)
    assert list(table["rank"]) == list(range(1, len(table) + 1))
    assert table["trade_balance"].is_monotonic_increasing
    assert not set(table["counterpart_area"]) & ({*codelists.AGGREGATES} | codelists.RESIDUALS)
    standing = deficit.standing(everyone, "5800", year.balance)
    assert standing.rank is not None and standing.rank.value == 10
    assert standing.share is not None and round(standing.share.value, 3) == 0.029


def test_sums_of_months_are_those_of_the_months_themselves_for_every_partner(
    edition: Edition, trade: pd.DataFrame
) -> None:
    months = periods.span("2016-01", "2016-12")
    everyone = sources.everyone(edition, months[0], months[-1])
    assert sources.everyone_by_year(edition, 2016, 2016)["obs_value"].sum() == everyone["obs_value"].sum()
    held = observations.as_text(observations.between(trade, months[0], months[-1]))
    assert everyone["observations"].sum() == len(held)
    for partner in sorted(set(held["counterpart_area"])):
        own = observations.of_partner(held, partner)
        summed = deficit.totals(own, months)[2] if len(own) == 24 else None
        assert deficit.balance_in(everyone, partner, months) == summed, partner


def test_surplus_partners_and_the_world_have_no_rank(edition: Edition, trade: pd.DataFrame) -> None:
    everyone = sources.everyone(edition, "2017-01", "2017-11")
    for partner in ("4210", codelists.WORLD):
        balance = deficit.year_to_date(trade, partner).balance
        assert deficit.standing(everyone, partner, balance).rank is None


def test_the_vehicle_gap_never_mixes_the_two_bases_of_imports(edition: Edition) -> None:
    chapter = sources.chapter_trade(edition, "87")
    exports, imports, gap = autos.gap(chapter, "5800", "consumption", periods.span("2016-01", "2016-12"))
    assert round(gap.value / 1e9, 1) == -20.8
    assert gap.value == exports.value - imports.value
    assert "imports for consumption" in imports.formula
    newer = sources.chapter_trade(sources.open_edition("5800", "2011-01", "latest", "2025-06-01"), "87")
    table = autos.annual(newer, ("5800",))
    assert list(table["trade_system"]) == ["consumption"] * 8 + ["general"] * 2
    assert not table.duplicated(["year"]).any()
