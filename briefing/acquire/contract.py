"""What every table of observations must be before it may enter the record, checked by pandera.

The words are a trade statistician's: which observation, what is wrong with it, what it would have spoiled.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from string import ascii_uppercase
from typing import Any, NewType

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from briefing.codes import codelists
from briefing.errors import DuplicateObservations, MalformedSource
from briefing.record import observations

Observations = NewType("Observations", pd.DataFrame)
"""A table that has passed the contract, which none passes twice: what the clients and importers give, and alone is registered."""

Basis = tuple[str, str, str]
BASIS = ("trade_flow", "trade_system", "valuation")
"""The columns of a basis."""
EXPORTS: Basis = ("X", "total", "fas")
GENERAL_IMPORTS: Basis = ("M", "general", "customs_value")
IMPORTS_FOR_CONSUMPTION: Basis = ("M", "consumption", "customs_value")
"""The three of the US Census Bureau."""
DUTIES: Basis = ("M", "consumption", "calculated_duty")
"""Duties calculated on imports for consumption: no trade, and a valuation of their own, so that no sum takes them for it."""
EXPORTS_FOB: Basis = ("X", "total", "fob_value")
IMPORTS_CIF: Basis = ("M", "general", "cif_value")
IMPORTS_FOB: Basis = ("M", "general", "fob_value")
"""Those of Korea's customs and of UN Comtrade."""

AREAS = frozenset({*codelists.AREAS, "US"})
COMMODITY = {"TOTAL": "TOTAL", "HS": "[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{10}", "END_USE": "[0-9]|[0-9]{5}"}
"""Codes of end-use have one digit or five; the one digit is the sum of its fives."""
SYSTEMS = {"X": ("total",), "M": ("general", "consumption")}
VALUATIONS = {"X": ("fas", "fob_value"), "M": ("customs_value", "cif_value", "fob_value", "calculated_duty")}
SYSTEMS_OF = {"calculated_duty": ("consumption",)}
"""Valuations that are of one system of trade alone."""
PARTNERS_OF = {"US": AREAS - {"US"}, "KR": AREAS - {"5800"}}
PERIOD = "(198[5-9]|199[0-9]|20[0-9]{2}|2100)(-(0[1-9]|1[0-2]))?"

SPOILS = {
    "classification": "classification {value!r} is neither TOTAL, HS nor END_USE, so its code has no meaning",
    "commodity": "{value!r} is no code of classification {row.classification}: it would be counted in the wrong product",
    "ref_area": "reporter {value!r} is neither US nor KR, so the flow would be nobody's",
    "counterpart_area": "{value!r} is no partner of reporter {row.ref_area}, so its trade would be lost or counted twice",
    "trade_flow": "flow {value!r} is neither X (exports) nor M (imports), so it would enter no balance",
    "trade_system": "{value!r} is no system of trade of flow {row.trade_flow}: general imports and imports for consumption would mix",
    "valuation": "{value!r} is no valuation of flow {row.trade_flow}: unlike values would be compared",
    "adjustment": "adjustment {value!r} is neither N nor Y: adjusted and unadjusted values would be summed",
    "time_period": "{value!r} is no month or year from 1985 to 2100, so it would stand in no series",
    "obs_value": "trade cannot be negative, so every sum over it would be too small",
    "obs_status": "status {value!r} is no code of the SDMX code list, so nobody could tell an estimate",
}


def _each_once(right: Callable[[str], bool]) -> pa.Check:
    """A check asked once a distinct value, of which a column of codes has few."""
    return pa.Check(lambda column: column.isin([value for value in column.unique() if right(value)]))


def _agree(first: str, second: str, right: Callable[[str, str], bool]) -> pa.Check:
    """A check of two columns together, asked once a distinct pair; the second is to blame.

    A first value of no list passes here: its own column's check refuses it.
    """

    def agrees(table: pd.DataFrame) -> pd.Series:
        pairs = table[first] + " " + table[second]
        return pairs.isin([pair for pair in pairs.unique() if right(*pair.split(" ", 1))])

    return pa.Check(agrees, name=second)


def _listed(allowed: Mapping[str, Collection[str]]) -> Callable[[str, str], bool]:
    return lambda first, second: second in allowed.get(first, (second,))


CONTRACT = pa.DataFrameSchema(
    {
        "classification": pa.Column(str, pa.Check.isin(list(COMMODITY))),
        "commodity": pa.Column(str),
        "ref_area": pa.Column(str, pa.Check.isin(list(PARTNERS_OF))),
        "counterpart_area": pa.Column(str),
        "trade_flow": pa.Column(str, pa.Check.isin(list(SYSTEMS))),
        "trade_system": pa.Column(str),
        "valuation": pa.Column(str),
        "adjustment": pa.Column(str, pa.Check.isin(["N", "Y"])),
        "time_period": pa.Column(str, _each_once(lambda period: re.fullmatch(PERIOD, period) is not None)),
        "obs_value": pa.Column("int64", pa.Check.ge(0)),
        "obs_status": pa.Column(str, pa.Check.isin(list(ascii_uppercase))),
    },
    checks=[
        _agree("classification", "commodity", lambda kind, code: bool(re.fullmatch(COMMODITY.get(kind, ".*"), code))),
        _agree("ref_area", "counterpart_area", _listed(PARTNERS_OF)),
        _agree("trade_flow", "trade_system", _listed(SYSTEMS)),
        _agree("trade_flow", "valuation", _listed(VALUATIONS)),
        _agree("valuation", "trade_system", _listed(SYSTEMS_OF)),
    ],
    strict=True,
    ordered=True,
)


