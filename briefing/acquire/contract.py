"""What every table of observations must be before it may enter the record, checked by pandera.

The words are a trade statistician's: which observation, what is wrong with it, what it would have spoiled.
"""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from briefing import codelists, observations
from briefing.errors import DuplicateObservations, MalformedSource

AREAS = frozenset({*codelists.AREAS, "US"})
COMMODITY = {"TOTAL": "TOTAL", "HS": r"\d{2}|\d{4}|\d{6}|\d{10}", "END_USE": r"\d{1}|\d{5}"}
SYSTEMS = {"X": {"total"}, "M": {"general", "consumption"}}
VALUATIONS = {"X": {"fas", "fob_value"}, "M": {"customs_value", "cif_value", "fob_value"}}
PERIOD = r"(198[5-9]|199\d|20\d\d)(-(0[1-9]|1[0-2]))?"


def _text(check: pa.Check) -> pa.Column:
    return pa.Column(str, check, coerce=False)


def _codes_of_classification(table: pd.DataFrame) -> pd.Series:
    """Whether each commodity is a code of its classification; asked once a pair, for pairs are few."""
    pairs = table[["classification", "commodity"]].drop_duplicates()
    right = pd.Series(
        [
            pd.Series([commodity]).str.fullmatch(COMMODITY.get(classification, "")).iloc[0]
            for classification, commodity in pairs.itertuples(index=False)
        ],
        index=pd.MultiIndex.from_frame(pairs),
        dtype=bool,
    )
    return pd.Series(
        right.loc[list(zip(table["classification"], table["commodity"], strict=True))].to_numpy(), table.index
    )


def _of_flow(column: str, allowed: dict[str, set[str]]) -> pa.Check:
    def agrees(table: pd.DataFrame) -> pd.Series:
        pairs = {(flow, value) for flow, values in allowed.items() for value in values}
        return pd.Series([pair in pairs for pair in zip(table["trade_flow"], table[column], strict=True)], table.index)

    return pa.Check(agrees, name=column)


SPOILS = {
    "classification": "classification {value!r} is neither TOTAL, HS nor END_USE, so its code would have no meaning",
    "commodity": "{value!r} is no code of classification {row.classification}: it would be counted in the wrong product",
    "ref_area": "reporter {value!r} is neither US nor KR, so the flow would be nobody's",
    "counterpart_area": "partner code {value!r} is in no list, so its trade would be lost or counted twice",
    "trade_flow": "flow {value!r} is neither X (exports) nor M (imports), so it would enter no balance",
    "trade_system": "{value!r} is no system of trade of flow {row.trade_flow}: general imports and imports for consumption would mix",
    "valuation": "{value!r} is no valuation of flow {row.trade_flow}: unlike values would be compared",
    "adjustment": "adjustment {value!r} is neither N nor Y: adjusted and unadjusted values would be summed",
    "time_period": "{value!r} is no month or year from 1985 to 2099, so it would stand in no series",
    "obs_value": "the value is {value}: trade cannot be negative, nor other than whole dollars",
    "obs_status": "status {value!r} is no code of the SDMX code list, so nobody could tell an estimate",
}

CONTRACT = pa.DataFrameSchema(
    {
        "classification": _text(pa.Check.isin(list(COMMODITY))),
        "commodity": pa.Column(str),
        "ref_area": _text(pa.Check.isin(["US", "KR"])),
        "counterpart_area": _text(pa.Check.isin(sorted(AREAS))),
        "trade_flow": _text(pa.Check.isin(["X", "M"])),
        "trade_system": pa.Column(str),
        "valuation": pa.Column(str),
        "adjustment": _text(pa.Check.isin(["N", "Y"])),
        "time_period": _text(pa.Check(lambda periods: periods.isin({p for p in set(periods) if _is_period(p)}))),
        "obs_value": pa.Column("int64", pa.Check.ge(0)),
        "obs_status": _text(pa.Check.str_matches(r"^[A-Z]$")),
    },
    checks=[
        pa.Check(_codes_of_classification, name="commodity"),
        _of_flow("trade_system", SYSTEMS),
        _of_flow("valuation", VALUATIONS),
    ],
    strict=True,
    ordered=True,
)


def _is_period(text: str) -> bool:
    return bool(pd.Series([text]).str.fullmatch(PERIOD).iloc[0])


def require_contract(table: pd.DataFrame, what: str) -> None:
    """Refuse a table that is not one of observations: shape, code lists, units, one value an observation.

    `what` names the file or reply in the message.

    Raises
    ------
    MalformedSource, DuplicateObservations
    """
    if list(table.columns) != observations.COLUMNS:
        raise MalformedSource(
            f"{what}: the columns are {', '.join(map(str, table.columns))}, where a table of observations has "
            f"{', '.join(observations.COLUMNS)}. Nothing could be found in it. Mend its importer."
        )
    if table.empty:
        raise MalformedSource(f"{what} holds no observation. A vintage of it would say that there was no trade.")
    try:
        CONTRACT.validate(table, lazy=True)
    except SchemaErrors as refused:
        raise _in_words(table, refused.failure_cases, what) from None
    if table["time_period"].str.len().nunique() > 1:
        raise MalformedSource(
            f"{what} mixes months and years. A year would be added to its own months. Register each as its own dataset."
        )
    try:
        observations.require_unique(table)
    except DuplicateObservations as refusal:
        raise DuplicateObservations(f"{what}: {refusal}") from None


def _in_words(table: pd.DataFrame, cases: pd.DataFrame, what: str) -> MalformedSource:
    """The first thing wrong, as a sentence with the observation it is wrong in."""
    first = cases.iloc[0]
    column = str(first["column"] if first["schema_context"] == "Column" else first["check"])
    column = column if column in SPOILS else str(first["check"])
    if pd.isna(first["index"]):
        return MalformedSource(
            f"{what}: column {first['column']} holds values of the wrong kind ({first['failure_case']}): no sum could be "
            "trusted. Fetch it again, or mend its importer."
        )
    of_this = cases[(cases["check"] == first["check"]) & (cases["column"] == first["column"])]
    count = of_this["index"].nunique()
    row: Any = table.loc[first["index"]]
    partner = codelists.AREAS.get(row.counterpart_area, row.counterpart_area)
    more = f" ({count:,} such observations)" if count > 1 else ""
    return MalformedSource(
        f"{what}: {partner}, flow {row.trade_flow}, commodity {row.commodity}, {row.time_period}: "
        f"{SPOILS[column].format(value=row[column], row=row)}{more}. Fetch it again, or correct the row."
    )
