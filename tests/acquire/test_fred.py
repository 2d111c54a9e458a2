"""FRED: what stood on a day, in which vintage, and every way in which a reply can be wrong."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from briefing.acquire.fred import FredApi, fetch_fred, fetch_fred_vintages
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, NoData, Overloaded
from briefing.record import observations

from tests.acquire.secrecy import everything_shown, spellings
from tests.acquire.server import Answer, Question, Source

KEY = "s3cret/Key+with=signs&5800"
DAY = date(2018, 10, 20)
RELEASES = ["2018-09-05", "2018-10-05", "2018-11-02"]
FOREVER = "9999-12-31"
NO_SERIES = '{"error_code":400,"error_message":"Bad Request.  The series does not exist."}'
NO_KEY = '{"error_code":400,"error_message":"Bad Request.  The value for variable api_key is not registered."}'
TOO_MANY = '{"error_code":429,"error_message":"Too Many Requests.  Exceeded Rate Limit"}'

# September brought June and July; October revised July and brought August; November withdrew and restored nothing.
WINDOWS = {
    "EXPKR": [
        ("2018-06-01", "2018-09-05", FOREVER, "4911.100001"),
        ("2018-07-01", "2018-09-05", "2018-10-04", "4800.5"),
        ("2018-07-01", "2018-10-05", FOREVER, "4801"),
        ("2018-08-01", "2018-10-05", FOREVER, "5000.25"),
        ("2018-09-01", "2018-11-02", FOREVER, "4700"),
    ],
    "IMPKR": [
        ("2018-06-01", "2018-09-05", FOREVER, "6000"),
        ("2018-07-01", "2018-09-05", FOREVER, "6100"),
        ("2018-08-01", "2018-10-05", FOREVER, "6200"),
        ("2018-09-01", "2018-11-02", FOREVER, "6300"),
    ],
}

Change = Callable[[str, dict[str, Any]], Any]


class Fred:
    """Plays FRED: answers each question from vintage dates and windows, a page at a time, then lets a test spoil it."""

    def __init__(self) -> None:
        self.vintages: dict[str, list[str]] = {series: list(RELEASES) for series in WINDOWS}
        self.windows = {series: list(rows) for series, rows in WINDOWS.items()}
        self.page = 100_000
        self.change: Change = lambda series, content: content
        self.instead: list[Answer] = []
        self.source = Source(by=self.answer)

    def answer(self, question: Question) -> Answer:
        if self.instead:
            return self.instead.pop(0)
        asked = {name: values[0] for name, values in question.query.items()}
        if asked.get("api_key") != KEY or asked.get("file_type") != "json":
            return Answer(NO_KEY, 400)
        series, offset = asked["series_id"], int(asked["offset"])
        if question.path == "/fred/series/vintagedates":
            content = self.paged("vintage_dates", self.vintages[series], offset)
            return Answer(json.dumps(content))
        assert question.path == "/fred/series/observations"
        first, last = asked["realtime_start"], asked["realtime_end"]
        rows = [
            {"realtime_start": max(start, first), "realtime_end": min(end, last), "date": month, "value": value}
            for month, start, end, value in self.windows[series]
            if start <= last and end >= first
        ]
        content = {"realtime_start": first, "realtime_end": last, "units": "lin", "output_type": 1}
        changed = self.change(series, content | self.paged("observations", rows, offset))
        return changed if isinstance(changed, Answer) else Answer(json.dumps(changed))

    def paged(self, name: str, rows: list[Any], offset: int) -> dict[str, Any]:
        page = rows[offset : offset + self.page]
        return {"count": len(rows), "offset": offset, "limit": self.page, name: page}


@pytest.fixture
def fred(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fred]:
    monkeypatch.setenv("FRED_API_KEY", KEY)
    played = Fred()
    yield played
    played.source.close()


def client_of(fred: Fred, folder: Path, **options: Any) -> FredApi:
    slept: list[float] = []
    return FredApi(
        fred.source.address, folder / "raw", **{"read_seconds": 0.5, "sleep": slept.append, "pause": 0, **options}
    )


def values(acquired: Any, flow: str) -> dict[str, int]:
    rows = acquired.table[acquired.table["trade_flow"] == flow]
    return dict(zip(rows["time_period"], rows["obs_value"], strict=True))


def test_both_flows_come_as_they_stood_on_the_day_in_whole_dollars(fred: Fred, tmp_path: Path) -> None:
    acquired = fetch_fred(client_of(fred, tmp_path), DAY)
    assert values(acquired, "X") == {"2018-06": 4_911_100_001, "2018-07": 4_801_000_000, "2018-08": 5_000_250_000}
    assert values(acquired, "M") == {"2018-06": 6_000_000_000, "2018-07": 6_100_000_000, "2018-08": 6_200_000_000}
    assert acquired.dataset == "fred-korea" and acquired.vintage == date(2018, 10, 5)


def test_the_table_has_the_shape_of_the_record_with_basis_and_order(fred: Fred, tmp_path: Path) -> None:
    table = fetch_fred(client_of(fred, tmp_path), DAY).table
    assert list(table.columns) == observations.COLUMNS and str(table["obs_value"].dtype) == "int64"
    assert table.equals(table.sort_values(observations.KEY, ignore_index=True))
    exports, imports = (" ".join(table[table["trade_flow"] == flow].iloc[0][observations.KEY]) for flow in "XM")
    assert exports == "TOTAL TOTAL US 5800 X total fas N 2018-06"
    assert imports == "TOTAL TOTAL US 5800 M general customs_value N 2018-06"
    assert set(table["obs_status"]) == {"A"}


def test_the_replies_behind_a_table_are_kept_without_the_key(fred: Fred, tmp_path: Path) -> None:
    acquired = fetch_fred(client_of(fred, tmp_path), DAY)
    assert len(acquired.replies) == 4
    assert all(reply.file.read_bytes() == reply.content and KEY not in reply.address for reply in acquired.replies)


def test_the_order_of_rows_and_of_vintage_dates_does_not_matter(fred: Fred, tmp_path: Path) -> None:
    usual = fetch_fred(client_of(fred, tmp_path), DAY)
    fred.change = lambda series, content: content | {"observations": content["observations"][::-1]}
    fred.vintages = {series: days[::-1] for series, days in fred.vintages.items()}
    turned = fetch_fred(client_of(fred, tmp_path), DAY)
    assert turned.table.equals(usual.table) and turned.vintage == usual.vintage


@pytest.mark.long
def test_a_long_series_is_read_page_by_page(fred: Fred, tmp_path: Path) -> None:
    whole = fetch_fred(client_of(fred, tmp_path), DAY)
    fred.page = 2
    paged = fetch_fred(client_of(fred, tmp_path), DAY)
    assert paged.table.equals(whole.table) and len(paged.replies) == 8


def test_a_compressed_reply_is_read(fred: Fred, tmp_path: Path) -> None:
    fred.change = lambda series, content: Answer(json.dumps(content), compressed=True)
    assert len(fetch_fred(client_of(fred, tmp_path), DAY).table) == 6


def test_a_month_not_yet_out_is_left_open(fred: Fred, tmp_path: Path) -> None:
    for rows in fred.windows.values():
        rows.append(("2018-10-01", "2018-10-05", FOREVER, "."))
    assert list(values(fetch_fred(client_of(fred, tmp_path), DAY), "X"))[-1] == "2018-08"


def test_each_release_between_two_days_gives_a_table_of_its_own(fred: Fred, tmp_path: Path) -> None:
    found = fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 20), date(2018, 12, 1))
    assert [one.vintage for one in found] == [date.fromisoformat(day) for day in RELEASES]
    assert [values(one, "X")["2018-07"] for one in found] == [4_800_500_000, 4_801_000_000, 4_801_000_000]
    assert [max(values(one, "M")) for one in found] == ["2018-07", "2018-08", "2018-09"]


@pytest.mark.long
def test_a_table_out_of_many_vintages_is_the_one_asked_for_alone(fred: Fred, tmp_path: Path) -> None:
    client = client_of(fred, tmp_path)
    for one in fetch_fred_vintages(client, date(2018, 9, 5), date(2018, 11, 2)):
        assert one.vintage is not None
        assert one.table.equals(fetch_fred(client, one.vintage).table)


def test_windows_that_are_not_cut_at_the_days_asked_are_read_alike(fred: Fred, tmp_path: Path) -> None:
    usual = fetch_fred(client_of(fred, tmp_path), DAY)

    def whole(series: str, content: dict[str, Any]) -> dict[str, Any]:
        for row in content["observations"]:
            row["realtime_start"], row["realtime_end"] = next(
                (start, end)
                for month, start, end, value in WINDOWS[series]
                if (month, value) == (row["date"], row["value"])
            )
        return content

    fred.change = whole
    assert fetch_fred(client_of(fred, tmp_path), DAY).table.equals(usual.table)


def withdrawn(fred: Fred) -> None:
    """July's exports are taken back in November."""
    fred.windows["EXPKR"][2] = ("2018-07-01", "2018-10-05", "2018-11-01", "4801")
    fred.windows["EXPKR"].append(("2018-07-01", "2018-11-02", FOREVER, "."))


