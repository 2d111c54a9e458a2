"""UN Comtrade: both flows of a reporter with a partner, and every way in which a reply can be wrong."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from briefing import periods
from briefing.acquire.comtrade import PARTNERS, ComtradeApi, fetch_comtrade
from briefing.acquire.replies import Acquired
from briefing.codes.codelists import AREAS
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, NoData, Overloaded
from briefing.record import observations

from tests.acquire.secrecy import everything_shown, spellings
from tests.acquire.server import Answer, Question, Source

KEY = "s3cret/Key+with=signs&5800"
INVALID_KEY = (
    '{ "statusCode": 401, "message": "Access denied due to invalid subscription key. '
    'Make sure to provide a valid key for an active subscription." }'
)
RATE = '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds." }'
QUOTA = '{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 08:22:11." }'
PERIODS = '{"error":"Maximum number of periods is 12","details":null}'
FIELD = (
    '{"error":"Invalid parameter value","details":[{"memberNames":["period"],'
    '"errorMessage":"The field period is invalid"}]}'
)
WRONG = '{"error":"Something went wrong. Please try again.","details":null}'

Change = Callable[[dict[str, Any]], Any]


class Comtrade:
    """Plays Comtrade: a row for each month held and flow asked, then lets a test spoil the reply."""

    def __init__(self) -> None:
        self.held = periods.span("2025-01", "2026-03")
        self.change: Change = lambda content: content
        self.instead: list[Answer] = []
        self.source = Source(by=self.answer)

    def answer(self, question: Question) -> Answer:
        if self.instead:
            return self.instead.pop(0)
        if question.headers.get("ocp-apim-subscription-key") != KEY:
            return Answer(INVALID_KEY, 401)
        assert question.path == "/data/v1/get/C/M/HS"
        asked = {name: ",".join(values) for name, values in question.query.items()}
        if len(asked["period"].split(",")) > 12:
            return Answer(PERIODS, 400)
        months = [month for month in asked["period"].split(",") if f"{month[:4]}-{month[4:]}" in self.held]
        rows = [self.row(asked, month, flow) for month in months for flow in asked["flowCode"].split(",")]
        changed = self.change({"elapsedTime": "0.1 secs", "count": len(rows), "data": rows, "error": ""})
        return changed if isinstance(changed, Answer) else Answer(json.dumps(changed))

    def row(self, asked: dict[str, str], month: str, flow: str) -> dict[str, Any]:
        fob = int(month) * 1000 + 0.5 + (10**9 if flow == "M" else 0)
        cif = round(fob * 1.03, 3) if flow == "M" else None
        return {
            "typeCode": "C",
            "freqCode": "M",
            "period": month,
            "reporterCode": int(asked["reporterCode"]),
            "flowCode": flow,
            "partnerCode": int(asked["partnerCode"]),
            "partner2Code": int(asked["partner2Code"]),
            "classificationCode": "H6",
            "cmdCode": asked["cmdCode"],
            "customsCode": asked["customsCode"],
            "motCode": int(asked["motCode"]),
            "cifvalue": cif,
            "fobvalue": fob,
            "primaryValue": fob if cif is None else cif,
            "isAggregate": True,
        }


@pytest.fixture
def comtrade(monkeypatch: pytest.MonkeyPatch) -> Iterator[Comtrade]:
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    played = Comtrade()
    yield played
    played.source.close()


def client_of(comtrade: Comtrade, folder: Path, **options: Any) -> ComtradeApi:
    slept: list[float] = []
    return ComtradeApi(
        comtrade.source.address, folder / "raw", **{"read_seconds": 0.5, "sleep": slept.append, "pause": 0, **options}
    )


def fetch(comtrade: Comtrade, folder: Path, first: str = "2025-01", last: str = "2025-03", **options: Any) -> Acquired:
    return fetch_comtrade(client_of(comtrade, folder), "US", "5800", first, last, **options)


def values(acquired: Acquired, flow: str, valuation: str) -> dict[str, int]:
    table = acquired.table
    rows = table[(table["trade_flow"] == flow) & (table["valuation"] == valuation)]
    return dict(zip(rows["time_period"], rows["obs_value"], strict=True))


def test_imports_come_at_both_valuations_and_exports_at_one_in_whole_dollars(
    comtrade: Comtrade, tmp_path: Path
) -> None:
    acquired = fetch(comtrade, tmp_path, last="2025-01")
    assert values(acquired, "X", "fob_value") == {"2025-01": 202_501_001}
    assert values(acquired, "M", "fob_value") == {"2025-01": 1_202_501_001}
    assert values(acquired, "M", "cif_value") == {"2025-01": 1_238_576_031}
    assert len(acquired.table) == 3 and acquired.dataset == "comtrade-us" and acquired.vintage is None


def test_the_question_pins_every_dimension_and_carries_the_key_in_a_header(comtrade: Comtrade, tmp_path: Path) -> None:
    fetch(comtrade, tmp_path)
    (question,) = comtrade.source.questions
    assert {name: values for name, (values,) in question.query.items()} == {
        "reporterCode": "842",
        "partnerCode": "410",
        "period": "202501,202502,202503",
        "cmdCode": "TOTAL",
        "flowCode": "M,X",
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
        "includeDesc": "true",
    }
    assert question.headers["ocp-apim-subscription-key"] == KEY


def test_the_table_has_the_shape_of_the_record_with_basis_and_order(comtrade: Comtrade, tmp_path: Path) -> None:
    table = fetch(comtrade, tmp_path).table
    assert list(table.columns) == observations.COLUMNS and str(table["obs_value"].dtype) == "int64"
    assert table.equals(table.sort_values(observations.KEY, ignore_index=True))
    assert {" ".join(row) for row in table[observations.KEY[:-1]].itertuples(index=False)} == {
        "TOTAL TOTAL US 5800 X total fob_value N",
        "TOTAL TOTAL US 5800 M general fob_value N",
        "TOTAL TOTAL US 5800 M general cif_value N",
    }
    assert set(table["obs_status"]) == {"A"}


def test_korea_reports_its_trade_with_the_united_states(comtrade: Comtrade, tmp_path: Path) -> None:
    acquired = fetch_comtrade(client_of(comtrade, tmp_path), "KR", "US", "2025-01", "2025-02", "87")
    query = comtrade.source.questions[0].query
    assert (query["reporterCode"], query["partnerCode"], query["cmdCode"]) == (["410"], ["842"], ["87"])
    assert acquired.dataset == "comtrade-korea"
    assert set(acquired.table["ref_area"]) == {"KR"} and set(acquired.table["counterpart_area"]) == {"US"}
    assert set(acquired.table["classification"]) == {"HS"} and set(acquired.table["commodity"]) == {"87"}


def test_the_world_is_partner_nought(comtrade: Comtrade, tmp_path: Path) -> None:
    acquired = fetch_comtrade(client_of(comtrade, tmp_path), "US", "0015", "2025-01", "2025-01")
    assert comtrade.source.questions[0].query["partnerCode"] == ["0"]
    assert set(acquired.table["counterpart_area"]) == {"0015"}


def test_every_partner_with_a_un_code_has_a_schedule_c_code_of_the_book() -> None:
    assert set(PARTNERS) - {"US"} <= set(AREAS)
    assert len(set(PARTNERS.values())) == len(PARTNERS)


def test_more_than_twelve_months_take_more_than_one_call(comtrade: Comtrade, tmp_path: Path) -> None:
    acquired = fetch(comtrade, tmp_path, "2025-01", "2026-03")
    assert [len(asked.query["period"][0].split(",")) for asked in comtrade.source.questions] == [12, 3]
    assert list(values(acquired, "X", "fob_value")) == periods.span("2025-01", "2026-03")
    assert len(acquired.replies) == 2


def test_a_call_without_data_leaves_the_other_calls_as_they_are(comtrade: Comtrade, tmp_path: Path) -> None:
    acquired = fetch(comtrade, tmp_path, "2024-01", "2026-12")
    assert list(values(acquired, "M", "cif_value")) == periods.span("2025-01", "2026-03")
    assert len(comtrade.source.questions) == 3


def test_the_order_of_rows_does_not_matter(comtrade: Comtrade, tmp_path: Path) -> None:
    usual = fetch(comtrade, tmp_path)
    comtrade.change = lambda content: content | {"data": content["data"][::-1]}
    assert fetch(comtrade, tmp_path).table.equals(usual.table)


def test_a_compressed_reply_is_read(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.change = lambda content: Answer(json.dumps(content), compressed=True)
    assert len(fetch(comtrade, tmp_path).table) == 9


def test_a_fraction_is_rounded_as_it_is_written_and_halves_go_up(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.change = with_row(1, fobvalue=99999, primaryValue=99999)
    comtrade.held = ["2025-01"]
    for written, dollars in (("5599746596.095", 5_599_746_596), ("2.5", 3), ("0.4999999999999999999", 0)):
        comtrade.change = lambda content, written=written: Answer(
            json.dumps(with_row(1, fobvalue=12345, primaryValue=12345)(content)).replace("12345", written)
        )
        assert values(fetch(comtrade, tmp_path, last="2025-01"), "X", "fob_value") == {"2025-01": dollars}


def test_imports_without_a_fob_value_have_the_cif_value_alone(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.change = with_each(lambda row: row | ({"fobvalue": None} if row["flowCode"] == "M" else {}))
    acquired = fetch(comtrade, tmp_path)
    assert not values(acquired, "M", "fob_value") and len(values(acquired, "M", "cif_value")) == 3


def test_exports_without_a_fob_value_take_the_primary_value(comtrade: Comtrade, tmp_path: Path) -> None:
    usual = fetch(comtrade, tmp_path)
    comtrade.change = with_each(lambda row: row | ({"fobvalue": None} if row["flowCode"] == "X" else {}))
    assert fetch(comtrade, tmp_path).table.equals(usual.table)


def test_a_commodity_may_be_traded_one_way_only(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.change = with_rows(lambda rows: [row for row in rows if row["flowCode"] == "X"])
    assert set(fetch(comtrade, tmp_path, commodity="2709").table["trade_flow"]) == {"X"}


def with_row(at: int, **changed: Any) -> Change:
    def change(content: dict[str, Any]) -> dict[str, Any]:
        content["data"][at] |= changed
        return content

    return change


def with_rows(turn: Callable[[list[Any]], list[Any]], counted: bool = True) -> Change:
    def change(content: dict[str, Any]) -> dict[str, Any]:
        rows = turn(content["data"])
        return content | {"data": rows} | ({"count": len(rows)} if counted else {})

    return change


def with_each(turn: Callable[[Any], Any]) -> Change:
    return with_rows(lambda rows: [turn(row) for row in rows])


def without(name: str) -> Change:
    return with_each(lambda row: {key: value for key, value in row.items() if key != name})


def content_with(**changed: Any) -> Change:
    return lambda content: content | changed


def answer(body: Any, **options: Any) -> Change:
    return lambda content: Answer(body, **options)


def broken_down(rows: list[Any]) -> list[Any]:
    """The 32 rows that a question brings when procedures and modes of transport are not pinned."""
    return [rows[0] | {"motCode": mode, "customsCode": code} for mode in range(8) for code in ("C00", "C1", "C4", "C9")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (with_rows(broken_down), "customsCode 'C1' where C00 was asked"),
        (with_row(0, motCode=1000), "motCode '1000' where 0 was asked"),
        (with_row(0, partner2Code=842), "partner2Code '842' where 0 was asked"),
        (without("partner2Code"), "partner2Code 'None' where 0 was asked"),
        (with_row(0, reporterCode=840), "reporterCode '840' where 842 was asked"),
        (with_row(0, partnerCode=392), "partnerCode '392' where 410 was asked"),
        (with_row(0, cmdCode="87"), "cmdCode '87' where TOTAL was asked"),
        (with_row(0, period="202412"), "period '202412' where 202501,202502,202503 was asked"),
        (with_row(0, period=202501), "period '202501' where"),
        (with_row(0, flowCode="RX"), "flowCode 'RX' where M,X was asked"),
        (with_row(0, freqCode="A"), "202501 is not monthly"),
        (with_rows(lambda rows: [*rows, rows[0]]), "it has two rows for 202501, flow M"),
        (with_rows(lambda rows: ["x"]), "a row that is none"),
        (with_rows(lambda rows: rows[:-1], counted=False), "counts 6 rows and gives 5"),
        (with_rows(lambda rows: [*rows, rows[0]], counted=False), "counts 6 rows and gives 7"),
        (with_rows(lambda rows: [{}] * 100_000), "it has 100000 rows, and may be cut there"),
        (with_rows(lambda rows: rows[:2] + rows[4:]), "2025-02, flow M, cif_value, is left out between other months"),
        (with_row(2, fobvalue=None), "2025-02, flow M, fob_value, is left out between other months"),
        (with_rows(lambda rows: rows[:-1]), "2025-03 has one flow without the other"),
        (with_rows(lambda rows: [row for row in rows if row["flowCode"] == "X"]), "2025-01 has one flow without"),
        (with_row(0, cifvalue=None), "202501, flow M, has no value of the type that its flow has"),
        (with_row(1, fobvalue=None, primaryValue=None), "202501, flow X, has no value of the type"),
        (with_row(1, primaryValue=5), "202501, flow X, has 202501001 dollars and 5 as primaryValue"),
        (with_row(0, primaryValue=5), "202501, flow M, has 1238576031 dollars and 5 as primaryValue"),
        (with_row(0, fobvalue=1238576032), "has a fobvalue of 1238576032 above its cifvalue of 1238576031"),
        (with_each(lambda row: row | {"typeCode": "S"}), "202501 is not of goods (typeCode 'S')"),
        (with_row(0, fobvalue=0), "has a fobvalue of 0 and a cifvalue of 1238576031"),
        (with_row(0, fobvalue="1"), "202501 has '1' as fobvalue"),
        (with_row(0, fobvalue=-1), "202501 has '-1' as fobvalue"),
        (with_row(0, fobvalue=True), "202501 has 'True' as fobvalue"),
        (with_row(0, fobvalue=float("nan")), "202501 has 'NaN' as fobvalue"),
        (with_row(0, fobvalue=10**30), "as fobvalue. It is no amount in dollars"),
        (content_with(data={"period": None}), "lacks its rows or their count"),
        (content_with(count=None), "lacks its rows or their count"),
        (content_with(count=True), "lacks its rows or their count"),
        (answer('{"count": 2, "data": [{"freq'), "is no JSON object, or is cut"),
        (answer("[]"), "is no JSON object"),
        (answer("[" * 100_000), "is no JSON object"),
        (answer(b'{"count": "\xff"}'), "is no JSON object"),
        (answer("<html><body>Down</body></html>"), "answered with a web page"),
        (answer("period,value", content_type="text/csv"), "answered with text/csv where application/json was expected"),
        (answer(gzip.compress(b"{}")[:-4], headers={"Content-Encoding": "gzip"}), "compression breaks off"),
        (answer(""), "answered with nothing at all"),
    ],
)
def test_a_reply_that_contradicts_itself_or_the_question_is_refused(
    comtrade: Comtrade, tmp_path: Path, change: Change, words: str
) -> None:
    comtrade.change = change
    with pytest.raises(MalformedReply, match=r"UN Comtrade.*Nothing of the record changed") as refusal:
        fetch(comtrade, tmp_path)
    assert words in str(refusal.value)


def test_first_months_that_one_flow_lacks_are_an_edge_and_no_hole(comtrade: Comtrade, tmp_path: Path) -> None:
    usual = fetch(comtrade, tmp_path).table
    comtrade.change = with_rows(lambda rows: [r for r in rows if (r["flowCode"], r["period"]) != ("X", "202501")])
    table = fetch(comtrade, tmp_path).table
    assert len(table) == len(usual) - 1
    assert min(table[table["trade_flow"] == "X"]["time_period"]) == "2025-02"
    assert min(table[table["trade_flow"] == "M"]["time_period"]) == "2025-01"


def test_a_month_left_out_where_two_calls_meet_is_refused(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.held.remove("2025-12")
    with pytest.raises(MalformedReply, match="2025-12, flow M, cif_value, is left out between other months"):
        fetch(comtrade, tmp_path, "2025-01", "2026-03")


def test_months_that_are_all_empty_have_no_data(comtrade: Comtrade, tmp_path: Path) -> None:
    with pytest.raises(NoData, match="no trade in TOTAL of US with partner 5800, 2027-01 to 2028-01"):
        fetch(comtrade, tmp_path, "2027-01", "2028-01")
    assert len(comtrade.source.questions) == 2


def test_no_content_is_no_data(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.instead = [Answer(status=204)]
    with pytest.raises(NoData):
        fetch(comtrade, tmp_path)


def test_an_error_in_a_good_reply_is_told_in_its_words(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.change = content_with(error="Something about the query", count=0, data=[])
    with pytest.raises(BadQuery, match="refuses the question: Something about the query"):
        fetch(comtrade, tmp_path)


@pytest.mark.parametrize(
    ("body", "words"), [(PERIODS, "Maximum number of periods is 12"), (FIELD, "The field period is invalid")]
)
def test_a_bad_question_is_told_in_the_words_of_the_source(
    comtrade: Comtrade, tmp_path: Path, body: str, words: str
) -> None:
    comtrade.instead = [Answer(body, 400)]
    with pytest.raises(BadQuery, match=f"status 400: .*{words}"):
        fetch(comtrade, tmp_path)
    assert len(comtrade.source.questions) == 1


@pytest.mark.parametrize(("status", "body"), [(401, INVALID_KEY), (403, "Forbidden")])
def test_a_refused_key_is_not_tried_again(comtrade: Comtrade, tmp_path: Path, status: int, body: str) -> None:
    comtrade.instead = [Answer(body, status)]
    with pytest.raises(KeyRefused, match=f"UN Comtrade does not accept the key .status {status}"):
        fetch(comtrade, tmp_path)
    assert len(comtrade.source.questions) == 1


def test_a_used_up_quota_is_no_refused_key_and_says_when_it_is_replenished(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.instead = [Answer(QUOTA, 403)]
    slept: list[float] = []
    client = client_of(comtrade, tmp_path, sleep=slept.append)
    with pytest.raises(Overloaded, match=r"used up; they are replenished in 08:22:11 hours\. Nothing") as refusal:
        fetch_comtrade(client, "US", "5800", "2025-01", "2025-01")
    assert refusal.value.retry_after == 8 * 3600 + 22 * 60 + 11
    assert len(comtrade.source.questions) == 1 and slept == []


def test_a_used_up_quota_that_does_not_say_until_when_is_told_too(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.instead = [Answer("Out of call volume quota", 403)]
    with pytest.raises(Overloaded, match="replenished within a day") as refusal:
        fetch(comtrade, tmp_path)
    assert refusal.value.retry_after is None


@pytest.mark.long
@pytest.mark.parametrize(
    "failure",
    [
        Answer(RATE, 429, headers={"Retry-After": "1", "x-ratelimit-limit": "1"}),
        Answer(WRONG, 500),
        Answer('{"count": 2}', cut=4),
        Answer('{"count": 2}', cut=4, chunked=True),
        Answer('{"count": 2}', stall=1.0),
    ],
    ids=["429", "500", "cut", "cut chunk", "stall"],
)
def test_a_busy_source_is_asked_again(comtrade: Comtrade, tmp_path: Path, failure: Answer) -> None:
    comtrade.instead = [failure]
    slept: list[float] = []
    client = client_of(comtrade, tmp_path, sleep=slept.append)
    assert len(fetch_comtrade(client, "US", "5800", "2025-01", "2025-01").table) == 3
    assert len(comtrade.source.questions) == 2 and len(slept) == 1
    assert slept == [1.0] or "Retry-After" not in failure.headers


def test_a_fault_that_stays_is_given_up_in_the_words_of_the_source(comtrade: Comtrade, tmp_path: Path) -> None:
    comtrade.instead = [Answer(WRONG, 500)] * 4
    with pytest.raises(Overloaded, match=r"status 500: .*Something went wrong"):
        fetch(comtrade, tmp_path)
    assert len(comtrade.source.questions) == 4


def test_questions_keep_a_second_apart(comtrade: Comtrade, tmp_path: Path) -> None:
    slept: list[float] = []
    client = ComtradeApi(comtrade.source.address, tmp_path / "raw", sleep=slept.append)
    fetch_comtrade(client, "US", "5800", "2025-01", "2026-01")
    assert len(slept) == 1 and 0.5 < slept[0] <= 1.0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (("JP", "5800", "2025-01", "2025-02"), "'JP' is no reporter. Nothing was asked. Choose one of US, KR"),
        (("US", "4279", "2025-01", "2025-02"), "Partner '4279' has no UN code here"),
        (("US", "US", "2025-01", "2025-02"), "US cannot trade with itself"),
        (("KR", "5800", "2025-01", "2025-02"), "KR cannot trade with itself"),
        (("US", "5800", "2025-02", "2025-01"), "are no months in order"),
        (("US", "5800", "2025", "2025-01"), "are no months in order"),
        (("US", "5800", "2025-01", "2025-02", "AG2"), "'AG2' is no HS code"),
    ],
)
def test_a_question_that_cannot_be_answered_is_not_asked(
    comtrade: Comtrade, tmp_path: Path, question: tuple[str, ...], words: str
) -> None:
    with pytest.raises(BadQuery, match="Nothing was asked") as refusal:
        fetch_comtrade(client_of(comtrade, tmp_path), *question)
    assert words in str(refusal.value) and comtrade.source.questions == []


def test_an_unmapped_partner_is_answered_with_the_mapped_ones(comtrade: Comtrade, tmp_path: Path) -> None:
    with pytest.raises(BadQuery, match="Choose one of 0015, 1220, 2010, 4280, 5700, 5800, 5880, US"):
        fetch_comtrade(client_of(comtrade, tmp_path), "US", "4279", "2025-01", "2025-01")


def test_a_missing_key_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    with pytest.raises(KeyRefused, match=r"COMTRADE_API_KEY is not set.*https://comtradedeveloper\.un\.org"):
        ComtradeApi("http://127.0.0.1:9", tmp_path)


FAILURES = [
    Answer(f'{{"error":"you sent {KEY}","details":null}}', 400),
    Answer(f"you sent {KEY}", 401),
    Answer(f"you sent {KEY}", 403),
    Answer(f"Out of call volume quota of {KEY}, replenished in 08:22:11", 403),
    Answer(f"you sent {KEY}", 429),
    Answer(f"you sent {KEY}", 500),
    Answer("", 302, headers={"Location": f"https://elsewhere/?subscription-key={KEY}"}),
    Answer(status=204),
    Answer('{"count": 0, "data": [], "error": ""}'),
    Answer('{"count": 0, "data": [], "error": "no"}'),
    Answer(f'{{"count": 0, "data": [], "error": "you sent {KEY}"}}'),
    Answer('{"count": 1, "data": ["x"], "error": ""}'),
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
def test_the_key_shows_nowhere(comtrade: Comtrade, tmp_path: Path, failure: Answer | None) -> None:
    comtrade.instead = [failure] * 2 if failure else []
    told, fault = everything_shown(
        lambda say: fetch_comtrade(
            client_of(comtrade, tmp_path, say=say, attempts=2), "US", "5800", "2025-01", "2025-01"
        ),
        tmp_path,
    )
    assert isinstance(fault, FetchError) == (failure is not None)
    assert comtrade.source.questions[0].headers["ocp-apim-subscription-key"] == KEY
    assert KEY not in comtrade.source.questions[0].raw
    assert not [spelling for spelling in spellings(KEY) if spelling in told]


def test_a_key_that_a_reply_spells_with_escapes_is_neither_repeated_nor_kept(
    comtrade: Comtrade, tmp_path: Path
) -> None:
    comtrade.instead = [Answer('{"count": 0, "data": [], "error": "not s3cret\\/Key\\u002bwith\\u003dsigns&5800"}')]
    with pytest.raises(MalformedReply, match="repeats the key in its reply"):
        fetch(comtrade, tmp_path)
    assert list((tmp_path / "raw").rglob("*")) == []
