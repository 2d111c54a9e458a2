"""Every chapter for every partner, and on days far apart: no hole, no error, no word out of time."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from briefing import periods, talks
from briefing.chapters import auto_trade_gap, deficit_trends, in_brief, revisions, state_of_talks
from briefing.chapters.two_ledgers import two_ledgers
from briefing.checks import quotes
from briefing.errors import EditionError
from briefing.exhibits.tables import Cell, Table
from briefing.figures import COUNT, Figure, with_parts
from briefing.outputs import Output
from briefing.page import Page
from briefing.record import sources
from briefing.record.edition import Edition, default_first_period
from briefing.sentences import Sentence

from tests.exhibits.charts.drawn import charts_in
from tests.pacts import pact_of

PLAIN = (
    deficit_trends.headline,
    deficit_trends.said_then,
    deficit_trends.vintage_standing,
    deficit_trends.known_since,
    deficit_trends.last_months,
    auto_trade_gap.headline,
    auto_trade_gap.by_end_use,
)
DRAWN = (
    deficit_trends.monthly_trade,
    deficit_trends.twelve_month_balance,
    deficit_trends.annual_balance,
    deficit_trends.ranking,
    auto_trade_gap.monthly_gap,
    auto_trade_gap.annual_gaps,
    auto_trade_gap.car_makers,
    auto_trade_gap.against_the_news,
)
TALKS = (
    state_of_talks.headline,
    state_of_talks.timeline,
    state_of_talks.issues,
    state_of_talks.recent_events,
    two_ledgers,
)
DAYS = ["1997-06-01", "2012-03-20", "2018-03-29", "2019-02-01", "2023-03-19", "2024-09-10", "2026-11-23"]
PARTNERS = ["5800", "0015", "2010", "4210", "6227"]


def opened(partner: str, as_of: str) -> Edition:
    first = default_first_period(sources.calendar().last_published(sources.date.fromisoformat(as_of)))
    return sources.open_edition(partner, first, "latest", as_of)


def outputs(view: object, edition: Edition) -> list[Output]:
    shown = view(edition)  # type: ignore[operator]
    return [shown] if isinstance(shown, Output) else list(shown)


def partners_trading(edition: Edition) -> list[str]:
    trade = sources.country_trade(edition)
    last = trade[trade["time_period"] == trade["time_period"].max()]
    return [code for code in sources.partners_held() if code in set(last["counterpart_area"])]


@pytest.mark.long
def test_every_partner_has_a_headline_and_a_table_on_the_day_of_the_first_round(edition: Edition) -> None:
    partners = partners_trading(edition)
    assert len(partners) > 225
    for code in partners:
        other = sources.open_edition(code, edition.first_period, "latest", str(edition.as_of))
        sentence = repr(deficit_trends.headline(other)[0])
        assert re.search(r"The US goods (deficit|surplus|balance) with .+ was \$", sentence), sentence
        assert repr(deficit_trends.vintage_standing(other))


def assert_known_by(edition: Edition, figure: Figure) -> None:
    """No month after the edition's last; a vintage after its day only with the mark; a printed page never."""
    last = figure.period.rpartition("/")[2]
    assert figure.unit in ("count", "as told") or periods.last_month(last) <= edition.last_period, figure.id
    for origin in figure.origins:
        if origin.reference and not figure.id.startswith("talks.waits."):  # of a law the day on which it was read
            assert origin.vintage <= str(edition.as_of), figure.id
        elif not origin.dataset.startswith("talks"):
            assert origin.standing == "later" or origin.vintage <= str(edition.as_of), figure.id


@pytest.mark.long
@pytest.mark.parametrize("as_of", DAYS)
@pytest.mark.parametrize("partner", PARTNERS)
def test_chapters_show_what_exists_and_say_what_does_not(partner: str, as_of: str) -> None:
    edition = opened(partner, as_of)
    for view in (*PLAIN, *DRAWN, *TALKS):
        for output in outputs(view, edition):
            text = repr(output)
            assert not re.search(r"<th[^>]*>\s*</th>", output.html()), text
            assert text and "None" not in text and "nan" not in text
            for figure in with_parts(output.figures).values():
                assert figure.origins and figure.formula
                assert_known_by(edition, figure)
    assert outputs(auto_trade_gap.headline, edition)


