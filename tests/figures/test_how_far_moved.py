"""How far figures moved between vintages: hand-made vintages worked out by hand, and the revision of September 2025."""

from collections.abc import Mapping

import pandas as pd
import pytest
from briefing import periods
from briefing.figures import how_far_moved
from briefing.figures.how_far_moved import MONTH, YEAR, YEAR_SO_FAR, Move
from briefing.record import observations, sources
from briefing.record.origins import Origin

MILLION = 1_000_000


def vintage(day: str, last: str, exports: int = 200, imports: int = 500, **changed: int) -> pd.DataFrame:
    """A vintage from January 2018 on: so many million dollars each month, and others in a month of a flow ("M201903")."""
    rows = []
    for month in periods.span("2018-01", last):
        for flow, system, valuation, usual in (
            ("X", "total", "fas", exports),
            ("M", "general", "customs_value", imports),
        ):
            value = changed.get(f"{flow}{month.replace('-', '')}", usual)
            rows.append(("TOTAL", "TOTAL", "US", "5800", flow, system, valuation, "N", month, value * MILLION, "A"))
    table = pd.DataFrame(rows, columns=observations.COLUMNS)
    origin = pd.Series([Origin("census-country", day, "held")] * len(table), dtype=object)
    return table.assign(source="census-country", vintage=day, basis="census", origin=origin)


def moves(*vintages: pd.DataFrame) -> list[Move]:
    return how_far_moved.moves(pd.concat(vintages, ignore_index=True))


def by_span(found: list[Move], kind: str, measure: str) -> Mapping[str, float]:
    return {move.span: move.share for move in found if (move.kind, move.measure) == (kind, measure)}


def test_a_month_a_year_to_date_and_a_year_move_by_a_share_of_what_was_first_said() -> None:
    found = moves(vintage("2020-02-05", "2019-12"), vintage("2021-02-05", "2020-12", M201903=600))
    assert {move.after for move in found} == {12} and found[0].months == pytest.approx(12, abs=0.1)
    assert by_span(found, MONTH, "imports")["2019-03/2019-03"] == pytest.approx(0.2)
    assert by_span(found, MONTH, "imports")["2019-04/2019-04"] == 0
    # January to March: 1,500 became 1,600; the deficit of 900 became 1,000.
    assert by_span(found, YEAR_SO_FAR, "imports")["2019-01/2019-03"] == pytest.approx(1 / 15)
    assert by_span(found, YEAR_SO_FAR, "balance")["2019-01/2019-03"] == pytest.approx(1 / 9)
    assert by_span(found, YEAR, "balance") == {"2019-01/2019-12": pytest.approx(100 / 3600)}
    assert "2019-01/2019-12" not in by_span(found, YEAR_SO_FAR, "imports")
    assert not any(
        by_span(found, kind, "exports")[span]
        for kind in how_far_moved.KINDS
        for span in by_span(found, kind, "exports")
    )


def test_a_deficit_that_became_smaller_has_a_share_below_nought() -> None:
    found = moves(vintage("2020-02-05", "2019-12"), vintage("2020-08-05", "2020-06", M201912=400))
    assert by_span(found, MONTH, "balance")["2019-12/2019-12"] == pytest.approx(-1 / 3)


def test_months_that_are_not_young_and_vintages_far_apart_do_not_count() -> None:
    found = moves(vintage("2020-02-05", "2019-12"), vintage("2021-02-05", "2020-12", M201812=900))
    assert min(by_span(found, MONTH, "imports")) == "2019-01/2019-01" and set(
        by_span(found, MONTH, "imports").values()
    ) == {0}
    assert moves(vintage("2020-02-05", "2019-12"), vintage("2022-09-05", "2022-07")) == []


@pytest.mark.parametrize(
    ("later", "after"),
    [
        ("2020-02-12", None),
        ("2020-03-05", 1),
        ("2020-07-05", 6),
        ("2020-12-05", 12),
        ("2021-12-05", 24),
        ("2022-08-20", None),
    ],
)
def test_times_between_vintages_fall_into_the_nearest_of_four(later: str, after: int | None) -> None:
    found = moves(vintage("2020-02-05", "2019-12"), vintage(later, "2019-12", M201906=550))
    assert {move.after for move in found} <= {after}


def test_what_is_small_or_nearly_balanced_is_passed_over() -> None:
    below = moves(vintage("2020-02-05", "2019-12", exports=99), vintage("2020-08-05", "2020-06", exports=120))
    assert not by_span(below, MONTH, "exports") and by_span(below, MONTH, "imports")
    balanced = moves(
        vintage("2020-02-05", "2019-12", exports=5_000, imports=5_400),
        vintage("2020-08-05", "2020-06", exports=5_000, imports=5_500),
    )
    assert not by_span(balanced, MONTH, "balance") and by_span(balanced, MONTH, "imports")


def test_the_median_and_nine_in_ten_are_those_of_the_sizes() -> None:
    changed = {f"M2019{number:02d}": 500 + 5 * number * (-1) ** number for number in range(1, 13)}
    tables = [vintage("2020-02-05", "2019-12"), vintage("2021-02-05", "2020-12", **changed)]
    trade = pd.concat(tables, ignore_index=True)
    spread = how_far_moved.spread(how_far_moved.moves(trade), MONTH, "imports", 12, trade)
    assert spread is not None
    # Twelve moves of one to twelve percent, every other downwards: the middle lies at 6.5, the eleventh is nine in ten.
    assert spread.median.value == pytest.approx(0.065)
    assert spread.ninetieth.value == pytest.approx(0.11)
    assert spread.most.value == pytest.approx(0.12)
    assert (spread.count.value, spread.upward.value) == (12, 0.5)
    assert {origin.vintage for origin in spread.median.origins} == {"2020-02-05", "2021-02-05"}


def test_of_few_moves_no_median_is_told() -> None:
    tables = [vintage("2020-02-05", "2019-12"), vintage("2021-02-05", "2020-12")]
    trade = pd.concat(tables, ignore_index=True)
    assert how_far_moved.spread(how_far_moved.moves(trade), YEAR, "imports", 12, trade) is None


def test_september_2025_is_the_month_of_imports_from_korea_that_moved_furthest() -> None:
    # 9,753.5 million in the vintages to January 2026, 10,161.8 after the annual revision of June.
    edition = sources.open_edition("5800", "2011-01", "latest", "2026-11-28")
    found = how_far_moved.moves(sources.country_vintages(edition))
    furthest = how_far_moved.furthest(found, MONTH, "imports")
    assert furthest is not None and furthest.span == "2025-09/2025-09"
    assert furthest.share == pytest.approx(10_161.8 / 9_753.5 - 1, abs=1e-4)
