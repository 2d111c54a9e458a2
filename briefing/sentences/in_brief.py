"""Titles of the two pages that open an edition."""

from datetime import date

from briefing import periods
from briefing.figures import Figure
from briefing.sentences import Sentence


def issues_title(live: Figure, silent_since: date | None, as_of: date) -> Sentence:
    """How many issues are on the table; after long silence it tells of the last entry's day."""
    noun = "issue" if live.value == 1 else "issues"
    labels = {"day": periods.day_in_words(silent_since or as_of)}
    return Sentence("brief-issues-title", f"On the table on {{day}}: {{count:count}} {noun}", {"count": live}, labels)


def agreed_title(agreed: Figure) -> Sentence:
    """How many issues are agreed and still await an act."""
    noun = "issue" if agreed.value == 1 else "issues"
    return Sentence("brief-agreed-title", f"Agreed, not yet carried out: {{count:count}} {noun}", {"count": agreed})


def claims_title() -> Sentence:
    """The title of the table of claims."""
    return Sentence("brief-claims-title", "What others said in the last three months")
