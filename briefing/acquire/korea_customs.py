"""Asks the Korea Customs Service for its monthly trade with the United States by tariff item, as Korea reports it.

Exports are FOB and imports CIF, whole US dollars, by the ten digits of the Korean tariff. The first item of a
reply is not one: it is the total of the others, and here their check sum. Errors come with HTTP status 200 and
in one of two forms, that of the service (`resultCode`) or that of the gateway before it (`returnReasonCode`).
Months are out about the 15th of the next; nothing is said of vintages.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from briefing import periods
from briefing.acquire.contract import EXPORTS_FOB, IMPORTS_CIF, Observations, observed
from briefing.acquire.fetching import Office
from briefing.acquire.replies import Acquired, Reply, calls_of, left_out, require_months_in_order
from briefing.errors import BadQuery, KeyRefused, NoData, Overloaded
from briefing.secrecy import Secret

DATASET = "korea-customs"
MONTHS_PER_CALL = 12
TOTAL = "총계"
"""The "year" of the total row."""

KEY_CODES = frozenset({"20", "21", "30", "31", "32", "33"})
"""Access denied, key suspended, not registered, expired, used from another address, not signed."""

BUSY_CODES = frozenset({"04", "05"})
"""The gateway did not reach the service, or not in time."""

LIMIT_CODE = "22"

_Item = tuple[str, str, int, int]
"""Month, tariff item, exports and imports."""


class KoreaCustoms(Office):
    """The service at an address (the scheme, host and "/1220000/nitemtrade").

    data.go.kr gives each key twice, plain and percent-encoded; either is taken.
    """

    title = "Korea Customs Service"
    key = "KOREA_CUSTOMS_KEY"
    where = "https://www.data.go.kr"
    key_parameter = "serviceKey"
    kinds = ("application/xml", "text/xml")
    usual: ClassVar[Mapping[str, Any]] = {"pause": 0.5}

    def own_key(self, secret: Secret) -> Secret:
        """The key as it is before encoding: encoded twice, it would be refused as not registered."""
        encoded = re.search(r"%[0-9A-Fa-f]{2}", secret.reveal())
        return Secret(unquote(secret.reveal())) if encoded else secret


def fetch_korea_customs(client: KoreaCustoms, first: str, last: str, commodity: str = "") -> Acquired:
    """Korea's exports to and imports from the United States by month and tariff item, in whole US dollars.

    Without a commodity each month also has the rows of all goods, which are the sums of its items.

    Parameters
    ----------
    commodity
        The first digits of the items wanted, "87"; all if empty.

    Returns
    -------
    `briefing.record.observations.COLUMNS`, monthly, as Korea reports it (`ref_area` "KR", `counterpart_area` "US"), not adjusted: exports FOB, imports CIF.

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
        reply = client.answer("getNitemtradeList", _question(months, commodity))
        if reply is not None:
            replies.append(reply)
            items += _items(client, reply, months, commodity)
    if not items:
        raise _no_data(f"{commodity or 'any item'}, {first} to {last}")
    _require_months(items, replies[-1])
    return Acquired(DATASET, _table(items, with_total=not commodity), tuple(replies))


def _no_data(what: str) -> NoData:
    return NoData(
        f"The Korea Customs Service has no trade with the United States in {what}. Nothing of the record changed. "
        "A month is out on about the 15th of the next: ask for earlier ones."
    )


def _require_question(first: str, last: str, commodity: str) -> None:
    require_months_in_order(first, last)
    if not re.fullmatch(r"([0-9]{2}){0,5}", commodity):
        raise BadQuery(f"{commodity!r} is no HS code of 2 to 10 digits. Nothing was asked. Correct it.")


def _question(months: Sequence[str], commodity: str) -> dict[str, str]:
    asked = {"strtYymm": months[0].replace("-", ""), "endYymm": months[-1].replace("-", ""), "cntyCd": "US"}
    return asked | ({"hsSgn": commodity} if commodity else {})