def test_a_first_print_stands_beside_the_headline_long_after_its_news() -> None:
    edition = sources.open_edition("5800", "2011-01", "2017-12", "2019-02-01")
    first = repr(deficit_trends.said_then(edition)[0])
    # Hankyung of 2018-02-11: 22.8874 billion dollars, in the release of 2018-02-06.
    assert first.startswith(
        "First published, by Hankyung, citing the US Department of Commerce, as −$22,887.4 million;"
    )
    assert "this edition has −$23,066.0 million, which does not round to that: the figure was revised." in first
    assert "First published" not in repr(
        deficit_trends.said_then(sources.open_edition("5800", "2011-01", "2017-12", "2018-02-10"))
    )


def test_vehicles_are_told_by_component_for_every_partner_with_its_origin(edition: Edition) -> None:
    (table,) = outputs(auto_trade_gap.by_end_use, edition)
    cells = {row[0]: row[1:] for row in table.rows}  # type: ignore[attr-defined]
    assert [column.head for column in table.columns] == ["End-use", "2014", "2015", "2016"]  # type: ignore[attr-defined]
    # enduse_imports.xlsx, editions 2014-2023 and 2016-2025 alike: 16,070,135,286 dollars of passenger cars in 2016.
    assert cells["Passenger cars, new and used (30000)"][-1].value == 16_070_135_286
    assert cells["Trucks, buses and special purpose vehicles (30100)"][-1].value == 1_097_424
    assert cells["All of end-use 3"][-1].value == sum(row[-1].value for name, row in cells.items() if "(" in name)
    assert {origin.standing for figure in table.figures for origin in figure.origins} == {"later"}
    (japan,) = outputs(auto_trade_gap.by_end_use, sources.open_edition("Viet Nam", "2011-01", "latest", "2026-03-20"))
    assert "In 2025 the US imported vehicles, parts and engines for" in repr(japan)
    (none,) = outputs(auto_trade_gap.by_end_use, sources.open_edition("5800", "2005-01", "latest", "2014-06-01"))
    assert "Our record has no imports of vehicles by end-use from South Korea" in repr(none)


def test_what_was_first_published_stands_beside_this_edition_and_the_newest_vintage(edition: Edition) -> None:
    (table,) = outputs(revisions.first_prints, edition)
    row = next(row for row in table.rows if row[:2] == ["January–April 2017", "Balance"])  # type: ignore[attr-defined]
    # Sports Chosun of 2017-06-07: a surplus of 7.892 billion dollars, from the release of 2017-06-02.
    assert [round(figure.value / 1e6, 1) for figure in row[2:5]] == [-7_892.0, -7_572.8, -7_572.5]
    assert row[2].origins[0].address.startswith("https://sportschosun.com/")
    assert "2017" not in {row[0] for row in table.rows}  # type: ignore[attr-defined]
    later = sources.open_edition("5800", "2011-01", "latest", "2018-03-01")
    (table,) = outputs(revisions.first_prints, later)
    assert "2017" in {row[0] for row in table.rows}  # type: ignore[attr-defined]
    (none,) = outputs(revisions.first_prints, sources.open_edition("Japan", "2011-01", "latest", "2018-01-05"))
    assert "Our record has no page that printed a first figure of trade with Japan" in repr(none)


@pytest.mark.long
@pytest.mark.parametrize("as_of", DAYS)
def test_no_figure_describes_a_month_after_the_last_one_published(as_of: str) -> None:
    edition = opened("5800", as_of)
    for view in (*PLAIN, *DRAWN):
        for output in outputs(view, edition):
            for figure in output.figures:
                assert figure.period[-7:] <= edition.last_period or figure.period == ""


def test_the_chapter_without_vehicle_figures_says_whose_it_holds() -> None:
    sentence = repr(auto_trade_gap.headline(opened("France", "2018-01-05"))[0])
    assert sentence == (
        "For France the record holds no trade by HS chapter. HS chapter 87 is held for South Korea, Mexico, Japan, Germany, "
        "Canada, China and the world."
    )


