"""Charts: their specification without data, their words, and pictures that stand alone."""

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt
import jsonschema
import pandas as pd
import pytest
import vl_convert
from briefing.chapters import auto_trade_gap, deficit_trends, revisions
from briefing.errors import BriefingError
from briefing.exhibits import charts as pictures
from briefing.exhibits.charts import Chart, autos, themed
from briefing.exhibits.charts import revisions as pictures_of_revisions
from briefing.exhibits.charts import talks as pictures_of_talks
from briefing.exhibits.charts.marks import in_time, layered, mark, quantity, zero
from briefing.figures import Figure
from briefing.figures.definitions import Placed
from briefing.palette import COLOURS
from briefing.record import sources
from briefing.record.edition import Edition
from briefing.sentences import Sentence
from briefing.sentences.units import unit_of
from briefing.talks import events_known

from tests.agreed import as_agreed
from tests.exhibits.charts.drawn import charts_in, differences, every_chart
from tests.pacts import pact_of


@pytest.fixture(scope="module")
def charts(edition: Edition) -> dict[str, Chart]:
    return {chart.id: chart for chart in every_chart(edition)}


@cache
def charts_of(partner: str, as_of: str, first_period: str = "2011-01") -> list[Chart]:
    return list(every_chart(sources.open_edition(partner, first_period, "latest", as_of)))


NAMES = (
    "monthly-trade",
    "twelve-month-balance",
    "annual-balance",
    "ranking",
    "autos-monthly-consumption",
    "autos-annual",
    "talks-timeline",
)


NAMED = {colour: name for name, colour in reversed(COLOURS.items())}


def without_data(node: Any) -> Any:
    """A specification without its values and the names that follow from them; its colours by name."""
    if isinstance(node, dict):
        return {
            key: without_data(value)
            for key, value in node.items()
            if key not in ("data", "datasets", "config", "$schema")
        }
    if isinstance(node, list):
        return [without_data(item) for item in node]
    return NAMED.get(node, node) if isinstance(node, str) else node


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_is_drawn_as_it_was_agreed(charts: dict[str, Chart], name: str) -> None:
    spec = json.dumps(without_data(themed(charts[name].picture)), indent=1, sort_keys=True) + "\n"
    as_agreed(f"{name}.json", spec)


EDITIONS = [
    ("5800", "2018-01-05"),
    ("5800", "2025-08-01"),
    ("0015", "2018-01-05"),
    ("4210", "2024-09-10"),
    ("5520", "2026-11-23"),
]


@pytest.mark.long
@pytest.mark.parametrize(("partner", "as_of"), EDITIONS)
def test_every_chart_of_every_chapter_is_valid_vega_lite(partner: str, as_of: str) -> None:
    # The book draws without asking: the schema is asked here instead.
    schema = jsonschema.Draft7Validator(alt.load_schema())
    drawn = charts_of(partner, as_of)
    for chart in drawn:
        schema.validate(themed(chart.picture))
    assert len(drawn) >= 6


@pytest.mark.long
@pytest.mark.parametrize(("partner", "as_of"), EDITIONS)
def test_no_specification_tells_time_by_the_clock_of_a_machine(partner: str, as_of: str) -> None:
    timed = 0
    for chart in charts_of(partner, as_of):
        compiled = vl_convert.vegalite_to_vega(themed(chart.picture))
        kinds = [scale["type"] for scales in nodes(compiled, "scales") for scale in scales]
        timed += kinds.count("utc")
        assert "time" not in kinds, chart.id
        expressions = " ".join(
            text for key in ("signal", "expr", "update") for text in nodes(compiled, key) if isinstance(text, str)
        )
        assert re.findall(r"\b(?:timeFormat|timeParse|year|quarter|month|date|day|hours)\(", expressions) == [], (
            chart.id
        )
    assert timed >= 2


def nodes(node: Any, key: str) -> Iterator[Any]:
    """What stands under a key, anywhere in a specification."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []:
        if name == key:
            yield value
        yield from nodes(value, key)


DRAW_TIMES = """
from briefing.record import sources
from briefing.chapters import deficit_trends, state_of_talks
for first in ("2011-01", "2016-06"):
    edition = sources.open_edition("5800", first, "latest", "2018-01-05")
    for view in (deficit_trends.monthly_trade, deficit_trends.twelve_month_balance, state_of_talks.timeline):
        shown = view(edition)
        print(*[chart.svg for chart in (shown if isinstance(shown, list) else [shown]) if hasattr(chart, "svg")])
