"""Asks the Korea Customs Service for its monthly trade with the United States by tariff item, as Korea reports it.

Exports are FOB and imports CIF, whole US dollars, by the ten digits of the Korean tariff. The first item of a
reply is not one: it is the total of the others, and here their check sum. Errors come with HTTP status 200 and
in one of two forms, that of the service (`resultCode`) or that of the gateway before it (`returnReasonCode`).
Months are out about the 15th of the next; nothing is said of vintages.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from briefing import periods
from briefing.acquire.fetching import Acquired, Client, Reply, calls_of, key_from_environment, require_months_in_order
from briefing.errors import BadQuery, KeyRefused, MalformedReply, NoData, Overloaded
from briefing.record import observations
from briefing.secrecy import Secret

DATASET = "korea-customs"
KEY = "KOREA_CUSTOMS_KEY"
WHERE = "https://www.data.go.kr"
PAUSE = 0.5
MONTHS_PER_CALL = 12
KINDS = ("application/xml", "text/xml")
TOTAL = "총계"
"""The "year" of the total row."""

KEY_CODES = frozenset({"20", "21", "30", "31", "32", "33"})
"""Access denied, key suspended, not registered, expired, used from another address, not signed."""

BUSY_CODES = frozenset({"04", "05"})
"""The gateway did not reach the service, or not in time."""

LIMIT_CODE = "22"

_Item = tuple[str, str, int, int]
"""Month, tariff item, exports and imports."""


def customs_client(address: str, raw: Path, **options: Any) -> Client:
    """A client for the service at `address` (the scheme, host and "/1220000/nitemtrade").

    data.go.kr gives each key twice, plain and percent-encoded; either is taken.

    Raises
    ------
    KeyRefused
        If KOREA_CUSTOMS_KEY is not set.
    """
    secret = _plain(key_from_environment(KEY, "Korea Customs Service", WHERE))
    return Client(
        "Korea Customs Service",
        address,
        raw,
        secret=secret,
        key_parameter="serviceKey",
        **{"pause": PAUSE, **options},
    )


def _plain(secret: Secret) -> Secret:
    """The key as it is before encoding: encoded twice, it would be refused as not registered."""
    encoded = re.search(r"%[0-9A-Fa-f]{2}", secret.reveal())
    return Secret(unquote(secret.reveal())) if encoded else secret


def fetch_korea_customs(client: Client, first: str, last: str, commodity: str = "") -> Acquired:
    """Korea's exports to and imports from the United States by month and tariff item, in whole US dollars.

    Without a commodity each month also has the rows of all goods, which are the sums of its items.

    Parameters
    ----------
    commodity
        The first digits of the items wanted, "87"; all if empty.

    Raises
    ------
    NoData
        If there is none in all these months.
    MalformedReply
        If items do not add up to the total row, are double, not as asked, or a month is left out between others.
    FetchError
        As `Client.ask`, and for errors sent with status 200.
    """
    _require_question(first, last, commodity)
    items: list[_Item] = []
    replies: list[Reply] = []
    for months in calls_of(periods.span(first, last), MONTHS_PER_CALL):
        reply = client.ask("getNitemtradeList", _question(months, commodity), accept=KINDS)
        if reply is not None:
            replies.append(reply)
            items += _items(client, reply, months, commodity)
    if not items:
        raise NoData(
            f"The Korea Customs Service has no trade with the United States in {commodity or 'any item'}, "
            f"{first} to {last}. Nothing of the record changed. A month is out on about the 15th of the next: "
            "ask for earlier ones."
        )
    _require_months(items, replies[-1])
    return Acquired(DATASET, _table(items, with_total=not commodity), tuple(replies))


def _require_question(first: str, last: str, commodity: str) -> None:
    require_months_in_order(first, last)
    if not re.fullmatch(r"([0-9]{2}){0,5}", commodity):
        raise BadQuery(f"{commodity!r} is no HS code of 2 to 10 digits. Nothing was asked. Correct it.")


def _question(months: Sequence[str], commodity: str) -> dict[str, str]:
    asked = {"strtYymm": months[0].replace("-", ""), "endYymm": months[-1].replace("-", ""), "cntyCd": "US"}
    return asked | ({"hsSgn": commodity} if commodity else {})


def _items(client: Client, reply: Reply, months: Sequence[str], commodity: str) -> list[_Item]:
    """The items of a reply, which add up to its total row."""
    elements = _elements(client, reply)
    totals = [element for element in elements if _text(element, "hsCd") == "-"]
    items = [_item(element, reply, months, commodity) for element in elements if _text(element, "hsCd") != "-"]
    if elements and (len(totals) != 1 or _text(totals[0], "year") != TOTAL):
        _refuse(reply, "it has no total row, or more than one", "Whether items are missing cannot be told.")
    seen: set[tuple[str, str]] = set()
    for month, code, _, _ in items:
        if (month, code) in seen:
            _refuse(reply, f"it has item {code} twice in {month}", "Every total would count it twice.")
        seen.add((month, code))
    for element in totals:
        _require_sums(element, items, reply)
    return items


def _elements(client: Client, reply: Reply) -> list[Element]:
    root = _root(reply)
    if root.tag == "OpenAPI_ServiceResponse":
        _raise_gateway_fault(client, root)
    code, words = _text(root, "header/resultCode"), _text(root, "header/resultMsg")
    if not code:
        _refuse(reply, "it has no resultCode", "Whether it is an answer cannot be told.")
    if code != "00":
        raise BadQuery(
            f"The Korea Customs Service refuses the question (code {_words(client, code, words)}). "
            "Nothing of the record changed. Its contract may have changed: compare the question with its documentation."
        )
    items = root.find("body/items")
    return list(items.iterfind("item")) if items is not None else []


def _root(reply: Reply) -> Element:
    try:
        root: Element | None = fromstring(reply.content, forbid_dtd=True)
    except DefusedXmlException:
        root, what = None, "it declares a document type (DOCTYPE), which no reply of this service has"
    except LookupError:
        root, what = None, "it is in an encoding that is not known"
    except (ParseError, ValueError):
        root, what = None, "it is no XML, or is cut"
    if root is None:
        _refuse(reply, what, "Items would be missing.")
    return root


def _raise_gateway_fault(client: Client, root: Element) -> NoReturn:
    code = _text(root, "cmmMsgHeader/returnReasonCode")
    words = _words(client, code, _text(root, "cmmMsgHeader/returnAuthMsg") or _text(root, "cmmMsgHeader/errMsg"))
    if code in KEY_CODES:
        raise KeyRefused(
            f"The gateway of data.go.kr does not accept the key (code {words}). Nothing of the record changed. "
            f"Check that {KEY} is whole, that its use is approved at {WHERE}, and has not run out."
        )
    # Raised after the attempts of the client, so that nothing is asked again before tomorrow.
    if code == LIMIT_CODE:
        raise Overloaded(
            f"The calls that this key has for data.go.kr today are used up (code {words}). "
            "Nothing of the record changed. Ask again tomorrow."
        )
    if code in BUSY_CODES:
        raise Overloaded(
            f"The gateway of data.go.kr does not reach the Korea Customs Service (code {words}). "
            "Nothing of the record changed. Try again later."
        )
    raise BadQuery(
        f"The gateway of data.go.kr refuses the question (code {words}). Nothing of the record changed. "
        "Its contract may have changed: compare the question with its documentation."
    )


def _words(client: Client, code: str, words: str) -> str:
    return " ".join(client.blotted(f"{code}: {words}").split())[:200]


def _item(element: Element, reply: Reply, months: Sequence[str], commodity: str) -> _Item:
    year, code, country = (_text(element, name) for name in ("year", "hsCd", "statCd"))
    month = year.replace(".", "-")
    if not re.fullmatch(r"[0-9]{4}\.[0-9]{2}", year) or month not in months:
        _refuse(
            reply,
            f"an item has month {year[:40]!r} where {months[0]} to {months[-1]} was asked",
            "Its value would stand under another month.",
        )
    if not re.fullmatch(r"[0-9]{2,10}", code) or not code.startswith(commodity):
        _refuse(reply, f"an item of {month} has code {code[:40]!r}", "It is not of the goods asked for.")
    if country != "US":
        _refuse(reply, f"item {code} of {month} is trade with {country[:40]!r}", "It would count as trade with the US.")
    return month, code, _dollars(element, "expDlr", reply), _dollars(element, "impDlr", reply)


def _dollars(element: Element, name: str, reply: Reply) -> int:
    text = _text(element, name)
    if not re.fullmatch(r"[0-9]{1,15}", text):
        what = f"{_text(element, 'hsCd')[:20]}, {_text(element, 'year')[:20]}"
        _refuse(reply, f"{what}, has {text[:40]!r} as {name}", "It is no amount in whole dollars.")
    return int(text)


def _require_sums(total: Element, items: Sequence[_Item], reply: Reply) -> None:
    for name, place in (("expDlr", 2), ("impDlr", 3)):
        told, summed = _dollars(total, name, reply), sum(int(item[place]) for item in items)
        if told != summed:
            _refuse(
                reply,
                f"its items add up to {summed} dollars of {name} and its total row says {told}",
                "Items are missing or double.",
            )


def _require_months(items: Sequence[_Item], reply: Reply) -> None:
    present = {month for month, *_ in items}
    missing = [month for month in periods.span(min(present), max(present)) if month not in present]
    if missing:
        _refuse(
            reply,
            f"{missing[0]} is left out between other months",
            "Totals over that month would be too small.",
            "Ask again later, or for months on one side of it.",
        )


def _table(items: Sequence[_Item], *, with_total: bool) -> pd.DataFrame:
    traded = pd.DataFrame(items, columns=["time_period", "commodity", "exports", "imports"])
    traded.insert(0, "classification", "HS")
    if with_total:
        sums = traded.groupby("time_period", as_index=False)[["exports", "imports"]].sum()
        traded = pd.concat([traded, sums.assign(classification="TOTAL", commodity="TOTAL")])
    table = pd.concat([_flow(traded, "exports", "X"), _flow(traded, "imports", "M")])
    observations.require_unique(table)
    return table.sort_values(observations.KEY, ignore_index=True)


def _flow(traded: pd.DataFrame, name: str, flow: str) -> pd.DataFrame:
    return traded.assign(
        ref_area="KR",
        counterpart_area="US",
        trade_flow=flow,
        trade_system="total" if flow == "X" else "general",
        valuation="fob_value" if flow == "X" else "cif_value",
        adjustment="N",
        obs_value=traded[name].astype("int64"),
        obs_status="A",
    )[observations.COLUMNS]


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _refuse(reply: Reply, what: str, spoilt: str, way_on: str = "Ask again.") -> NoReturn:
    raise MalformedReply(
        f"Korea Customs Service: {what}. {spoilt} Nothing of the record changed; "
        f"the bytes are kept as {reply.file.name}. {way_on}"
    )