def observed(rows: pd.DataFrame | Mapping[str, Any] | Iterable[tuple[Any, ...]], what: str) -> Observations:
    """The observations of a file or reply, held against the contract and in the order of their key.

    Parameters
    ----------
    rows
        A table, its columns (a text is that of every row), or tuples in the order of `briefing.record.observations.COLUMNS`.
        Values are whole US dollars.
    what
        The file or reply in a message.

    Returns
    -------
    The columns of `briefing.record.observations.COLUMNS`, sorted by `briefing.record.observations.KEY`.

    Raises
    ------
    MalformedSource, DuplicateObservations
        As `require_contract`.
    """
    table = pd.DataFrame(rows, columns=observations.COLUMNS).astype({"obs_value": "int64"})
    require_contract(table, what)
    return Observations(table.sort_values(observations.KEY, ignore_index=True))


def require_contract(table: pd.DataFrame, what: str) -> None:
    """Refuse a table that is not one of observations: shape, code lists, units, one value an observation.

    `table` must have `briefing.record.observations.COLUMNS` in that order, text but for `obs_value`, whole US dollars and never negative: a flow says the
    sign. `what` names the file or reply in the message.

    Raises
    ------
    MalformedSource
        Naming the first observation at fault, what is wrong with it, and how many there are.
    DuplicateObservations
    """
    if list(table.columns) != observations.COLUMNS:
        raise MalformedSource(
            f"{what}: the columns are {', '.join(map(str, table.columns))}, where a table of observations has "
            f"{', '.join(observations.COLUMNS)}. Nothing could be found in it. Mend its importer."
        )
    if table.empty:
        raise MalformedSource(
            f"{what} holds no observation. A vintage of it would say that there was no trade. Fetch it again."
        )
    _require_kinds(table, what)
    table = table.reset_index(drop=True)
    try:
        CONTRACT.validate(table, lazy=True)
    except SchemaErrors as refused:
        fault = _in_words(table, refused.failure_cases, what)
    else:
        return _require_one_frequency_and_value(table, what)
    raise fault


def _require_kinds(table: pd.DataFrame, what: str) -> None:
    """Refuse a column of another type, or with gaps, before anything else is asked of it."""
    for column in observations.COLUMNS:
        kind = "int64" if column == "obs_value" else "str"
        if table[column].dtype != kind:
            raise MalformedSource(
                f"{what}: column {column} holds {table[column].dtype}, not "
                f"{'whole dollars' if kind == 'int64' else 'text'}: codes would lose their zeros, or sums their last "
                "dollars. Fetch it again, or mend its importer."
            )
        if table[column].hasnans:
            row = table[table[column].isna()].iloc[0]
            raise MalformedSource(
                f"{what}: {_observation(row)} lacks its {column}, so it could be found by nobody. "
                "Fetch it again, or mend its importer."
            )


def _require_one_frequency_and_value(table: pd.DataFrame, what: str) -> None:
    if table["time_period"].str.len().nunique() > 1:
        raise MalformedSource(
            f"{what} mixes months and years. A year would be added to its own months. Register each as its own dataset."
        )
    try:
        observations.require_unique(table)
    except DuplicateObservations as refusal:
        fault = DuplicateObservations(f"{what}: {refusal}")
    else:
        return
    raise fault


def _in_words(table: pd.DataFrame, cases: pd.DataFrame, what: str) -> MalformedSource:
    """The first thing wrong, as a sentence with the observation it is wrong in."""
    faults = cases["column"].where(cases["schema_context"] == "Column", cases["check"])
    column = str(faults.iloc[0])
    rows = table.loc[sorted(cases.loc[faults == column, "index"].unique())]
    row: Any = rows.iloc[0]
    more = f" ({len(rows):,} such observations)" if len(rows) > 1 else ""
    return MalformedSource(
        f"{what}: {_observation(row)}: {SPOILS[column].format(value=row[column], row=row)}{more}. "
        "Fetch it again, or correct the row."
    )


def _observation(row: Any) -> str:
    """The words for one observation: "Korea, South (5800), flow M, commodity TOTAL, 2017-11, 5,641 dollars"."""
    name = codelists.AREAS.get(row.counterpart_area)
    partner = f"{name} ({row.counterpart_area})" if name else f"partner {row.counterpart_area}"
    return f"{partner}, flow {row.trade_flow}, commodity {row.commodity}, {row.time_period}, {row.obs_value:,} dollars"
