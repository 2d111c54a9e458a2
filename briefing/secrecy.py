"""Keeps keys and passwords out of every text that is shown or kept, in whatever way a source spells them.

A key comes back in an address, in JSON, in HTML or in a mail, each of which writes some of its signs in another
way, and one inside another: "/" is "%2F", "%252f", "&#47;", "&sol;", "\\u002f" or "=2F". So a text is not searched
for spellings of the key, of which there are too many to list. Each place of the text is read in every way it can
be read, and the key is looked for among the readings: with what a page or a terminal sets unseen between its signs,
in groups, cut short, with its middle left out, and as hexadecimal, base64 or base32 of itself; and again in what the
base64 of a text holds. A key that somebody has turned round is not looked for: no source does that.
"""

import os
import re
from base64 import b16encode, b32encode, b64encode, urlsafe_b64decode
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from html.entities import html5
from itertools import islice, pairwise
from string import ascii_letters, hexdigits
from typing import Any
from unicodedata import category, normalize
from urllib.parse import parse_qsl, unquote

BLOT = "•••"
KEY_VARIABLES = ("CENSUS_API_KEY", "FRED_API_KEY", "COMTRADE_API_KEY", "KOREA_CUSTOMS_KEY")
LEAST_LONG = 16
"""Signs from which on a key may stand in groups, and "=" at its end is the filling of base64, which may be left out."""
LEAST_CUT, LEAST_SHOWN = 24, 12
"""Signs from which on a key is known by a part of it, and the signs at its beginning or end that are such a part."""
LEAST_AT_ENDS, MOST_BETWEEN = 8, 16
"""Signs at the beginning and at the end by which a key without its middle is known, and those that stand for it."""
LEAST_ENCODED = 8
"""Bytes from which on the hexadecimal or base64 of a key is no ordinary text."""
ENCODINGS = ((b64encode, 6, 3), (b32encode, 5, 5), (b16encode, 4, 1))
"""How bytes are written as text, the bits each sign stands for, and after how many bytes the signs begin anew."""
NESTED, DEEPEST = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}"), 2
"""What may be base64 of something that holds the key, and how often one is looked for in another."""
MOST_FILLING = 6
"""Signs "=" that base32 may end with; base64 has two."""
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

Reading = tuple[str, int]
"""One sign, or several written as one, and the place where the text goes on after it, from the beginning or from it."""
Meanings = tuple[tuple[str, tuple[int, ...]], ...]
"""The signs that escapes at one place mean, each with the lengths of the escapes that mean it."""
State = tuple[int, int, bool]
"""A place of the text, the signs of the key before it, and whether a line was broken since the last of them."""

NAMED = {name.rstrip(";"): sign for name, sign in html5.items()}
LONGEST_NAME = max(len(name) for name in NAMED)
LONGEST_NUMBER = 16
LONGEST_MARKUP = 2000
"""Signs that a tag or a comment may have; what is longer keeps two pieces of a key apart."""
MOST_READINGS = 128
"""Ways to read one place that are followed; a text that has more was made to have them."""

DIGITS, OCTAL, ALPHANUMERIC = "0123456789", "01234567", "0123456789" + ascii_letters
ESCAPE, UNSEEN = "\x1b", "\u200b"
CONTROL = {"n": "\n", "r": "\r", "t": "\t", "e": ESCAPE}
CONTROLS = frozenset("\0\t\n\r" + ESCAPE)
NOTHING = frozenset(map(chr, [*range(32), *range(127, 160), 0xFFFD])) - {"\t", ESCAPE}
"""Signs of no meaning that bytes are full of which are no text."""
BLANKS = frozenset(" \t")
GROUPING = frozenset(" \t-.:,;_/|\"'`*>\u00b7\u2026\u2010\u2012\u2013\u2014\u2212")
UNSEEN_KINDS = frozenset({"Cc", "Cf", "Mn", "Me", "Zl", "Zp"})
"""What may stand unseen between two signs of a word: controls, ends of lines, marks, and noughts of another encoding."""

BEGINNING = frozenset("%&=\\<" + ESCAPE)
MANY = "\ue000"
"""Stands in the outline of a text where only a reading tells what can stand there."""
TOLD, MOST_APART = 8, 32
"""Signs of a key, or of a piece of it, that are looked for in the outline before the text is read, and those between two
beyond which they are not looked for."""
WIDER = "\x80-\U0010ffff"
BEGIN = re.compile(
    rf"%(?=[0-9A-Fa-fu%&\\={WIDER}])|&(?=[#A-Za-z%&\\={WIDER}])|=(?=[0-9A-Fa-f%&\\=\r\n{WIDER}])"
    rf"|\\(?=.)(?!\\{{64}})|<(?=[A-Za-z/!?%&\\={WIDER}])|{ESCAPE}(?=[\[%&\\={WIDER}])",
    re.S,
)
"""Where an escape can begin; those that begin with an escaped sign begin with one of these as well."""

