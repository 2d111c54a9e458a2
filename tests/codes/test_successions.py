"""Codes that began or ended: their lives held against every vintage, and what an edition makes of them."""

import pandas as pd
import pytest
from briefing.chapters import deficit_trends
from briefing.codes import codelists, successions
from briefing.codes.successions import SUCCESSIONS
from briefing.errors import EditionError
from briefing.figures import deficit
from briefing.record import questions, sources, store

VINTAGES = sources.whole_vintages("census-country")


@pytest.fixture(scope="module", params=VINTAGES, ids=lambda source: str(source.vintage))
def as_written(request: pytest.FixtureRequest) -> pd.DataFrame:
    rows = store.answer(sources.observations(request.param))
    return rows[rows["counterpart_area"].isin(codelists.PARTNERS)]


@pytest.mark.long
def test_no_trade_lies_outside_the_life_of_its_code(as_written: pd.DataFrame) -> None:
    traded = as_written[as_written["obs_value"] != 0]
    spans = traded.groupby("counterpart_area")["time_period"].agg(["min", "max"])
    for code, first, last in spans.itertuples():
        begins, ends = successions.life(code)
        assert begins <= first and last <= ends, f"{code}: trade from {first} to {last}, life {begins} to {ends}"


def test_a_life_begins_and_ends_with_trade(as_written: pd.DataFrame) -> None:
    traded = as_written[as_written["obs_value"] != 0]
    months = traded.groupby("counterpart_area")["time_period"].agg(["min", "max"])
    reach = as_written["time_period"].max()
    for one in SUCCESSIONS:
        if one.first > reach:
            continue
        assert months.at[one.before, "max"] == one.last
        assert min(months.at[code, "min"] for code in one.after if code in months.index) == one.first


def test_a_code_whose_rows_begin_late_or_stop_has_a_life() -> None:
    newest = store.answer(sources.observations(VINTAGES[-1]))
    newest = newest[newest["counterpart_area"].isin(codelists.PARTNERS)]
    rows = newest.groupby("counterpart_area")["time_period"].agg(["min", "max"])
    odd = set(rows.index[(rows["min"] > "1992-01") | (rows["max"] < newest["time_period"].max()[:4])])
    gaps = {"7370", "8220"}  # their rows stop with their trade
    quiet = {"1610", "4031", "5790", "6023", "6225", "6413"}  # no trade yet in the last year
    left_out = {"6022", "6029"}  # of the table of 2026-10-06
    known = {code for codes in successions.by_life().values() for code in codes}
    assert odd - gaps - quiet - left_out <= known


def test_what_is_read_of_a_code_whose_rows_stop_ends_in_a_year_with_trade() -> None:
    newest = store.answer(questions.in_life(sources.observations(VINTAGES[-1])))
    newest = newest[newest["counterpart_area"].isin(codelists.PARTNERS)]
    read = newest.groupby("counterpart_area")["time_period"].max()
    traded = newest[newest["obs_value"] != 0].groupby("counterpart_area")["time_period"].max()
    stopped = read[read < newest["time_period"].max()[:4]]
    empty = [code for code, last in stopped.items() if traded[code][:4] != last[:4]]
    assert len(stopped) > 3 and set(empty) <= {
        "1610",
        "4031",
        "5790",
        "6023",
        "6225",
        "6413",
    }  # of no months but the last year's


def test_noughts_after_a_code_ended_are_no_trade() -> None:
    with pytest.raises(EditionError, match=r"only 1994-01 to 2000-05 is held .* under its code after May 2000\."):
        sources.open_edition("8500", "2000-06", "latest", "2005-03-01")
    edition = sources.open_edition("8500", "1998-01", "latest", "2005-03-01")
    assert deficit.year_to_date(sources.own_trade(edition), "8500").balance.period == "2000-01/2000-05"


def test_what_is_read_has_no_row_outside_a_life() -> None:
    raw = sources.observations(VINTAGES[-1])
    kept = store.answer(questions.in_life(raw))
    left_out = len(store.answer(raw)) - len(kept)
    assert left_out > 0
    assert kept["obs_value"].sum() == store.answer(raw)["obs_value"].sum()
    sudan = kept[kept["counterpart_area"] == "7321"]
    assert sudan["time_period"].min() == "2011-08"
    assert kept[kept["counterpart_area"] == "7320"]["time_period"].max() == "2011-07"
    assert kept[kept["counterpart_area"].isin(["5080", "5160"])].empty


