"""Every pact on record keeps the same rules; its sides are data, and the partner of none is asked for by name."""

import re
from datetime import date
from typing import Any

import pypdfium2
import pytest
from briefing import periods, talks
from briefing.chapters import auto_trade_gap, claims_checked, in_brief, state_of_talks
from briefing.errors import TalksError
from briefing.exhibits.charts import Chart
from briefing.exhibits.tables import Table
from briefing.exhibits.timeline import IssueMatrix
from briefing.outputs import Output
from briefing.press.brief import printed_brief
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence
from briefing.talks import Pact, law

from tests.pacts import pact_of
from tests.press.test_brief import CLAIM, TILES, chapter, code, cover

PACTS = {pact.id: pact for pact in talks.pacts(sources.talks_record())}


def japan(as_of: str = "2019-09-26") -> Edition:
    return sources.open_edition("Japan", "usual", "latest", as_of)


def claims(shown: list[Output]) -> dict[str, str]:
    return {one.id: one.text for one in shown if isinstance(one, Sentence)}


def table(id: str, shown: list[Output]) -> Table:
    (found,) = [one for one in shown if isinstance(one, Table) and one.id == id]
    return found


@pytest.mark.parametrize("pact", PACTS.values(), ids=PACTS)
def test_every_entry_cites_a_page_of_its_own_record_and_is_known_from_no_earlier_than_its_day(pact: Pact) -> None:
    assert len(talks.events_known(pact.rows, date.max)) == len(pact.rows["event"])
    ended = {row["id"] for row in pact.rows["issue"] if "ended" in [entry.get("place") for entry in row.get("law", [])]}
    assert {state.id for state in talks.issues_known(pact.rows, date.max)} == {
        row["id"] for row in pact.rows["issue"]
    } - ended
    assert all(event["known_from"] >= periods.first_day(event["date"]) for event in pact.rows["event"])
    pages = talks.publications_known(pact.rows, date.max).values()
    assert {page.record for page in pages} == {pact.origin.dataset}
    assert all(page.address.startswith("http") and page.publisher for page in pages)


@pytest.mark.parametrize("pact", PACTS.values(), ids=PACTS)
def test_no_entry_of_an_issue_is_known_before_the_event_it_tells(pact: Pact) -> None:
    for issue in pact.rows["issue"]:
        for entry in [*issue.get("talks", []), *issue.get("law", []), *issue.get("position", [])]:
            told = [e for e in pact.rows["event"] if e["date"] == entry["date"] and issue["id"] in e["issues"]]
            first = min([event["known_from"] for event in told], default=periods.first_day(entry["date"]))
            known = max(periods.first_day(entry["date"]), first)
            assert periods.first_day(entry.get("known_from", entry["date"])) >= known, (issue["id"], entry["date"])


@pytest.mark.parametrize("pact", PACTS.values(), ids=PACTS)
def test_what_names_an_event_an_issue_a_side_or_a_law_names_one_of_the_pact(pact: Pact) -> None:
    events, issues, reach = ({row["id"] for row in pact.rows[kind]} for kind in ("event", "issue", "reach"))
    sides = {side.id for side in pact.sides}
    plans = [plan for event in pact.rows["event"] for plan in event.get("schedules", [])]
    assert {plan["met"] for plan in plans if "met" in plan} <= events
    assert {issue for event in pact.rows["event"] for issue in event.get("issues", [])} <= issues
    assert {row["side"] for issue in pact.rows["issue"] for row in issue.get("position", [])} == sides
    assert {row["touches"] for row in pact.rows["issue"] if "touches" in row} <= reach
    for matter in pact.rows["matter"]:
        steps = matter["step"]
        assert {step["side"] for step in steps} <= sides | {law.BOTH}
        assert {step[when] for step in steps for when in ("begun", "taken", "undone") if when in step} <= events