def test_a_value_withdrawn_later_still_stands_on_the_day_before(fred: Fred, tmp_path: Path) -> None:
    withdrawn(fred)
    found = fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 10, 5), date(2018, 11, 1))
    assert [values(one, "X")["2018-07"] for one in found] == [4_801_000_000]


def test_a_withdrawn_value_is_not_replaced_by_the_one_before(fred: Fred, tmp_path: Path) -> None:
    withdrawn(fred)
    with pytest.raises(MalformedReply, match=r"EXPKR has no value for 2018-07 on 2018-11-02\. Totals"):
        fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 10, 5), date(2018, 11, 5))


def withdrawn_for_good(fred: Fred, flows: list[str], month: str) -> None:
    """A month is taken back on 5 October, as ALFRED has it: its value ends the day before, and "." stands for ever."""
    for series in flows:
        kept = [row for row in fred.windows[series] if row[0] != month]
        value = next(row[3] for row in fred.windows[series] if row[0] == month)
        fred.windows[series] = [*kept, (month, "2018-09-05", "2018-10-04", value), (month, "2018-10-05", FOREVER, ".")]


@pytest.mark.long
@pytest.mark.parametrize("flows", [["EXPKR", "IMPKR"], ["EXPKR"], ["IMPKR"]])
def test_a_first_month_withdrawn_for_good_is_an_edge_and_no_hole(fred: Fred, tmp_path: Path, flows: list[str]) -> None:
    withdrawn_for_good(fred, flows, "2018-06-01")
    names = {"EXPKR": "X", "IMPKR": "M"}
    found = fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 5), date(2018, 12, 1))
    assert [one.vintage for one in found] == [date.fromisoformat(day) for day in RELEASES]
    for series, flow in names.items():
        later = "2018-07" if series in flows else "2018-06"
        assert [min(values(one, flow)) for one in found] == ["2018-06", later, later]
    assert values(fetch_fred(client_of(fred, tmp_path), DAY), "X") == values(found[1], "X")


