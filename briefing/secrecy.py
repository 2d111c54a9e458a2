"""Keeps keys and passwords out of every text that is shown or kept, in whatever way a source spells them.

A key comes back in an address, in JSON, in HTML or in a mail, each of which writes some of its signs in another
way, and one inside another: "/" is "%2F", "%252f", "&#47;", "&sol;", "\\u002f" or "=2F". So a text is not searched
for spellings of the key, of which there are too many to list. Each place of the text is read in every way it can
be read, and the key is looked for among the readings.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html.entities import html5
from string import hexdigits
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BLOT = "•••"
KEY_VARIABLES = ("CENSUS_API_KEY", "FRED_API_KEY", "COMTRADE_API_KEY", "KOREA_CUSTOMS_KEY")
LEAST_PADDED = 16
"""Signs from which on "=" at the end of a key is taken for the filling of base64, which may be left out."""

Reading = tuple[str, int]
"""A sign, and the place where the text goes on after it, from the beginning or from the sign on."""

NAMED = {name.rstrip(";"): sign for name, sign in html5.items() if len(sign) == 1}
LONGEST_NAME = max(len(name) for name in NAMED)
LONGEST_NUMBER = 16
MOST_READINGS = 64
"""Ways to read one place that are followed; a text that has more was made to have them."""

DIGITS, OCTAL, ALPHANUMERIC = "0123456789", "01234567", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
BREAKS = {"br", "wbr", "br/", "wbr/", "br /", "wbr /"}
SKIPPED = frozenset("\0\n\r\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffd")
"""What may stand unseen between two signs of a word: where a line or a page breaks it, in text of another encoding."""

BEGINNING = frozenset("%&=\\<")
BEGIN = re.compile(
    r"%(?=[0-9A-Fa-fu%&\\=])|&(?=[#A-Za-z%&\\=])|=(?=[0-9A-Fa-f%&\\=\r\n])|\\(?=.)(?!\\{64})|<(?=[wWbB%&\\=])", re.S
)
"""Where an escape can begin; those that begin with an escaped sign begin with one of these as well."""

PLAIN = re.compile(r"[%&][#0-9A-Za-z]{1,40}(?:;|(?=[^#0-9A-Za-z;%&\\=<]|$))")
"""An escape with no other inside it: it means the same wherever it stands, unless its meaning begins another."""


class Secret:
    """A key or a password, which shows itself to nobody who prints it."""

    def __init__(self, value: str) -> None:
        self._value = value.strip()

    def reveal(self) -> str:
        """The key, for the request alone."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def blotted(self, text: str) -> str:
        """The text without the key, however each of its signs is spelled."""
        for key in self._keys:
            text = key.blotted(text)
        return text

    def is_in(self, content: bytes) -> bool:
        """Whether bytes of any encoding show the key; that of UTF-16 has a nought at every other place."""
        texts = {content.decode("latin-1"), content.replace(b"\0", b"").decode("latin-1")}
        return any(key.is_in(text) for key in self._keys for text in texts)

    @cached_property
    def _keys(self) -> "list[_Key]":
        """The key as it is, as bytes of UTF-8 read sign by sign, and as it was before somebody encoded it."""
        forms = {self._value, self._value.encode(errors="replace").decode("latin-1"), unquote(self._value)}
        return [_Key(form) for form in sorted(forms, key=len, reverse=True) if form]

    def __repr__(self) -> str:
        return BLOT

    def __reduce__(self) -> Any:
        raise TypeError("A key is not to be written anywhere.")


NO_SECRET = Secret("")


def without_password(address: str) -> str:
    """The address without password and query, to be shown: both may hold a secret."""
    shown = address.partition("?")[0]
    scheme, apart, rest = shown.partition("://")
    user, at, place = rest.rpartition("@")
    if not apart:
        return shown if "@" not in shown else f"{BLOT}@{shown.rpartition('@')[2]}"
    name, colon, _ = user.partition(":")
    return f"{scheme}://{name}{':' if colon else ''}{BLOT if colon else ''}{at}{place}"


def secrets_of(address: str) -> list[Secret]:
    """What an address holds that nobody is to see: its password and the values of its query."""
    user = address.partition("://")[2].rpartition("@")[0]
    values = [user.partition(":")[2], *(value for _, value in parse_qsl(urlsplit(address).query))]
    return [Secret(value) for value in values if value]