def test_two_pacts_with_one_partner_are_refused() -> None:
    (row, *_) = sources.talks_record()["pact"]
    with pytest.raises(
        TalksError, match=r"twin/pact\.toml names partner 5800, and so does korus: a page could tell of either talks"
    ):
        talks.pacts({"pact": [row, {**row, "id": "twin"}]})


def test_a_pact_of_made_up_sides_is_told_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Japan's record under other names: what a page says of the sides comes from pact.toml alone."""
    record = sources.talks_record()
    (row,) = [row for row in record["pact"] if row["id"] == "us-japan"]
    sides: list[dict[str, Any]] = [
        row["side"][0],
        {"id": "japan", "name": "Utopia", "adjective": "Utopian", "capital": "Amaurot", "reporter": "UT"},
    ]
    monkeypatch.setattr(sources, "talks_record", lambda: {**record, "pact": [{**row, "side": sides}]})
    clock, brief = state_of_talks.legal_clock(japan()), in_brief.the_talks(japan())
    assert "Amaurot still needs: approval of the Diet." in claims(clock)["talks-consents"]
    assert table("talks-reach", clock).subtitle == "By US and Utopian law"
    assert [column.head for column in table("brief-issues", brief).columns][-2:] == ["The US", "Utopia"]
    (matrix,) = state_of_talks.issues(japan())
    assert matrix.record()["sides"] == ["The US", "Utopia"] and '<th scope="col">Utopia</th>' in matrix.html()


def test_on_the_day_after_the_joint_statement_japans_brief_tells_where_the_talks_stand() -> None:
    shown = in_brief.the_talks(japan())
    said = claims(shown)
    assert said["brief-talks-headline"].startswith(
        "25 September 2019: Trump and Abe confirm a trade and a digital agreement. A joint statement confirms"
    )
    assert said["talks-consents"] == (
        "Washington still needs: proclamation of the duties agreed, without a vote in Congress. "
        "Tokyo still needs: approval of the Diet. Together: signature."
    )
    assert [row[:4] for row in table("brief-issues", shown).rows] == [
        ["Cars and section 232", "raised", "none", "none"],
        ["Services, investment and other barriers", "raised", "none", "both houses"],
    ]
    assert [row[0] for row in table("brief-agreed", shown).rows] == ["Digital trade", "Farm goods", "Industrial goods"]


def test_a_round_is_told_in_a_line_until_a_deal_closes_it_and_the_next_date_is() -> None:
    said = claims(in_brief.the_talks(japan("2019-08-24")))
    assert said["brief-talks-headline"].startswith("21 August 2019: Ministers settle the core of a deal in Washington.")
    assert "talks-last-round" not in said and said["talks-clock"].startswith(
        "Next: End of the 180 days of the car proclamation"
    )
    said = claims(in_brief.the_talks(japan("2019-05-20")))
    assert said["talks-last-round"] == "The last round ended on 16 April 2019: First round of the US-Japan talks."
    for shown in (in_brief.the_talks(japan()), state_of_talks.headline(japan())):
        said = claims(shown)
        assert "talks-last-round" not in said
        assert said["talks-clock"] == "Next: End of the 180 days of the car proclamation, November 2019."


def test_what_was_due_and_is_not_on_record_as_met_is_told_for_a_year() -> None:
    due = "End of the 180 days of the car proclamation, November 2019"
    settled = "End of the four months for settling what to negotiate next, May 2020"
    opening = "Due and past, with no outcome recorded: "
    assert "talks-overdue" not in claims(in_brief.the_talks(japan("2019-11-30")))
    assert claims(in_brief.the_talks(japan("2019-12-01")))["talks-overdue"] == f"{opening}{due}."
    assert claims(in_brief.the_talks(japan("2020-06-01")))["talks-overdue"] == f"{opening}{due}; {settled}."
    assert claims(in_brief.the_talks(japan("2020-12-01")))["talks-overdue"] == f"{opening}{settled}."
    assert "talks-overdue" not in claims(state_of_talks.headline(japan("2021-06-01")))