def test_the_auto_chapter_says_which_months_are_on_record_on_neither_basis() -> None:
    note = repr(auto_trade_gap.headline(opened("5800", "2025-12-18"))[-1])
    assert "as imports for consumption from January 2013 to July 2021" in note
    assert "as general imports from January 2023 to December 2024" in note
    assert "on neither basis" not in repr(auto_trade_gap.headline(opened("5800", "2018-01-05")))


def test_a_partner_without_trade_in_the_window_is_refused_before_anything_runs() -> None:
    with pytest.raises(
        EditionError, match=r"South Sudan \(7323\) has no trade on record from 2004-01 to 2010-02: nothing is held"
    ):
        sources.open_edition("South Sudan", "2004-01", "latest", "2010-05-05")
    with pytest.raises(EditionError, match=r"Czechoslovakia \(4350\) has no trade on record .*: only 1992-01 to"):
        sources.open_edition("Czechoslovakia", "2011-01", "latest", "2018-01-05")


def test_a_partner_whose_record_ends_early_is_told_so() -> None:
    note = repr(deficit_trends.vintage_standing(opened("Korea, North", "2021-06-01")))
    assert "Trade with this partner is on record to" in note


def test_an_edition_before_2013_says_that_no_vehicle_figures_are_held() -> None:
    assert "Trade by HS chapter is held from January 2013 on" in repr(
        auto_trade_gap.headline(opened("5800", "2012-03-20"))[0]
    )


def test_the_default_edition_reads_as_the_day_did(edition: Edition) -> None:
    headline, tiles, flows, records, services = deficit_trends.headline(edition)
    assert repr(headline) == (
        "The US goods deficit with South Korea was $21.6 billion in January–November 2017, down 18.4 percent from "
        "$26.4 billion in the same months of 2016."
    )
    assert (
        repr(flows)
        == "Exports rose 15.4 percent to $43.9 billion; general imports rose 1.5 percent to $65.4 billion, rounded."
    )
    assert repr(records) == (
        "Exports were, in current dollars, the largest of any January–November on record since 1985; the deficit was the smallest of any "
        "January–November since that of 2013."
    )
    assert repr(services) == (
        "In services the US had a surplus of $10.7 billion with South Korea in 2016; it sold $21.55 billion, as printed by KEI. No "
        "series of services is held."
    )
    assert repr(deficit_trends.twelve_month_balance(edition)[-1]) == (
        "Since 1985, the deficit was largest in the twelve months to April 2016, at $30.3 billion in current dollars; in those to "
        "November 2017 it was $22.7 billion, 25.1 percent below that."
    )
    assert repr(deficit_trends.annual_balance(edition)[-1]) == (
        "In 2016 the deficit narrowed, after widening five years in a row, the longest such run on record since 1985; "
        "general imports fell, after rising six years in a row, the longest such run on record."
    )
    assert "tenth-largest" in repr(tiles)
    assert "gap with South Korea was $16.5 billion in January–November 2017, down 14.1 percent" in repr(
        auto_trade_gap.headline(edition)[0]
    )


def test_a_side_that_wants_nothing_now_is_not_told_by_what_it_wanted_once(edition: Edition) -> None:
    (table,) = [shown for shown in in_brief.the_talks(edition) if isinstance(shown, Table)]
    rows = {str(row[0]): row for row in table.rows}
    assert rows["Farm goods and rice"][4] is None
    assert rows["Farm goods and rice"][5].text == "Draws a red line at farm goods."  # type: ignore[union-attr]
    assert rows["Trade remedies"][3] == "contested" and rows["Trade balance"][3] is None


def test_what_is_agreed_and_not_in_force_is_told_in_brief() -> None:
    live, agreed = [shown for shown in in_brief.the_talks(opened("5800", "2018-03-29")) if isinstance(shown, Table)]
    assert repr(live.title) == "On the table on 29 March 2018: three issues"
    assert repr(agreed.title) == "Agreed, not yet carried out: ten issues" and len(agreed.rows) == 10