def test_last_months_withdrawn_for_good_are_an_edge_and_no_hole(fred: Fred, tmp_path: Path) -> None:
    fred.windows = {
        series: [row for row in rows if row[0] != "2018-08-01" and row[0] != "2018-09-01"]
        for series, rows in fred.windows.items()
    }
    fred.windows["EXPKR"] = [row for row in fred.windows["EXPKR"] if row[0] != "2018-07-01"]
    fred.windows["EXPKR"] += [
        ("2018-07-01", "2018-09-05", "2018-10-04", "4800.5"),
        ("2018-07-01", "2018-10-05", FOREVER, "."),
    ]
    found = fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 5), date(2018, 12, 1))
    assert [max(values(one, "X")) for one in found] == ["2018-07", "2018-06", "2018-06"]
    assert [max(values(one, "M")) for one in found] == ["2018-07"] * 3


def test_months_withdrawn_at_both_edges_leave_what_is_between(fred: Fred, tmp_path: Path) -> None:
    for series in fred.windows:
        withdrawn_for_good(fred, [series], "2018-06-01")
        fred.windows[series].append(("2018-10-01", "2018-10-05", FOREVER, "."))
    table = fetch_fred(client_of(fred, tmp_path), DAY)
    assert list(values(table, "X")) == list(values(table, "M")) == ["2018-07", "2018-08"]


