"""Whatever is a quantity is found on a page, and in a chart, by those who look for loose ones."""

import re

import pytest

from tests import digits
from tests.digits import numbers


def test_a_digit_typed_into_a_page_is_found() -> None:
    typed = '<p>The gap was 21.6 billion on 5 January 2018, <data value="1">18</data> percent less.</p>'
    assert digits.loose_digits(typed) == ["21.6 in 'The gap was 21.6 billion on 5 January 2018,'"]
    label = '<g class="mark-text role-mark layer_1_marks"><text>−30.3 billion</text></g>'
    assert digits.loose_labels(label, [-30_253_000_000]) == []
    assert digits.loose_labels(label, [-30_153_000_000]) == ["−30.3 billion"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2,010 cars in March 2012", ["2,010"]),
        ("$2018 was paid", ["2018"]),
        ("2018.5 more", ["2018.5"]),
        ("232 cars under section 232", ["232"]),
        ("87 of HS 87, end-use 300", ["87"]),
        ("up 5 percent in May 2018", ["5"]),
    ],
)
def test_a_quantity_is_found_whatever_the_book_itself_takes_for_a_name(
    text: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("briefing.talks.texts.NAMES", re.compile(".+"))
    assert [match.group() for match in numbers(text)] == found
    assert digits.loose_digits(f"<p>{text}</p>") == [f"{one} in {text!r}" for one in found]
