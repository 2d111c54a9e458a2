"""The same number in every vintage: real revisions of trade with South Korea and Mexico."""

from briefing import periods
from briefing.figures import revisions
from briefing.record import sources
from briefing.record.edition import Edition

NINE = (
    "2012-02-10",
    "2017-01-06",
    "2018-10-05",
    "2019-12-05",
    "2020-10-06",
    "2023-03-08",
    "2024-08-06",
    "2025-04-03",
    "2026-03-12",
)
"""The vintages these printed figures were read from; others may be added."""


def balances(partner: str, year: int, as_of: str = "2026-11-23") -> dict[str, float]:
    edition = sources.open_edition(partner, "2011-01", "latest", as_of)
    months = periods.span(f"{year}-01", f"{year}-12")
    found = revisions.by_vintage(sources.country_vintages(edition), months)
    return {vintage: round(figure.value / 1e6, 1) for vintage, figure in found.items() if vintage in NINE}


def test_2016_and_2017_moved_between_the_vintages_of_2018_and_2019_and_not_after_2020() -> None:
    assert balances("5800", 2016) == {
        "2018-10-05": -27_582.7,
        **dict.fromkeys(
            ["2019-12-05", "2020-10-06", "2023-03-08", "2024-08-06", "2025-04-03", "2026-03-12"], -27_624.6
        ),
    }
    assert list(balances("5800", 2017).values()) == [-23_117.8, -23_066.0, *[-23_060.3] * 5]


def test_years_that_stood_open_moved_between_the_vintages_of_2024_and_2026() -> None:
    assert list(balances("2010", 2022).values()) == [-130_552.1, -127_825.1, -127_825.1, -124_998.8]
    assert list(balances("5800", 2023).values()) == [-51_098.4, -51_098.4, -51_348.6]


def test_a_year_is_left_out_of_vintages_that_end_before_it(edition: Edition) -> None:
    trade = sources.country_vintages(edition)
    found = revisions.by_vintage(trade, periods.span("2016-01", "2016-12"))
    assert min(found) == "2018-10-05" and len(set(found) & set(NINE)) == 7
    assert {origin.standing for origin in trade.loc[trade["vintage"] > "2018-01-05", "origin"]} == {"later"}
    assert trade["time_period"].max() == "2017-11"


def test_the_spans_shown_are_complete_years_and_the_year_to_date(edition: Edition) -> None:
    spans = revisions.spans_shown(sources.country_vintages(edition), 2015)
    assert [(months[0], months[-1]) for months in spans] == [
        ("2015-01", "2015-12"),
        ("2016-01", "2016-12"),
        ("2017-01", "2017-11"),
    ]
    assert revisions.spans_shown(sources.country_vintages(edition).iloc[:0], 2015) == []


def test_a_move_is_the_later_vintage_less_the_earlier_and_rests_on_both(edition: Edition) -> None:
    found = revisions.by_vintage(sources.country_vintages(edition), periods.span("2011-01", "2011-12"))
    move = revisions.move(found["2012-02-10"], found["2026-03-12"])
    assert round(move.value / 1e6, 1) == -69.2
    assert [origin.vintage for origin in move.origins] == ["2012-02-10", "2026-03-12"]
    assert len({part.id for part in move.parts}) == 2


def test_a_change_on_the_year_before_is_taken_within_one_vintage(edition: Edition) -> None:
    trade = sources.country_vintages(edition)
    changes = revisions.by_vintage(trade, periods.span("2017-01", "2017-11"), "balance.change")
    assert round(changes["2018-10-05"].value, 4) == -0.1842
    assert round(changes["2026-03-12"].value, 4) == -0.1864
    assert all(len(change.origins) == 1 for change in changes.values())
