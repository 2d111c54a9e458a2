"""What a record of talks held on a day, found once: a chapter asks for the same events some dozens of times."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, wraps
from typing import Any, TypeVar

Record = Mapping[str, Any]
"""What `sources.talks_record` gives, or one pact's row of it, with its rows "event", "issue", "publication", "matter",
"reach" and "statement"; what is not what it must be is refused when it is asked for."""
Answer = TypeVar("Answer")


class _Same:
    """A record told apart by being itself: nobody changes one, and a register that changes gives another."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.record is self.record

    def __hash__(self) -> int:
        return id(self.record)


def once_a_day(function: Callable[[Record, date], Answer]) -> Callable[[Record, date], Answer]:
    """The function of a record and a day, asked once for each; what it gives is shared, and must not be changed."""

    @lru_cache(maxsize=256)
    def remembered(same: _Same, day: date) -> Answer:
        return function(same.record, day)

    @wraps(function)
    def known(record: Record, day: date) -> Answer:
        return remembered(_Same(record), day)

    return known