def first_row(**changed: Any) -> Change:
    def change(series: str, content: dict[str, Any]) -> dict[str, Any]:
        content["observations"][0] |= changed
        return content

    return change


def second_row(**changed: Any) -> Change:
    def change(series: str, content: dict[str, Any]) -> dict[str, Any]:
        content["observations"][1] |= changed
        return content

    return change


def with_rows(turn: Callable[[list[Any]], list[Any]], counted: bool = True) -> Change:
    def change(series: str, content: dict[str, Any]) -> dict[str, Any]:
        rows = turn(content["observations"])
        return content | {"observations": rows} | ({"count": len(rows)} if counted else {})

    return change


def answer(body: Any, **options: Any) -> Change:
    return lambda series, content: Answer(body, **options)


def content_with(**changed: Any) -> Change:
    return lambda series, content: content | changed


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (second_row(value="."), "EXPKR has no value for 2018-07 on 2018-10-20. Totals over that month"),
        (with_rows(lambda rows: [rows[0], *rows[2:]]), "EXPKR has no value for 2018-07"),
        (with_rows(lambda rows: [*rows, rows[0]]), "EXPKR has two values for 2018-06"),
        (with_rows(lambda rows: rows[:-1], counted=False), "counts 3 observations and gives 2"),
        (with_rows(lambda rows: [*rows, rows[0]], counted=False), "counts 3 observations and gives 4"),
        (content_with(realtime_start="2018-10-21"), "realtime_start is '2018-10-21' where 2018-10-20 was asked"),
        (content_with(realtime_end=FOREVER), "realtime_end is '9999-12-31' where 2018-10-20 was asked"),
        (content_with(realtime_end=None), "realtime_end is 'None'"),
        (content_with(units="pch"), "units is 'pch' where lin was asked"),
        (content_with(offset=3), "offset is '3' where 0 was asked"),
        (content_with(count="3"), "lacks observations or their count"),
        (content_with(count=True), "lacks observations or their count"),
        (content_with(observations={"a": 1}), "lacks observations or their count"),
        (with_rows(lambda rows: ["x"]), "has a row that is none"),
        (first_row(value="4,911.1"), "'4,911.1' for 2018-06. It is no amount in million dollars"),
        (first_row(value=4911.1), "'4911.1' for 2018-06"),
        (first_row(value="NaN"), "'NaN' for 2018-06"),
        (first_row(value="-1"), "'-1' for 2018-06"),
        (first_row(value="1e5"), "'1e5' for 2018-06"),
        (first_row(date="2018-06-15"), "a value for 2018-06-15, which is no month"),
        (first_row(date="2018-13-01"), "'2018-13-01' where a day is due"),
        (first_row(date=None), "'None' where a day is due"),
        (first_row(realtime_start="2018-10-21", realtime_end="2018-10-25"), "which is not in 2018-10-20 to 2018-10-20"),
        (first_row(realtime_end="2018-10-01"), "which is not in 2018-10-20 to 2018-10-20"),
        (answer('{"count": 3, "observations": [{"date"'), "is no JSON object, or is cut"),
        (answer("[]"), "is no JSON object"),
        (answer("[" * 100_000), "is no JSON object"),
        (answer(b'{"count": "\xff"}'), "is no JSON object"),
        (answer("<html><body>Down</body></html>", content_type="text/html"), "answered with a web page"),
        (answer("<?xml version='1.0'?><observations/>", content_type="text/xml"), "answered with text/xml"),
        (answer(gzip.compress(b"{}")[:-4], headers={"Content-Encoding": "gzip"}), "compression breaks off"),
        (answer(""), "answered with nothing at all"),
    ],
)
def test_a_reply_that_contradicts_itself_or_the_question_is_refused(
    fred: Fred, tmp_path: Path, change: Change, words: str
) -> None:
    fred.change = change
    with pytest.raises(MalformedReply, match=r"FRED.*Nothing of the record changed") as refusal:
        fetch_fred(client_of(fred, tmp_path), DAY)
    assert words in str(refusal.value)


