"""A broken record of one pact is told to whoever asks for it, and takes nothing from an edition that does not."""

import re
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from briefing import talks
from briefing.acquire import imports
from briefing.acquire.registration import sha256_of
from briefing.chapters import state_of_talks
from briefing.checks import quotes
from briefing.commands import main
from briefing.errors import BriefingError, ChecksumMismatch, MalformedSource, SourceError, TalksError
from briefing.record import pacts, sources
from click.testing import CliRunner

from tests.conftest import forget

JAPAN, KOREA, VIETNAM = "5880", "5800", "5520"
FILES = ["events", "issues", "law", "pact", "publications"]


def registered_as_it_stands(data: Path, file: str) -> None:
    """Enter a file's checksum into the register, whatever the file holds."""
    register = data / "sources.toml"
    text = register.read_text(encoding="utf-8")
    was = re.search(rf'file = "{re.escape(file)}"\nsha256 = "(\w+)"', text)
    assert was is not None
    register.write_text(text.replace(was[1], sha256_of(data / file)), encoding="utf-8")
    forget()


def rewritten(data: Path, file: str, text: str) -> None:
    (data / file).write_text(text, encoding="utf-8")
    registered_as_it_stands(data, file)


def rows_with(partner: str) -> object:
    pact = talks.pact_with(sources.talks_record(), partner)
    return pact and pact.rows["event"]


BROKEN = {
    "empty": "# nothing\n",
    "no TOML": "x = [",
    "of other tables": "[[thing]]\nid = 1\n",
}


@pytest.mark.long
@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("file", FILES)
def test_a_broken_file_of_japans_talks_is_told_to_japans_editions_and_to_no_other(
    copied_record: Path, file: str, text: str
) -> None:
    rewritten(copied_record, f"talks/us-japan/{file}.toml", text)
    with pytest.raises(BriefingError, match=rf"data/talks/us-japan/{file}\.toml .*(take|Mend)"):
        rows_with(JAPAN)
    assert rows_with(KOREA)
    assert len(quotes.quotes(sources.talks_record(), date(2026, 11, 1))) > 100
    if file != "pact":
        assert rows_with(VIETNAM) is None and len(talks.pacts(sources.talks_record())) == 2


def test_where_nobody_can_say_with_whom_talks_were_a_partner_without_others_is_refused(copied_record: Path) -> None:
    rewritten(copied_record, "talks/us-japan/pact.toml", 'name = "A pact"\n')
    with pytest.raises(TalksError, match=r"us-japan/pact\.toml is not what it must be: it lacks partner \(1 more"):
        rows_with(VIETNAM)
    with pytest.raises(TalksError):
        state_of_talks.headline(sources.open_edition(VIETNAM, "usual", "latest", "2019-09-26"))
    assert state_of_talks.headline(sources.open_edition(KOREA, "usual", "latest", "2019-09-26"))


def test_a_broken_quote_is_told_to_who_asks_for_quotes_and_the_talks_are_told(copied_record: Path) -> None:
    file = "talks/korus/quotes.toml"
    text = (copied_record / file).read_text(encoding="utf-8")
    rewritten(copied_record, file, text.replace('value = "-21.6"', "value = -21.6", 1))
    with pytest.raises(
        TalksError,
        match=r"korus/quotes\.toml is not what it must be: page .* quote bloomberg-deficit-2017 value: -21\.6, where a text",
    ):
        quotes.quotes(sources.talks_record(), date(2018, 1, 5))
    assert rows_with(KOREA) and rows_with(JAPAN)


def test_one_table_in_two_files_is_told_with_both(copied_record: Path) -> None:
    file = "talks/us-japan/issues.toml"
    events = (copied_record / "talks/us-japan/events.toml").read_text(encoding="utf-8")
    rewritten(copied_record, file, events)
    with pytest.raises(TalksError, match=r"has event, and so has data/talks/us-japan/\w+\.toml\."):
        rows_with(JAPAN)


def test_a_file_of_japans_talks_that_is_lost_or_changed_is_told_to_japans_editions_alone(copied_record: Path) -> None:
    path = copied_record / "talks/us-japan/law.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ChecksumMismatch, match=r"law\.toml in us-japan is not the file that was registered"):
        rows_with(JAPAN)
    assert rows_with(KOREA)
    path.unlink()
    with pytest.raises(
        SourceError,
        match=r"talks/us-japan/law\.toml is missing: what rests on it could not be told\. You can put it back",
    ):
        rows_with(JAPAN)
    assert rows_with(KOREA)


def test_what_pages_cannot_be_made_of_is_not_registered(copied_record: Path) -> None:
    path = copied_record / "talks/us-japan/events.toml"
    register = (copied_record / "sources.toml").read_bytes()
    events = tomlkit.parse(path.read_text(encoding="utf-8"))
    events["event"][0]["issues"] = ["rumour"]  # type: ignore[index]
    path.write_text(tomlkit.dumps(events), encoding="utf-8")
    result = CliRunner().invoke(main, ["acquire", "record", "talks"])
    assert result.exit_code == 1 and "issues no. 1: 'rumour' is no issue of this record" in result.output
    assert (copied_record / "sources.toml").read_bytes() == register


def test_an_empty_file_is_no_record() -> None:
    with pytest.raises(MalformedSource, match=r"data/x\.toml cannot be read as TOML \(it is empty\)"):
        pacts.parsed("data/x.toml", b"")


def test_a_pact_with_a_partner_that_another_has_is_not_registered(copied_record: Path) -> None:
    path = copied_record / "talks/us-japan/pact.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('partner = "5880"', 'partner = "5800"'), encoding="utf-8")
    register = (copied_record / "sources.toml").read_bytes()
    words = r"us-japan/pact\.toml names partner 5800, and so does korus: a page could tell of either talks\. Correct the code"
    with pytest.raises(TalksError, match=words):
        imports.register_record("talks", [], as_of=date(2026, 11, 28))
    assert (copied_record / "sources.toml").read_bytes() == register
