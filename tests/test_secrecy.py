"""Keys and passwords: found in every spelling that addresses, JSON, HTML and mails give each of their signs."""

import pickle
from collections.abc import Callable
from html import escape
from html.entities import html5
from string import ascii_letters, digits
from urllib.parse import quote, quote_plus

import pytest
from briefing.secrecy import BLOT, Secret, secrets_of, without_password
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


@settings(deadline=None)
@given(keys_and_spellings(), st.sampled_from(["", "you sent key=", "<p>", '{"message": "', "%", "&", "\\", "&#"]))
def test_a_key_is_found_whatever_the_spelling_of_each_of_its_signs(both: tuple[str, str], before: str) -> None:
    key, written = both
    shown = Secret(key).blotted(f"{before}{written} was sent")
    assert BLOT in shown and written not in shown
    assert shown.endswith(" was sent") and shown.startswith(before.rstrip("%&\\#"))


@settings(deadline=None)
@given(keys_and_spellings())
def test_bytes_that_hold_a_key_in_any_spelling_are_known_to(both: tuple[str, str]) -> None:
    key, written = both
    assert Secret(key).is_in(f'[["{written}"]]'.encode())
    assert Secret(key).is_in(f'[["{written}"]]'.encode("utf-16"))


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
        r'{"error": "unknown variable \"X\" \u2014 see \/data\/key_signup.html", "signs": "s3cret/Key+with"}',
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