def test_a_count_that_changes_between_pages_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.page = 2
    fred.change = lambda series, content: content | {"count": 3 + content["offset"]}
    with pytest.raises(MalformedReply, match="counts 5 observations and gives 3"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_an_empty_page_before_the_end_is_refused_and_not_asked_for_ever(fred: Fred, tmp_path: Path) -> None:
    fred.change = lambda series, content: content | {"observations": []}
    with pytest.raises(MalformedReply, match="counts 3 observations and gives 0"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_a_window_that_opens_on_no_vintage_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.windows["EXPKR"][2] = ("2018-07-01", "2018-10-09", FOREVER, "4801")
    with pytest.raises(MalformedReply, match="2018-07 from 2018-10-09 to 2018-12-01, but no vintage is of that day"):
        fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 5), date(2018, 12, 1))


def test_a_window_that_closes_on_no_vintage_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.windows["EXPKR"][1] = ("2018-07-01", "2018-09-05", "2018-10-01", "4800.5")
    with pytest.raises(MalformedReply, match="2018-07 from 2018-09-05 to 2018-10-01, but no vintage is of that day"):
        fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 5), date(2018, 12, 1))


def test_a_revision_of_one_flow_alone_is_a_vintage_in_which_the_other_stands(fred: Fred, tmp_path: Path) -> None:
    fred.vintages["EXPKR"].append("2018-10-15")
    month, opened, _, value = fred.windows["EXPKR"][2]
    fred.windows["EXPKR"][2:3] = [(month, opened, "2018-10-14", value), (month, "2018-10-15", FOREVER, "4805")]
    before, revised, after = fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 10, 10), date(2018, 12, 1))
    vintages = [f"{one.vintage}" for one in (before, revised, after)]
    assert vintages == ["2018-10-05", "2018-10-15", "2018-11-02"]
    assert (values(before, "X")["2018-07"], values(revised, "X")["2018-07"]) == (4_801_000_000, 4_805_000_000)
    assert values(before, "M") == values(revised, "M")
    assert fetch_fred(client_of(fred, tmp_path), DAY).table.equals(revised.table)


def test_a_value_that_changes_on_a_day_of_the_other_flow_alone_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.vintages["IMPKR"].append("2018-10-15")
    month, opened, _, value = fred.windows["EXPKR"][3]
    fred.windows["EXPKR"][3:4] = [(month, opened, "2018-10-14", value), (month, "2018-10-15", FOREVER, "4999")]
    with pytest.raises(MalformedReply, match=r"EXPKR has a value for 2018-08 .*, but no vintage is of that day"):
        fetch_fred_vintages(client_of(fred, tmp_path), date(2018, 9, 5), date(2018, 12, 1))


