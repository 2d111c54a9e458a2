"""Numbers in the record's own texts: told apart from dates, codes and laws, and each led back to its page."""

import pytest
from briefing import talks
from briefing.errors import ClaimError
from briefing.record.origins import Origin
from briefing.sentences import Sentence
from briefing.talks.texts import event_summary, joined, numbers, told

from tests.pacts import pact_of

PAGE = (Origin("talks", "2011-10-12", "held", "AP, 2011-10-12", "http://ap.org"),)


@pytest.mark.parametrize(
    "text",
    [
        "5 January 2018", "9–13 July 2006", "13 or 14 November", "in March 2012", "2006-02-02", "2015-17", "15 March", "Public Law 112-41, sections 104 and 201",
        "KORUS, Article 24.5", "Proclamations 9693 and 9694", "section 232", "round 2", "FT-900", "HS chapter 87", "HS 8703", "end-use 300 and 301",
        "under Chapter 11", "Passenger cars, new and used (30000)", "the G20 in Toronto",
    ],
)  # fmt: skip
def test_dates_codes_and_laws_are_no_numbers(text: str) -> None:
    assert [match.group() for match in numbers(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("by 278 votes to 151 and the Senate by 83 to 15", ["278", "151", "83", "15"]),
        ("a duty of 2.5% would stay, 25,000 cars a maker", ["2.5", "25,000"]),
        ("27.6 billion dollars, up from 13.2 billion in 2011", ["27.6", "13.2"]),
        ("119% of the limit", ["119"]),
        ("180 days later", ["180"]),
        ("1,436.4 March 2012", ["1,436.4"]),
    ],
)
def test_what_a_page_counted_is_a_number(text: str, found: list[str]) -> None:
    assert [match.group() for match in numbers(text)] == found


def test_every_number_of_the_record_is_a_figure_that_leads_to_its_page() -> None:
    record = pact_of().rows
    events = talks.events_known(record, max(row["known_from"] for row in record["event"]))
    house = next(event for event in events if event.id == "2011-10-12-ratification")
    story = event_summary(house)
    assert [figure.value for figure in story.figures] == [278, 151, 83, 15]
    assert all(figure.origins[0].address.startswith("http") for figure in story.figures)
    assert "".join(span["text"] for span in story.spans) == story.text
    assert sum(len(event_summary(event).figures) for event in events) >= 40


def test_texts_are_joined_with_their_figures_in_order() -> None:
    both = joined(told("a", "First 5.", PAGE), told("b", "", PAGE), told("c", "Then 7.", PAGE))
    assert (both.text, [figure.value for figure in both.figures]) == ("First 5. Then 7.", [5.0, 7.0])


def test_a_claim_prints_a_told_number_as_a_figure() -> None:
    claim = Sentence("vote", "It was so: {text}", {}, {"text": told("vote", "278 votes.", PAGE)})
    assert claim.text == "It was so: 278 votes."
    assert [figure.id for figure in claim.figures] == ["told.vote.1"]
    assert 'data-tip="Told by AP, 2011-10-12."' in claim.html()


def test_a_label_that_types_a_number_is_refused_in_words() -> None:
    with pytest.raises(
        ClaimError, match=r"The label \{what\} of the sentence duty types a number: '25'\. Nobody could say"
    ):
        Sentence("duty", "It is {what}.", {}, {"what": "25 percent"})


def test_a_percent_sign_stays_with_its_number() -> None:
    assert [span["text"] for span in told("duty", "A duty of 25% stays.", PAGE).spans] == [
        "A duty of ",
        "25%",
        " stays.",
    ]
