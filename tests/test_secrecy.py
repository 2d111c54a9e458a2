"""Keys and passwords: found in every spelling that addresses, JSON, HTML and mails give each of their signs."""

import hashlib
import json
import pickle
import sys
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from html.entities import html5
from pathlib import Path
from string import ascii_letters, digits
from urllib.parse import quote, quote_plus

import pytest
from briefing.secrecy import BLOT, Secret, _decoded, _Readings, secrets_of, told_without_secrets, without_password
from hypothesis import given, settings
from hypothesis import strategies as st

KEY = "s3cret/Key+with=signs&5800"
AWKWARD = "+/=&%;#\\<>'\"?-_.~:@,!$*()[]{}|^`"
NAMES = {sign: [name for name, value in html5.items() if value == sign] for sign in AWKWARD}

# How one sign is written inside an address, JSON, a script, HTML or a mail. Each may be written so again.
SPELLINGS: list[Callable[[str], str]] = [
    lambda sign: f"%{ord(sign):02X}",
    lambda sign: f"%{ord(sign):02x}",
    lambda sign: f"%u{ord(sign):04x}",
    lambda sign: f"&#{ord(sign)};",
    lambda sign: f"&#{ord(sign):07};",
    lambda sign: f"&#x{ord(sign):x};",
    lambda sign: f"&#X{ord(sign):04X};",
    lambda sign: f"\\u{ord(sign):04x}",
    lambda sign: f"\\u{ord(sign):04X}",
    lambda sign: f"\\u{{{ord(sign):x}}}",
    lambda sign: f"\\x{ord(sign):02x}",
    lambda sign: f"\\{ord(sign):03o}",
    lambda sign: f"={ord(sign):02X}",
    lambda sign: sign if sign.isalnum() else f"\\{sign}",
    lambda sign: f"\\{ord(sign):x} ",
    lambda sign: f"\\{ord(sign):06X}",
]


@st.composite
def spelled(draw: st.DrawFn, sign: str) -> str:
    """A sign in any spelling, whose own signs may be spelled in another up to three deep."""
    text = sign
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text) - 1))
        whole = draw(st.booleans())
        spell = draw(st.sampled_from(SPELLINGS))
        text = "".join(spell(one) if whole or place == at else one for place, one in enumerate(text))
        if len(text) > 40:
            break
    return text


@st.composite
def keys_and_spellings(draw: st.DrawFn) -> tuple[str, str]:
    key = draw(st.text(ascii_letters + digits + AWKWARD, min_size=8, max_size=16))
    plain = draw(st.booleans())
    return key, "".join(one if plain and one.isalnum() else draw(spelled(one)) for one in key)


@pytest.mark.long
@settings(deadline=None)
@given(keys_and_spellings(), st.sampled_from(["", "you sent key=", "<p>", '{"message": "', "%", "&", "\\", "&#"]))
def test_a_key_is_found_whatever_the_spelling_of_each_of_its_signs(both: tuple[str, str], before: str) -> None:
    key, written = both
    shown = Secret(key).blotted(f"{before}{written} was sent")
    assert BLOT in shown and written not in shown
    assert shown.endswith("was sent") and shown.startswith(before.rstrip("%&\\#"))


@pytest.mark.long
@settings(deadline=None)
@given(keys_and_spellings())
def test_bytes_that_hold_a_key_in_any_spelling_are_known_to(both: tuple[str, str]) -> None:
    key, written = both
    assert Secret(key).is_in(f'[["{written}"]]'.encode())
    assert Secret(key).is_in(f'[["{written}"]]'.encode("utf-16"))


@pytest.mark.long
@settings(deadline=None)
@given(st.text(ascii_letters + digits + AWKWARD + " \n", max_size=200), st.text("QZ7", min_size=8, max_size=20))
def test_text_without_the_key_is_left_as_it_is(text: str, key: str) -> None:
    if not {"Q", "q", "Z", "z", "7"} & set(text):
        innocent = text.replace("&", "").replace("%", "").replace("\\", "").replace("=", "")
        assert Secret(key).blotted(innocent) == innocent


