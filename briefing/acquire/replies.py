"""What a live source answered: a reply with its contents, and the observations read of it."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from briefing import periods
from briefing.acquire.contract import Observations
from briefing.errors import BadQuery, MalformedReply

JSON = ("application/json",)
LATER = "Ask again later, or for months on one side of it."


@dataclass(frozen=True)
class Reply:
    """One reply as it was received: `content` is decoded, the stored file holds the very bytes.

    `source` is what the source is called in messages; `address` has no key in it; `received` is UTC; `sha256` is that of
    the stored bytes.
    """

    source: str
    address: str
    received: datetime
    status: int
    content_type: str
    content: bytes
    file: Path
    sha256: str

    def refuse(self, what: str, spoilt: str, way_on: str = "Ask again.") -> NoReturn:
        """Refuse the reply: what is wrong with it, what that would have spoiled, and a way on.

        Raises
        ------
        MalformedReply
        """
        raise MalformedReply(
            f"{self.source}: {what}. {spoilt} Nothing of the record changed; the bytes are kept as {self.file.name}. {way_on}"
        )

    def refuse_gap(self, what: str, way_on: str = LATER) -> NoReturn:
        """Refuse the reply for a month that it lacks.

        Raises
        ------
        MalformedReply
        """
        self.refuse(what, "Totals over that month would be too small.", way_on)

    def json(self) -> Any:
        """What it holds if that is JSON, numbers with a point to their last digit; else None."""
        try:
            return json.loads(self.content, parse_float=Decimal, parse_constant=str)
        except (ValueError, RecursionError):
            return None

    def json_object(self) -> dict[str, Any]:
        """What it holds, an object of JSON.

        Raises
        ------
        MalformedReply
        """
        content = self.json()
        if not isinstance(content, dict):
            self.refuse("it is no JSON object, or is cut", "Values would be missing.")
        return content

    def counted(self, content: dict[str, Any], name: str, words: str) -> tuple[int, list[Any]]:
        """How many rows an object of JSON counts, and the rows it holds under a name.

        Raises
        ------
        MalformedReply
        """
        count, rows = content.get("count"), content.get(name)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0 or not isinstance(rows, list):
            self.refuse(f"it lacks {words} or their count", "It holds no data.")
        return count, rows


@dataclass(frozen=True)
class Acquired:
    """What a source gave for one dataset: its observations and the replies behind them.

    `vintage` is the day on which the source says that these values came out, if it says so.
    """

    dataset: str
    table: Observations
    replies: tuple[Reply, ...]
    vintage: date | None = None


def require_months_in_order(first: str, last: str) -> None:
    """Refuse a span that is none, before anything is asked.

    Raises
    ------
    BadQuery
    """
    if not (periods.is_month(first) and periods.is_month(last) and first <= last):
        raise BadQuery(f"{first!r} to {last!r} are no months in order. Nothing was asked. Write them as 2017-11.")


def calls_of(months: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """The months in groups of as many as a source takes in one question."""
    for start in range(0, len(months), most):
        yield months[start : start + most]


def left_out(present: Collection[str]) -> list[str]:
    """The months that are not there between others that are."""
    return [month for month in periods.span(min(present), max(present)) if month not in present]