PLAIN = re.compile(rf"[%&][#0-9A-Za-z]{{1,40}}(?:;|(?=[^#0-9A-Za-z;%&\\=<{WIDER}]|$))")
"""An escape with no other inside it: it means the same wherever it stands, unless its meaning begins another."""

MARKUP = re.compile(r"""!--.*?-->|(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""", re.S)
"""What follows the "<" of a comment or a tag; ">" in quotes or in a comment ends neither."""


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
        if not self._value:
            return text
        pieces, done = [], 0
        for start, end in sorted(self._found(text)):
            if start >= done:
                pieces += [text[done:start], BLOT]
            done = max(done, end)
        return "".join([*pieces, text[done:]])

    def is_in(self, content: bytes) -> bool:
        """Whether bytes of any encoding show the key."""
        return bool(self._value) and self._is_within(content, DEEPEST)

    def _is_within(self, content: bytes, deepest: int) -> bool:
        texts = _decoded(content, ascii_only=self._value.isascii())
        return any(True for text in texts for _ in self._found(text, deepest))

    def _found(self, text: str, deepest: int = DEEPEST) -> Iterator[tuple[int, int]]:
        """Where the key stands in the text; what is found twice may overlap."""
        readings = _Readings(text, self._signs)
        shown: list[tuple[int, int]] = []
        for found in (
            *(form.found(readings) for form in self._forms),
            *((match.span() for match in pattern.finditer(text)) for pattern in self._without_middle),
        ):
            for span in found:
                shown.append(span)
                yield span
        runs = NESTED.finditer(text) if deepest else ()
        nested = [run for run in runs if not any(start < run.end() and run.start() < end for start, end in shown)]
        if nested and self._is_within(b"".join(map(_held_apart, nested)), deepest - 1):
            yield from (run.span() for run in nested if self._is_within(_held_apart(run), deepest - 1))

    @cached_property
    def _without_middle(self) -> list[re.Pattern[str]]:
        values = {self._value, unquote(self._value)}
        return [_ends([_alike(sign) for sign in value]) for value in values if len(value) >= LEAST_CUT]

    @cached_property
    def _forms(self) -> "list[_Form]":
        """The key as it is and as it was before somebody encoded it, each plain, folded, ungrouped and encoded."""
        values = {self._value, unquote(self._value)} - {""}
        plain = values | {self._value.encode(errors="replace").decode("latin-1")} - {""}
        plain |= {_folded(value) for value in values}
        plain |= {bare for value in plain if len(bare := re.sub(r"[ \t.:-]", "", value)) >= LEAST_LONG}
        encoded = [form for value in values for form in _encoded(value.encode(errors="replace"))]
        return [*map(_plain, sorted(plain)), *encoded]

    @cached_property
    def _signs(self) -> frozenset[str]:
        return frozenset().union(*(form.signs for form in self._forms))

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
    query = address.partition("?")[2].partition("#")[0]
    values = [user.partition(":")[2], *(value for _, value in parse_qsl(query))]
    return [Secret(value) for value in values if value]


_SECRET_NAME = r"[^\s=&?#;:\"']*(?:key|token|secret|pass|pwd|auth|signature|sig|credential|code|session)[^\s=&?#;:\"']*"
_TOLD_SECRETS = (
    # the password of an address, which may hold any sign but a space; of one typed without its scheme, no slash
    (r"(//|%2F%2F)[^\s\"'<>]*(@|%40)", rf"\g<1>{BLOT}\g<2>"),
    (r"(?<![^\s\"'(<,])[^\s@:/]+:[^\s@/]+@(?=[\w.-]+)", f"{BLOT}@"),
    (r"(\s(?:-u|--user)[ =]?)\S+", rf"\g<1>{BLOT}"),
    (r"(\b(?:Bearer|Basic)\s+)\S+", rf"\g<1>{BLOT}"),
    (rf"((?:[?&#;]|%3F|%26|%23|^|\s){_SECRET_NAME}(?:=|%3D)\s?)[^\s&;]+", rf"\g<1>{BLOT}"),
)
"""What of a person's words is not kept, and what stands in its place."""


