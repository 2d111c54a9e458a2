"""The one table shape of the book: a row is an observation, with its basis, source and vintage.

Column             Content
classification     "TOTAL" (all goods), "HS" or "END_USE"
commodity          code in that classification, "TOTAL", "87" or "30000"; always text
ref_area           reporting economy, "US" or, in mirror figures, "KR"
counterpart_area   partner or aggregate, Schedule C code ("5800" is South Korea); "US" where Korea reports
trade_flow         "X" exports, "M" imports
trade_system       "total" exports; "general" imports or imports for "consumption"
valuation          "fas" or "fob_value" for exports; "customs_value", "cif_value" or "fob_value" for imports, or
                   "calculated_duty": the duties on them, which are no trade
adjustment         "N" not adjusted, "Y" seasonally adjusted
time_period        month, "2017-11", or year, "2017"
obs_value          US dollars, whole
obs_status         SDMX code; "A" is a normal value
source             dataset of data/sources.toml
vintage            day of the release, "2018-10-05"

`sources` adds what data/sources.toml says of the dataset when it reads for an edition, so that it travels with every row:
basis              what its values are made up by: "census", "bop" (balance of payments) or "partner" (that country's own)
origin             the `Origin`: dataset, vintage, and how that vintage stands to the as-of day
"""

import numpy as np
import pandas as pd

from briefing.errors import DuplicateObservations, MissingPeriods, MixedBasis
from briefing.record.lines import Lines, Texts, lines_in, once_a_table

KEY = [
    "classification",
    "commodity",
    "ref_area",
    "counterpart_area",
    "trade_flow",
    "trade_system",
    "valuation",
    "adjustment",
    "time_period",
]
"""What tells an observation from any other of its dataset; from those of another, its `BASIS` as well."""
BASIS = "basis"
COLUMNS = [*KEY, "obs_value", "obs_status"]
ONE_IN_A_FLOW = ("classification", "commodity", "trade_system", "valuation")
ONE_IN_A_BALANCE = (BASIS, "adjustment")


def of_partner(observations: pd.DataFrame, partner: str) -> pd.DataFrame:
    """The rows of one partner."""
    return observations if _partners(observations) <= {partner} else _picked(observations, partner)


@once_a_table
def _partners(observations: pd.DataFrame) -> set[str]:
    return set(observations["counterpart_area"].unique())


@once_a_table
def _picked(observations: pd.DataFrame, partner: str) -> pd.DataFrame:
    return observations[observations["counterpart_area"] == partner]


@once_a_table
def lines_of(observations: pd.DataFrame) -> Lines:
    """The observations as lines to pick from, once a table."""
    return lines_in(observations, [name for name in (*KEY, BASIS) if name in observations.columns])


def as_text(observations: pd.DataFrame) -> pd.DataFrame:
    """The same rows with codes as Python's own text, each code once: rows are picked many times faster than from Arrow."""
    if not any(isinstance(kind, pd.StringDtype) for kind in observations.dtypes):
        return observations
    columns = {name: column if name == "obs_value" else _each_once(column) for name, column in observations.items()}
    return pd.DataFrame(columns, index=observations.index).copy()


def _each_once(column: pd.Series) -> pd.Series:
    codes, held = pd.factorize(column)
    return pd.Series(np.asarray(held, dtype=object)[codes], index=column.index, dtype=object)


def between(observations: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """The rows of the months from first to last, both included."""
    return observations[observations["time_period"].between(first, last)]


def require_one_basis(columns: Texts) -> None:
    """Refuse rows that must not be added up: two bases or adjustments, two systems of trade or valuations in one flow.

    Raises
    ------
    MixedBasis
        Naming the column and its values.
    """
    for column in ONE_IN_A_BALANCE:
        if len(values := set(columns.get(column, ()))) > 1:
            raise MixedBasis(
                f"The rows mix {column} {' and '.join(sorted(values))}. "
                f"A sum or balance over both would compare unlike values. Select one {column} first."
            )
    for column in ONE_IN_A_FLOW:
        pairs = set(zip(columns["trade_flow"], columns[column], strict=True))
        for flow in sorted({flow for flow, _ in pairs}):
            held = [value for paired, value in pairs if paired == flow]
            if len(held) > 1:
                raise MixedBasis(
                    f"Flow {flow} mixes {column} {' and '.join(sorted(held))}. "
                    "A sum over both would count goods twice or compare unlike values. "
                    f"Select one {column} first."
                )


@once_a_table
def require_unique(observations: pd.DataFrame) -> None:
    """Refuse a table with two values for one observation.

    Raises
    ------
    DuplicateObservations
    """
    repeated = observations[observations.duplicated(KEY)]
    if not repeated.empty:
        row = repeated.iloc[0]
        raise DuplicateObservations(
            f"Partner {row.counterpart_area} has two values for {row.time_period}, flow {row.trade_flow}, "
            f"commodity {row.commodity}. Every total over that month would count it twice. "
            "Keep one of them in the source file."
        )


def require_periods(observations: pd.DataFrame, months: list[str], what: str) -> None:
    """Refuse a figure over months that are not all there, for each flow.

    Raises
    ------
    MissingPeriods
        Naming the first gap.
    """
    for flow in ("X", "M"):
        present = lines_of(observations).places[flow]
        missing = [month for month in months if month not in present]
        if missing:
            more = f" and {len(missing) - 1} more months" if len(missing) > 1 else ""
            raise MissingPeriods(
                f"{what} has no observation for {missing[0]}{more} (flow {flow}). "
                f"Totals over {months[0]} to {months[-1]} would be too small. "
                f"Register a vintage that holds them, or choose other months."
            )