def test_a_round_that_ended_in_a_deal_is_not_told_and_what_came_into_force_is_off_the_table() -> None:
    shown = in_brief.the_talks(opened("5800", "2017-07-13"))
    assert not any("The last round" in repr(one) for one in shown)
    (table,) = [one for one in shown if isinstance(one, Table)]
    assert [row[0] for row in table.rows] == ["Trade balance"]


def test_where_no_exports_of_vehicles_are_held_imports_are_told_and_no_gap() -> None:
    (table,) = auto_trade_gap.by_definition(opened("6225", "2026-03-20"))
    assert isinstance(table, Table) and repr(table.title).startswith(
        "US imports from the Pitcairn Islands by definition"
    )
    assert [column.head for column in table.columns] == ["Definition", "Year", "Imports"]


def test_the_verdict_in_brief_is_that_of_the_day_alone(edition: Edition) -> None:
    table = in_brief.the_claims(edition)[-1]
    assert isinstance(table, Table)
    assert [row[-1] for row in table.rows[:3]] == ["holds", "holds", "not reproducible"]


def test_the_world_has_no_place_among_partners_and_nothing_untrue_is_said_instead() -> None:
    assert deficit_trends.share_over_years(opened("0015", "2018-01-05")) == []


def test_a_window_narrows_the_charts_and_not_the_figures(edition: Edition) -> None:
    narrow = sources.open_edition("5800", "2016-01", "latest", "2018-01-05")
    chart = deficit_trends.monthly_trade(narrow)
    assert "January 2016 to November 2017" in chart.alt_text
    assert repr(deficit_trends.headline(narrow)[0]) == repr(deficit_trends.headline(edition)[0])


def test_of_a_single_month_nothing_is_drawn_over_time_and_words_say_what_it_had() -> None:
    one, two = (sources.open_edition("5800", first, "latest", "2018-01-05") for first in ("2017-11", "2017-10"))
    views = (deficit_trends.monthly_trade, deficit_trends.twelve_month_balance, deficit_trends.compared)
    for view in (*views, auto_trade_gap.monthly_gap):
        (drawn,) = charts_in(view(two))
        assert {"Oct 2017", "Nov 2017"} <= set(re.findall(">([A-Z][a-z]{2} 2017)<", drawn.svg)), view
        assert list(charts_in(view(one))) == [], view
    assert str(deficit_trends.monthly_trade(one)).startswith(
        "November 2017 is the one month shown: exports of $3.9 billion, general imports of $6.1 billion."
    )
    assert str(deficit_trends.twelve_month_balance(one)[0]).endswith("$5.7 billion less than a year before.")
    assert str(deficit_trends.compared(one)[0]).endswith("with Mexico −$69.9 billion.")
    assert str(auto_trade_gap.monthly_gap(one)[0]).startswith("November 2017 is the one month shown: exports of $")
    assert "held among the months shown" in str(deficit_trends.share_over_years(one)[0])


@pytest.mark.parametrize("partner", ["5800", "4610"])
def test_of_months_before_any_partner_had_twelve_nothing_is_set_beside_another(partner: str) -> None:
    assert deficit_trends.compared(sources.open_edition(partner, "1985-01", "1985-11", "2018-01-05")) == []


def test_an_earlier_last_month_moves_the_year_to_date() -> None:
    half = sources.open_edition("5800", "2011-01", "2017-06", "2018-01-05")
    assert "in January–June 2017" in repr(deficit_trends.headline(half)[0])


def test_sources_of_a_chapter_are_those_its_cells_rest_on() -> None:
    page = Page("Korea, South", "2011-01", "latest", "2018-01-05")
    page.show(deficit_trends.said_then)
    page.show(deficit_trends.known_since)
    listed = page.sources().outputs[0]
    assert "5 October 2018 (later vintage)" in repr(listed) and "12 March 2026 (later vintage)" in repr(listed)
    assert "SHA-256" in listed.html() and "in force until 1 November 2018, data to August 2018" in listed.html()
    assert listed.html().count("<details>") == 2  # a dataset each, whatever its vintages