@pytest.mark.parametrize(
    "text",
    [
        "In 2017-11 exports to South Korea were 4,801 million dollars & imports 6,100 (12 % more).",
        "https://api.census.gov/data/timeseries/intltrade/exports/hs?get=ALL_VAL_MO&CTY_CODE=5800&key=",
        r'{"error": "unknown variable \"X\" \u2014 see \/data\/key_signup.html", "signs": "s3cret/Key+"}',
        "<p>Key &amp; signs &lt;5800&gt; &#8212; %2Fkey%2Fsigns</p>",
    ],
)
def test_words_and_addresses_that_only_resemble_a_key_are_left(text: str) -> None:
    assert Secret(KEY).blotted(text) == text
    assert not Secret(KEY).is_in(text.encode())


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY.upper(),
        KEY.replace("/", "%2F"),
        KEY.replace("+", "%2b"),
        quote(KEY),
        quote(KEY, safe=""),
        quote(quote(KEY, safe="")),
        quote(quote(quote_plus(KEY))),
        "".join(f"%{ord(sign):02x}" for sign in KEY),
        quote("".join(f"%{ord(sign):02x}" for sign in KEY)),
        escape(KEY),
        escape(escape(KEY)),
        KEY.replace("/", "&#47;").replace("+", "&#x2B;").replace("&", "&amp;"),
        KEY.replace("/", "&sol;").replace("+", "&plus;").replace("=", "&equals;"),
        KEY.replace("/", "&#47"),
        KEY.replace("/", "&#0000000047;"),
        KEY.replace("/", r"\/"),
        KEY.replace("/", r"\u002f"),
        KEY.replace("/", r"\\u002F"),
        KEY.replace("/", r"\x2f"),
        KEY.replace("+", " "),
        KEY.replace("+", "-").replace("/", "_"),
        KEY.replace("=", "=3D").replace("+", "=2B"),
        f"{KEY[:9]}\n{KEY[9:]}",
        f"{KEY[:9]}\r\n  {KEY[9:]}",
        f"{KEY[:9]}=\r\n{KEY[9:]}",
        rf"{KEY[:9]}\n{KEY[9:]}",
        f"{KEY[:9]}<wbr>{KEY[9:]}",
        f"{KEY[:9]}&shy;{KEY[9:]}",
    ],
)
def test_a_key_of_base64_is_found_as_servers_are_known_to_write_it(written: str) -> None:
    assert Secret(KEY).blotted(f"key {written}, refused") in (f"key {BLOT}, refused", f"key {BLOT};, refused")


def test_the_filling_at_the_end_of_a_key_may_be_left_out_or_encoded() -> None:
    for end in ("", "=", "==", "%3D%3D", "&#61;&equals;"):
        assert Secret("Zm9vYmFyYmF6cXV4Zm9v==").blotted(f"[Zm9vYmFyYmF6cXV4Zm9v{end}]") == f"[{BLOT}]"


def test_a_key_that_was_encoded_before_it_was_given_is_found_as_it_was() -> None:
    assert Secret("abc%2Fdef%3D").blotted("abc/def= abc%252Fdef%253D abc%2Fdef%3D") == f"{BLOT} {BLOT} {BLOT}"


def test_a_password_with_letters_beyond_ascii_is_found_in_text_and_in_addresses() -> None:
    assert Secret("pässwört").blotted("pässwört p%C3%A4ssw%C3%B6rt p&auml;sswört") == f"{BLOT} {BLOT} {BLOT}"
    assert Secret("pässwört").is_in("pässwört".encode())


def test_every_entity_that_names_a_sign_is_known() -> None:
    for sign, names in NAMES.items():
        for name in names:
            assert Secret(f"key{sign}end").blotted(f"key&{name}end") == BLOT, name


@pytest.mark.long
def test_a_text_made_to_be_read_in_a_thousand_ways_is_read_in_time() -> None:
    for text in ("%25" * 5000, "&amp;" * 5000, "\\" * 5000, "&#0" * 5000, "=3D" * 5000, "s3" * 20000):
        assert Secret(KEY).blotted(text) == text


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r}" and secret.reveal() == KEY
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    ("address", "shown", "hidden"),
    [
        ("postgresql://reader@host/trade", "postgresql://reader@host/trade", []),
        ("postgresql://reader:pa@ss/w:rd@host/trade", f"postgresql://reader:{BLOT}@host/trade", ["pa@ss/w:rd"]),
        ("postgresql://host/trade?user=me&password=s3cret", "postgresql://host/trade", ["me", "s3cret"]),
        ("reader:s3cret@host/trade", f"{BLOT}@host/trade", []),
        ("build/parquet", "build/parquet", []),
    ],
)
def test_an_address_is_shown_without_its_password_and_query(address: str, shown: str, hidden: list[str]) -> None:
    assert without_password(address) == shown
    assert [secret.reveal() for secret in secrets_of(address)] == hidden