"""


@pytest.mark.long
def test_a_chart_is_the_same_in_every_time_zone_and_language() -> None:
    places = [("UTC", "C"), ("Pacific/Kiritimati", "tr_TR.UTF-8"), ("America/New_York", "de_DE.UTF-8")]
    drawing = [
        subprocess.Popen(
            [sys.executable, "-c", DRAW_TIMES],
            stdout=subprocess.PIPE,
            env={**os.environ, "TZ": zone, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"},
        )
        for zone, language in places
    ]
    drawn = [process.communicate()[0] for process in drawing]
    assert b">2011</text>" in drawn[0] and b">Jul 2016</text>" in drawn[0]
    assert len(set(drawn)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_has_words_for_those_who_cannot_see_it(charts: dict[str, Chart], name: str) -> None:
    chart = charts[name]
    assert len(chart.alt_text) > 60
    assert re.match(r'<svg role="img" aria-label="[^"]{60,}"', chart.svg)
    assert len(re.findall(r'aria-label="[^"]*\d', chart.svg)) > 4


def attributes(svg: str, name: str) -> Iterator[str]:
    yield from re.findall(rf'\b{name}="([^"]+)"', svg)


BARS = {"day": ["2018-01-01"], "value": [1.5], "words": ["One and a half"]}


PLACE: dict[str, Any] = {"x": in_time("day"), "y": quantity("value")}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": [], "value": [], "words": []}, "has no rows"),
        ({"value": [None]}, "has rows, and none of them was drawn"),
        ({"day": ["the first"]}, "has rows, and none of them was drawn"),
    ],
)
def test_a_chart_without_its_marks_is_an_error_and_no_blank(changed: dict[str, Any], words: str) -> None:
    bars = mark("bar", {}, BARS | changed, words="words", **PLACE)
    with pytest.raises(BriefingError, match=f"The chart trade {words}.*: an empty picture would be taken for no trade"):
        pictures.svg(themed(layered([bars], 100, 100)), "trade", "Bars")


def test_a_line_at_zero_alone_is_no_chart() -> None:
    bars = mark("bar", {}, pd.DataFrame(BARS)[:0], words="words", **PLACE)
    with pytest.raises(BriefingError, match="none of them was drawn"):
        pictures.svg(themed(layered([zero(), bars], 100, 100)), "trade", "Bars")


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_asks_for_nothing_and_shares_no_identifier(charts: dict[str, Chart], name: str) -> None:
    svg = charts[name].svg
    assert all(id.startswith(f"{name}-") for id in attributes(svg, "id"))
    assert "<script" not in svg and "<image" not in svg
    assert set(re.findall(r"https?://[^\"' )]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert 'font-family="Source Sans Pro, sans-serif"' in svg


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_source_note_names_office_vintage_and_basis(charts: dict[str, Chart], name: str) -> None:
    assert re.search(r"US Census Bureau, .*vintage of \d+ \w+ \d{4} \(later vintage\).*Census basis", charts[name].note)


def test_the_zero_line_is_drawn_where_a_balance_is_shown(charts: dict[str, Chart]) -> None:
    for name in ("monthly-trade", "twelve-month-balance", "annual-balance"):
        layers = themed(charts[name].picture)["layer"]
        assert any(
            layer["mark"].get("type") == "rule" and layer["encoding"]["y"].get("field") == "y" for layer in layers
        )


def test_dollars_are_scaled_to_the_largest_value() -> None:
    assert unit_of([2.0e12, -5])[1] == "billion dollars"
    assert unit_of([])[1] == "dollars"


def years_on_axes(chart: Chart) -> list[list[str]]:
    compiled = vl_convert.vegalite_to_vega(themed(chart.picture))
    domains = [scale["domain"] for scales in nodes(compiled, "scales") for scale in scales if scale["name"] == "x"]
    return [[str(value) for value in domain] for domain in domains if isinstance(domain, list)]


def test_years_without_data_are_a_gap_on_the_axis_and_named() -> None:
    (chart,) = charts_in(auto_trade_gap.annual_gaps(sources.open_edition("5800", "2011-01", "latest", "2026-06-01")))
    assert years_on_axes(chart) == [[str(year) for year in range(2013, 2025)]]
    assert "South Korea 2021" not in chart.alt_text and "South Korea 2023" in chart.alt_text
    assert "no complete year is held of 2021 and 2022" in chart.subtitle


def test_a_year_without_a_deficit_is_a_gap_among_the_shares() -> None:
    (chart,) = charts_in(
        deficit_trends.share_over_years(sources.open_edition("4120", "2005-01", "latest", "2020-09-23"))
    )
    shown = re.findall(r"\b(\d{4}): ", chart.alt_text)
    (axis,) = years_on_axes(chart)
    assert axis == [str(year) for year in range(int(axis[0]), int(axis[-1]) + 1)]
    assert set(axis) - set(shown) and "a year without a bar had no deficit" in chart.subtitle


@pytest.mark.parametrize("view", [deficit_trends.monthly_trade, deficit_trends.twelve_month_balance])
def test_a_name_at_the_end_of_a_series_stands_beyond_the_zero_line_in_a_short_window(view: Any) -> None:
    (chart,) = charts_in(view(sources.open_edition("7323", "2011-08", "latest", "2014-06-01")))
    spec = vl_convert.vegalite_to_vega(themed(chart.picture))
    (width,) = [signal for signal in nodes(spec, "width") if isinstance(signal, int)][:1]
    named = [
        mark
        for mark in next(nodes(spec, "marks"))
        if mark["type"] == "text" and mark["encode"]["update"]["align"] == {"value": "left"}
    ]
    assert named and all(mark["encode"]["update"]["x"] == {"field": {"group": "width"}} for mark in named) and width


def test_numbers_below_an_axis_stand_under_their_lines() -> None:
    (chart,) = revisions.moves(sources.open_edition("5820", "2011-01", "latest", "2025-01-07"))
    anchors = {text: anchor for anchor, text in re.findall(r'text-anchor="(\w+)"[^>]*>([−\d]+)</text>', chart.svg)}
    assert {text: anchors[text] for text in ("−250", "0", "150")} == dict.fromkeys(("−250", "0", "150"), "middle")


def test_years_of_a_long_window_are_named_where_their_names_have_room() -> None:
    (chart, *_) = charts_in(
        deficit_trends.annual_balance(sources.open_edition("2010", "1990-01", "latest", "2026-11-23"))
    )
    svg = re.sub(r"<g[^>]*mark-rect.*?</g>", "", chart.svg)
    texts = re.findall(r">([^<>]+)</text>", svg)
    assert [text for text in texts if re.fullmatch(r"\d{4}", text)] == [str(year) for year in range(1990, 2026, 5)]
    assert len([text for text in texts if "." in text]) <= 3 and chart.alt_text.count(": ") == 37
    assert chart.subtitle.endswith("billion dollars; pale: 2026 Jan–Aug")


DRAWN = [
    ("5800", "usual", "2018-01-05"),
    pytest.param("5880", "usual", "2019-09-26", marks=pytest.mark.long),
    pytest.param("2010", "1990-01", "2026-11-23", marks=pytest.mark.long),
]


@pytest.mark.long
@pytest.mark.parametrize(("partner", "first_period", "as_of"), DRAWN)
def test_every_mark_draws_the_rows_it_was_given_and_no_others(partner: str, first_period: str, as_of: str) -> None:
    drawn = charts_of(partner, as_of, first_period)
    assert {chart.id: differences(chart.svg, themed(chart.picture)) for chart in drawn} == {
        chart.id: [] for chart in drawn
    }
    assert len(drawn) >= 15


def every_panel_with_all_rows(picture: Any) -> None:
    for layer in picture["spec"]["layer"]:
        layer["data"] = picture["data"]


def no_choice_of_rows(picture: Any) -> None:
    for layer in picture["spec"]["layer"]:
        layer.pop("transform", None)


def a_row_left_out(picture: Any) -> None:
    picture["data"] = {"values": picture["data"]["values"][:-1]}


@pytest.mark.parametrize("fault", [every_panel_with_all_rows, no_choice_of_rows, a_row_left_out])
def test_a_mark_with_other_rows_than_its_own_is_noticed(fault: Any, edition: Edition) -> None:
    (chart,) = charts_in(auto_trade_gap.annual_gaps(edition))
    wrong = copy.deepcopy(themed(chart.picture))
    fault(wrong)
    found = differences(pictures.svg(wrong, "wrong", ""), themed(chart.picture))
    assert any("is to draw" in one for one in found)


def test_what_a_picture_says_twice_is_noticed(edition: Edition) -> None:
    (chart, *_) = charts_in(deficit_trends.why_it_moved(edition))
    wrong = copy.deepcopy(themed(chart.picture))
    for layer in wrong["layer"]:
        layer.pop("transform", None)
    assert any("is said twice" in one for one in differences(pictures.svg(wrong, "wrong", ""), wrong))


AMOUNTS = re.compile(
    r'<text text-anchor="(start|end|middle)" transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*>(\d+\.\d)( [^<]+)?</text>'
)


def test_no_line_of_the_published_gaps_runs_through_an_amount_nor_words_over_words() -> None:
    edition = sources.open_edition("5800", "2011-01", "latest", "2026-03-01")
    known = auto_trade_gap.published_gaps(edition)[0]
    other = Figure("other", -21.9e9, "US dollars", "", "given", known.origins)
    bloomberg = next(figure for figure in known.figures if "bloomberg" in figure.id)
    rows = [
        Placed(figure, "Vehicles", "2016-01/2016-12", "one")
        for figure in known.figures
        if figure not in (bloomberg, other)
    ]
    lines = [Placed(figure, "Vehicles", "", "another") for figure in (bloomberg, other)]
    chart = autos.published_gaps(rows, lines, known.title)  # type: ignore[attr-defined]
    across = [float(x) for x in re.findall(r"scope not stated\" role=[^>]*translate\(([-\d.]+),0\)", chart.svg)]
    placed = [(way, float(x), float(y), words) for way, x, y, _, words in AMOUNTS.findall(chart.svg)]
    amounts = [(x, x + 24) if way == "start" else (x - 24, x) for way, x, _, words in placed if not words]
    heights = [y for *_, y, words in placed if words]
    assert len(across) == 2 and len(amounts) == len(rows) > 5
    assert not [ends for ends in amounts if any(ends[0] < line < ends[1] for line in across[:1])]
    assert abs(heights[0] - heights[1]) >= 12


def test_the_alternative_text_of_revisions_names_the_vintage_furthest_from_the_newest() -> None:
    days = {"2017-06-02": -11, "2018-06-06": -13, "2019-06-06": -10, "2020-06-04": -10}
    balances = {
        day: Figure("b", value * 10**9, "US dollars", "2016-01/2016-12", "given", ()) for day, value in days.items()
    }
    chart = pictures_of_revisions.moves([balances], "2018-06-06", "5800", Sentence("c", "It moved."), ())
    assert chart.alt_text == (
        "A row of marks for each of 2016. Furthest from the newest: 2016, vintage of 6 June 2018: −$13.0 billion, "
        "−$3.0 billion against the newest."
    )
    assert "Less deficit than in the newest vintage" in chart.svg


@pytest.mark.parametrize(("first", "pale"), [("2011-01", ""), ("1985-01", "; pale: 2017 Jan–Nov")])
def test_an_unfinished_year_is_named_above_bars_that_are_too_many_to_be(first: str, pale: str) -> None:
    chart, *_ = deficit_trends.annual_balance(sources.open_edition("5800", first, "latest", "2018-01-05"))
    assert isinstance(chart, Chart)
    assert chart.subtitle == f"US goods balance with South Korea by calendar year, billion dollars{pale}"


@pytest.mark.parametrize(("days", "silent"), [(0, False), (1, True)])
def test_a_record_is_silent_when_it_ended_longer_ago_than_it_lasted(days: int, silent: bool) -> None:
    events = events_known(pact_of().rows, date(2018, 1, 5))[-3:]
    lasted = events[-1].day - events[0].day
    lanes = pictures_of_talks._Lanes(events, events, (), events[-1].day + lasted + timedelta(days))
    assert lasted > timedelta(0) and lanes.silent is silent
