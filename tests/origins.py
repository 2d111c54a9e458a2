"""Where made-up observations of tests come from."""

import pandas as pd
from briefing.record.origins import Origin

OF_COUNTRIES = Origin(
    "census-country", "2018-10-05", "later", title="US Census Bureau, U.S. Trade in Goods by Country", dated=True
)


def observed(rows: pd.DataFrame, origin: Origin = OF_COUNTRIES) -> pd.DataFrame:
    """The rows as `sources` reads them of that origin."""
    return rows.assign(origin=pd.Series(origin, index=rows.index, dtype=object))
