"""Two ledgers: the bridge adds up to the cent, from Census figures and Korean ones as printed."""

import pytest
from briefing.chapters.two_ledgers import two_ledgers
from briefing.checks import ledgers, quotes
from briefing.checks.ledgers import Ledgers
from briefing.figures import deficit
from briefing.record import observations, sources
from briefing.sentences import ledgers as sentences

from tests.figures.test_figures import figure, table


def known(as_of: str) -> tuple[list[Ledgers], object]:
    edition = sources.open_edition("5800", "2011-01", "latest", as_of)
    own = observations.of_partner(sources.country_trade(edition), "5800")
    return ledgers.both(own, quotes.quotes(sources.talks_record(), edition.as_of)), own


@pytest.mark.long
@pytest.mark.parametrize("as_of", ["2018-01-05", "2018-03-29", "2026-07-08"])
def test_every_bridge_adds_up_to_the_cent(as_of: str) -> None:
    found, own = known(as_of)
    bridges = [bridge for one in found if (bridge := ledgers.bridge(one, own)) is not None]  # type: ignore[arg-type]
    assert bridges
    for bridge in bridges:
        start, end = bridge.ledgers.other_balance.value, ledgers.deficit_of(bridge.ledgers).value
        assert abs(start + sum(step.value for step in bridge.steps) - end) < 0.01
        assert bridge.ledgers.difference.value == pytest.approx(end - start, abs=0.01)


def test_the_eleven_months_of_2017_lie_4_6_billion_apart() -> None:
    # Pulse, 2017-12-06: exports 63.3, imports 46.3, surplus 17.0; Bloomberg, 2018-01-05: a US deficit of 21.6.
    found, own = known("2018-01-05")
    last = next(one for one in found if one.period == "2017-01/2017-11")
    assert round(last.difference.value / 1e6, 1) == 4_558.4
    bridge = ledgers.bridge(last, own)  # type: ignore[arg-type]
    assert bridge is not None and bridge.outbound_lag is None, "December 2017 was not out"
    assert round(bridge.outbound_rest.parts[0].value / 1e6, 1) == 2_128.9
    assert round(bridge.inbound_rest.parts[0].value / 1e6, 1) == 2_429.5
    assert bridge.inbound_lag is not None and round(bridge.inbound_lag.value / 1e6, 1) == 445.2


def test_a_deficit_and_a_surplus_of_one_gap_are_told_by_their_sizes_and_an_old_count_as_the_last_held() -> None:
    def told(as_of: str) -> str:
        edition = sources.open_edition("5800", "2011-01", "latest", as_of)
        return repr(two_ledgers(edition)[0])

    assert told("2018-01-05").endswith("Korea a surplus of $16.9 billion, $4.6 billion less, rounded.")
    assert told("2026-11-28").endswith("Korea a surplus of $50.0 billion, $14.2 billion more, rounded.")
    (pair, *_) = (one for one in known("2018-03-29")[0] if one.period == "2017-01/2017-12")
    printed = str(sentences.headline(pair, "Korea", "2019-06").text)
    assert printed.endswith("Our record has no later count of Korea's by this day.")


def test_what_was_printed_first_stands_beside_what_the_ledger_has_since() -> None:
    # The first print of January to November 2017 was a surplus of 17.0; the ledger was later corrected by some 0.08.
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    *_, told, _ = two_ledgers(edition)
    assert repr(told) == (
        "Korea first printed a surplus of $17.0 billion for January–November 2017; its ledger as held has $16.9 billion."
    )


def test_the_bridge_from_the_ledger_adds_up_and_misses_no_month() -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2018-01-05")
    own, theirs = sources.own_trade(edition), sources.ledger_of_partner(edition)
    pair = ledgers.by_month(own, theirs, "2017-01/2017-11")
    assert pair is not None and round(pair.other_balance.value / 1e6) == 16_933
    bridge = ledgers.bridge(pair, own)
    assert bridge is not None
    end = pair.other_balance.value + sum(step.value for step in bridge.steps)
    assert end == pytest.approx(ledgers.deficit_of(pair).value, abs=0.01)
    assert ledgers.by_month(own, theirs[theirs["time_period"] != "2017-03"], "2017-01/2017-11") is None


def test_korean_figures_are_quoted_never_a_series() -> None:
    found, _ = known("2018-01-05")
    for one in found:
        printed = [figure for figure in (one.other_exports, one.other_imports) if figure is not None]
        assert all(figure.origins[0].reference and figure.origins[0].address for figure in printed)


def test_no_print_of_a_later_day_is_used() -> None:
    assert {
        one.printed_by.day <= sources.open_edition("5800", "2011-01", "latest", "2018-01-05").as_of
        for one in known("2018-01-05")[0]
    } == {True}
    assert "2017-01/2017-12" not in {one.period for one in known("2018-01-05")[0]}
    assert "2017-01/2017-12" in {one.period for one in known("2018-03-29")[0]}


@pytest.mark.parametrize(
    ("partner", "as_of"), [("Japan", "2018-01-05"), ("World", "2018-01-05"), ("5800", "2010-02-01")]
)
def test_where_the_other_side_printed_nothing_the_section_says_so(partner: str, as_of: str) -> None:
    (only,) = two_ledgers(sources.open_edition(partner, "2006-01", "latest", as_of))
    assert "only the US ledger is held" in repr(only)


def test_a_lag_takes_in_one_month_and_leaves_out_one_at_the_other_end() -> None:
    # January and February; what leaves Korea in February is here in March, what is here of January left in December.
    flows = {
        "X": {"2016-12": 5, "2017-01": 10, "2017-02": 20, "2017-03": 40},
        "M": {"2016-12": 300, "2017-01": 100, "2017-02": 200, "2017-03": 700},
    }
    own = table(*((month, flow, value) for flow, months in flows.items() for month, value in months.items()))
    span = "2017-01/2017-02"
    ours = deficit.totals(own, ["2017-01", "2017-02"])
    printed = [figure(value, span) for value in (280.0, 33.0, 250.0)]
    (quote, *_) = quotes.quotes(
        sources.talks_record(), sources.open_edition("5800", "2011-01", "latest", "2018-01-05").as_of
    )
    bridge = ledgers.bridge(Ledgers(span, *ours, *printed, printed_by=quote), own)
    assert bridge is not None and bridge.outbound_lag is not None and bridge.inbound_lag is not None
    assert (bridge.outbound_rest.parts[0].value, bridge.inbound_rest.parts[0].value) == (300 - 280, 33 - 30)
    # A month later our imports are 200 + 700: 600 more than counted, which the lag takes from the bridge.
    assert bridge.outbound_lag.value == 100 - 700
    # A month earlier our exports are 5 + 10: 15 fewer than counted.
    assert bridge.inbound_lag.value == 5 - 20
    # Printed exports less imports are 247, the printed surplus 250: those three are in the first rest.
    assert [step.value for step in bridge.steps] == [-600, 20 + 600 - 3, -15, 3 + 15]


def test_a_lag_whose_months_are_not_held_is_not_told() -> None:
    own = table(*((month, flow, 1) for flow in "XM" for month in ("2017-01", "2017-02")))
    assert ledgers._lag("a", own, "2017-01/2017-02", "M", 1) is None
    assert ledgers._lag("a", own, "2017-01/2017-02", "X", -1) is None
