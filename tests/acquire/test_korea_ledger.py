"""Korea's own ledger by country: what is read of it, what is refused, and the years as its pages printed them."""

from pathlib import Path

import pytest
from briefing import periods
from briefing.acquire.korea_ledger import WITH_PARTNERS, WITH_THE_US, read_korea_ledger
from briefing.checks import ledgers
from briefing.errors import DuplicateObservations, MalformedSource
from briefing.record import sources
from briefing.record.edition import Edition

OURS = ("2017-10,5407,3961,1446", "2017-11,5672,4126,1546")
THEIRS = ("China,2017-10,12550,7945,4605", "China,2017-11,14007,9042,4965")


def written(
    folder: Path, rows: tuple[str, ...] = OURS, header: tuple[str, ...] = WITH_THE_US, name: str = "us.csv"
) -> Path:
    (folder / name).write_text("\n".join([",".join(header), *rows]) + "\n")
    return folder / name


def test_whole_millions_are_dollars_as_korea_counts(tmp_path: Path) -> None:
    table = read_korea_ledger([written(tmp_path), written(tmp_path, THEIRS, WITH_PARTNERS, "others.csv")])
    found = table.set_index(["counterpart_area", "trade_flow", "time_period"])
    assert found.at[("US", "X", "2017-10"), "obs_value"] == 5_407_000_000
    assert found.at[("5700", "M", "2017-11"), "obs_value"] == 9_042_000_000
    assert set(table["ref_area"]) == {"KR"}
    assert set(zip(table["trade_flow"], table["valuation"], strict=True)) == {("X", "fob_value"), ("M", "cif_value")}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("2017-10,5407,3961,1440",), "exports of 5,407 less imports of 3,961 are not the balance of 1,440"),
        (("2017-10,5407,-3961,9368",), "a flow is negative"),
        (("2017-13,5407,3961,1446",), "is no month"),
        (("2017-10,5407.5,3961,1446",), "exports_to_us_million_usd is"),
        ((OURS[0], "2017-12,5407,3961,1446"), "trade with the US lacks 2017-11"),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(tmp_path: Path, rows: tuple[str, ...], words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_korea_ledger([written(tmp_path, rows)])


def test_a_balance_may_be_off_by_its_own_rounding(tmp_path: Path) -> None:
    assert len(read_korea_ledger([written(tmp_path, ("2017-10,5407,3961,1447",))])) == 2


def test_a_month_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DuplicateObservations):
        read_korea_ledger([written(tmp_path, (OURS[0], OURS[0]))])


def test_another_table_and_a_partner_not_in_the_list_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match="no table of Korea's trade by country"):
        read_korea_ledger([written(tmp_path, OURS, ("month", "x", "m", "b"))])
    for name in ("Atlantis", "South Korea"):
        with pytest.raises(MalformedSource, match=f"'{name}' is no partner of Korea's"):
            read_korea_ledger([written(tmp_path, (f"{name},2017-10,5407,3961,1446",), WITH_PARTNERS)])


def edition(as_of: str) -> Edition:
    return sources.open_edition("5800", "2011-01", "latest", as_of)


def test_the_years_of_the_ledger_are_those_that_were_printed() -> None:
    # Ministry of trade and KITA, by way of the press: 2013 62.1 and 41.5, 2014 70.3 and 45.3, 2015 69.8 and 44.0,
    # March to December 2012 48.8 and 35.5, 2017 68.6 and 50.7, 2018 72.7 and 58.9; billion dollars.
    theirs = sources.ledger_of_partner(edition("2026-11-28"))
    printed = {
        "2012-03/2012-12": (48.8, 35.5),
        "2013-01/2013-12": (62.1, 41.5),
        "2014-01/2014-12": (70.3, 45.3),
        "2015-01/2015-12": (69.8, 44.0),
        "2017-01/2017-12": (68.6, 50.7),
        "2018-01/2018-12": (72.7, 58.9),
    }
    for span, (exports, imports) in printed.items():
        found = ledgers.counted_by_them(theirs, periods.span(*span.split("/")))
        assert (round(found[0].value / 1e9, 1), round(found[1].value / 1e9, 1)) == (exports, imports), span


def test_the_ledger_is_cut_at_the_month_that_was_out() -> None:
    assert sources.ledger_of_partner(edition("2018-01-05"))["time_period"].max() == "2017-11"
    assert sources.ledger_of_partner(edition("2026-11-28"))["time_period"].max() == "2026-06"


def test_partners_without_a_ledger_have_none() -> None:
    japan = sources.open_edition("5880", "2011-01", "latest", "2018-01-05")
    assert sources.ledger_of_partner(japan).empty and sources.whole_ledger_of_partner(japan).empty


def test_the_us_is_second_of_the_partners_held_over_the_twelve_months_of_the_day() -> None:
    trade = ledgers.trade_with_each(sources.whole_ledger_of_partner(edition("2018-01-05")), "2017-11")
    found = {ledgers.counterpart_in_words(figure): round(figure.value / 1e9, 1) for figure in trade}
    assert found == {"China": 237.5, "the US": 119.6, "Japan": 81.3}


def test_a_partner_of_which_the_twelve_months_are_not_held_has_no_place() -> None:
    trade = ledgers.trade_with_each(sources.whole_ledger_of_partner(edition("2026-11-28")), "2026-06")
    assert [ledgers.counterpart_in_words(figure) for figure in trade] == ["the US"]