@pytest.mark.parametrize("between", ["\0", "\u200c", "\u200e", "\ufffd", "\u00ad"])
def test_a_key_with_something_unseen_between_its_signs_is_not_shown(between: str) -> None:
    key = "9f3Kq7/Xb+2LzWv8Qd5=="
    assert "Kq7" not in Secret(key).blotted(f"bad key {between.join(key)} here").replace(between, "")


LONG = "9f3Kq7/Xb+2LzWv8Qd5TmYc1Rj4E"
"""A key of 28 signs, of which a part alone is known."""

BETWEEN = {
    "markup": [
        "<b>",
        "</b>",
        '<span class="hl">',
        "<a title='x>y'>",
        "<!-- a > b -->",
        "<wbr>",
        "&lt;b&gt;",
        r"\u003cb\u003e",
    ],
    "commands": ["\x1b[31m", "\x1b[0;1m", r"\u001b[0m", r"\x1b[K", r"\e[1m", "%1B%5B31m"],
    "marks": ["\u200b", "\u0332", "\u2060", "&#x200b;", "&zwnj;", "%00", r"\u0000", "\0\0\0"],
    "groups": [" ", "\t", "-", ".", ":", " - ", "\u00a0", "\u2011", "&nbsp;", "%20"],
}


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@pytest.mark.long
@settings(deadline=None, max_examples=40)
@given(st.data(), st.text(ascii_letters + digits, min_size=16, max_size=32), st.sampled_from([None, *sorted(BETWEEN)]))
def test_a_key_is_found_with_anything_unseen_or_a_group_between_its_signs(
    data: st.DataObject, key: str, kind: str | None
) -> None:
    among = BETWEEN[kind] if kind else [one for several in BETWEEN.values() for one in several]
    between = st.lists(st.sampled_from(among), max_size=2).map("".join)
    signs = [data.draw(spelled(sign) | st.just(full_width(sign))) for sign in key]
    written = "".join(sign + data.draw(between) for sign in signs[:-1]) + signs[-1]
    assert Secret(key).blotted(f"[{written}]") == f"[{BLOT}]"
    assert Secret(key).is_in(f"[{written}]".encode())


@pytest.mark.long
@settings(deadline=None, max_examples=30)
@given(st.text(ascii_letters + digits, min_size=3, max_size=15))
def test_a_short_key_is_not_found_in_groups_but_in_markup(key: str) -> None:
    for between in (" ", "-", ".", ":", "\t"):
        assert Secret(key).blotted(between.join(key)) == between.join(key)
    for between in BETWEEN["markup"] + BETWEEN["commands"]:
        assert Secret(key).blotted(between.join(key)) == BLOT


WRITINGS: list[Callable[[bytes], str]] = [
    lambda content: content.hex(),
    lambda content: content.hex(" "),
    lambda content: content.hex(":").upper(),
    lambda content: b64encode(content).decode(),
    lambda content: b64encode(content).decode().rstrip("="),
    lambda content: urlsafe_b64encode(content).decode(),
    lambda content: b32encode(content).decode(),
]
OUTER: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: quote(text, safe=""),
    lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    lambda text: f"{text[:7]}<i>{text[7:]}",
    lambda text: f"{text[:9]}\r\n {text[9:]}",
    full_width,
]


@pytest.mark.long
@settings(deadline=None)
@given(
    st.text(ascii_letters + digits + AWKWARD, min_size=8, max_size=32),
    st.sampled_from(WRITINGS),
    st.sampled_from(OUTER[:-1]),
    st.binary(max_size=8),
    st.binary(max_size=8),
)
def test_a_key_is_found_in_hexadecimal_and_in_base64_wherever_it_begins(
    key: str, write: Callable[[bytes], str], outer: Callable[[str], str], before: bytes, after: bytes
) -> None:
    written = outer(write(before + key.encode() + after))
    shown = Secret(key).blotted(f"[{written}]")
    assert BLOT in shown and Secret(key).is_in(written.encode())
    assert len(shown) - len(BLOT) <= len(outer(write(before))) + len(outer(write(after))) + 12 * len(outer("="))


def test_the_hexadecimal_and_the_base64_of_a_key_leave_nothing_of_it() -> None:
    for write in WRITINGS:
        for outer in OUTER:
            assert Secret(LONG).blotted(f"[{outer(write(LONG.encode()))}]") == f"[{BLOT}]"
    header = f"Authorization: Basic {b64encode(f'user:{LONG}'.encode()).decode()}"
    assert Secret(LONG).blotted(header) == f"Authorization: Basic dXNlcj{BLOT}"