def told_without_secrets(text: str) -> str:
    """What a person says of a file, to be kept: without the keys of the environment, passwords and keys in addresses."""
    for name in KEY_VARIABLES:
        text = Secret(os.environ.get(name, "")).blotted(text)
    for pattern, blotted in _TOLD_SECRETS:
        text = re.sub(pattern, blotted, text, flags=re.I)
    return text


ALIKE = {"+": "+- ", "-": "+- ", " ": "+- ", "/": "/_", "_": "/_"}
"""Signs written for one another: by base64 in an address, and for a space in a query."""


@lru_cache(4096)
def _alike(sign: str) -> frozenset[str]:
    """What a sign of a key is written as where nothing is escaped; hosts and headers change the case."""
    return frozenset({sign, sign.lower(), sign.upper(), *ALIKE.get(sign, "")})


@lru_cache(4096)
def _unseen(sign: str) -> bool:
    """Whether a sign shows nothing of its own; a tab parts two columns."""
    return sign == "\ufffd" or (len(sign) == 1 and sign != "\t" and category(sign) in UNSEEN_KINDS)


def _folded(text: str) -> str:
    """The text in the plainest signs it can be written in: not full-width, without marks above or below."""
    if text.isascii():
        return text
    plain = "".join(sign for sign in normalize("NFKD", text) if not _unseen(sign))
    return normalize("NFC", plain) or text


def _decoded(content: bytes, *, ascii_only: bool) -> set[str]:
    """What bytes say in each encoding they may be in. Those of two or four bytes a sign show by their noughts.

    The signs of ASCII are the same in UTF-8 as in the encodings of one byte a sign.
    """
    names = ["utf-8", "utf-7", *([] if ascii_only else ["latin-1"]), *(WIDE if b"\0" in content else ())]
    return {content.decode(name, "replace") for name in names}


def _held_apart(run: re.Match[str]) -> bytes:
    """The bytes that a run of base64 holds, and what keeps them from those of the next, whole in any encoding."""
    plain = run[0].rstrip("=").replace("+", "-").replace("/", "_")
    held = urlsafe_b64decode(plain[: len(plain) - (len(plain) % 4 == 1)] + "===")
    return held + b"~" * (8 - len(held) % 4)


def _ends(signs: list[frozenset[str]]) -> re.Pattern[str]:
    """The beginning and the end of a key with something short between them, as far as each is shown."""
    half = len(signs) // 2
    first = last = ""
    for sign in reversed(signs[LEAST_AT_ENDS:half]):
        first = f"(?:{_one_of(sign)}{first})?"
    for sign in signs[half:-LEAST_AT_ENDS]:
        last = f"(?:{last}{_one_of(sign)})?"
    begins, ends = ("".join(map(_one_of, part)) for part in (signs[:LEAST_AT_ENDS], signs[-LEAST_AT_ENDS:]))
    return re.compile(f"{begins}{first}.{{1,{MOST_BETWEEN}}}?{last}{ends}", re.S)


def _plain(value: str) -> "_Form":
    bare = value.rstrip("=")
    filled = bare != value and len(bare) >= LEAST_LONG
    return _Form([_alike(sign) for sign in (bare if filled else value)], len(value) - len(bare) if filled else 0)


def _encoded(key: bytes) -> "Iterator[_Form]":
    """The signs that hold a bit of the key in each encoding, wherever in longer bytes the key begins.

    The first and the last sign may hold bits of the bytes beside the key as well, of which there are four at most.
    """
    for encode, bits, cycle in ENCODINGS if len(key) >= LEAST_ENCODED else ():
        for before in range(cycle):
            texts = [encode(bytes([x] * before) + key + bytes([x << 4])).decode() for x in range(16)]
            first, end = 8 * before // bits, -(-8 * (before + len(key)) // bits)
            signs = [frozenset().union(*map(_alike, ways)) for ways in zip(*texts, strict=True)]
            yield _Form(signs[first:end], 0 if encode is b16encode else MOST_FILLING, bits)