def test_after_long_silence_issues_are_told_as_the_last_entry_left_them() -> None:
    def titles(as_of: str) -> list[str]:
        brief, (matrix,) = in_brief.the_talks(japan(as_of)), state_of_talks.issues(japan(as_of))
        assert isinstance(matrix, IssueMatrix)
        return [str(table("brief-issues", brief).title.text), str(matrix.title.text)]

    assert titles("2020-04-02") == [
        "On the table on 2 April 2020: two issues",
        "Where each issue stands on 2 April 2020",
    ]
    assert titles("2020-04-03") == [
        "On the table on 1 January 2020: two issues",
        "Where each issue stood on 1 January 2020",
    ]


def test_the_steps_counted_are_those_that_stand_below_as_asked_for_or_taken() -> None:
    for as_of, words in {
        "2019-09-26": "of five steps that law asks for, three",
        "2020-02-01": "of five steps that law asks for, five",
    }.items():
        shown = state_of_talks.legal_clock(japan(as_of))
        steps = table("talks-steps", shown)
        assert words in str(steps.title) and len(steps.rows) == 6
        assert ("talks-without-vote" in claims(shown)) is (as_of == "2019-09-26")


def test_why_congress_has_no_vote_is_told_once_congress_was_told_with_the_pages_that_say_so() -> None:
    def why(as_of: str) -> list[Sentence]:
        shown = state_of_talks.legal_clock(japan(as_of))
        return [one for one in shown if isinstance(one, Sentence) and one.id == "talks-without-vote"]

    assert why("2019-09-15") == []
    (claim,) = why("2019-09-16")
    assert claim.text.startswith(
        "No vote in Congress is asked for: section 103 of the fast-track law lets the President"
    )
    (limit,) = claim.figures
    assert limit.value == 5 and "lawserver.com" in limit.origins[0].address
    assert {origin.dataset for origin in limit.origins} == {"talks-us-japan"}


def test_the_gates_of_the_agreements_with_japan_were_passed_one_by_one() -> None:
    def taken(as_of: str) -> list[str]:
        pact, day = pact_of("5880"), date.fromisoformat(as_of)
        (matter,) = law.matters_known(pact.rows, talks.events_known(pact.rows, day), day)
        return [step.name.split()[0] for step in matter.steps if step.taken and not step.optional]

    assert taken("2019-09-15") == []
    assert taken("2019-09-26") == ["Notice"]
    assert taken("2019-10-07") == ["Notice", "Signature"]
    assert taken("2019-12-04") == ["Notice", "Signature", "Approval"]
    assert taken("2020-01-01") == ["Notice", "Signature", "Approval", "Proclamation"]
    assert claims(state_of_talks.legal_clock(japan("2020-01-01")))["talks-consents"] == (
        "The agreements with Japan: in effect since 1 January 2020."
    )


def test_who_can_change_what_is_told_before_a_pact_is_in_force_where_the_law_says_from_when() -> None:
    def rows(day: date) -> list[str]:
        return [row.id for row in law.reach_known(pact_of("5880"), day)]

    assert rows(date(2018, 9, 26)) == ["duties", "deeper", "trade_laws", "statutes", "japan"]
    assert "digital" in rows(date(2019, 9, 26)) and "duties" not in rows(date(2021, 7, 1))


@pytest.mark.long
def test_no_word_of_koreas_talks_stands_in_japans_chapters() -> None:
    views = (state_of_talks.headline, state_of_talks.timeline, state_of_talks.changed, state_of_talks.legal_clock,
             state_of_talks.issues, state_of_talks.recent_events, claims_checked.said_in_words, auto_trade_gap.numbers)  # fmt: skip
    for as_of in ("2019-09-26", "2024-09-10"):
        for view in (*views, in_brief.the_talks):
            for output in view(japan(as_of)):
                assert not re.search("Korea|Seoul|KORUS", f"{output!r} {output.html()}"), view
                assert "talks-korus" not in {origin.dataset for origin in output.origins}, view