def test_places_are_told_from_the_year_on_of_which_every_partner_is_held() -> None:
    edition = sources.open_edition("5800", "1985-01", "1996-12", "2018-01-05")
    (chart,) = deficit_trends.share_over_years(edition)
    assert "in 1992 and" in repr(chart)
    early = sources.open_edition("5880", "1985-01", "1986-12", "2018-01-05")
    assert deficit_trends.share_over_years(early)


def test_what_moved_and_came_back_is_not_told_to_be_the_same_in_every_vintage() -> None:
    (_, far), (chart,) = (show(opened("Tokelau", "2017-03-01")) for show in (revisions.headline, revisions.moves))
    assert "the same in every vintage" not in f"{far!r} {chart!r}"


def test_years_on_the_other_side_between_the_first_and_the_last_are_told() -> None:
    title = repr(deficit_trends.annual_balance(opened("United Kingdom", "2018-01-05"))[0])
    assert "was $4.8 billion in 2011 and $898.5 million in 2016, with deficits in between" in title


def test_a_partner_whose_trade_ends_before_the_vintage_does_is_told_apart_from_it() -> None:
    note = repr(deficit_trends.vintage_standing(opened("Korea, North", "2026-11-27")))
    assert "ends at August 2026" in note and "Trade with this partner is on record to December 2025 only" in note


def test_a_share_that_prints_as_nought_is_not_told() -> None:
    (chart,) = deficit_trends.share_over_years(opened("Kazakhstan", "2018-01-05"))
    assert "0.0 percent" not in f"{chart!r} {chart.alt_text}"  # type: ignore[attr-defined]
    (claim,) = deficit_trends.share_over_years(opened("Bhutan", "2018-01-05"))
    assert repr(claim).endswith("in 2016, next to nothing of the whole.")


def test_what_rests_on_a_shipment_or_two_bears_no_percentage_and_makes_no_season() -> None:
    said = repr(deficit_trends.headline(opened("Korea, North", "2017-09-01"))[0])
    assert "up $10 from" in said and "percent" not in said
    for partner in ("Heard and McDonald Islands", "Pitcairn Islands"):
        (chart,) = deficit_trends.season(opened(partner, "2019-01-10"))
        assert repr(chart).endswith("no calendar month stands out")


def test_that_small_values_were_rounded_by_the_source_is_told() -> None:
    note = repr(deficit_trends.vintage_standing(opened("East Timor", "2002-06-01")))
    assert "Until December 2002 the source gives each month's flow to the nearest hundred thousand dollars." in note
    assert "hundred thousand" not in repr(deficit_trends.vintage_standing(opened("East Timor", "2018-01-05")))


def test_years_without_a_deficit_are_named() -> None:
    (claim,) = deficit_trends.share_over_years(opened("Korea, North", "2017-09-01"))
    assert "In no complete year from 2011 to 2016 did the US have a goods deficit with North Korea." in repr(claim)


def test_a_printed_percentage_bears_no_digit_that_was_not_printed(edition: Edition) -> None:
    (table,) = outputs(revisions.first_prints, edition)
    cells = {tuple(row[:2]): _cells(row)[2] for row in table.rows}  # type: ignore[attr-defined]
    assert cells["January–November 2017", "Change, percent"] == "−18"


def _cells(row: list[Cell]) -> list[str]:
    shown = Table("one", Sentence("one", "One"), "", [], [row]).record()["rows"][0]
    return [str(cell.get("text")) for cell in shown]


def test_in_brief_says_that_its_edition_is_behind_its_day_as_deficit_trends_does(edition: Edition) -> None:
    behind = sources.open_edition("Korea, South", "2011-01", "latest", "2026-11-26")
    told = deficit_trends.vintage_standing(behind)
    assert "this edition is behind the day" in told.template
    assert told in in_brief.headline(behind)
    assert "vintage-standing" not in [getattr(shown, "id", "") for shown in in_brief.headline(edition)]