class _Form:
    """One form of a key, to be found in texts."""

    def __init__(self, signs: list[frozenset[str]], filling: int, bits: int = 8) -> None:
        self._signs, self._filling = signs, filling
        self._between = GROUPING if len(signs) >= LEAST_LONG else frozenset()
        cut = len(signs) >= LEAST_CUT
        self._least = LEAST_SHOWN if cut else len(signs)
        self._last = len(signs) - LEAST_SHOWN if cut else 0
        """From which sign on the ending is too short to tell."""
        self._inner = LEAST_SHOWN * (8 // bits if bits == 4 else 1)
        """The signs of the middle of a key, alone, that are a part of it: as many of its own, not of its digits."""

    @property
    def signs(self) -> frozenset[str]:
        return frozenset().union(*self._signs)

    def found(self, readings: "_Readings") -> Iterator[tuple[int, int]]:
        """Where the key, its beginning or its ending stands in the text; what is found twice may overlap."""
        yield from self._spans(readings, self._starts(readings, 0), self._least)
        if not self._last:
            return
        ends = any(True for _ in self._spans(readings, self._starts(readings, self._last), len(self._signs)))
        goes_on = any(self._has_seed(readings, count) for count in self._seeds)
        starts = list(self._all_starts(readings)) if ends or goes_on else []
        if ends:
            yield from self._spans(readings, starts, len(self._signs))
        if goes_on:
            yield from self._spans(readings, starts, -self._inner)

    @property
    def _seeds(self) -> range:
        """Where pieces begin of which a part of the middle holds one as a whole."""
        piece = self._inner // 2
        return range(piece, len(self._signs) - piece + 1, piece) if len(self._signs) > self._inner else range(0)

    def _has_seed(self, readings: "_Readings", count: int) -> bool:
        return any(True for _ in self._spans(readings, self._starts(readings, count), count + self._inner // 2))

    def _starts(self, readings: "_Readings", count: int) -> list[tuple[int, int]]:
        """The places where this sign of the key may stand, as far as the next can be told without reading."""
        told, outline = self._beginnings[count], readings.outline
        places = {match.start() for match in _beginning(told).finditer(outline)}
        meant = list(readings.escapes_to(self._signs[count]))
        places.update(place for place, after in meant if _rest(told).match(outline, after))
        return [(place, count) for place in sorted(places)]

    def _all_starts(self, readings: "_Readings") -> Iterator[tuple[int, int]]:
        for place in range(len(readings.text)):
            read = {sign[0] for sign, _ in readings.signs_at(place)}
            yield from ((place, count) for count in range(1, self._last + 1) if self._signs[count] & read)

    @cached_property
    def _beginnings(self) -> dict[int, tuple[frozenset[str], ...]]:
        """The signs that are looked for in the outline, by the place of the first in the key."""
        return {count: tuple(self._signs[count : count + TOLD]) for count in {0, self._last, *self._seeds}}

    def _spans(self, readings: "_Readings", starts: Iterable[tuple[int, int]], least: int) -> Iterator[tuple[int, int]]:
        """Where the key, from the given signs on and up to at least as many, stands in the text, from left to right.

        A negative least counts from each start: so many signs, whichever they are.
        A state seen from an earlier start led nowhere, or to an end before this start. So none is followed twice, and
        the work is bounded by the length of the text.
        """
        seen: set[State] = set()
        done = 0
        for start, count in starts:
            least_here = least if least > 0 else count - least
            end = self._end(readings, (start, count, False), least_here, seen) if start >= done else None
            if end is not None:
                yield start, end
                done = end

    def _end(self, readings: "_Readings", start: State, least: int, seen: set[State]) -> int | None:
        """Where what begins at a place ends, or None if it is less than the least."""
        ends, waiting = set(), [start]
        text, escapes = readings.text, readings.escapes
        while waiting:
            state = waiting.pop()
            place, count, broken = state
            if state in seen:
                continue
            seen.add(state)
            if count == len(self._signs):
                ends.add(self._filled(readings, place))
            elif place in escapes:
                self._follow_escape(readings, state, least, state != start, waiting, ends)
            elif place < len(text):
                sign = text[place]
                if sign in self._signs[count]:
                    waiting.append((place + 1, count + 1, False))
                    if count + 1 >= least:
                        ends.add(place + 1)
                if state != start and self._passes(sign, broken):
                    waiting.append((place + 1, count, broken or sign in "\r\n"))
        return max(ends, default=None)

    def _follow_escape(
        self, readings: "_Readings", state: State, least: int, inside: bool, waiting: list[State], ends: set[int]
    ) -> None:
        """Where the key goes on after a place with several readings; inside it something may stand between signs."""
        place, count, broken = state
        for sign, lengths in readings.signs_at(place):
            reached = count + len(sign)
            if self._agrees(sign, count):
                waiting += ((place + length, reached, False) for length in lengths)
                if reached >= least:
                    ends.add(place + max(lengths))
            if inside and self._passes(sign, broken):
                waiting += ((place + length, count, broken or sign in "\r\n") for length in lengths)

    def _agrees(self, written: str, count: int) -> bool:
        if len(written) == 1:
            return written in self._signs[count]
        signs = self._signs[count : count + len(written)]
        return len(signs) == len(written) and all(map(frozenset.__contains__, signs, written))

    def _passes(self, written: str, broken: bool) -> bool:
        """Whether this may stand between two signs of the key."""
        return written in self._between or _unseen(written) or (broken and written in BLANKS)

    def _filled(self, readings: "_Readings", place: int) -> int:
        """The end of the filling that follows the key, if any does."""
        for _ in range(self._filling):
            place = max((after for sign, after in readings.at(place) if sign == "="), default=place)
        return place


@lru_cache(1024)
def _beginning(signs: tuple[frozenset[str], ...]) -> re.Pattern[str]:
    """The first sign, where the others follow it as far as the outline tells."""
    first = signs[0] if all(sign.isalnum() and sign.isascii() for sign in signs[0]) else signs[0] | {MANY}
    return re.compile(f"{_one_of(first)}(?={_following(signs[1:])})")


@lru_cache(1024)
def _rest(signs: tuple[frozenset[str], ...]) -> re.Pattern[str]:
    """The signs after the first as far as the outline tells: most texts have no escape that means the first."""
    return re.compile(_following(signs[1:]))


def _following(signs: tuple[frozenset[str], ...]) -> str:
    """These signs up to where a reading alone tells what stands there or between them, as a regular expression."""
    pattern = ""
    for sign in reversed(signs):
        apart = _apart(sign & (GROUPING | NOTHING))
        pattern = f"{apart}{{0,{MOST_APART}}}+(?:{apart}|{MANY}|{_one_of(sign)}{pattern})"
    return pattern


@lru_cache(64)
def _apart(told: frozenset[str]) -> str:
    """What may stand between two signs of a key but those that are told themselves, as a regular expression."""
    return _one_of((GROUPING | NOTHING) - told)


def _one_of(signs: Iterable[str]) -> str:
    """Any of the signs, as a regular expression."""
    single = "".join(re.escape(sign) for sign in sorted(signs) if len(sign) == 1)
    return f"[{single}]" if single else "(?!)"


class _Readings:
    """What each place of a text can be read as: the sign that stands there, and what an escape there means.

    The escapes are worked out from the end of the text on, so that an escape whose signs are escaped themselves finds
    theirs: in "%25&#50;F" the last "F" is read first, then "&#50;" as "2", then "%25" as "%", and "%2F" as "/".
    """

    def __init__(self, text: str, signs: frozenset[str]) -> None:
        """Other signs beyond ASCII than those given need not be told: a number of many digits can be read as many."""
        self.text = text
        self._signs = signs
        self.escapes: dict[int, Meanings] = {}
        self._places: dict[Meanings, list[int]] = {}
        self._closings: list[int] = []
        plain: dict[str, Meanings] = {}
        for place in self._beginnings():
            if text[place] in "%&=" and text[place + 1] in BEGINNING and place + 1 not in self.escapes:
                continue
            alone = PLAIN.match(text, place)
            known = plain.get(alone[0]) if alone else None
            found = self._escaped(place) if known is None else known
            if alone and not any(sign in BEGINNING for sign, _ in found):
                plain[alone[0]] = found
            if found:
                self.escapes[place] = found
                self._places.setdefault(found, []).append(place)
                self._closings += (place + length for sign, lengths in found if sign == ">" for length in lengths)

    @cached_property
    def outline(self) -> str:
        """The text with MANY at every place that can be read as more than the sign that stands there, or is unseen."""
        places = [-1, *sorted(self.escapes), len(self.text)]
        outline = MANY.join(self.text[one + 1 : other] for one, other in pairwise(places))
        unseen = {sign for sign in set(outline) if sign not in NOTHING and _unseen(sign)}
        return re.sub(_one_of(unseen), MANY, outline) if unseen else outline

    @cached_property
    def _places_of(self) -> dict[str, list[tuple[int, int]]]:
        """Where escapes begin and end, by what they mean."""
        places: dict[str, list[tuple[int, int]]] = {}
        for found, there in self._places.items():
            for sign, lengths in found:
                spans = ((place, place + length) for place in there for length in lengths)
                places.setdefault(sign[0], []).extend(spans if len(sign) == 1 else ((place, place) for place in there))
        return places

    def at(self, place: int) -> Iterator[Reading]:
        """The signs that a place can be read as, and where the text goes on after each."""
        if place < len(self.text):
            yield self.text[place], place + 1
            for sign, lengths in self.escapes.get(place, ()):
                yield from ((sign, place + length) for length in lengths)

    def signs_at(self, place: int) -> Meanings:
        """The same, each sign once with all its lengths."""
        return ((self.text[place], (1,)), *self.escapes.get(place, ())) if place < len(self.text) else ()

    def escapes_to(self, signs: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Where the escapes that mean one of the signs begin and end; no end where one means several, to be read."""
        for sign in signs:
            yield from self._places_of.get(sign, ())

    def _beginnings(self) -> list[int]:
        """Where an escape or a sign that is written in another way can begin, from the end of the text on."""
        places = {match.start() for match in BEGIN.finditer(self.text)}
        if not self.text.isascii():
            other = {sign for sign in set(self.text) if _folded(sign) != sign}
            places.update(match.start() for match in re.finditer(_one_of(other), self.text))
        return sorted(places, reverse=True)

    def _escaped(self, place: int) -> Meanings:
        """What escapes that begin at a place mean, one inside another, with their lengths; the nearest first."""
        sign = self.text[place]
        plain = _folded(sign)
        found: dict[Reading, None] = {} if plain == sign else {(plain, 1): None}
        waiting = deque((way, place + 1) for way in dict.fromkeys((sign, plain)))
        while waiting and len(found) < MOST_READINGS:
            for sign, after in islice(self._meant(*waiting.popleft()), MOST_READINGS):
                for way in (sign, _folded(sign)):
                    if (way, after - place) not in found:
                        found[way, after - place] = None
                        waiting.append((way, after))
        lengths: dict[str, list[int]] = {}
        for sign, length in islice(found, MOST_READINGS):
            lengths.setdefault(sign, []).append(length)
        return tuple((sign, tuple(several)) for sign, several in lengths.items())

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
            yield from ((UNSEEN, end) for end in self._markup(after))
        elif sign == ESCAPE:
            yield from ((UNSEEN, end) for end in self._commands(after))

    def _markup(self, after: int) -> Iterator[int]:
        """Where a tag or a comment ends that begins before this place, its own signs written plainly or escaped."""
        most = after + LONGEST_MARKUP
        plain, quoted = self.text.find(">", after, most), MARKUP.match(self.text, after, most)
        if plain >= 0:
            yield plain + 1
        if quoted:
            yield quoted.end()
        escaped = next((end for end in reversed(self._closings) if end > after), most)
        if escaped < most:
            yield escaped

    def _commands(self, after: int) -> Iterator[int]:
        """Where a command to a terminal ends, which shows nothing."""
        for bracket, begin in self.at(after):
            if bracket == "[":
                for _, end in self._runs(begin, DIGITS + ";:?", 0, LONGEST_NUMBER):
                    yield from (last for letter, last in self.at(end) if letter.isalpha())

    def _backslashed(self, after: int) -> Iterator[Reading]:
        for mark, size in (("u", 4), ("x", 2), ("U", 8)):
            yield from self._marked(after, mark, size, size)
        for mark, _, begin in self._after(after, "ux", "{"):
            yield from self._closed(self._numbers(begin, hexdigits, 16, 1, 8), "}", needed=bool(mark))
        yield from self._numbers(after, OCTAL, 8, 3, 3)
        yield from self._closed(self._numbers(after, hexdigits, 16, 1, 6), " ", needed=False)
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
            sign = chr(number) if number < 0x110000 and (number or least == most) else ""
            if sign and self._tells(sign):
                yield sign, end

    def _tells(self, sign: str) -> bool:
        """Whether a sign can be one of the key, of an escape, or stand unseen; a control that does neither cannot."""
        if sign < " " or sign == "\x7f":
            return sign in CONTROLS
        return sign in self._signs or _unseen(sign) or _folded(sign).isascii()

    def _runs(self, place: int, allowed: str, least: int, most: int) -> Iterator[tuple[str, int]]:
        """The words of allowed signs that begin there, of every length from least to most."""
        words = {("", place): None}
        for length in range(most + 1):
            if length >= least:
                yield from words
            longer = ((word + sign, after) for word, end in words for sign, after in self.at(end) if sign in allowed)
            words = dict.fromkeys(islice(longer, MOST_READINGS))
            if not words:
                return
