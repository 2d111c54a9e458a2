"""Titles of the two pages that open an edition."""

from datetime import date

from briefing import periods
from briefing.claims import Claim
from briefing.figures import COUNT, Figure, Origin


def issues_title(count: int, as_of: date, origin: Origin) -> Claim:
    """How many issues are on the table."""
    figure = Figure(
        "talks.issues.live", count, COUNT, str(as_of),
        "issues whose last status by that day is raised or under negotiation", (origin,),
    )  # fmt: skip
    noun = "issue" if count == 1 else "issues"
    return Claim(
        "brief-issues-title",
        f"On the table on {{day}}: {{count:count}} {noun}",
        {"count": figure},
        {"day": periods.day_in_words(as_of)},
    )


def claims_title() -> Claim:
    """The title of the table of claims."""
    return Claim("brief-claims-title", "What others said in the last three months")