def test_a_surplus_beside_a_gap_is_called_one() -> None:
    shown = repr(auto_trade_gap.annual_gaps(opened("Canada", "2026-03-20"))[0])
    assert "The gap with Mexico was" in shown and "with Canada the US had a surplus of $6.8 billion" in shown


def test_a_last_month_of_which_no_page_tells_is_not_said_to_be_the_last_published() -> None:
    note = repr(deficit_trends.vintage_standing(opened("Brazil", "2009-01-13")))
    assert "the last month that we know to have been published by then" in note
    assert "the last month published by then" in repr(deficit_trends.vintage_standing(opened("5800", "2018-01-05")))


def test_the_record_of_the_talks_is_said_to_begin_where_it_is_too_early_for_it() -> None:
    (claim,) = state_of_talks.headline(opened("5800", "2003-03-01"))
    assert repr(claim) == "The book's record of the talks with South Korea begins in February 2006."


def test_a_small_balance_that_was_revised_is_told_so_finely_that_it_shows() -> None:
    said = repr(revisions.headline(opened("Bhutan", "2024-06-20"))[0])
    assert "$1,503,154" in said and "$1,532,429" in said and "the same" not in said


def test_what_is_rounding_does_not_pass_for_a_revision() -> None:
    """The vintage of October 2026 is rounded to 0.1 million dollars: of Bhutan's months it says nothing new, of Korea's it does."""
    bhutan, korea = (sources.country_vintages(opened(name, "2026-11-27")) for name in ("Bhutan", "5800"))
    assert "2026-10-06" not in set(bhutan["vintage"]) and "2026-10-06" in set(korea["vintage"])


def test_nothing_to_be_revised_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "_vintages", lambda edition: [])
    (claim,) = revisions.headline(opened("East Timor", "2002-03-01"))
    assert repr(claim).startswith("No year with East Timor is held in any vintage")
    (none,) = revisions.first_prints(opened("East Timor", "2002-03-01"))
    assert "below" not in repr(none)


def test_the_part_of_a_year_in_which_a_code_began_stands_among_the_revisions_by_its_months() -> None:
    edition = opened("South Sudan", "2014-06-01")
    (chart,), (table,) = revisions.moves(edition), revisions.every_vintage(edition)
    assert "August–December 2011, 2012, 2013, January–March 2014" in chart.alt_text
    assert [column.head for column in table.columns] == ["Vintage", "Aug–Dec 2011", "2012", "2013", "Jan–Mar 2014"]
    assert "four years drawn below, August–December 2011 and January–March 2014 counted as one each," in repr(
        revisions.headline(edition)[1]
    )


@pytest.mark.parametrize(("partner", "as_of"), [("Sudan (to 2011)", "2011-12-20"), ("Hong Kong", "2025-01-07")])
def test_the_years_counted_among_the_revisions_are_those_drawn(partner: str, as_of: str) -> None:
    edition = opened(partner, as_of)
    (chart,) = revisions.moves(edition)
    (shown,) = [one for one in revisions.headline(edition)[1].figures if one.id == "revisions.shown"]
    assert shown.value == len(re.findall(r"\d{4}(?=,|\.)", chart.alt_text.partition(". ")[0] + "."))


def test_a_year_that_did_not_move_is_not_told_to_have_narrowed() -> None:
    edition = opened("5800", "2003-03-01")
    assert "unchanged" in repr(deficit_trends.headline(edition)[0])
    assert not any("narrowed" in repr(output) for output in deficit_trends.annual_balance(edition)[1:])


def test_two_chapters_that_moved_the_balance_nearly_alike_are_both_named(edition: Edition) -> None:
    title = repr(deficit_trends.why_it_moved(edition)[1])
    assert "Electrical machinery (HS 85) and Vehicles and parts (HS 87) moved the balance" in title


