"""Collects all that a question to a source shows to anyone: faults, logs, what is said, what is stored."""

import io
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

from briefing.errors import FetchError


def everything_shown(ask: Callable[[Callable[[str], None]], object], folder: Path) -> tuple[str, FetchError | None]:
    """All text that `ask`, given a listener, leaves behind, and the fault it ended with."""
    heard, said, fault = io.StringIO(), [], None
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        ask(said.append)
    except FetchError as refusal:
        fault = refusal
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    kept = [f"{path} {path.read_bytes().decode('latin-1')}" for path in folder.rglob("*") if path.is_file()]
    assert said and heard.getvalue()
    return " ".join([*_told(fault), heard.getvalue(), *said, *kept]), fault


def _told(fault: BaseException | None) -> list[str]:
    """The fault, its traceback, and all that it remembers of others, suppressed or not."""
    told = ["".join(traceback.format_exception(fault))] if fault else []
    waiting, seen = [fault], set()
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            told.append(f"{one!r} {one} {one.args!r} {vars(one)!r}")
            waiting += [one.__cause__, one.__context__]
    return told


def spellings(key: str) -> list[str]:
    """The ways in which an address or a header writes a key, and its beginning."""
    return [key, quote(key), quote(key, safe=""), quote_plus(key), key[:6]]