def told_without_secrets(text: str) -> str:
    """What a person says of a file, to be kept: without the keys of the environment, passwords and keys in addresses."""
    for name in KEY_VARIABLES:
        text = Secret(os.environ.get(name, "")).blotted(text)
    text = re.sub(r"://[^/\s?#]*@", f"://{BLOT}@", text)
    return re.sub(
        r"([?&][^=&\s]*(?:key|token|secret|password|signature)[^=&\s]*=)[^&\s]+", rf"\g<1>{BLOT}", text, flags=re.I
    )


ALIKE = {"+": "+- ", "-": "+- ", " ": "+- ", "/": "/_", "_": "/_"}
"""Signs written for one another: by base64 in an address, and for a space in a query."""


def _alike(sign: str) -> frozenset[str]:
    """What a sign of a key is written as where nothing is escaped; hosts and headers change the case."""
    return frozenset({sign, sign.lower(), sign.upper(), *ALIKE.get(sign, "")})


class _Key:
    """One form of a key, to be found in texts."""

    def __init__(self, value: str) -> None:
        bare = value.rstrip("=")
        self._filling = len(value) - len(bare) if len(bare) >= LEAST_PADDED else 0
        self._signs = [_alike(sign) for sign in (bare if self._filling else value)]
        first, follows = self._signs[0], SKIPPED.union(BEGINNING, *self._signs[1:2])
        alone = len(self._signs) == 1
        self._begin = re.compile(_one_of(first) + ("" if alone else f"(?={_one_of(follows)})"))

    def is_in(self, text: str) -> bool:
        return next(self._found(text), None) is not None

    def blotted(self, text: str) -> str:
        pieces, done = [], 0
        for start, end in self._found(text):
            pieces += [text[done:start], BLOT]
            done = end
        return "".join([*pieces, text[done:]])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the key begins and ends in the text, from left to right."""
        readings = _Readings(text)
        escaped = {place for place, found in readings.escapes.items() if any(s in self._signs[0] for s, _ in found)}
        starts = sorted(escaped.union(match.start() for match in self._begin.finditer(text)))
        done = 0
        for start in starts:
            end = self._end(readings, start) if start >= done else None
            if end is not None:
                yield start, end
                done = end

    def _end(self, readings: "_Readings", start: int) -> int | None:
        """Where the key that begins at a place ends, or None if none begins there."""
        ends, seen, waiting = set(), set(), [(start, 0, False)]
        while waiting:
            state = waiting.pop()
            place, count, folded = state
            if state in seen:
                continue
            seen.add(state)
            if count == len(self._signs):
                ends.add(self._filled(readings, place))
                continue
            for sign, after in readings.at(place):
                if sign in self._signs[count]:
                    waiting.append((after, count + 1, False))
                if count and (sign in SKIPPED or (folded and sign in " \t")):
                    waiting.append((after, count, True))
        return max(ends, default=None)

    def _filled(self, readings: "_Readings", place: int) -> int:
        """The end of the filling that follows the key, if any does."""
        for _ in range(self._filling):
            place = max((after for sign, after in readings.at(place) if sign == "="), default=place)
        return place


def _one_of(signs: Iterable[str]) -> str:
    """Any of the signs, as a regular expression."""
    return f"[{''.join(re.escape(sign) for sign in sorted(signs) if len(sign) == 1)}]"


class _Readings:
    """What each place of a text can be read as: the sign that stands there, and what an escape there means.

    `escapes` is worked out from the end of the text on, so that an escape whose signs are escaped themselves finds
    theirs: in "%25&#50;F" the last "F" is read first, then "&#50;" as "2", then "%25" as "%", and "%2F" as "/".
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.escapes: dict[int, frozenset[Reading]] = {}
        plain: dict[str, frozenset[Reading]] = {}
        for match in reversed(list(BEGIN.finditer(text))):
            place = match.start()
            alone = PLAIN.match(text, place)
            known = plain.get(alone[0]) if alone else None
            found = self._escaped(place) if known is None else known
            if alone and not any(sign in BEGINNING for sign, _ in found):
                plain[alone[0]] = found
            if found:
                self.escapes[place] = found

    def at(self, place: int) -> Iterator[Reading]:
        """The signs that a place can be read as, and where the text goes on after each."""
        if place < len(self._text):
            yield self._text[place], place + 1
            for sign, length in self.escapes.get(place, ()):
                yield sign, place + length

    def _escaped(self, place: int) -> frozenset[Reading]:
        """What escapes that begin at a place mean, one inside another, with their lengths."""
        found: set[Reading] = set()
        waiting = [(self._text[place], place + 1)]
        while waiting:
            for sign, after in self._meant(*waiting.pop()):
                if (sign, after - place) not in found and len(found) < MOST_READINGS:
                    found.add((sign, after - place))
                    waiting.append((sign, after))
        return frozenset(found)

    def _meant(self, sign: str, after: int) -> Iterator[Reading]:
        """What an escape means that begins with this sign and goes on after it."""
        if sign == "%":
            yield from self._numbers(after, hexdigits, 16, 2, 2)
            yield from self._marked(after, "u", 4, 4)
        elif sign == "&":
            yield from self._entities(after)
        elif sign == "=":
            yield from self._numbers(after, hexdigits, 16, 2, 2)
            yield from (("\n", end) for text, end in self._runs(after, "\r\n", 1, 2) if text.endswith("\n"))
        elif sign == "\\":
            yield from self._backslashed(after)
        elif sign == "<":
            for text, end in self._runs(after, "wbrWBR/ ", 2, 6):
                if text.lower() in BREAKS:
                    yield from (("\n", last) for closing, last in self.at(end) if closing == ">")

    def _backslashed(self, after: int) -> Iterator[Reading]:
        for mark, size in (("u", 4), ("x", 2), ("U", 8)):
            yield from self._marked(after, mark, size, size)
        for mark, _, begin in self._after(after, "ux", "{"):
            yield from self._closed(self._numbers(begin, hexdigits, 16, 1, 8), "}", needed=bool(mark))
        yield from self._numbers(after, OCTAL, 8, 3, 3)
        for sign, end in self.at(after):
            if not sign.isalnum():
                yield sign, end
            elif sign in CONTROL:
                yield CONTROL[sign], end

    def _entities(self, after: int) -> Iterator[Reading]:
        named = ((NAMED[name], end) for name, end in self._runs(after, ALPHANUMERIC, 2, LONGEST_NAME) if name in NAMED)
        yield from self._closed(named, ";", needed=False)
        for sign, end in self.at(after):
            if sign == "#":
                decimal = self._numbers(end, DIGITS, 10, 1, LONGEST_NUMBER)
                yield from self._closed(decimal, ";", needed=False)
                for mark in "xX":
                    yield from self._closed(self._marked(end, mark, 1, LONGEST_NUMBER), ";", needed=False)

    def _after(self, place: int, marks: str, bracket: str) -> Iterator[tuple[str, str, int]]:
        for mark, end in self.at(place):
            if mark in marks:
                yield from ((mark, sign, begin) for sign, begin in self.at(end) if sign == bracket)

    def _closed(self, readings: Iterator[Reading], closing: str, *, needed: bool) -> Iterator[Reading]:
        """Each reading up to what closes it, or also without."""
        for sign, end in readings:
            if not needed:
                yield sign, end
            yield from ((sign, last) for found, last in self.at(end) if found == closing)

    def _marked(self, place: int, mark: str, least: int, most: int) -> Iterator[Reading]:
        """The sign whose number follows a letter, in hexadecimal."""
        for sign, end in self.at(place):
            if sign == mark:
                yield from self._numbers(end, hexdigits, 16, least, most)

    def _numbers(self, place: int, digits: str, base: int, least: int, most: int) -> Iterator[Reading]:
        """The sign whose number stands there, of any length allowed: what is not closed may end at any digit."""
        for text, end in self._runs(place, digits, least, most):
            number = int(text, base)
            if 32 <= number < 0x110000 or number in map(ord, "\n\r\t"):
                yield chr(number), end

    def _runs(self, place: int, allowed: str, least: int, most: int) -> Iterator[tuple[str, int]]:
        """The words of allowed signs that begin there, of every length from least to most."""
        words = {("", place)}
        for length in range(1, most + 1):
            longer = {(word + sign, after) for word, end in words for sign, after in self.at(end) if sign in allowed}
            words = set(list(longer)[:MOST_READINGS])
            if not words:
                return
            if length >= least:
                yield from words