@pytest.mark.long
@settings(deadline=None, max_examples=40)
@given(st.text(ascii_letters + digits, min_size=24, max_size=60), st.data())
def test_a_long_key_cut_short_is_blotted_as_far_as_it_agrees(key: str, data: st.DataObject) -> None:
    size = data.draw(st.integers(12, len(key)))
    for part in (key[:size], key[-size:]):
        written = "".join(data.draw(spelled(sign)) for sign in part)
        assert Secret(key).blotted(f"[{written}]") == f"[{BLOT}]"
        assert Secret(key).is_in(written.encode())


def test_a_key_ends_where_the_source_cut_it() -> None:
    for written in (LONG[:16], f"{LONG[:8]} {LONG[8:16]}", LONG[-12:], quote(LONG[5:], safe="")):
        assert Secret(LONG).blotted(f"key {written}... is invalid") == f"key {BLOT}... is invalid"


def test_a_few_signs_of_a_key_or_the_half_of_a_shorter_one_are_no_key() -> None:
    for text in (LONG[:11], LONG[-11:], LONG[8:19], f"{LONG[:6]} {LONG[-6:]}"):
        assert Secret(LONG).blotted(text) == text
    assert Secret(LONG[:23]).blotted(LONG[:22]) == LONG[:22]


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-7", "utf-8"])
def test_a_key_is_found_in_the_bytes_of_every_encoding(name: str) -> None:
    for key in (LONG, "pässwört+~\\"):
        for written in (
            key,
            "".join(f"&#{ord(sign)};" for sign in key),
            key.replace("w", "ｗ"),
            key.replace("W", "Ｗ"),
        ):
            assert Secret(key).is_in(f"<p>{written}</p>".encode(name)), written
    assert not Secret(LONG).is_in(f"<p>{LONG[::-1]}</p>".encode(name))


def ordinary_texts() -> list[str]:
    words = "The key you sent is not valid: see our page on keys - it says how to ask for one. (Error 0x80070005) "
    page = f"<html><head><style>a:after {{ content: '\\2014 '; }}</style></head><!-- {words} --><body class=\"x\">"
    rows = [
        [f"{year}-{month:02}", "5800", str(year * month * 7919), None]
        for year in range(2010, 2026)
        for month in range(1, 13)
    ]
    digests = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(500)]
    tokens = [b64encode(bytes.fromhex(digest)).decode() for digest in digests]
    return [
        page + f"<p>{words}</p>\n<p>&lt;b&gt;{words}&nbsp;&#8212;</p>" * 50 + "</body></html>",
        "\n".join(digests),
        "\n".join(" ".join(digest[at : at + 4] for at in range(0, 64, 4)) for digest in digests),
        " ".join(tokens),
        json.dumps(rows),
        json.dumps({"fault": page, "digests": digests}),
        Path("data/sources.toml").read_text(),
        "2017년 11월 대한민국 수출입 실적 ｈｓ　８７０３ \x1b[31m적자\x1b[0m",
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    "key", [LONG, hashlib.sha1(b"key").hexdigest(), hashlib.md5(b"key").hexdigest(), KEY, "s3cret-8"]
)
def test_pages_digests_tables_and_our_own_files_are_left_as_they_are(key: str) -> None:
    for text in ordinary_texts():
        assert Secret(key).blotted(text) == text
        assert not Secret(key).is_in(text.encode())


@pytest.mark.long
@pytest.mark.parametrize(
    "unit", ["&", "<", "<b", "%", "%25", "&amp;", "&lt;", "\\", "%5c", "9", "9 ", "9<!--", "=\n", '<"', "９"]
)
def test_the_work_on_a_hostile_text_grows_no_faster_than_its_length(unit: str) -> None:
    """Calls are counted and not seconds, which depend on what else the machine does."""
    assert _calls(unit * 1600) <= 2.2 * _calls(unit * 800) + 200


