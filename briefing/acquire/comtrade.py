"""Asks UN Comtrade what the United States or Korea reports of its monthly trade with a partner: the mirror figures.

Imports are CIF, and where the reporter gives it FOB-type too: what Comtrade calls `fobvalue` of US imports is
the customs value of general imports, to the dollar in months not revised since. Exports are FOB-type; those of the
United States are FAS at their origin. `primaryValue` is CIF for imports and FOB for exports, never to be compared.
Values are dollars with decimals, converted by the UN. One version is kept: what is asked is what holds today.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from briefing import periods
from briefing.acquire.contract import Observations, observed
from briefing.acquire.fetching import Office, Parameters
from briefing.acquire.replies import Acquired, Reply, calls_of, left_out, require_months_in_order
from briefing.codes import codelists
from briefing.errors import BadQuery, FetchError, KeyRefused, NoData, Overloaded

MONTHS_PER_CALL = 12
ROWS_PER_CALL = 100_000
"""At this many rows a reply is cut without a word."""

DATASETS = {"US": "comtrade-us", "KR": "comtrade-korea"}
REPORTERS = {"US": "842", "KR": "410"}
"""Codes of the UN, which are not ISO 3166 throughout: the United States with Puerto Rico is 842, not 840."""

PARTNERS = {
    codelists.WORLD: "0",
    "1220": "124",
    "2010": "484",
    "4280": "276",
    "5700": "156",
    "5800": "410",
    "5880": "392",
    "US": "842",
}
"""UN codes of the partners by Schedule C code. An unknown UN code is answered with nothing and no error."""

WHOLE = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
"""All second partners, customs procedures and modes of transport: else their parts come mixed with the total."""


class ComtradeApi(Office):
    """The Comtrade API at an address (the scheme and host, without "/data")."""

    title = "UN Comtrade"
    key = "COMTRADE_API_KEY"
    where = "https://comtradedeveloper.un.org"
    key_header = "Ocp-Apim-Subscription-Key"
    usual: ClassVar[Mapping[str, Any]] = {"pause": 1.0}

    def meant(self, refusal: FetchError, parameters: Parameters) -> FetchError:
        """Quota used up comes as a refused key (403) and is told as what it is; it is not tried again."""
        words = str(refusal)
        if not isinstance(refusal, KeyRefused) or "quota" not in words.lower():
            return refusal
        wait = re.search(r"replenished in ([0-9]+):([0-9]{2}):([0-9]{2})", words)
        units = (3600, 60, 1)
        seconds = sum(int(part) * unit for part, unit in zip(wait.groups(), units, strict=True)) if wait else None
        when = f"in {wait[1]}:{wait[2]}:{wait[3]} hours" if wait else "within a day"
        return Overloaded(
            f"The calls that this key has for UN Comtrade are used up; they are replenished {when}. "
            "Nothing of the record changed. Ask again then, or for fewer months.",
            seconds,
        )


def fetch_comtrade(
    client: ComtradeApi, reporter: str, partner: str, first: str, last: str, commodity: str = "TOTAL"
) -> Acquired:
    """Both flows that the reporter publishes with the partner, from first to last month, in whole US dollars.

    Parameters
    ----------
    reporter
        "US" or "KR".
    partner
        Schedule C code, or "US".
    commodity
        "TOTAL", or a code of the Harmonized System, "87".

    Returns
    -------
    `briefing.record.observations.COLUMNS`, monthly, not adjusted: exports at "fob_value", imports at "cif_value" and, where the reporter gives it, at
    "fob_value" too, so that one month of imports may have two rows.

    Raises
    ------
    BadQuery
        If there is no such reporter or partner, or Comtrade refuses the question.
    NoData
        If there is none in all these months.
    Overloaded
        Also if the calls of the day are used up.
    MalformedReply
        If a reply contradicts itself or the question, may be cut, or leaves out a month between others.
    """
    _require_question(reporter, partner, first, last, commodity)
    rows: list[tuple[str, str, str, int]] = []
    replies: list[Reply] = []
    calls = calls_of(periods.span(first, last), MONTHS_PER_CALL)
    questions = (_question(reporter, partner, months, commodity) for months in calls)
    for asked, reply in client.answers("data/v1/get/C/M/HS", questions):
        replies.append(reply)
        rows += _rows(client, reply, asked)
    if not rows:
        raise _no_data(f"{commodity} of {reporter} with partner {partner}, {first} to {last}")
    _require_months(rows, replies[-1], commodity)
    return Acquired(DATASETS[reporter], _table(rows, reporter, partner, commodity), tuple(replies))


def _no_data(what: str) -> NoData:
    return NoData(
        f"UN Comtrade has no trade in {what}. Nothing of the record changed. Months come out late: ask for earlier ones."
    )


def _require_question(reporter: str, partner: str, first: str, last: str, commodity: str) -> None:
    if reporter not in REPORTERS:
        raise BadQuery(f"{reporter!r} is no reporter. Nothing was asked. Choose one of {', '.join(REPORTERS)}.")
    if partner not in PARTNERS:
        raise BadQuery(
            f"Partner {partner!r} has no UN code here, and Comtrade answers unknown codes with nothing. Nothing was "
            f"asked. Choose one of {', '.join(PARTNERS)}, or add its code to PARTNERS."
        )
    if PARTNERS[partner] == REPORTERS[reporter]:
        raise BadQuery(f"{reporter} cannot trade with itself ({partner}). Nothing was asked. Choose another partner.")
    require_months_in_order(first, last)
    if not re.fullmatch(r"TOTAL|[0-9]{2}|[0-9]{4}|[0-9]{6}", commodity):
        raise BadQuery(f"{commodity!r} is no HS code of 2, 4 or 6 digits, nor TOTAL. Nothing was asked. Correct it.")


def _question(reporter: str, partner: str, months: Sequence[str], commodity: str) -> dict[str, str]:
    return {
        "reporterCode": REPORTERS[reporter],
        "partnerCode": PARTNERS[partner],
        "period": ",".join(month.replace("-", "") for month in months),
        "cmdCode": commodity,
        "flowCode": "M,X",
        **WHOLE,
        "includeDesc": "true",
    }


def _rows(client: ComtradeApi, reply: Reply, asked: Mapping[str, str]) -> list[tuple[str, str, str, int]]:
    """Flow, valuation, month and dollars of each value in a reply."""
    data = _data(client, reply)
    for row in data:
        _require_as_asked(row, reply, asked)
    keys = [(row["flowCode"], row["period"]) for row in data]
    if len(set(keys)) < len(keys):
        flow, period = next(key for key in keys if keys.count(key) > 1)
        reply.refuse(f"it has two rows for {period}, flow {flow}", "Every total would count that month twice.")
    return [
        (row["flowCode"], valuation, f"{row['period'][:4]}-{row['period'][4:]}", dollars)
        for row in data
        for valuation, dollars in _valued(row, reply)
    ]


def _data(client: ComtradeApi, reply: Reply) -> list[Any]:
    content = reply.json_object()
    if content.get("error"):
        words = " ".join(client.blotted(f"{content['error']}").split())[:200]
        raise BadQuery(f"UN Comtrade refuses the question: {words}. Nothing of the record changed. Correct it.")
    count, data = reply.counted(content, "data", "its rows")
    if len(data) >= ROWS_PER_CALL:
        reply.refuse(f"it has {len(data)} rows, and may be cut there", "Values would be missing.", "Ask for fewer.")
    if count != len(data):
        reply.refuse(f"it counts {count} rows and gives {len(data)}", "Months would be missing or double.")
    return data


def _require_as_asked(row: Any, reply: Reply, asked: Mapping[str, str]) -> None:
    if not isinstance(row, dict):
        reply.refuse("it has a row that is none", "Its value has no month.")
    for name in ("reporterCode", "partnerCode", "cmdCode", "period", "flowCode", *WHOLE):
        given = row.get(name)
        several = name in ("period", "flowCode")
        allowed = asked[name].split(",") if several else [asked[name]]
        if f"{given}" not in allowed or (several and not isinstance(given, str)):
            reply.refuse(
                f"a row has {name} {f'{given}'[:40]!r} where {asked[name]} was asked",
                "A part or another's trade would be counted with the total.",
            )
    kind = f"{row.get('typeCode', 'C')}"
    if kind != "C":
        reply.refuse(f"{row['period']} is not of goods (typeCode {kind[:10]!r})", "Services would stand as goods.")
    if row.get("freqCode", "M") != "M":
        reply.refuse(f"{row['period']} is not monthly", "A year would stand as a month.")


def _valued(row: Mapping[str, Any], reply: Reply) -> Iterator[tuple[str, int]]:
    """The valuations of a row: CIF-type and, if given, FOB-type for imports, FOB-type for exports."""
    cif, fob, primary = (_dollars(row, name, reply) for name in ("cifvalue", "fobvalue", "primaryValue"))
    what = f"{row['period']}, flow {row['flowCode']}"
    main = cif if row["flowCode"] == "M" else fob
    if main is None and row["flowCode"] == "X":
        main = primary
    if main is None:
        reply.refuse(f"{what}, has no value of the type that its flow has", "The month would be missing.")
    if primary is not None and primary != main:
        reply.refuse(f"{what}, has {main} dollars and {primary} as primaryValue", "It is not known which holds.")
    if row["flowCode"] == "X":
        yield "fob_value", main
        return
    yield "cif_value", main
    if fob is not None:
        if main and not fob:
            reply.refuse(f"{what}, has a fobvalue of 0 and a cifvalue of {main}", "Freight cannot be all of it.")
        if fob > main:
            reply.refuse(
                f"{what}, has a fobvalue of {fob} above its cifvalue of {main}",
                "Freight and insurance cannot be negative: one of the two is another value.",
            )
        yield "fob_value", fob


def _dollars(row: Mapping[str, Any], name: str, reply: Reply) -> int | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < 10**15:
        reply.refuse(f"{row['period']} has {f'{value}'[:40]!r} as {name}", "It is no amount in dollars.")
    return int(Decimal(value).to_integral_value(ROUND_HALF_UP))


def _require_months(rows: Sequence[tuple[str, str, str, int]], reply: Reply, commodity: str) -> None:
    """No month is left out between others; all goods have both flows in the same months.

    Months before the first of one flow are an edge of it, and no hole, unless they are all that the other has.
    """
    months: dict[tuple[str, str], set[str]] = {}
    for flow, valuation, month, _ in rows:
        months.setdefault((flow, valuation), set()).add(month)
    for (flow, valuation), present in months.items():
        for missing in left_out(present):
            reply.refuse_gap(f"{missing}, flow {flow}, {valuation}, is left out between other months")
    exports, imports = (months.get(series, set()) for series in (("X", "fob_value"), ("M", "cif_value")))
    begin = max(min(exports, default=""), min(imports, default=""))
    apart = {month for month in exports ^ imports if month >= begin or not exports or not imports}
    if commodity == "TOTAL" and apart:
        month = min(apart)
        reply.refuse(f"{month} has one flow without the other", "A balance would have one side.", "Ask again later.")


def _table(rows: Sequence[tuple[str, str, str, int]], reporter: str, partner: str, commodity: str) -> Observations:
    goods = ("TOTAL" if commodity == "TOTAL" else "HS", commodity)
    return observed(
        (
            (*goods, reporter, partner, flow, "total" if flow == "X" else "general", valuation, "N", month, value, "A")
            for flow, valuation, month, value in rows
        ),
        "UN Comtrade",
    )
