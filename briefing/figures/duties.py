"""Duty calculated over the imports for consumption that it was calculated on: what goods paid, as entered."""

import pandas as pd

from briefing.figures import FRACTION, Figure, derived, summed

DUTY, VALUE = "calculated_duty", "customs_value"


def duty_over_imports(rows: pd.DataFrame, partner: str, months: list[str]) -> Figure:
    """Duties calculated in the months over imports for consumption, all goods, as a fraction.

    `rows`: those of one partner of `briefing.record.sources.own_duties`, a row a `time_period` and `valuation`, which have
    each of the months in both.
    """
    span = f"{months[0]}/{months[-1]}" if len(months) > 1 else months[0]
    duties = summed(_valued(rows, DUTY), f"duties.{partner}.{span}.calculated", "M", months, "duties calculated")
    imports = summed(
        _valued(rows, VALUE), f"duties.{partner}.{span}.imports", "M", months, "imports for consumption, customs value"
    )
    formula = "duties calculated, over the imports for consumption that they were calculated on"
    return derived(
        f"duties.{partner}.{span}.share", duties.value / imports.value, FRACTION, span, formula, [duties, imports]
    )


def months_of(rows: pd.DataFrame) -> list[str]:
    """The months of a table in order, by its `time_period`."""
    return sorted(set(rows["time_period"]))


def _valued(rows: pd.DataFrame, valuation: str) -> pd.DataFrame:
    return rows[rows["valuation"] == valuation]