def test_a_difference_no_larger_than_the_rounding_of_the_source_is_told_by_both_amounts() -> None:
    shown = [repr(output) for output in deficit_trends.headline(opened("Cuba", "2002-03-01"))]
    assert shown[0].endswith(", after $6.7 million in 2000: a difference that rounding at the source can make.")
    assert "general imports were nil as rounded, after $300.0 thousand a year before" in shown[2]
    assert "percent" not in " ".join(shown) and "$0" not in " ".join(shown)
    titles = [
        repr(view(opened("Cuba", "2002-03-01"))[0])
        for view in (deficit_trends.twelve_month_balance, deficit_trends.annual_balance)
    ]
    assert "$7.2 million, after $6.7 million a year before" in titles[0]
    assert "was $5.4 million in 1995 and $7.2 million in 2001" in titles[1]
    flows = repr(deficit_trends.headline(opened("Ethiopia", "2002-03-01"))[2])
    assert "Exports fell 63.0 percent" in flows and "general imports were $28.9 million, after $28.5 million" in flows


def test_a_figure_bears_one_unit_in_its_sentence_and_its_tile() -> None:
    sentence, tiles, *_ = deficit_trends.headline(opened("Serbia", "2012-06-01"))
    assert "was $2.2 million in" in repr(sentence) and "Goods balance: +$2.2 million" in repr(tiles)
    close = opened("5800", "2003-03-01")
    sentence, tiles, *_ = deficit_trends.headline(close)
    amount = re.findall(r"was (\$[\d.,]+ \w+)", repr(sentence))[0]
    assert f"Goods balance: −{amount}" in repr(tiles)


def test_a_tile_names_the_months_of_a_place() -> None:
    (place,) = [tile for tile in deficit_trends.tiles(opened("5800", "2018-01-05")).tiles if tile.spec == "ordinal"]
    assert place.note == "of all countries, January–November 2017"


def test_one_span_that_moved_is_not_counted_among_years() -> None:
    said = repr(revisions.headline(opened("Sint Maarten", "2012-01-20"))[1])
    assert said == (
        "The balance of May–November 2011 differs between the first vintage held that has it and the newest, by $1.5 million."
    )


def test_whoever_counted_cars_the_way_they_went_is_told(edition: Edition) -> None:
    counted = next(one for one in quotes.quotes(sources.talks_record(), edition.as_of) if one.figure.unit == COUNT)
    ways = {
        ("exports", "US"): "The US to Korea",
        ("imports", "US"): "Korea to the US",
        ("exports", "KR"): "Korea to the US",
        ("imports", "KR"): "The US to Korea",
    }
    for (measure, reporter), way in ways.items():
        (side,) = [one for one in pact_of().sides if one.reporter == reporter]
        table = auto_trade_gap._numbers_table([replace(counted, measure=measure, reporter=side)], pact_of())
        assert [row[1] for row in table.rows] == [way]


@pytest.mark.parametrize(("days", "opening"), [(0, ""), (365, ""), (366, "February 2016: ")])
def test_a_position_more_than_a_year_old_is_told_with_its_month(days: int, opening: str) -> None:
    day = date(2016, 2, 10)
    entry = talks.Entry(day, "It asks for more.", (), "raised")
    state = talks.IssueState("steel", "Steel", "", (entry,), (), {"us": entry}, {})
    told = in_brief._position(state, "us", day + timedelta(days=days))
    assert told is not None and told.text == f"{opening}It asks for more."
    assert in_brief._position(state, "korea", day) is None


@pytest.mark.parametrize(
    ("as_of", "window", "words"),
    [
        ("2018-01-05", ("2011-01", "latest"), "The news of the day, Bloomberg, citing US data, put the deficit at $21.6 billion, down 18 percent."),
        ("2018-09-25", ("2011-01", "latest"), "The news of 19 September 2018, KBS World, citing US data, put the deficit at $9.9 billion, down 24.4 percent."),
        ("2017-10-20", ("2017-06", "2017-06"), "The news of 31 August 2017, KBS World, citing US data, put the deficit at $11.2 billion, down 31.9 percent."),
    ],
)  # fmt: skip
def test_the_news_bears_its_own_day_and_the_digits_that_it_printed(
    as_of: str, window: tuple[str, str], words: str
) -> None:
    claim = deficit_trends.against_the_news(sources.open_edition("5800", *window, as_of))
    assert claim is not None and claim.text.startswith(words)