def _calls(text: str) -> int:
    counted = 0

    def counting(frame: object, event: str, _: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    secret = Secret(LONG)
    secret.blotted("")
    sys.setprofile(counting)
    try:
        assert secret.blotted(text) == text
    finally:
        sys.setprofile(None)
    return counted


@pytest.mark.parametrize(
    "told",
    [
        "from https://bob:hun/ter2@host.gov/x and ?sig=hunter2&pwd=hunter2",
        "https://bob:hunter2#x@host.gov/country.xlsx",
        "//bob:hunter2@host.gov/a",
        "mailed by bob:hunter2@host.gov",
        "curl -u bob:hunter2 https://host.gov/a",
        "curl -H 'Authorization: Bearer hunter2' https://host.gov",
        "https://host.gov/a#access_token=hunter2",
        "https://host.gov/a;key=hunter2",
        "https://host.gov/a?pass=hunter2&auth=hunter2&code=hunter2&X-Amz-Credential=hunter2",
        "https://host.gov/a?b=1&key%3Dhunter2",
        "https%3A%2F%2Fbob%3Ahunter2%40host.gov",
    ],
)
def test_what_a_person_says_is_kept_without_its_passwords(told: str) -> None:
    kept = told_without_secrets(told)
    assert "ter2" not in kept and BLOT in kept and ("host.gov" in kept or "?sig" in kept)


@pytest.mark.parametrize(
    "told",
    [
        "downloaded on 2026-04-14 from https://www.census.gov/foreign-trade/balance/country.xlsx?a=1#top",
        "sent by the desk: bob@host.gov, on 3 May; see also the keys page",
        "end-use code 30000; passed on by a colleague, session 2",
    ],
)
def test_what_holds_no_password_is_kept_as_it_was_said(told: str) -> None:
    assert told_without_secrets(told) == told


@pytest.mark.long
@settings(deadline=None, max_examples=40)
@given(st.text(ascii_letters + digits, min_size=24, max_size=60), st.data())
def test_twelve_signs_of_a_long_key_are_blotted_wherever_in_it_they_stand(key: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(key) - 12))
    part = key[first : data.draw(st.integers(first + 12, len(key)))]
    written = "".join(data.draw(spelled(sign)) for sign in part)
    assert Secret(key).blotted(f"[{written}]") == f"[{BLOT}]"
    assert Secret(key).blotted(f"[{b64encode(key.encode())[4:-4].decode()}]").count(BLOT) == 1


@pytest.mark.parametrize("between", [",", "_", "|", "/", '"', "', '", "·", "…", "; ", "**", "`", "\n> "])
def test_a_key_in_groups_is_found_whatever_stands_between_them(between: str) -> None:
    groups = between.join(LONG[at : at + 8] for at in range(0, len(LONG), 8))
    assert Secret(LONG).blotted(f"({groups})") == f"({BLOT})"


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_key_is_found_in_base64_of_base64_and_of_wider_signs_and_its_run_is_blotted(name: str) -> None:
    for key in (LONG, "pässwört+~\\"):
        once = b64encode(f'{{"key": "{key}"}}'.encode(name))
        for written in (once, b64encode(once), urlsafe_b64encode(once).rstrip(b"=")):
            shown = f'{{"token": "{written.decode()}", "other": "{b64encode(b"nothing is to be seen here").decode()}"}}'
            assert Secret(key).is_in(shown.encode())
            blotted = Secret(key).blotted(shown)
            assert (
                blotted.startswith('{"token": "') and blotted.count(BLOT) == 1 and once.decode()[24:40] not in blotted
            )
            assert blotted.endswith(shown[-50:])


@pytest.mark.parametrize("between", ["…", "...", "*****", "[…]", " … ", "\\u2026", "&hellip;", "%E2%80%A6", "xxxxxxxx"])
@pytest.mark.parametrize("shown", [8, 10, 11])
def test_a_key_whose_middle_is_left_out_is_blotted_with_both_ends(between: str, shown: int) -> None:
    written = LONG[:shown] + between + LONG[-shown:]
    assert Secret(LONG).blotted(f"({written.upper()})") == f"({BLOT})"
    assert Secret(LONG).is_in(f"({written})".encode())


def test_ends_that_are_too_short_or_far_apart_are_no_key() -> None:
    for text in (
        f"{LONG[:7]}…{LONG[-7:]}",
        f"{LONG[:10]} and {'so on ' * 4} {LONG[-10:]}",
        f"{LONG[-10:]}…{LONG[:10]}",
    ):
        assert Secret(LONG).blotted(text) == text


def test_bytes_that_are_no_text_are_read_at_few_places() -> None:
    """Where a key could begin a reading is dear: in compressed bytes all but few places are told without one."""
    content = b"".join(hashlib.sha512(str(number).encode()).digest() for number in range(1000))
    secret = Secret(LONG)
    read = [
        len(form._starts(readings, count))
        for text in _decoded(content, ascii_only=True)
        for readings in [_Readings(text, secret._signs)]
        for form in secret._forms
        for count in form._beginnings
    ]
    assert sum(read) <= len(content) / 8
