"""The book's contents: its chapters in order, and in each the sections and what they show.

A notebook shows what stands here, section by section; the build, the warm-up, the app's frame, the cover and the tests
read it. Views are named by text and found when asked for: a command that shows nothing need not import a chart.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


def slot_id(module: str, name: str) -> str:
    """The id of the slot that a view fills.

    >>> slot_id("deficit_trends", "why_it_moved")
    'deficit-trends-why-it-moved'
    """
    return f"{module}-{name}".replace("_", "-")


@dataclass(frozen=True)
class View:
    """A function of a module of `briefing.chapters`, which shows one cell of a page.

    `label` and `choices` are for a view that takes one of several choices besides the edition: what is chosen, and the
    name of the mapping of keys to words. In print such a view is not shown.
    """

    module: str
    name: str
    label: str = ""
    choices: str = ""

    @property
    def id(self) -> str:
        """The id of its slot in a page."""
        return slot_id(self.module, self.name)

    @property
    def function(self) -> Callable[..., Any]:
        """The function itself: takes the edition, and the key of a choice where there are any."""
        found: Callable[..., Any] = getattr(self._module, self.name)
        return found

    @property
    def keys(self) -> Mapping[str, str]:
        """The choices, key and words; empty for a view without any."""
        return getattr(self._module, self.choices) if self.choices else {}

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"{__package__}.{self.module}")


@dataclass(frozen=True)
class Section:
    """A heading of a page ("" for what stands below its title) and what is shown under it, in order.

    Where none of it shows anything for an edition, there is no heading either.
    """

    heading: str
    views: tuple[View, ...]


@dataclass(frozen=True)
class Chapter:
    """One notebook: its name, its title, what it answers, and its sections."""

    name: str
    title: str
    answers: str
    sections: tuple[Section, ...]

    @property
    def views(self) -> Iterator[View]:
        return (view for section in self.sections for view in section.views)


def _section(heading: str, module: str, *names: str | View) -> Section:
    views = (name if isinstance(name, View) else View(module, name) for name in names)
    return Section(heading, tuple(views))


CHAPTERS = (
    Chapter(
        "in_brief",
        "In brief",
        "The edition on two pages: talks, deficit, vehicles, and what others said.",
        (
            _section("", "in_brief", "headline"),
            _section("The talks", "in_brief", "the_talks", View("duties", "short_table")),
            _section("The deficit", "in_brief", "the_deficit"),
            _section("Vehicles", "in_brief", "the_auto_gap"),
            _section("Claims", "in_brief", "the_claims"),
        ),
    ),
    Chapter(
        "state_of_talks",
        "State of talks",
        "What has happened, what each side wants, and where each issue stands.",
        (
            _section("Where the talks stand", "state_of_talks", "headline"),
            _section("How they came here", "state_of_talks", "timeline"),
            _section("What has moved, and what is next", "state_of_talks", "changed"),
            _section("Duties in force", "duties", "today", "over_time"),
            _section("Whose consent is needed", "state_of_talks", "legal_clock"),
            _section("Issue by issue", "state_of_talks", "issues"),
            _section("The last eighteen months", "state_of_talks", "recent_events"),
            _section("Before that", "state_of_talks", "earlier_events"),
        ),
    ),
    Chapter(
        "deficit_trends",
        "Deficit trends",
        "How large the goods deficit is, which way it moves, and where it stands among the others.",
        (
            _section("The year so far", "deficit_trends", "headline"),
            _section(
                "What was known, and what is known now",
                "deficit_trends",
                "said_then",
                "vintage_standing",
                "known_since",
            ),
            _section("What the change is made of", "deficit_trends", "why_it_moved"),
            _section(
                "Month by month",
                "deficit_trends",
                "monthly_trade",
                "twelve_month_balance",
                "before_and_after",
                "season",
            ),
            _section("Year by year", "deficit_trends", "annual_balance"),
            _section("Two ledgers", "two_ledgers", "two_ledgers"),
            _section("Beside other partners", "deficit_trends", "ranking", "share_over_years", "compared"),
            _section("The last months", "deficit_trends", "last_months"),
        ),
    ),
    Chapter(
        "auto_trade_gap",
        "Auto trade gap",
        "How large the gap in vehicles and parts is, and whether it is peculiar to this partner.",
        (
            _section("The gap", "auto_trade_gap", "headline", "against_the_news"),
            _section(
                "The gap by definition",
                "auto_trade_gap",
                "published_gaps",
                "by_definition",
                View("auto_trade_gap", "on_definition", "Definition", "CHOICES"),
            ),
            _section("Month by month", "auto_trade_gap", "monthly_gap"),
            _section("Beside other car makers", "auto_trade_gap", "annual_gaps", "car_makers"),
            _section("By component", "auto_trade_gap", "by_end_use"),
            _section("Numbers of cars, and trucks", "auto_trade_gap", "numbers"),
        ),
    ),
    Chapter(
        "claims_checked",
        "Claims checked",
        "What others said of this trade and of the talks, and whether it holds.",
        (
            _section("How many hold", "claims_checked", "headline"),
            _section("Quoted in the last days", "claims_checked", "recent"),
            _section("Said of the talks", "claims_checked", "said_in_words"),
            _section("Every figure quoted", "claims_checked", "every_quote"),
        ),
    ),
    Chapter(
        "revisions",
        "Revisions",
        "What was first published, what this edition has, and what is known now.",
        (
            _section("The last months, then and now", "revisions", "headline"),
            _section("As first published", "revisions", "first_prints"),
            _section("How far each year moved", "revisions", "moves", "every_vintage"),
            _section("How far figures move", "revisions", "how_far_figures_move"),
        ),
    ),
)
"""The chapters of the book, in order."""
COVER_FIGURES, COVER_STANDING = View("in_brief", "headline"), View("deficit_trends", "vintage_standing")
"""Whose tiles and whose first sentence stand on the cover of the printed brief."""