def _items(client: KoreaCustoms, reply: Reply, months: Sequence[str], commodity: str) -> list[_Item]:
    """The items of a reply, which add up to its total row."""
    elements = _elements(client, reply)
    totals = [element for element in elements if _text(element, "hsCd") == "-"]
    items = [_item(element, reply, months, commodity) for element in elements if _text(element, "hsCd") != "-"]
    if elements and (len(totals) != 1 or _text(totals[0], "year") != TOTAL):
        reply.refuse("it has no total row, or more than one", "Whether items are missing cannot be told.")
    seen: set[tuple[str, str]] = set()
    for month, code, _, _ in items:
        if (month, code) in seen:
            reply.refuse(f"it has item {code} twice in {month}", "Every total would count it twice.")
        seen.add((month, code))
    for element in totals:
        _require_sums(element, items, reply)
    return items


def _elements(client: KoreaCustoms, reply: Reply) -> list[Element]:
    root = _root(reply)
    if root.tag == "OpenAPI_ServiceResponse":
        _raise_gateway_fault(client, root)
    code, words = _text(root, "header/resultCode"), _text(root, "header/resultMsg")
    if not code:
        reply.refuse("it has no resultCode", "Whether it is an answer cannot be told.")
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
        reply.refuse(what, "Items would be missing.")
    return root


def _raise_gateway_fault(client: KoreaCustoms, root: Element) -> NoReturn:
    code = _text(root, "cmmMsgHeader/returnReasonCode")
    words = _words(client, code, _text(root, "cmmMsgHeader/returnAuthMsg") or _text(root, "cmmMsgHeader/errMsg"))
    if code in KEY_CODES:
        raise KeyRefused(
            f"The gateway of data.go.kr does not accept the key (code {words}). Nothing of the record changed. "
            f"Check that {KoreaCustoms.key} is whole, that its use is approved at {KoreaCustoms.where}, and has not run out."
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


def _words(client: KoreaCustoms, code: str, words: str) -> str:
    return " ".join(client.blotted(f"{code}: {words}").split())[:200]


def _item(element: Element, reply: Reply, months: Sequence[str], commodity: str) -> _Item:
    year, code, country = (_text(element, name) for name in ("year", "hsCd", "statCd"))
    month = year.replace(".", "-")
    if not re.fullmatch(r"[0-9]{4}\.[0-9]{2}", year) or month not in months:
        reply.refuse(
            f"an item has month {year[:40]!r} where {months[0]} to {months[-1]} was asked",
            "Its value would stand under another month.",
        )
    if not re.fullmatch(r"[0-9]{2,10}", code) or not code.startswith(commodity):
        reply.refuse(f"an item of {month} has code {code[:40]!r}", "It is not of the goods asked for.")
    if country != "US":
        reply.refuse(f"item {code} of {month} is trade with {country[:40]!r}", "It would count as trade with the US.")
    return month, code, _dollars(element, "expDlr", reply), _dollars(element, "impDlr", reply)


def _dollars(element: Element, name: str, reply: Reply) -> int:
    text = _text(element, name)
    if not re.fullmatch(r"[0-9]{1,15}", text):
        what = f"{_text(element, 'hsCd')[:20]}, {_text(element, 'year')[:20]}"
        reply.refuse(f"{what}, has {text[:40]!r} as {name}", "It is no amount in whole dollars.")
    return int(text)


def _require_sums(total: Element, items: Sequence[_Item], reply: Reply) -> None:
    for name, place in (("expDlr", 2), ("impDlr", 3)):
        told, summed = _dollars(total, name, reply), sum(int(item[place]) for item in items)
        if told != summed:
            reply.refuse(
                f"its items add up to {summed} dollars of {name} and its total row says {told}",
                "Items are missing or double.",
            )


def _require_months(items: Sequence[_Item], reply: Reply) -> None:
    for missing in left_out({month for month, *_ in items}):
        reply.refuse_gap(f"{missing} is left out between other months")


def _table(items: Sequence[_Item], *, with_total: bool) -> Observations:
    goods = [("HS", code, month, exports, imports) for month, code, exports, imports in items]
    if with_total:
        months = pd.DataFrame(items, columns=["month", "code", "exports", "imports"]).groupby("month")
        sums = months[["exports", "imports"]].sum().itertuples()
        goods += [("TOTAL", "TOTAL", month, exports, imports) for month, exports, imports in sums]
    rows = (
        (kind, code, "KR", "US", *basis, "N", month, value, "A")
        for kind, code, month, *values in goods
        for basis, value in zip((EXPORTS_FOB, IMPORTS_CIF), values, strict=True)
    )
    return observed(rows, KoreaCustoms.title)


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