def test_partners_without_a_record_are_told_with_whom_there_is_one() -> None:
    (only,) = state_of_talks.headline(sources.open_edition("5520", "usual", "latest", "2019-09-26"))
    assert (
        repr(only) == "The book keeps a record of the talks with South Korea and Japan only; none is kept for Vietnam."
    )


def test_the_matrix_has_each_sides_own_positions() -> None:
    (matrix,) = state_of_talks.issues(japan())
    assert isinstance(matrix, IssueMatrix)
    (cars,) = [row for row in matrix.record()["rows"] if row["issue"] == "Cars and section 232"]
    us, other = cars["positions"]
    assert us["text"].startswith("Intends nothing against Japan") and other["text"].startswith(
        "Reads the joint statement"
    )


def test_a_number_of_what_is_fixed_for_later_is_known_from_the_day_it_was_fixed() -> None:
    shown = state_of_talks.changed(japan())
    (days,) = [figure for output in shown for figure in output.figures if figure.id == "told.schedule.2019-11-01.1"]
    assert days.value == 180 and {origin.vintage for origin in days.origins} == {"2019-05-17"}


def test_two_pages_of_one_publisher_and_day_are_not_named_alike_in_a_line() -> None:
    edition = japan("2026-03-01")
    (matrix,) = state_of_talks.issues(edition)
    lists = [*state_of_talks.earlier_events(edition), *claims_checked.said_in_words(edition)]
    records = [row for one in [matrix, *lists] for row in one.record().get("rows", one.record().get("events", []))]
    lines = [[link["text"] for link in record["links"]] for record in records if "links" in record]
    cars = next(row for row in matrix.record()["rows"] if row["issue"] == "Cars and section 232")
    assert [link["text"] for link in cars["links"]] == ["Nikkei Asia, 2019-09-26", "another of its pages"]
    assert len({link["address"] for link in cars["links"]}) == 2
    assert len(lines) > 20 and all(line.count(words) == 1 for line in lines for words in line[:2])
    assert matrix.html().count(">another of its pages</a>") >= 1


def test_a_record_that_ended_long_before_the_day_is_not_crowded_into_a_corner_of_its_timeline() -> None:
    def places(as_of: str) -> tuple[list[float], str, str]:
        (chart,) = state_of_talks.timeline(japan(as_of))
        assert isinstance(chart, Chart)
        marks = re.findall(r'aria-label="\d+ \w+ \d{4}: [^"]+" role="[^"]+" aria-r[^>]*translate\(([\d.]+),', chart.svg)
        return [float(x) for x in marks], chart.subtitle, chart.svg

    marks, subtitle, svg = places("2026-03-01")
    assert max(marks) > 480 and "up to 1 January 2020, the last day on record" in subtitle and "1 Mar 2026" not in svg
    marks, subtitle, svg = places("2020-06-01")
    assert max(marks) < 480 and "up to 1 June 2020;" in subtitle and ">1 Jun 2020<" in svg


def test_the_status_of_an_issue_leaves_the_printed_page_to_what_the_sides_want() -> None:
    (matrix,) = state_of_talks.issues(japan("2026-03-01"))
    printed = pypdfium2.PdfDocument(printed_brief([chapter(code("page.show(issues)", TILES, CLAIM, matrix))], cover()))
    for page in printed:
        words = page.get_textpage()
        lefts = {}
        for head in ("In the talks", "The US wants", "Japan wants"):
            found = words.search(head.strip(), match_case=True, match_whole_word=True).get_next()
            if found is not None:
                lefts[head.strip()] = words.get_charbox(found[0])[0]
        if len(lefts) == 3:
            break
    else:
        raise AssertionError("no page has the heads of the table")
    assert lefts["Japan wants"] - lefts["The US wants"] > 100, lefts
    printed.close()