def test_a_year_lies_within_a_life_where_all_its_months_do() -> None:
    frame = pd.DataFrame(
        {"counterpart_area": "4801", "time_period": ["2008", "2008-12", "2009", "2009-01"], "obs_value": 0}
    )
    partly = pd.DataFrame(
        {"counterpart_area": "7320", "time_period": ["2010", "2011", "2011-07", "2011-08"], "obs_value": 0}
    )
    import ibis

    table = ibis.memtable(pd.concat([frame, partly]))
    kept = questions.in_life(table).execute()
    assert set(zip(kept["counterpart_area"], kept["time_period"], strict=True)) == {
        ("4801", "2009"),
        ("4801", "2009-01"),
        ("7320", "2010"),
        ("7320", "2011-07"),
    }


def test_sudan_is_compared_with_all_that_was_counted_as_sudan_before() -> None:
    edition = sources.open_edition("7321", "2006-01", "latest", "2013-03-01")
    said = [str(output) for output in deficit_trends.headline(edition)]
    assert said[0].endswith("; until July 2011 its trade was counted under Sudan (to 2011) (7320).")
    assert any("general imports fell by 37.0 percent, from $10.4 million to $6.5 million" in text for text in said)
    assert not any("12.2 percent" in text or "56.8 percent" in text for text in said)


def test_south_sudan_has_no_balance_of_nought_before_it_was() -> None:
    edition = sources.open_edition("South Sudan", "2006-01", "latest", "2012-09-01")
    shown = [*deficit_trends.headline(edition), *deficit_trends.annual_balance(edition)]
    assert not any("$0 " in str(output) for output in shown)
    whole = sources.open_edition("South Sudan", "2011-01", "latest", "2018-01-05")
    assert "from $32.5 million in 2012 to" in str(deficit_trends.annual_balance(whole)[0])


def test_the_year_in_which_a_code_began_runs_from_its_first_month() -> None:
    edition = sources.open_edition("Curacao", "2006-01", "latest", "2012-02-20")
    year = deficit.year_to_date(sources.own_trade(edition), edition.partner)
    assert year.balance.period == "2011-05/2011-12"
    assert "2011 May–Dec" in deficit_trends.annual_balance(edition)[0].alt_text  # type: ignore[attr-defined]


def test_a_season_leaves_out_a_year_in_which_the_code_was_not_in_use_throughout() -> None:
    edition = sources.open_edition("7321", "2006-01", "latest", "2018-01-05")
    assert "From 2012 to 2016" in str(deficit_trends.season(edition)[0])


@pytest.mark.parametrize(
    ("partner", "day", "named"),
    [
        ("7321", "2010-05-05", "under Sudan (to 2011) (7320)"),
        ("7321", "2011-09-10", "under Sudan (to 2011) (7320)"),
        ("4610", "1999-05-05", "under Russia (4621)"),
        ("7320", "2020-01-01", "From August 2011 its trade is counted under Sudan (7321) and South Sudan (7323)"),
        ("4351", "2004-01-01", ""),
    ],
)
def test_a_partner_without_trade_names_the_code_that_has_it(partner: str, day: str, named: str) -> None:
    if not named:
        assert sources.open_edition(partner, "1998-01", "latest", day).partner == partner
        return
    with pytest.raises(EditionError, match="has no trade on record") as refused:
        sources.open_edition(partner, f"{int(day[:4]) - 6}-01", "latest", day)
    assert named in str(refused.value)


def test_months_that_two_codes_shared_count_for_neither_alone() -> None:
    edition = sources.open_edition("Russia", "1991-01", "latest", "1997-04-01")
    assert sources.own_trade(edition)["time_period"].min() == "1993-01"
    both = sources.months_of_trade(edition, "1992-01", "1992-12")
    (territory,) = [one for one in SUCCESSIONS if one.before == "4610"]
    months = [f"1992-{month:02d}" for month in range(1, 13)]
    exports, _, _ = deficit.of_territory(both, territory.codes, months)
    assert exports.value > sum(
        both.loc[(both["counterpart_area"] == "4621") & (both["trade_flow"] == "X"), "obs_value"]
    )