def test_a_month_released_of_one_flow_before_the_other_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.vintages["IMPKR"][-1] = "2018-11-03"
    fred.windows["IMPKR"][-1] = ("2018-09-01", "2018-11-03", FOREVER, "6300")
    with pytest.raises(MalformedReply, match="vintage 2018-11-02: EXPKR ends in 2018-09 and IMPKR in 2018-08"):
        fetch_fred(client_of(fred, tmp_path), date(2018, 11, 2))
    assert fetch_fred(client_of(fred, tmp_path), date(2018, 11, 3)).vintage == date(2018, 11, 3)


def test_one_flow_that_ends_a_month_later_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.windows["IMPKR"].pop(2)
    with pytest.raises(MalformedReply, match="EXPKR ends in 2018-08 and IMPKR in 2018-07: one flow is ahead"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_one_flow_that_begins_a_month_later_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.windows["IMPKR"].pop(0)
    with pytest.raises(MalformedReply, match="EXPKR begins in 2018-06 and IMPKR in 2018-07"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_a_vintage_listed_twice_is_refused(fred: Fred, tmp_path: Path) -> None:
    fred.vintages["EXPKR"].append("2018-10-05")
    with pytest.raises(MalformedReply, match="EXPKR lists a vintage date twice"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_a_day_before_the_first_release_has_no_data(fred: Fred, tmp_path: Path) -> None:
    with pytest.raises(NoData, match=r"no vintage of EXPKR up to 2018-09-04\. .* Its first is 2018-09-05"):
        fetch_fred(client_of(fred, tmp_path), date(2018, 9, 4))


def test_no_vintage_at_all_is_no_data(fred: Fred, tmp_path: Path) -> None:
    fred.vintages["EXPKR"] = []
    with pytest.raises(NoData, match="Its list of vintages is empty"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_an_empty_list_is_no_data(fred: Fred, tmp_path: Path) -> None:
    fred.change = with_rows(lambda rows: [])
    with pytest.raises(NoData, match="no observations of EXPKR"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_nothing_but_missing_values_is_no_data(fred: Fred, tmp_path: Path) -> None:
    fred.change = with_rows(lambda rows: [row | {"value": "."} for row in rows])
    with pytest.raises(NoData, match="no value of EXPKR on 2018-10-20: all were missing"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_no_content_is_no_data(fred: Fred, tmp_path: Path) -> None:
    fred.instead = [Answer(status=204)]
    with pytest.raises(NoData, match="nothing on EXPKR"):
        fetch_fred(client_of(fred, tmp_path), DAY)


def test_days_in_the_wrong_order_are_not_asked(fred: Fred, tmp_path: Path) -> None:
    with pytest.raises(BadQuery, match=r"from 2018-10-20 to 2018-10-19\. Nothing was asked"):
        fetch_fred_vintages(client_of(fred, tmp_path), DAY, date(2018, 10, 19))
    assert fred.source.questions == []


def test_a_series_that_does_not_exist_is_told_in_the_words_of_the_source(fred: Fred, tmp_path: Path) -> None:
    fred.instead = [Answer(NO_SERIES, 400)]
    with pytest.raises(BadQuery, match=r"EXPKR: FRED refuses .*status 400: .*The series does not exist\."):
        fetch_fred(client_of(fred, tmp_path), DAY)
    assert len(fred.source.questions) == 1


def test_a_refused_key_is_told_from_a_bad_question(fred: Fred, tmp_path: Path) -> None:
    fred.instead = [Answer(NO_KEY, 400)]
    with pytest.raises(KeyRefused, match=r"api_key is not registered.* get a key at https://fred"):
        fetch_fred(client_of(fred, tmp_path), DAY)
    assert len(fred.source.questions) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_refused_by_status_is_not_tried_again(fred: Fred, tmp_path: Path, status: int) -> None:
    fred.instead = [Answer("Access Denied", status)]
    with pytest.raises(KeyRefused, match=f"status {status}"):
        fetch_fred(client_of(fred, tmp_path), DAY)
    assert len(fred.source.questions) == 1


@pytest.mark.long
@pytest.mark.parametrize(
    "failure",
    [
        Answer(TOO_MANY, 429, headers={"Retry-After": "7"}),
        Answer("Internal Server Error", 500),
        Answer('{"count": 3}', cut=4),
        Answer('{"count": 3}', cut=4, chunked=True),
        Answer('{"count": 3}', stall=1.0),
    ],
    ids=["429", "500", "cut", "cut chunk", "stall"],
)
def test_a_busy_source_is_asked_again(fred: Fred, tmp_path: Path, failure: Answer) -> None:
    fred.instead = [failure]
    slept: list[float] = []
    assert len(fetch_fred(client_of(fred, tmp_path, sleep=slept.append), DAY).table) == 6
    assert len(fred.source.questions) == 5 and len(slept) == 1
    assert slept == [7.0] or "Retry-After" not in failure.headers


def test_a_source_that_stays_busy_is_given_up(fred: Fred, tmp_path: Path) -> None:
    fred.instead = [Answer(TOO_MANY, 429)] * 4
    with pytest.raises(Overloaded, match="Exceeded Rate Limit"):
        fetch_fred(client_of(fred, tmp_path), DAY)
    assert len(fred.source.questions) == 4


def test_questions_keep_half_a_second_apart(fred: Fred, tmp_path: Path) -> None:
    slept: list[float] = []
    client = FredApi(fred.source.address, tmp_path / "raw", sleep=slept.append)
    fetch_fred(client, DAY)
    assert len(slept) == 3 and all(0 < pause <= 0.5 for pause in slept)


def test_a_missing_key_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FRED_API_KEY", raising=False)
    with pytest.raises(KeyRefused, match=r"FRED_API_KEY is not set.*https://fred\.stlouisfed\.org/docs/api/api_key"):
        FredApi("http://127.0.0.1:9", tmp_path)


FAILURES = [
    Answer(f'{{"error_code":400,"error_message":"api_key {KEY} is not registered"}}', 400),
    Answer(f'{{"error_code":400,"error_message":"No series {KEY}"}}', 400),
    Answer(f"you sent {KEY}", 401),
    Answer(f"you sent {KEY}", 403),
    Answer(f"you sent {KEY}", 429),
    Answer(f"you sent {KEY}", 500),
    Answer("", 302, headers={"Location": f"https://elsewhere/?api_key={KEY}"}),
    Answer(status=204),
    Answer('{"count": 0, "vintage_dates": []}'),
    Answer(f'{{"count": "{KEY}"}}'),
    Answer('{"count": 1, "vintage_dates": ["x"]}'),
    Answer('{"count": 1'),
    Answer(f"<html>{KEY}</html>", content_type="text/html"),
    Answer("{}", content_type=f"text/{KEY}"),
    Answer("{}", cut=1),
    Answer("{}", stall=1.0),
    Answer("{}", headers={"Content-Encoding": KEY}),
    Answer(gzip.compress(b"{}")[:-4], headers={"Content-Encoding": "gzip"}),
]


@pytest.mark.long
@pytest.mark.parametrize("failure", [None, *FAILURES], ids=["good", *range(len(FAILURES))])
def test_the_key_shows_nowhere(fred: Fred, tmp_path: Path, failure: Answer | None) -> None:
    fred.instead = [failure] * 2 if failure else []
    told, fault = everything_shown(
        lambda say: fetch_fred(client_of(fred, tmp_path, say=say, attempts=2), DAY), tmp_path
    )
    assert isinstance(fault, FetchError) == (failure is not None)
    assert fred.source.questions[0].query["api_key"] == [KEY]
    assert not [spelling for spelling in spellings(KEY) if spelling in told]
