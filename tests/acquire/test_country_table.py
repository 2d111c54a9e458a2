"""Tables of all goods by partner and month: read, continued where they begin late, and shown among revisions where they have gaps."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from briefing.acquire import imports
from briefing.acquire.country_table import read_country_table
from briefing.errors import DuplicateObservations, MalformedSource, SourceError
from briefing.record import sources

HEADER = "cty_code,name,month,flow,million_usd,commit"
ROWS = (
    '0015,"World, Not Seasonally Adjusted",2026-01,exports,30.5,a',
    '0015,"World, Not Seasonally Adjusted",2026-01,imports,60.0,a',
    '5800,"Korea, South",2026-01,exports,10.2,a',
    '5800,"Korea, South",2026-01,imports,40.0,a',
    "5880,Japan,2026-01,exports,20.3,a",
    "5880,Japan,2026-01,imports,20.0,a",
)


def written(folder: Path, rows: Sequence[str] = ROWS, header: str = HEADER) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def with_row(place: int, old: str, new: str) -> list[str]:
    assert old in ROWS[place]
    return [row.replace(old, new) if at == place else row for at, row in enumerate(ROWS)]


def test_millions_become_dollars_and_the_rounding_is_seen(tmp_path: Path) -> None:
    read = read_country_table(written(tmp_path))
    assert read.rounded_to == 100_000
    found = read.observations.set_index(["counterpart_area", "trade_flow"])["obs_value"]
    assert found["5800", "X"] == 10_200_000 and found["5800", "M"] == 40_000_000
    assert set(read.observations["adjustment"]) == {"N"}


def test_one_fetch_is_read_of_several(tmp_path: Path) -> None:
    later = [row.replace(",a", ",b").replace("10.2", "11.2") for row in ROWS]
    both = written(tmp_path, [*ROWS, *later])
    with pytest.raises(DuplicateObservations, match="two values"):
        read_country_table(both, excerpt=True)
    found = read_country_table(both, only="b", excerpt=True).observations
    assert 11_200_000 in set(found["obs_value"]) and 10_200_000 not in set(found["obs_value"])
    with pytest.raises(MalformedSource, match=r"no row of commit c: nothing would be imported\. It has a, b"):
        read_country_table(both, only="c")


def test_aggregates_on_another_basis_are_left_out(tmp_path: Path) -> None:
    rows = [*ROWS, "0021,USMCA with Mexico (Consump),2026-01,imports,5.0,a"]
    assert "0021" not in set(read_country_table(written(tmp_path, rows)).observations["counterpart_area"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (with_row(2, "10.2", "1.2"), "add up to 21.5 million"),
        (with_row(2, "5800", "5801"), "'5801' is in no list of partners"),
        (with_row(2, "Korea, South", "Japan"), "code 5800 is Korea, South|not Japan"),
        (with_row(2, "2026-01", "2026-13"), "'2026-13' is no month"),
        (with_row(2, "exports", "export"), 'neither "exports" nor "imports"'),
        (with_row(2, "10.2", "-10.2"), "the value is"),
        (with_row(2, "10.2", ""), "the value is empty"),
        (with_row(2, "10.2", "99999999999"), "more than the world trades"),
        (ROWS[2:], "has no row for the world"),
        ([*ROWS, *(row.replace("2026-01", "2026-03") for row in ROWS)], "has no row of 2026-02"),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(tmp_path: Path, rows: Sequence[str], words: str) -> None:
    with pytest.raises(MalformedSource, match=words):
        read_country_table(written(tmp_path, rows))


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource, match="lacks the column month"):
        read_country_table(written(tmp_path, [], HEADER.replace("month", "day")))


def test_the_newest_vintage_continues_the_one_before_the_june_revision() -> None:
    newest = max(sources.whole_vintages("census-country"), key=lambda source: source.vintage)
    assert (str(newest.vintage), newest.since, str(newest.continues)) == ("2026-10-06", "2023-01", "2026-03-12")
    edition = sources.open_edition("5800", "2011-01", "latest", "2026-11-28")
    own = sources.own_trade(edition)
    by_month = dict(zip(own["time_period"], own["origin"], strict=True))
    assert by_month["2022-12"].vintage == "2026-03-12" and by_month["2023-01"].vintage == "2026-10-06"
    assert set(own["vintage"]) == {"2026-03-12", "2026-10-06"}


def test_vintages_with_gaps_show_among_revisions_alone() -> None:
    edition = sources.open_edition("5880", "2011-01", "latest", "2026-06-20")
    assert str(sources.country_vintage(edition).vintage) == "2026-10-06", "the pages of 9 June have not every month"
    vintages = set(sources.country_vintages(edition)["vintage"])
    assert {"2026-01-29", "2026-06-09"} <= vintages
    mexico = sources.open_edition("2010", "2011-01", "latest", "2026-06-20")
    assert not {"2026-01-29", "2026-06-09"} & set(sources.country_vintages(mexico)["vintage"])


def test_what_a_vintage_continues_is_no_revision_of_it() -> None:
    edition = sources.open_edition("2010", "2011-01", "latest", "2026-11-28")
    trade = sources.country_vintages(edition)
    assert trade[trade["vintage"] == "2026-10-06"]["time_period"].min() == "2023-01"


def test_korea_to_august_2026_stands_where_the_office_has_it() -> None:
    # The office's pages after the June revision of 2026, by way of the release of 6 October: million dollars.
    edition = sources.open_edition("5800", "2011-01", "latest", "2026-11-28")
    own = sources.own_trade(edition)
    sums = {
        (year, flow): own[own["time_period"].between(f"{year}-01", f"{year}-08") & (own["trade_flow"] == flow)][
            "obs_value"
        ].sum()
        for year in (2025, 2026)
        for flow in "XM"
    }
    # Twelve months rounded to 0.1 million lie 0.4 from their sum at the most.
    told = {(2025, "X"): 45_325.4, (2025, "M"): 85_857.5, (2026, "X"): 55_017.4, (2026, "M"): 110_073.3}
    assert {key: float(value) / 1e6 for key, value in sums.items()} == pytest.approx(told, abs=0.4)


def test_a_table_that_leaves_a_hole_behind_the_record_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [row.replace("2026-01", "2026-12") for row in ROWS]
    with pytest.raises(
        SourceError, match="begins with 2026-12, and the vintage before it, of 2026-10-06, ends with 2026-08"
    ):
        imports._continued(
            imports.Incoming(
                "census-country",
                read_country_table(written(tmp_path, rows)).observations,
                imports.Original("x", ["table.csv"], []),
            ),
            date(2027, 2, 5),
        )
