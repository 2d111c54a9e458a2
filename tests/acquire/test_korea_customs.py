"""Korea Customs Service: items that add up to their total, and every way in which a reply can be wrong."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from briefing import periods
from briefing.acquire.korea_customs import KoreaCustoms, fetch_korea_customs
from briefing.acquire.replies import Acquired
from briefing.errors import BadQuery, FetchError, KeyRefused, MalformedReply, NoData, Overloaded
from briefing.record import observations

from tests.acquire.secrecy import everything_shown, spellings
from tests.acquire.server import Answer, Question, Source

KEY = "s3cret/Key+5800aB=="
XML = "application/xml"
FAULT = (
    "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>{words}</returnAuthMsg>"
    "<returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
)
REFUSAL = "<response><header><resultCode>{code}</resultCode><resultMsg>{words}</resultMsg></header></response>"
TOO_LONG = "조회기간은 1년이내 기간만 가능합니다."

Item = dict[str, str]
Change = Callable[[list[Item]], list[Item]]


def xml_of(items: list[Item]) -> str:
    rows = "".join(
        "<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in item.items()) + "</item>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><header><resultCode>00</resultCode>'
        f"<resultMsg>정상서비스.</resultMsg></header><body><items>{rows}</items></body></response>"
    )


def item_of(year: str, code: str, exports: int, imports: int, country: str = "US") -> Item:
    return {
        "balPayments": f"{exports - imports}",
        "expDlr": f"{exports}",
        "expWgt": "7",
        "hsCd": code,
        "impDlr": f"{imports}",
        "impWgt": "9",
        "statCd": country,
        "statCdCntnKor1": "미국",
        "statKor": "승용차",
        "year": year,
    }


class Customs:
    """Plays the service: two items a month and their total row first, then lets a test spoil the reply."""

    def __init__(self) -> None:
        self.held = periods.span("2024-01", "2025-03")
        self.change: Change = lambda items: items
        self.body: Callable[[str], Answer] = lambda body: Answer(body, content_type=XML)
        self.instead: list[Answer] = []
        self.source = Source(by=self.answer)

    def answer(self, question: Question) -> Answer:
        if self.instead:
            return self.instead.pop(0)
        assert question.path == "/1220000/nitemtrade/getNitemtradeList"
        asked = {name: values[0] for name, values in question.query.items()}
        if asked["serviceKey"] != KEY:
            return Answer(FAULT.format(words="SERVICE_KEY_IS_NOT_REGISTERED_ERROR", code=30), content_type=XML)
        first, last = (f"{asked[name][:4]}-{asked[name][4:]}" for name in ("strtYymm", "endYymm"))
        months = periods.span(first, last)
        if len(months) > 12:
            return Answer(REFUSAL.format(code=99, words=TOO_LONG), content_type=XML)
        items = [
            item_of(month.replace("-", "."), code, exports + number, imports)
            for number, month in enumerate(periods.span("2024-01", last))
            if month in months and month in self.held
            for code, exports, imports in (("8703231010", 1000, 20), ("0301110000", 0, 3))
            if code.startswith(asked.get("hsSgn", ""))
        ]
        exports, imports = (sum(int(item[name]) for item in items) for name in ("expDlr", "impDlr"))
        total = [item_of("총계", "-", exports, imports, "-")] if items else []
        return self.body(xml_of(self.change(total + items)))


@pytest.fixture
def customs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Customs]:
    monkeypatch.setenv("KOREA_CUSTOMS_KEY", KEY)
    played = Customs()
    yield played
    played.source.close()


def client_of(customs: Customs, folder: Path, **options: Any) -> KoreaCustoms:
    slept: list[float] = []
    address = f"{customs.source.address}/1220000/nitemtrade"
    return KoreaCustoms(address, folder / "raw", **{"read_seconds": 0.5, "sleep": slept.append, "pause": 0, **options})


def fetch(
    customs: Customs, folder: Path, first: str = "2024-01", last: str = "2024-03", commodity: str = ""
) -> Acquired:
    return fetch_korea_customs(client_of(customs, folder), first, last, commodity)


def values(acquired: Acquired, flow: str, commodity: str) -> dict[str, int]:
    table = acquired.table
    rows = table[(table["trade_flow"] == flow) & (table["commodity"] == commodity)]
    return dict(zip(rows["time_period"], rows["obs_value"], strict=True))


def test_items_come_by_month_and_flow_and_add_up_to_all_goods(customs: Customs, tmp_path: Path) -> None:
    acquired = fetch(customs, tmp_path, last="2024-02")
    assert values(acquired, "X", "8703231010") == {"2024-01": 1000, "2024-02": 1001}
    assert values(acquired, "X", "0301110000") == {"2024-01": 0, "2024-02": 1}
    assert values(acquired, "X", "TOTAL") == {"2024-01": 1000, "2024-02": 1002}
    assert values(acquired, "M", "TOTAL") == {"2024-01": 23, "2024-02": 23}
    assert acquired.dataset == "korea-customs" and acquired.vintage is None and len(acquired.table) == 12


def test_the_table_has_the_shape_of_the_record_with_basis_and_order(customs: Customs, tmp_path: Path) -> None:
    table = fetch(customs, tmp_path, last="2024-01").table
    assert list(table.columns) == observations.COLUMNS and str(table["obs_value"].dtype) == "int64"
    assert table.equals(table.sort_values(observations.KEY, ignore_index=True))
    assert [" ".join(row) for row in table[observations.KEY].itertuples(index=False)] == [
        "HS 0301110000 KR US M general cif_value N 2024-01",
        "HS 0301110000 KR US X total fob_value N 2024-01",
        "HS 8703231010 KR US M general cif_value N 2024-01",
        "HS 8703231010 KR US X total fob_value N 2024-01",
        "TOTAL TOTAL KR US M general cif_value N 2024-01",
        "TOTAL TOTAL KR US X total fob_value N 2024-01",
    ]
    assert set(table["obs_status"]) == {"A"}


def test_the_question_is_for_the_united_states_and_carries_the_key_plain(customs: Customs, tmp_path: Path) -> None:
    fetch(customs, tmp_path)
    (question,) = customs.source.questions
    asked = {name: values for name, (values,) in question.query.items()}
    assert asked == {"strtYymm": "202401", "endYymm": "202403", "cntyCd": "US", "serviceKey": KEY}
    assert f"serviceKey={quote(KEY, safe='')}" in question.raw


def test_a_key_given_in_its_encoded_form_is_decoded_first(
    customs: Customs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOREA_CUSTOMS_KEY", quote(KEY, safe=""))
    fetch(customs, tmp_path)
    assert customs.source.questions[0].query["serviceKey"] == [KEY]


def test_october_is_not_january(customs: Customs, tmp_path: Path) -> None:
    acquired = fetch(customs, tmp_path, "2024-10", "2024-10")
    assert list(values(acquired, "X", "TOTAL")) == ["2024-10"]


def test_a_commodity_has_its_items_and_no_row_of_all_goods(customs: Customs, tmp_path: Path) -> None:
    acquired = fetch(customs, tmp_path, commodity="87")
    assert customs.source.questions[0].query["hsSgn"] == ["87"]
    assert set(acquired.table["commodity"]) == {"8703231010"}


def test_more_than_twelve_months_take_more_than_one_call(customs: Customs, tmp_path: Path) -> None:
    acquired = fetch(customs, tmp_path, "2024-01", "2025-03")
    asked = [(one.query["strtYymm"][0], one.query["endYymm"][0]) for one in customs.source.questions]
    assert asked == [("202401", "202412"), ("202501", "202503")]
    assert list(values(acquired, "X", "TOTAL")) == periods.span("2024-01", "2025-03")
    assert len(acquired.replies) == 2


def test_months_not_yet_out_are_left_open(customs: Customs, tmp_path: Path) -> None:
    acquired = fetch(customs, tmp_path, "2025-01", "2026-06")
    assert list(values(acquired, "M", "TOTAL")) == ["2025-01", "2025-02", "2025-03"]


def test_the_order_of_items_does_not_matter(customs: Customs, tmp_path: Path) -> None:
    usual = fetch(customs, tmp_path)
    customs.change = lambda items: items[::-1]
    assert fetch(customs, tmp_path).table.equals(usual.table)


@pytest.mark.parametrize("kind", ["application/xml", "text/xml;charset=UTF-8", "application/xml;charset=utf-8"])
def test_xml_is_read_under_either_name(customs: Customs, tmp_path: Path, kind: str) -> None:
    customs.body = lambda body: Answer(body, content_type=kind)
    assert len(fetch(customs, tmp_path).table) == 18


def test_a_compressed_reply_is_read(customs: Customs, tmp_path: Path) -> None:
    customs.body = lambda body: Answer(body, content_type=XML, compressed=True)
    assert len(fetch(customs, tmp_path).table) == 18


def test_blanks_around_a_value_do_not_matter(customs: Customs, tmp_path: Path) -> None:
    usual = fetch(customs, tmp_path)
    customs.change = lambda items: [{name: f"\n {text} " for name, text in item.items()} for item in items]
    assert fetch(customs, tmp_path).table.equals(usual.table)


def with_item(at: int, **changed: str) -> Change:
    return lambda items: [*items[:at], items[at] | changed, *items[at + 1 :]]


def without(at: int, name: str) -> Change:
    def change(items: list[Item]) -> list[Item]:
        del items[at][name]
        return items

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda items: items[:-1], "its items add up to 3004 dollars of expDlr and its total row says 3006"),
        (lambda items: items[:3], "its items add up to 1000 dollars of expDlr and its total row says 3006"),
        (with_item(1, expDlr="999"), "its items add up to 3005 dollars of expDlr and its total row says 3006"),
        (with_item(1, impDlr="21"), "its items add up to 70 dollars of impDlr and its total row says 69"),
        (lambda items: [*items, items[1]], "it has item 8703231010 twice in 2024-01"),
        (lambda items: items[1:], "it has no total row, or more than one"),
        (lambda items: [items[0], *items], "it has no total row, or more than one"),
        (with_item(0, year="2024.01"), "it has no total row, or more than one"),
        (with_item(1, year="2023.12"), "an item has month '2023.12' where 2024-01 to 2024-03 was asked"),
        (with_item(1, year="2024.1"), "an item has month '2024.1'"),
        (with_item(1, year="2024-01"), "an item has month '2024-01'"),
        (with_item(1, year="총계"), "an item has month '총계'"),
        (with_item(1, hsCd="87O3"), "an item of 2024-01 has code '87O3'"),
        (without(1, "hsCd"), "an item of 2024-01 has code ''"),
        (with_item(1, statCd="JP"), "item 8703231010 of 2024-01 is trade with 'JP'"),
        (without(1, "statCd"), "item 8703231010 of 2024-01 is trade with ''"),
        (with_item(1, expDlr="1,000"), "8703231010, 2024.01, has '1,000' as expDlr"),
        (with_item(1, expDlr="-5"), "has '-5' as expDlr. It is no amount in whole dollars"),
        (with_item(1, impDlr="1.5"), "has '1.5' as impDlr"),
        (with_item(1, impDlr="٣"), "has '٣' as impDlr"),
        (with_item(1, impDlr="9" * 5000), "as impDlr. It is no amount"),
        (without(1, "impDlr"), "has '' as impDlr"),
        (without(0, "expDlr"), "-, 총계, has '' as expDlr"),
    ],
)
def test_items_that_contradict_their_total_or_the_question_are_refused(
    customs: Customs, tmp_path: Path, change: Change, words: str
) -> None:
    customs.change = change
    with pytest.raises(MalformedReply, match=r"Korea Customs Service.*Nothing of the record changed") as refusal:
        fetch(customs, tmp_path)
    assert words in str(refusal.value)


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><response>&b;</response>'


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        (lambda body: Answer(body[: len(body) // 2], content_type=XML), "it is no XML, or is cut"),
        (lambda body: Answer("plain words", content_type=XML), "it is no XML"),
        (
            lambda body: Answer(f'<?xml version="1.0"?>{BOMB}', content_type=XML),
            "it declares a document type (DOCTYPE)",
        ),
        (lambda body: Answer(BOMB, content_type=XML), "it declares a document type (DOCTYPE)"),
        (
            lambda body: Answer(f'<!DOCTYPE response SYSTEM "nitemtrade.dtd">{body}', content_type=XML),
            "it declares a document type (DOCTYPE)",
        ),
        (
            lambda body: Answer('<?xml version="1.0" encoding="no-such"?><r/>', content_type=XML),
            "it is in an encoding that is not known",
        ),
        (lambda body: Answer(b"<response>\xff</response>", content_type=XML), "it is no XML"),
        (lambda body: Answer("<response/>", content_type=XML), "it has no resultCode"),
        (lambda body: Answer("<html><body>down</body></html>", content_type=XML), "answered with a web page"),
        (lambda body: Answer("<!DOCTYPE html><p>down", content_type="text/html"), "answered with a web page"),
        (lambda body: Answer('{"response": {}}'), "answered with application/json where application/xml or text/xml"),
        (lambda body: Answer("", content_type=XML), "answered with nothing at all"),
        (
            lambda body: Answer(gzip.compress(body.encode())[:-9], 200, XML, {"Content-Encoding": "gzip"}),
            "compression breaks off",
        ),
    ],
)
def test_a_reply_that_is_no_whole_xml_is_refused(
    customs: Customs, tmp_path: Path, spoilt: Callable[[str], Answer], words: str
) -> None:
    customs.body = spoilt
    with pytest.raises(MalformedReply) as refusal:
        fetch(customs, tmp_path)
    assert words in str(refusal.value) and "Nothing of the record changed" in str(refusal.value)


def test_an_item_outside_the_commodity_asked_for_is_refused(customs: Customs, tmp_path: Path) -> None:
    customs.change = with_item(1, hsCd="8803231010")
    with pytest.raises(MalformedReply, match="has code '8803231010'"):
        fetch(customs, tmp_path, commodity="87")


@pytest.mark.parametrize("month", ["2024-02", "2024-12"])
def test_a_month_left_out_between_others_is_refused(customs: Customs, tmp_path: Path, month: str) -> None:
    customs.held.remove(month)
    with pytest.raises(MalformedReply, match=f"{month} is left out between other months"):
        fetch(customs, tmp_path, "2024-01", "2025-03")


def test_a_good_reply_without_items_is_no_data(customs: Customs, tmp_path: Path) -> None:
    with pytest.raises(NoData, match="no trade with the United States in any item, 2026-01 to 2027-02"):
        fetch(customs, tmp_path, "2026-01", "2027-02")
    assert len(customs.source.questions) == 2


def test_a_total_row_of_nought_alone_is_no_data(customs: Customs, tmp_path: Path) -> None:
    customs.change = lambda items: [item_of("총계", "-", 0, 0, "-")]
    with pytest.raises(NoData):
        fetch(customs, tmp_path)


def test_no_content_is_no_data(customs: Customs, tmp_path: Path) -> None:
    customs.instead = [Answer(status=204)]
    with pytest.raises(NoData):
        fetch(customs, tmp_path)


@pytest.mark.parametrize("code", ["99", "01", "0"])
def test_an_error_with_status_200_is_told_in_its_words(customs: Customs, tmp_path: Path, code: str) -> None:
    customs.instead = [Answer(REFUSAL.format(code=code, words=TOO_LONG), content_type=XML)]
    with pytest.raises(BadQuery, match=f"refuses the question .code {code}: {re.escape(TOO_LONG)}"):
        fetch(customs, tmp_path)
    assert len(customs.source.questions) == 1


@pytest.mark.parametrize(
    ("code", "words", "error", "told"),
    [
        ("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR", KeyRefused, "does not accept the key"),
        ("31", "DEADLINE_HAS_EXPIRED_ERROR", KeyRefused, "KOREA_CUSTOMS_KEY is whole"),
        ("20", "SERVICE_ACCESS_DENIED_ERROR", KeyRefused, "does not accept the key"),
        ("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR", Overloaded, "today are used up"),
        ("05", "SERVICETIME_OUT", Overloaded, "does not reach the Korea Customs Service"),
        ("12", "NO_OPENAPI_SERVICE_ERROR", BadQuery, "refuses the question"),
    ],
)
def test_a_fault_of_the_gateway_is_told_for_what_it_is_and_not_tried_again(
    customs: Customs, tmp_path: Path, code: str, words: str, error: type[FetchError], told: str
) -> None:
    customs.instead = [Answer(FAULT.format(code=code, words=words), content_type="text/xml;charset=UTF-8")]
    with pytest.raises(error, match=f"code {code}: {words}") as refusal:
        fetch(customs, tmp_path)
    assert told in str(refusal.value) and "Nothing of the record changed" in str(refusal.value)
    assert len(customs.source.questions) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(400, BadQuery), (404, BadQuery), (401, KeyRefused), (403, KeyRefused), (302, BadQuery)]
)
def test_a_refusal_by_status_is_not_tried_again(
    customs: Customs, tmp_path: Path, status: int, error: type[FetchError]
) -> None:
    customs.instead = [Answer("Unauthorized", status)]
    with pytest.raises(error):
        fetch(customs, tmp_path)
    assert len(customs.source.questions) == 1


@pytest.mark.long
@pytest.mark.parametrize(
    "failure",
    [
        Answer("API rate limit exceeded", 429, headers={"Retry-After": "7"}),
        Answer("Unexpected errors", 500),
        Answer("<response/>", content_type=XML, cut=4),
        Answer("<response/>", content_type=XML, cut=4, chunked=True),
        Answer("<response/>", content_type=XML, stall=1.0),
    ],
    ids=["429", "500", "cut", "cut chunk", "stall"],
)
def test_a_busy_source_is_asked_again(customs: Customs, tmp_path: Path, failure: Answer) -> None:
    customs.instead = [failure]
    slept: list[float] = []
    acquired = fetch_korea_customs(client_of(customs, tmp_path, sleep=slept.append), "2024-01", "2024-01")
    assert len(acquired.table) == 6 and len(customs.source.questions) == 2 and len(slept) == 1
    assert slept == [7.0] or "Retry-After" not in failure.headers


def test_a_source_that_stays_busy_is_given_up(customs: Customs, tmp_path: Path) -> None:
    customs.instead = [Answer("Unexpected errors", 500)] * 4
    with pytest.raises(Overloaded, match="status 500: Unexpected errors"):
        fetch(customs, tmp_path)
    assert len(customs.source.questions) == 4


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (("2024-02", "2024-01"), "are no months in order"),
        (("2024", "2024-01"), "are no months in order"),
        (("2024-01", "2024-02", "870"), "'870' is no HS code"),
        (("2024-01", "2024-02", "cars"), "'cars' is no HS code"),
    ],
)
def test_a_question_that_cannot_be_answered_is_not_asked(
    customs: Customs, tmp_path: Path, question: tuple[str, ...], words: str
) -> None:
    with pytest.raises(BadQuery, match="Nothing was asked") as refusal:
        fetch_korea_customs(client_of(customs, tmp_path), *question)
    assert words in str(refusal.value) and customs.source.questions == []


def test_a_missing_key_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KOREA_CUSTOMS_KEY", raising=False)
    with pytest.raises(KeyRefused, match=r"KOREA_CUSTOMS_KEY is not set.*https://www\.data\.go\.kr"):
        KoreaCustoms("http://127.0.0.1:9", tmp_path)


FAILURES = [
    Answer(f"you sent {KEY}", 400),
    Answer(f"you sent {KEY}", 401),
    Answer(f"you sent {KEY}", 403),
    Answer(f"you sent {KEY}", 429),
    Answer(f"you sent {quote(KEY, safe='')}", 500),
    Answer("", 302, headers={"Location": f"https://elsewhere/?serviceKey={quote(KEY, safe='')}"}),
    Answer(status=204),
    Answer(xml_of([]), content_type=XML),
    Answer(REFUSAL.format(code=99, words="no"), content_type=XML),
    Answer(REFUSAL.format(code=99, words=KEY), content_type=XML),
    Answer(REFUSAL.format(code=99, words=quote(KEY, safe="")), content_type=XML),
    Answer(FAULT.format(code=30, words="SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), content_type=XML),
    Answer(FAULT.format(code=30, words=KEY), content_type=XML),
    Answer(FAULT.format(code=22, words="LIMITED"), content_type=XML),
    Answer("<response>", content_type=XML),
    Answer(f"<response>{KEY}", content_type=XML),
    Answer(xml_of([item_of("2024.01", "8703231010", 1, 2)]), content_type=XML),
    Answer(f"<html>{KEY}</html>", content_type="text/html"),
    Answer("<response/>", content_type=f"text/{KEY}"),
    Answer("<response/>", content_type=XML, cut=1),
    Answer("<response/>", content_type=XML, stall=1.0),
    Answer("<response/>", content_type=XML, headers={"Content-Encoding": KEY}),
    Answer(gzip.compress(b"<response/>")[:-4], content_type=XML, headers={"Content-Encoding": "gzip"}),
]


@pytest.mark.long
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "encoded"])
@pytest.mark.parametrize("failure", [None, *FAILURES], ids=["good", *range(len(FAILURES))])
def test_the_key_shows_nowhere(
    customs: Customs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Answer | None, encoded: bool
) -> None:
    monkeypatch.setenv("KOREA_CUSTOMS_KEY", quote(KEY, safe="") if encoded else KEY)
    customs.instead = [failure] * 2 if failure else []
    told, fault = everything_shown(
        lambda say: fetch_korea_customs(client_of(customs, tmp_path, say=say, attempts=2), "2024-01", "2024-01"),
        tmp_path,
    )
    assert isinstance(fault, FetchError) == (failure is not None)
    assert customs.source.questions[0].query["serviceKey"] == [KEY]
    assert not [spelling for spelling in spellings(KEY) if spelling in told]
