"""The Census API: what is asked, what of a reply is believed, and every way in which a reply can be wrong."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from briefing import periods
from briefing.acquire import census_api
from briefing.acquire.census_api import CensusApi, fetch_end_use, fetch_hs
from briefing.acquire.replies import Acquired
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, NoData, Overloaded
from briefing.record import observations, sources, store

from tests.acquire.secrecy import everything_shown, spellings
from tests.acquire.server import Answer, Question, Source

KEY = "s3cret/Key+with=signs&5800"
MISSING_KEY = '<html style="font-size: 14px;">\n\n<head>\n    <title>Missing Key</title></head></html>'
INVALID_KEY = MISSING_KEY.replace("Missing", "Invalid")
TO_KEY_PAGE = {"Location": "https://api.census.gov/data/missing_key.html"}
UNKNOWN = "error: unknown variable 'XYZ'"
GZIP = {"Content-Encoding": "gzip"}

CHAPTERS = [(("5800",), None, "HS2")]
HELD = ("census-hs-exports", "census-hs-imports-general", "census-hs-imports-consumption")
CODES = {
    "HS2": ["03", "84", "87"],
    "HS4": ["8407", "8703", "8708"],
    "HS6": ["840734", "870323"],
    "HS10": ["8407340540", "8703105030", "8703105060"],
    "EU5": ["00000", "30000", "30100"],
}

Content = list[list[Any]]
Change = Callable[[Content], Any]


class Census:
    """Plays the API: a row for each month, partner and code asked, then lets a test spoil the reply."""

    def __init__(self) -> None:
        self.held = periods.span("2024-01", "2026-05")
        self.cells: dict[tuple[str, str, str], str] = {}
        self.absent: set[tuple[str, str, str]] = set()
        self.change: Change = lambda content: content
        self.instead: list[Answer] = []
        self.source = Source(by=self.answer)

    def answer(self, question: Question) -> Answer:
        if self.instead:
            return self.instead.pop(0)
        if question.query.get("key") != [KEY]:
            return Answer("", 302, "text/html", TO_KEY_PAGE | {"X-DataWebAPI-KeyError": "1"})
        content = self.content(question)
        if len(content) == 1:
            return Answer(status=204)
        changed = self.change(content)
        return changed if isinstance(changed, Answer) else Answer(json.dumps(changed))

    def content(self, question: Question) -> Content:
        """Columns as the API puts them: those of `get`, then the predicates in the order of the address."""
        assert question.path in ("/exports/hs", "/imports/hs", "/exports/enduse", "/imports/enduse")
        code = f"{question.path[1].upper()}_{'ENDUSE' if 'enduse' in question.path else 'COMMODITY'}"
        asked = {name: values for name, values in question.query.items() if name not in ("get", "key")}
        _, first, _, last = asked["time"][0].split(" ")
        (level,), (pattern,) = asked["COMM_LVL"], asked.get(code, ["*"])
        columns = [*question.query["get"][0].split(","), *asked]
        rows = [
            {"time": month, "COMM_LVL": level, "CTY_CODE": partner, code: commodity}
            for partner in asked["CTY_CODE"]
            for commodity in CODES[level]
            for month in periods.span(first, last)
            if (month in self.held and (partner, commodity, month) not in self.absent)
            and (commodity == pattern or (pattern.endswith("*") and commodity.startswith(pattern[:-1])))
        ]
        return [columns, *([self.cell(row, name, code) for name in columns] for row in rows)]

    def cell(self, row: dict[str, str], name: str, code: str) -> str:
        if name in row:
            return row[name]
        key = (row["CTY_CODE"], row[code], row["time"])
        value = sum(key[2].encode()) * int(f"1{key[1][:4]}") + (0 if key[0] == "-" else int(key[0]))
        return self.cells.get(key, f"{value + (name == 'CON_VAL_MO')}")


@pytest.fixture
def census(monkeypatch: pytest.MonkeyPatch) -> Iterator[Census]:
    monkeypatch.setenv("CENSUS_API_KEY", KEY)
    played = Census()
    yield played
    played.source.close()


def client_of(census: Census, folder: Path, **options: Any) -> CensusApi:
    slept: list[float] = []
    usual = {"read_seconds": 0.3, "sleep": slept.append, "pause": 0}
    return CensusApi(census.source.address, folder / "raw", **{**usual, **options})


def exports(
    census: Census, folder: Path, wanted: Any = CHAPTERS, first: str = "2026-01", last: str = "2026-03"
) -> Acquired:
    (acquired,) = fetch_hs(client_of(census, folder), "X", wanted, first, last)
    return acquired


def values(acquired: Acquired, commodity: str, partner: str = "5800") -> dict[str, int]:
    table = acquired.table
    rows = table[(table["commodity"] == commodity) & (table["counterpart_area"] == partner)]
    return dict(zip(rows["time_period"], rows["obs_value"], strict=True))


def test_exports_are_one_dataset_on_the_basis_of_the_record(census: Census, tmp_path: Path) -> None:
    census.cells["5800", "87", "2026-02"] = "211743879"
    acquired = exports(census, tmp_path)
    assert acquired.dataset == "census-hs-exports" and acquired.vintage is None and len(acquired.replies) == 1
    assert values(acquired, "87")["2026-02"] == 211_743_879
    assert {" ".join(row) for row in acquired.table[observations.KEY[:-1]].itertuples(index=False)} == {
        f"HS {chapter} US 5800 X total fas N" for chapter in ("03", "84", "87")
    }


def test_one_question_for_imports_gives_both_systems_of_imports(census: Census, tmp_path: Path) -> None:
    general, consumption = fetch_hs(client_of(census, tmp_path), "M", CHAPTERS, "2026-01", "2026-02")
    assert (general.dataset, consumption.dataset) == ("census-hs-imports-general", "census-hs-imports-consumption")
    assert len(census.source.questions) == 1 and general.replies == consumption.replies
    assert set(general.table["trade_system"]) == {"general"}
    assert set(consumption.table["trade_system"]) == {"consumption"}
    assert set(general.table["valuation"]) | set(consumption.table["valuation"]) == {"customs_value"}
    assert (consumption.table["obs_value"] - general.table["obs_value"]).eq(1).all()


def test_the_table_has_the_shape_and_order_of_the_record(census: Census, tmp_path: Path) -> None:
    for acquired in fetch_hs(client_of(census, tmp_path), "M", CHAPTERS, "2025-11", "2026-03"):
        table = acquired.table
        assert list(table.columns) == observations.COLUMNS and str(table["obs_value"].dtype) == "int64"
        assert table.equals(table.sort_values(observations.KEY, ignore_index=True))
        assert set(table["obs_status"]) == {"A"} and len(table) == 15


@pytest.mark.parametrize("flow", ["X", "M"])
def test_end_use_codes_keep_their_noughts_and_have_datasets_of_their_own(
    census: Census, tmp_path: Path, flow: str
) -> None:
    found = fetch_end_use(client_of(census, tmp_path), flow, ["5800", "0015"], "2026-01", "2026-02")
    (question,) = census.source.questions
    assert question.query["COMM_LVL"] == ["EU5"] and question.query["CTY_CODE"] == ["5800", "-"]
    assert question.query["get"][0].endswith(",E_ENDUSE" if flow == "X" else "GEN_VAL_MO,CON_VAL_MO,I_ENDUSE")
    imports = ["census-end-use-imports-general-monthly", "census-end-use-imports-consumption-monthly"]
    assert [one.dataset for one in found] == (["census-end-use-exports-monthly"] if flow == "X" else imports)
    for one in found:
        assert set(one.table["classification"]) == {"END_USE"}
        assert sorted(set(one.table["commodity"])) == ["00000", "30000", "30100"]
        assert set(one.table["counterpart_area"]) == {"5800", "0015"}


def test_the_question_asks_a_year_with_every_predicate_outside_of_get(census: Census, tmp_path: Path) -> None:
    exports(census, tmp_path, [(("5800", "5880", "0015"), "8703", "HS10")], "2025-03", "2026-02")
    first, second = census.source.questions
    assert first.path == "/exports/hs" and first.query == {
        "get": ["ALL_VAL_MO"],
        "time": ["from 2025-03 to 2025-12"],
        "COMM_LVL": ["HS10"],
        "E_COMMODITY": ["8703*"],
        "CTY_CODE": ["5800", "5880", "-"],
        "key": [KEY],
    }
    assert second.query["time"] == ["from 2026-01 to 2026-02"] and "time=from+2026-01+to+2026-02&" in second.raw


@pytest.mark.parametrize(("commodity", "level", "asked"), [("87", "HS2", "87"), ("8703", "HS4", "8703")])
def test_a_whole_code_is_asked_without_a_star(
    census: Census, tmp_path: Path, commodity: str, level: str, asked: str
) -> None:
    acquired = exports(census, tmp_path, [(("5800",), commodity, level)])
    assert census.source.questions[0].query["E_COMMODITY"] == [asked]
    assert set(acquired.table["commodity"]) == {commodity}


def test_all_chapters_are_asked_by_their_column_and_not_by_a_predicate(census: Census, tmp_path: Path) -> None:
    exports(census, tmp_path)
    query = census.source.questions[0].query
    assert query["get"] == ["ALL_VAL_MO,E_COMMODITY"] and "E_COMMODITY" not in query


def test_the_world_is_a_dash_there_and_a_code_of_the_book_here(census: Census, tmp_path: Path) -> None:
    acquired = exports(census, tmp_path, [(("0015", "5800"), "87", "HS2")])
    assert census.source.questions[0].query["CTY_CODE"] == ["-", "5800"]
    assert set(acquired.table["counterpart_area"]) == {"0015", "5800"}
    assert values(acquired, "87", "5800")["2026-01"] - values(acquired, "87", "0015")["2026-01"] == 5800


def test_several_series_make_one_table(census: Census, tmp_path: Path) -> None:
    wanted = [*CHAPTERS, (("5880", "0015"), "87", "HS2"), (("5800", "5880"), "8703", "HS4")]
    acquired = exports(census, tmp_path, wanted, "2025-01", "2026-03")
    assert len(census.source.questions) == len(acquired.replies) == 6
    assert sorted(set(acquired.table["commodity"])) == ["03", "84", "87", "8703"]
    assert not acquired.table.duplicated(observations.KEY).any()


def test_replies_as_recorded_give_the_record(census: Census, tmp_path: Path) -> None:
    """The exports held in data/, put back into the form of the API, come out as they are held."""
    held = store.answer(sources.observations(next(one for one in sources.register() if one.dataset == HELD[0])))
    chapters = held[(held["counterpart_area"] == "5800") & (held["time_period"] >= "2024-01")]

    def recorded(question: Question) -> Answer:
        year = question.query["time"][0][5:9]
        rows = chapters[chapters["time_period"].str.startswith(year)]
        cells = [[f"{row.obs_value}", row.commodity, row.time_period, "HS2", "5800"] for row in rows.itertuples()]
        return Answer(json.dumps([["ALL_VAL_MO", "E_COMMODITY", "time", "COMM_LVL", "CTY_CODE"], *cells]))

    played = Source(by=recorded)
    client = CensusApi(played.address, tmp_path, pause=0)
    (acquired,) = fetch_hs(client, "X", CHAPTERS, "2024-01", str(chapters["time_period"].max()))
    played.close()
    expected = chapters[observations.COLUMNS].sort_values(observations.KEY, ignore_index=True)
    pd.testing.assert_frame_equal(acquired.table, expected, check_dtype=False)


def test_rows_and_columns_in_another_order_give_the_same_table(census: Census, tmp_path: Path) -> None:
    usual = exports(census, tmp_path)
    census.change = lambda content: [row[::-1] for row in [content[0], *content[:0:-1]]]
    assert exports(census, tmp_path).table.equals(usual.table)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("CTY_NAME", "KOREA, SOUTH"),
        ("E_COMMODITY_SDESC", None),
        ("CC_MO", "12"),
        ("QTY_1_MO_FLAG", "M"),
        ("YEAR", "2026"),
    ],
)
def test_names_and_other_measures_beside_what_was_asked_change_nothing(
    census: Census, tmp_path: Path, name: str, cell: Any
) -> None:
    plain = exports(census, tmp_path).table
    census.change = with_column(name, cell)
    assert exports(census, tmp_path).table.equals(plain)


def test_a_column_that_comes_twice_and_agrees_is_kept_once(census: Census, tmp_path: Path) -> None:
    usual = exports(census, tmp_path)
    census.change = lambda content: [[*row, row[-1], row[1]] for row in content]
    assert exports(census, tmp_path).table.equals(usual.table)


@pytest.mark.parametrize("how", [{"compressed": True}, {"chunked": True}])
def test_a_reply_compressed_or_in_chunks_is_read(census: Census, tmp_path: Path, how: dict[str, bool]) -> None:
    usual = exports(census, tmp_path)
    census.change = lambda content: Answer(json.dumps(content), **how)
    assert exports(census, tmp_path).table.equals(usual.table)


def test_a_nought_is_an_observation_and_an_absent_row_is_none(census: Census, tmp_path: Path) -> None:
    """As the API does: no row before the first trade of the year, "0" after it."""
    census.absent = {("5800", "03", "2026-01")}
    census.cells["5800", "03", "2026-03"] = "0"
    acquired = exports(census, tmp_path)
    assert sorted(values(acquired, "03")) == ["2026-02", "2026-03"] and values(acquired, "03")["2026-03"] == 0


def test_a_single_code_may_begin_later_in_a_month_that_another_series_shows_to_be_out(
    census: Census, tmp_path: Path
) -> None:
    census.absent = {("5800", "8703", "2026-01")}
    acquired = exports(census, tmp_path, [*CHAPTERS, (("5800",), "8703", "HS4")])
    assert sorted(values(acquired, "8703")) == ["2026-02", "2026-03"]


def test_years_without_data_before_the_first_trade_and_after_the_last_are_left_out(
    census: Census, tmp_path: Path
) -> None:
    acquired = exports(census, tmp_path, first="2022-05", last="2027-02")
    assert len(census.source.questions) == 6 and len(acquired.replies) == 3
    assert sorted(values(acquired, "87")) == periods.span("2024-01", "2026-05")


def test_a_year_without_data_between_years_that_have_is_refused(census: Census, tmp_path: Path) -> None:
    census.held = [month for month in census.held if not month.startswith("2025")]
    with pytest.raises(MalformedReply, match=r"exports of HS2 codes with 5800 has no data for 2025, between years"):
        exports(census, tmp_path, first="2024-01", last="2026-03")


@pytest.mark.parametrize("month", ["2024-02", "2025-07", "2026-01"])
def test_a_month_left_out_by_all_rows_is_refused_by_name(census: Census, tmp_path: Path, month: str) -> None:
    census.held.remove(month)
    with pytest.raises(MalformedReply, match=f"{month} is left out, though the source has it or later months"):
        exports(census, tmp_path, first="2023-01", last="2026-05")


@pytest.mark.parametrize("asked", ["2023-01", "2022-05"])
def test_months_before_the_first_of_a_series_are_an_edge_and_no_hole(
    census: Census, tmp_path: Path, asked: str
) -> None:
    """As of a partner that is young: nothing was there in the years before."""
    census.held = [month for month in census.held if month >= "2024-08"]
    acquired = exports(census, tmp_path, first=asked, last="2026-05")
    assert sorted(values(acquired, "87")) == periods.span("2024-08", "2026-05")


def test_a_first_month_left_out_is_refused_where_no_earlier_year_was_asked(census: Census, tmp_path: Path) -> None:
    census.held.remove("2024-01")
    with pytest.raises(MalformedReply, match="2024-01 is left out, though the source has it or later months"):
        exports(census, tmp_path, first="2024-01", last="2026-05")


def test_a_month_that_a_single_code_leaves_out_alone_is_refused(census: Census, tmp_path: Path) -> None:
    census.absent = {("5800", "8703", "2026-01")}
    with pytest.raises(MalformedReply, match="HS4 8703 with 5800: 2026-01 is left out"):
        exports(census, tmp_path, [(("5800",), "8703", "HS4")])


def test_a_month_that_one_partner_of_two_leaves_out_is_refused(census: Census, tmp_path: Path) -> None:
    census.absent = {("5800", code, "2026-01") for code in CODES["HS2"]}
    with pytest.raises(MalformedReply, match="2026-01, partner 5800 is left out"):
        exports(census, tmp_path, [(("5800", "5880"), None, "HS2")])


def test_a_last_month_that_one_partner_of_two_does_not_have_is_refused(census: Census, tmp_path: Path) -> None:
    census.absent = {("5800", code, "2026-03") for code in CODES["HS2"]}
    with pytest.raises(MalformedReply, match="2026-03, partner 5800 is left out"):
        exports(census, tmp_path, [(("5800", "5880"), None, "HS2")])


@pytest.mark.parametrize("month", ["2026-02", "2026-03"])
def test_a_row_left_out_after_the_first_trade_of_a_year_is_refused(census: Census, tmp_path: Path, month: str) -> None:
    census.absent = {("5800", "87", month)}
    with pytest.raises(MalformedReply, match=f"{month}, partner 5800, commodity 87 is left out"):
        exports(census, tmp_path)


@pytest.mark.parametrize("dataset", HELD)
def test_the_record_knows_no_row_left_out_after_the_first_trade_of_a_year(dataset: str) -> None:
    """The rule by which a row is missed, over all months held of each kind of trade."""
    source = next(one for one in sources.register() if one.dataset == dataset)
    held = store.answer(sources.observations(source)).assign(year=lambda table: table["time_period"].str[:4])
    ends = held.groupby("year")["time_period"].transform("max")
    series = held.assign(ends=ends).groupby(["counterpart_area", "commodity", "year"])
    runs = series.agg(first=("time_period", "min"), last=("ends", "max"), rows=("time_period", "size"))
    assert len(runs) > 100
    assert [len(periods.span(run.first, run.last)) for run in runs.itertuples()] == runs["rows"].tolist()


def test_a_question_without_any_data_is_no_data(census: Census, tmp_path: Path) -> None:
    with pytest.raises(NoData, match=r"no data on exports .* 2026-06 to 2027-01: month unpublished, before 2010, or"):
        exports(census, tmp_path, first="2026-06", last="2027-01")
    assert len(census.source.questions) == 2


def test_a_partner_without_any_data_is_named(census: Census, tmp_path: Path) -> None:
    census.change = lambda content: [row for row in content if row[-1] != "5790"]
    with pytest.raises(NoData, match="for partner 5790: month unpublished"):
        exports(census, tmp_path, [(("5800", "5790"), None, "HS2")])


def test_a_series_without_any_data_is_not_left_out_in_silence(census: Census, tmp_path: Path) -> None:
    with pytest.raises(NoData, match="exports of HS4 0101 with 5800"):
        exports(census, tmp_path, [*CHAPTERS, (("5800",), "0101", "HS4")])


def with_row(at: int = 1, **changed: Any) -> Change:
    def change(content: Content) -> Content:
        row = dict(zip(content[0], content[at], strict=True)) | changed
        return [*content[:at], list(row.values()), *content[at + 1 :]]

    return change


def with_another_row(**changed: Any) -> Change:
    def change(content: Content) -> Content:
        return [*content, list((dict(zip(content[0], content[1], strict=True)) | changed).values())]

    return change


def with_column(name: Any, cell: Any) -> Change:
    return lambda content: [[*content[0], name], *([*row, cell] for row in content[1:])]


def without_column(name: str) -> Change:
    def change(content: Content) -> Content:
        at = content[0].index(name)
        return [row[:at] + row[at + 1 :] for row in content]

    return change


def answer(body: Any, **options: Any) -> Change:
    return lambda content: Answer(body, **options)


def all_levels(content: Content) -> Content:
    """What a star brings when the level is not pinned: 87 with 8703 and what is below it."""
    return [*content, ["1", "8703", "2026-01", "HS4", "5800"], ["1", "870323", "2026-01", "HS6", "5800"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_row(CTY_CODE="5880"), "a row has CTY_CODE '5880' where 5800 was asked"),
        (with_another_row(CTY_CODE="-"), "a row has CTY_CODE '-' where 5800 was asked"),
        (with_another_row(CTY_CODE="0003"), "a row has CTY_CODE '0003' where 5800"),
        (with_another_row(CTY_CODE="0015"), "a row has CTY_CODE '0015' where 5800"),
        (with_another_row(CTY_CODE="5XXX"), "a row has CTY_CODE '5XXX' where 5800"),
        (with_another_row(COMM_LVL="-", E_COMMODITY="-"), "a row has COMM_LVL '-' where HS2 was asked"),
        (all_levels, "a row has COMM_LVL 'HS4' where HS2 was asked"),
        (with_another_row(E_COMMODITY="8703"), "a row has E_COMMODITY '8703' where a code of 2 digits was asked"),
        (with_another_row(E_COMMODITY="-"), "a row has E_COMMODITY '-' where"),
        (with_another_row(E_COMMODITY="00"), "a row has E_COMMODITY '00' where"),
        (with_another_row(E_COMMODITY="3"), "a row has E_COMMODITY '3' where"),
        (with_another_row(E_COMMODITY="٨٧"), "where a code of 2 digits was asked"),
        (with_row(time="2025-12"), "a row has time '2025-12' where 2026-01 to 2026-03 was asked"),
        (with_row(time="2026-04"), "a row has time '2026-04' where"),
        (with_row(time="2026-1"), "a row has time '2026-1' where"),
        (with_row(time="2026"), "a row has time '2026' where"),
        (with_another_row(), "two rows, with the same values, for 2026-01, partner 5800, commodity 03"),
        (with_another_row(ALL_VAL_MO="1"), "two rows, with other values, for 2026-01, partner 5800, commodity 03"),
        (with_row(ALL_VAL_MO="-1"), "2026-01 has '-1' as ALL_VAL_MO. It is no amount in dollars"),
        (with_row(ALL_VAL_MO="1,234"), "2026-01 has '1,234' as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO="1.5"), "has '1.5' as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO="1e5"), "has '1e5' as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO=""), "has '' as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO="N/A"), "has 'N/A' as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO="٣"), "as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO="9" * 16), "as ALL_VAL_MO"),
        (with_row(ALL_VAL_MO=100), "ALL_VAL_MO is '100', which is no text"),
        (with_row(ALL_VAL_MO=None), "ALL_VAL_MO is 'None', which is no text"),
        (with_row(E_COMMODITY=None), "E_COMMODITY is 'None', which is no text"),
        (with_row(E_COMMODITY=3), "E_COMMODITY is '3', which is no text. Codes would lose their noughts"),
        (with_row(CTY_CODE=[]), "CTY_CODE is '[]', which is no text"),
        (with_column("SUMMARY_LVL", "DET"), "column 'SUMMARY_LVL' was not asked"),
        (with_column("DISTRICT", "10"), "column 'DISTRICT' was not asked. Its rows may be parts of a total"),
        (with_column(None, "1"), "column 'None' was not asked"),
        (with_column(["time"], "1"), "was not asked"),
        (without_column("COMM_LVL"), "column COMM_LVL is missing"),
        (without_column("E_COMMODITY"), "column E_COMMODITY is missing"),
        (without_column("ALL_VAL_MO"), "column ALL_VAL_MO is missing"),
        (with_column("CTY_CODE", "5880"), "the two columns CTY_CODE have '5800' and '5880'. It is not known which"),
        (with_column("ALL_VAL_MO", "1"), "the two columns ALL_VAL_MO have"),
        (lambda content: [content[0], content[1][:-1]], "a row has 4 cells where the header has 5"),
        (lambda content: [*content, [*content[1], "1"]], "a row has 6 cells where the header has 5"),
        (lambda content: [*content, []], "a row has 0 cells where the header has 5"),
        (lambda content: content[1:], "was not asked"),
        (lambda content: content[:1], "no row below its header, where no data would be status 204"),
        (lambda content: [], "no row below its header"),
        (lambda content: [[]], "no row below its header"),
        (lambda content: [dict(zip(content[0], content[1], strict=True))], "is no JSON array of arrays"),
        (lambda content: {"data": content}, "is no JSON array of arrays"),
        (lambda content: [*content, "x"], "is no JSON array of arrays"),
        (lambda content: Answer(json.dumps(content)[:-1]), "is no JSON array of arrays, or is cut"),
        (lambda content: Answer(json.dumps(content)[: len(json.dumps(content)) // 2]), "is cut"),
        (answer("[" * 100_000), "is no JSON array"),
        (answer(b'[["\xff"]]'), "is no JSON array"),
        (answer("null"), "is no JSON array"),
        (answer("error: something"), "is no JSON array"),
        (answer(MISSING_KEY.replace("Missing Key", "Down"), content_type="text/html"), "answered with a web page"),
        (answer("<!DOCTYPE html><p>Down</p>"), "answered with a web page"),
        (answer("time,ALL_VAL_MO", content_type="text/csv"), "with text/csv where application/json was expected"),
        (answer("[]", content_type=""), "with no content type where"),
        (answer(gzip.compress(b"[]")[:-4], headers=GZIP), "compression breaks off"),
        (answer(""), "answered with nothing at all"),
    ],
)
def test_a_reply_that_contradicts_itself_or_the_question_is_refused(
    census: Census, tmp_path: Path, change: Change, words: str
) -> None:
    census.change = change
    with pytest.raises(MalformedReply, match=r"Census API.*Nothing of the record changed") as refusal:
        exports(census, tmp_path)
    assert words in str(refusal.value) and len(census.source.questions) == 1


def test_a_refused_reply_is_named_and_kept(census: Census, tmp_path: Path) -> None:
    census.change = with_row(ALL_VAL_MO="1,234")
    with pytest.raises(MalformedReply) as refusal:
        exports(census, tmp_path)
    (kept,) = (path for path in (tmp_path / "raw").rglob("*") if path.is_file() and path.suffix != ".json")
    assert f"the bytes are kept as {kept.name}." in str(refusal.value) and b"1,234" in kept.read_bytes()


def test_a_code_that_does_not_begin_as_asked_is_refused(census: Census, tmp_path: Path) -> None:
    census.change = with_row(E_COMMODITY="8407340540")
    with pytest.raises(MalformedReply, match="'8407340540' where a code of 10 digits that begins with 8703 was asked"):
        exports(census, tmp_path, [(("5800",), "8703", "HS10")])


def test_the_code_that_the_book_has_for_the_world_is_not_taken_from_a_reply(census: Census, tmp_path: Path) -> None:
    """There the world is "-", and codes that begin with 0 are groups."""
    census.change = with_row(CTY_CODE="0015")
    with pytest.raises(MalformedReply, match="CTY_CODE '0015' where - was asked"):
        exports(census, tmp_path, [(("0015",), None, "HS2")])


def test_either_value_of_imports_must_be_an_amount(census: Census, tmp_path: Path) -> None:
    census.change = with_row(CON_VAL_MO="-")
    with pytest.raises(MalformedReply, match="2026-01 has '-' as CON_VAL_MO"):
        fetch_hs(client_of(census, tmp_path), "M", CHAPTERS, "2026-01", "2026-01")


@pytest.mark.parametrize(
    ("failure", "error", "words"),
    [
        (Answer("", 302, "text/html", TO_KEY_PAGE), KeyRefused, "page on missing and invalid keys"),
        (Answer("", 302, "text/html", {"X-DataWebAPI-KeyError": "1"}), KeyRefused, "page on missing and invalid keys"),
        (Answer("", 302, headers={"Location": "/data/invalid_key.html"}), KeyRefused, "does not accept the key"),
        (Answer(MISSING_KEY, content_type="text/html"), KeyRefused, "answered with its page on keys"),
        (Answer(INVALID_KEY, content_type="text/html"), KeyRefused, "answered with its page on keys"),
        (Answer("", 301, headers={"Location": "https://elsewhere/"}), BadQuery, "redirects to https://elsewhere/"),
        (Answer(UNKNOWN, 400, "text/plain"), BadQuery, "status 400: error: unknown variable 'XYZ'"),
        (Answer("error: unknown predicate variable: 'time'", 400), BadQuery, "unknown predicate variable: 'time'"),
        (Answer("", 404), BadQuery, "status 404"),
    ],
)
def test_what_another_attempt_would_not_mend_is_told_at_once(
    census: Census, tmp_path: Path, failure: Answer, error: type[FetchError], words: str
) -> None:
    census.instead = [failure]
    with pytest.raises(error) as refusal:
        exports(census, tmp_path)
    assert words in str(refusal.value) and len(census.source.questions) == 1


BUSY = [
    Answer("slow down", 429, headers={"Retry-After": "7"}),
    Answer("Internal Server Error", 500),
    Answer("busy", 503),
    Answer('[["ALL_VAL_MO"]]', cut=4),
    Answer('[["ALL_VAL_MO"]]', cut=4, chunked=True),
    Answer('[["ALL_VAL_MO"]]', stall=0.6),
]


@pytest.mark.long
@pytest.mark.parametrize("failure", BUSY, ids=["429", "500", "503", "cut", "cut chunk", "stall"])
def test_a_busy_source_is_asked_again(census: Census, tmp_path: Path, failure: Answer) -> None:
    census.instead = [failure]
    slept: list[float] = []
    (acquired,) = fetch_hs(client_of(census, tmp_path, sleep=slept.append), "X", CHAPTERS, "2026-01", "2026-03")
    assert len(acquired.table) == 9 and len(census.source.questions) == 2 and len(slept) == 1
    assert slept == [7.0] or "Retry-After" not in failure.headers


def test_a_source_that_stays_busy_is_given_up_and_no_year_is_left_out(census: Census, tmp_path: Path) -> None:
    census.change = lambda content: Answer("busy", 503) if content[1][2].startswith("2026") else content
    with pytest.raises(Overloaded, match=r"status 503: busy"):
        exports(census, tmp_path, first="2025-01")
    assert len(census.source.questions) == 5


def test_a_missing_key_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CENSUS_API_KEY", raising=False)
    with pytest.raises(KeyRefused, match=r"CENSUS_API_KEY is not set.*https://api\.census\.gov/data/key_signup\.html"):
        CensusApi("http://127.0.0.1:9", tmp_path)


def test_a_wrong_key_is_told(census: Census, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_API_KEY", "another")
    with pytest.raises(KeyRefused, match="Census API does not accept the key"):
        exports(census, tmp_path)


@pytest.mark.parametrize(
    ("flow", "wanted", "first", "last", "words"),
    [
        ("imports", CHAPTERS, "2026-01", "2026-02", "'imports' is no flow. Nothing was asked. Choose \"X\""),
        ("X", CHAPTERS, "2026-02", "2026-01", "are no months in order"),
        ("X", CHAPTERS, "2026", "2026-01", "'2026' to '2026-01' are no months"),
        ("X", CHAPTERS, "2009-12", "2026-01", "begins at 2010-01, not 2009-12"),
        ("X", [], "2026-01", "2026-02", "No series is wanted"),
        ("X", [((), None, "HS2")], "2026-01", "2026-02", "Partners () are none, or one twice"),
        ("X", [(("5800", "5800"), None, "HS2")], "2026-01", "2026-02", "are none, or one twice"),
        ("X", [(("5801",), None, "HS2")], "2026-01", "2026-02", "Partner '5801' is neither a country nor the world"),
        ("X", [(("-",), None, "HS2")], "2026-01", "2026-02", "Partner '-' is neither"),
        ("X", [(("0003",), None, "HS2")], "2026-01", "2026-02", "Partner '0003' is neither"),
        ("X", [(("8500",), None, "HS2")], "2026-01", "2026-02", "Partner '8500' is neither"),
        ("X", [("5800", None, "HS2")], "2026-01", "2026-02", "Partner '5' is neither"),
        ("X", [(("5800",), None, "HS3")], "2026-01", "2026-02", "'HS3' is no level of the HS"),
        ("X", [(("5800",), "30000", "EU5")], "2026-01", "2026-02", "'EU5' is no level of the HS"),
        ("X", [(("5800",), "8703", "HS2")], "2026-01", "2026-02", "'8703' is no HS code of 2 to 2 digits"),
        ("X", [(("5800",), "870", "HS4")], "2026-01", "2026-02", "'870' is no HS code of 2 to 4 digits"),
        ("X", [(("5800",), "87*", "HS4")], "2026-01", "2026-02", "'87*' is no HS code"),
        ("X", [(("5800",), None, "HS10")], "2026-01", "2026-02", "All codes of level HS10 are more than"),
        ("X", [*CHAPTERS, (("5800",), "87", "HS2")], "2026-01", "2026-02", "both hold partner 5800"),
    ],
)
def test_a_question_that_cannot_be_right_is_not_asked(
    census: Census, tmp_path: Path, flow: str, wanted: Any, first: str, last: str, words: str
) -> None:
    with pytest.raises(BadQuery, match="Nothing was asked") as refusal:
        fetch_hs(client_of(census, tmp_path), flow, wanted, first, last)
    assert words in str(refusal.value) and census.source.questions == []


@pytest.mark.parametrize(
    ("flow", "partners", "first"), [("E", ["5800"], "2026-01"), ("X", ["0017"], "2026-01"), ("M", ["5800"], "2009-01")]
)
def test_an_end_use_question_that_cannot_be_right_is_not_asked(
    census: Census, tmp_path: Path, flow: str, partners: list[str], first: str
) -> None:
    with pytest.raises(BadQuery, match="Nothing was asked"):
        fetch_end_use(client_of(census, tmp_path), flow, partners, first, "2026-02")
    assert census.source.questions == []


HIDDEN = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
HEADER = '["ALL_VAL_MO","E_COMMODITY","time","COMM_LVL","CTY_CODE"]'
FAILURES = [
    *BUSY,
    Answer("", 302, headers=TO_KEY_PAGE | {"X-DataWebAPI-KeyError": "1"}),
    Answer("", 302, headers={"Location": f"https://api.census.gov/data/missing_key.html?key={KEY}"}),
    Answer("", 302, headers={"Location": f"https://elsewhere/?key={KEY}"}),
    Answer(MISSING_KEY.replace("</head>", f"{KEY}</head>"), content_type="text/html"),
    Answer(MISSING_KEY, content_type="text/html"),
    Answer(f"error: unknown variable '{KEY}'", 400),
    Answer(f"you sent {KEY}", 401),
    Answer(f"you sent {KEY}", 429),
    Answer(f"you sent {KEY}", 500),
    Answer(f"no {KEY}", 404),
    Answer(status=204),
    Answer("[]"),
    Answer(f"[{HEADER}]"),
    Answer(f'[{HEADER},["1","87","2026-01","HS2"]]'),
    Answer(f'[{HEADER},["1","87","2026-01","HS2","{KEY}"]]'),
    Answer(f'[{HEADER},["1","87","2026-01","HS2","\\u0073{HIDDEN[6:]}"]]'),
    Answer(f'[{HEADER},["1","87","2026-01","HS2","\\u0073{KEY[1:]}"]]'.replace("/", "\\/")),
    Answer(f'[["\\u0073{KEY[1:]}"],["1"]]'),
    Answer(f'[{HEADER},["1","03","2026-01","HS2","5800"],["1","03","2026-03","HS2","5800"]]'),
    Answer(f'[{HEADER},["1","03","2026-01"'),
    Answer(f"<html>{KEY}</html>", content_type="text/html"),
    Answer("[]", content_type=f"text/{KEY}"),
    Answer("[]", headers={"Content-Encoding": KEY}),
    Answer(gzip.compress(b"[]")[:-4], headers=GZIP),
]


@pytest.mark.long
@pytest.mark.parametrize("failure", [None, *FAILURES], ids=["good", *range(len(FAILURES))])
def test_the_key_shows_nowhere(census: Census, tmp_path: Path, failure: Answer | None) -> None:
    census.instead = [failure] * 2 if failure else []
    told, fault = everything_shown(
        lambda say: fetch_hs(client_of(census, tmp_path, say=say, attempts=2), "X", CHAPTERS, "2026-01", "2026-03"),
        tmp_path,
    )
    assert isinstance(fault, FetchError) == (failure is not None)
    assert census.source.questions[0].query["key"] == [KEY]
    assert not [spelling for spelling in spellings(KEY) if spelling in told]


@pytest.mark.parametrize(
    ("months", "asked_from", "begins"),
    [
        ({"2015-03", "2015-07"}, "2014-12", "2015-03"),
        ({"2015-03", "2015-07"}, "2015-01", "2015-01"),
        ({"2015-03", "2015-07"}, "2015-02", "2015-02"),
        ({"2016-02", "2015-12"}, "2015-12", "2015-12"),
    ],
)
def test_a_series_begins_with_its_first_row_where_the_year_before_was_asked_in_vain(
    months: set[str], asked_from: str, begins: str
) -> None:
    assert census_api._beginning(months, asked_from) == begins
