"""Series held against one another: products, mirrors and end-use against all goods, of one vintage to the dollar."""

import itertools
from datetime import date

import pandas as pd
import pytest
from briefing import periods
from briefing.acquire import contract, imports
from briefing.acquire.between_series import COMPARED, EXACT, AllGoods, require_like_all_goods, require_same_years
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record import sources
from briefing.record.sources import Source

from tests.acquire.test_continuity import CARS, NEWEST, Change, held, multiplied, vintages, without

pytestmark = pytest.mark.long

PRODUCTS = ["census-hs-exports", "census-hs-imports-consumption", "census-hs-imports-general"]


def goods(source: Source) -> AllGoods:
    return AllGoods(held(source), f"the vintage of {source.vintage} of {source.dataset}", source.open_years)


@pytest.mark.parametrize("dataset", [*PRODUCTS, "census-hs-detail-imports-consumption", "census-end-use-imports"])
def test_products_are_like_all_goods_in_every_vintage_of_the_workbook(dataset: str) -> None:
    for source, totals in itertools.product(vintages(dataset), vintages("census-country")):
        require_like_all_goods(held(source), dataset, goods(totals))


@pytest.mark.parametrize(
    ("dataset", "change", "words"),
    [
        ("census-hs-exports", without("commodity == '14'"), r"flow X: Korea, South \(5800\), 20\d\d(-\d\d)?: the codes of 2 digits come to"),
        ("census-hs-exports", multiplied(0.001), "the unit or the flow is another"),
        ("census-hs-imports-general", without("commodity == '87' and time_period == '2024-06'"), r"Korea, South \(5800\), 2024-06: the codes of 2 digits come to"),
        ("census-hs-imports-consumption", without(CARS), r"Korea, South \(5800\), 201[56]: the codes of 2 digits come to [45]\d,\d{3}\.\d million dollars"),
        ("census-end-use-imports", multiplied(1000), "the vintage of 2026-03-12 of census-country has"),
        ("census-end-use-imports", without("commodity == '30000' and counterpart_area == '5880' and time_period == '2018'"), r"Japan \(5880\), 2018: the codes of 5 digits"),
    ],
)  # fmt: skip
def test_products_that_are_not_all_goods_are_refused(dataset: str, change: Change, words: str) -> None:
    source, totals = vintages(dataset)[-1], vintages("census-country")[-1]
    with pytest.raises(MalformedSource, match=words):
        require_like_all_goods(change(held(source)), "it", goods(totals))


def ledger(factor: float, flow: str = "X", area: str = "KR") -> pd.DataFrame:
    """A mirror of the workbook's months with Korea: what Korea exports the United States imports."""
    totals = held(NEWEST).query(f"counterpart_area == '5800' and trade_flow == '{'M' if flow == 'X' else 'X'}'")
    return totals.assign(
        ref_area=area,
        counterpart_area="US",
        trade_flow=flow,
        trade_system="total" if flow == "X" else "general",
        valuation="fob_value" if flow == "X" else "cif_value",
        obs_value=(totals["obs_value"] * factor).astype("int64"),
    )


@pytest.mark.parametrize(("factor", "passes"), [(0.96, True), (0.001, False), (0.35, False)])
def test_a_mirror_in_thousands_or_of_services_is_no_mirror(factor: float, passes: bool) -> None:
    if passes:
        require_like_all_goods(ledger(factor), "it", goods(NEWEST))
    else:
        with pytest.raises(MalformedSource, match=r"Korea, South \(5800\), .* or it is not goods"):
            require_like_all_goods(ledger(factor), "it", goods(NEWEST))


def test_flows_of_a_mirror_exchanged_are_refused() -> None:
    table = held(NEWEST).query("counterpart_area == '5800' and time_period > '2020'")
    mirror = table.assign(
        ref_area="KR", counterpart_area="US", valuation=table["trade_flow"].map({"X": "fob_value", "M": "cif_value"})
    )
    with pytest.raises(MalformedSource, match="the unit or the flow is another"):
        require_like_all_goods(mirror, "it", goods(NEWEST))


@pytest.mark.parametrize(
    ("year", "off", "passes"), [("2021", 1_000, True), ("2021", 1_001, False), ("2022", 1_001, True)]
)
def test_the_last_year_closed_to_revision_is_held_to_the_dollar_and_the_next_is_not(
    year: str, off: int, passes: bool
) -> None:
    source, totals = vintages("census-end-use-imports")[-1], vintages("census-country")[-1]
    table = held(source).copy()
    one = table.query(f"commodity == '30000' and counterpart_area == '5800' and time_period == '{year}'").index
    table.loc[one, "obs_value"] += off
    if passes:
        require_like_all_goods(table, "it", goods(totals))
    else:
        with pytest.raises(MalformedSource, match=rf"Korea, South \(5800\), {year}: the codes of 5 digits"):
            require_like_all_goods(table, "it", goods(totals))


UNREVISED = [
    (products, totals)
    for dataset in ("census-hs-imports-general", "census-end-use-imports")
    for products, totals in itertools.product(vintages(dataset), vintages("census-country"))
    if not sources.calendar().annual_revisions(*sorted((products.vintage, totals.vintage)))
]


def test_products_of_all_partners_are_all_goods_to_the_dollar_where_no_annual_revision_lies_between() -> None:
    assert len(UNREVISED) == 4
    for products, totals in UNREVISED:
        require_like_all_goods(held(products), products.dataset, goods(totals), revised=False)


MONTH_OF_2024 = "counterpart_area == '5800' and time_period == '2024-11'"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (multiplied(1.01, MONTH_OF_2024), r"flow M: Korea, South \(5800\), 2024-11: the codes of 2 digits come to"),
        (without(f"{MONTH_OF_2024} and commodity == '30'"), r"2024-11: the codes of 2 digits come to"),
        (
            lambda t: t.assign(time_period=t["time_period"].replace({"2024-03": "2024-04", "2024-04": "2024-03"})),
            r"2024-0[34]: the codes",
        ),
    ],
)
def test_a_month_of_products_that_is_another_than_of_all_goods_is_seen_where_none_was_revised(
    change: Change, words: str
) -> None:
    (source,), totals = vintages("census-hs-imports-general"), goods(NEWEST)
    altered = change(held(source))
    require_like_all_goods(altered, "it", totals)  # within what revisions have moved months by
    with pytest.raises(MalformedSource, match=words):
        require_like_all_goods(altered, "it", totals, revised=False)


@pytest.mark.parametrize(
    ("partner", "seen"), [("5800", True), ("2010", True), ("1220", False), (codelists.WORLD, False)]
)
def test_what_is_revised_by_the_month_need_not_be_equal(partner: str, seen: bool) -> None:
    """The world, and exports to Canada."""
    table = held(NEWEST).query(f"counterpart_area == '{partner}' and trade_flow == 'X' and time_period >= '2025'")
    altered = multiplied(1.001, "time_period == '2025-11'")(table)
    require_like_all_goods(altered, "it", goods(NEWEST))
    if seen:
        with pytest.raises(MalformedSource, match=rf"\({partner}\), 2025(-11)?: all goods come to"):
            require_like_all_goods(altered, "it", goods(NEWEST), revised=False)
    else:
        require_like_all_goods(altered, "it", goods(NEWEST), revised=False)


@pytest.mark.parametrize(("off", "passes"), [(EXACT, True), (EXACT + 1, False)])
def test_equal_is_to_a_thousand_dollars(off: int, passes: bool) -> None:
    table = held(NEWEST).query("counterpart_area == '5800' and time_period == '2025-11'")
    altered = table.assign(obs_value=table["obs_value"] + off)
    if passes:
        require_like_all_goods(altered, "it", goods(NEWEST), revised=False)
    else:
        with pytest.raises(MalformedSource, match=r"2025-11: all goods come to"):
            require_like_all_goods(altered, "it", goods(NEWEST), revised=False)


@pytest.mark.parametrize(("monthly", "period"), [(True, "2025-11"), (False, "2025")])
@pytest.mark.parametrize("below", [0, 1])
def test_shares_hold_from_a_size_on_by_month_and_by_year(monthly: bool, period: str, below: int) -> None:
    """One dollar below it a small partner may have been revised by any share."""
    total = COMPARED[monthly] - below
    table = held(NEWEST).query("counterpart_area == '5800' and trade_flow == 'X' and time_period == '2025-11'")
    months = [period] if monthly else periods.span("2025-01", "2025-12")
    parts = [total // len(months)] * (len(months) - 1)
    all_goods = pd.concat(
        [
            table.assign(time_period=m, obs_value=value)
            for m, value in zip(months, [*parts, total - sum(parts)], strict=True)
        ]
    )
    half = table.assign(time_period=period, obs_value=total // 2)
    source = AllGoods(all_goods, "that vintage", 0)
    if below:
        require_like_all_goods(half, "it", source)
    else:
        with pytest.raises(MalformedSource, match=rf"Korea, South \(5800\), {period}: all goods come to"):
            require_like_all_goods(half, "it", source)


def again(source: Source, table: pd.DataFrame | None = None) -> imports.Incoming:
    """A vintage on record, or another table in its place, as it comes in."""
    original = imports.Original("made for a test", [source.original], [source.original_sha256])
    before = [one for one in vintages(source.dataset) if one.vintage == source.continues]
    return imports.Incoming(
        source.dataset,
        contract.Observations(held(source) if table is None else table),
        original,
        excerpt=bool(source.partners),
        gaps=source.gaps,
        rounded_to=source.rounded_to,
        since=source.since,
        continues=next(iter(before), None),
    )


HELD = [source for source in sources.register() if source.file.endswith(".parquet") and not source.despite]


@pytest.mark.parametrize("source", HELD, ids=lambda source: f"{source.dataset} {source.last_period}")
def test_every_vintage_on_record_passes_all_that_a_new_one_is_held_against(source: Source) -> None:
    assert imports._held_against_the_record(again(source), source.vintage, "")[0] == ""


def test_the_excerpt_of_exports_is_refused_for_ten_thousand_dollars_and_for_nothing_else() -> None:
    (excerpt,) = [source for source in sources.vintages_of("census-end-use-exports") if source.partners]
    original = imports.Original("made for a test", ["enduse_exports.csv"], ["0" * 64])
    one = imports.Incoming(excerpt.dataset, held(excerpt), original, excerpt=True)
    words = r"2024: the codes of 5 digits come to 65,586,287,175 dollars, the vintage of 2026-03-12 of census-country has 65,586,297,175\."
    with pytest.raises(MalformedSource, match=words):
        imports._held_against_the_record(one, excerpt.vintage, "")
    table = held(excerpt)
    short = (table["counterpart_area"] == "5800") & (table["time_period"] == "2024") & (table["commodity"] == "30000")
    table.loc[short, "obs_value"] += 10_000
    whole = imports.Incoming(excerpt.dataset, contract.Observations(table), original, excerpt=True)
    assert imports._held_against_the_record(whole, excerpt.vintage, "")[0] == ""


def held_against_the_record(table: pd.DataFrame) -> None:
    """Hold an excerpt of exports by end-use, of June 2026, against the whole vintage and the excerpt on record."""
    original = imports.Original("made for a test", ["enduse_exports.csv"], ["0" * 64])
    one = imports.Incoming("census-end-use-exports", contract.Observations(table), original, excerpt=True)
    assert imports._held_against_the_record(one, date(2026, 6, 15), "")[0] == ""


def test_an_excerpt_is_held_against_the_vintage_that_has_its_partners_and_not_against_that_of_others() -> None:
    whole, excerpt = vintages("census-end-use-exports")
    assert "5520" not in excerpt.partners
    vietnam = held(whole).query("counterpart_area == '5520'")
    held_against_the_record(vietnam)
    with pytest.raises(MalformedSource, match=rf"Vietnam \(5520\), .*the vintage of {whole.vintage}"):
        held_against_the_record(multiplied(0.001)(vietnam))


def test_an_excerpt_with_part_of_a_group_of_goods_would_pass_for_the_group() -> None:
    _, excerpt = vintages("census-end-use-exports")
    japan = held(excerpt).query("counterpart_area == '5880'")
    held_against_the_record(japan)
    with pytest.raises(MalformedSource, match=rf"lacks what the vintage of {excerpt.vintage} holds: Japan \(5880\)"):
        held_against_the_record(japan.query("commodity == '30000'"))


def of_exports_to_korea(factor: float, month: str = "2025-11") -> pd.DataFrame:
    """The newest vintage with all its exports multiplied in a month that no older one has, aggregates and all."""
    return multiplied(factor, f"trade_flow == 'X' and time_period == '{month}'")(held(NEWEST))


@pytest.mark.parametrize(("factor", "passes"), [(1.0, True), (0.8, False), (1.2, False)])
def test_a_new_workbook_is_held_against_the_other_series_on_record(factor: float, passes: bool) -> None:
    """FRED's copy of April 2026 has the month, the vintage of country.xlsx before this one ends in February 2025."""
    original = imports.Original("made for a test", ["country.xlsx"], ["0" * 64])
    one = imports.Incoming("census-country", of_exports_to_korea(factor), original)
    if passes:
        imports._require_like_all_goods(one, NEWEST.vintage)
    else:
        words = (
            r"^The vintage of 2026-06-09 of fred-korea, flow X: Korea, South \(5800\), 2025-11: all goods "
            r"come to [\d,.]+ million dollars, this file of census-country has [\d,.]+ million"
        )
        with pytest.raises(MalformedSource, match=words):
            imports._require_like_all_goods(one, NEWEST.vintage)


def test_a_new_workbook_of_the_same_year_is_held_against_products_to_the_dollar() -> None:
    original = imports.Original("made for a test", ["country.xlsx"], ["0" * 64])
    altered = multiplied(1.01, "trade_flow == 'M' and time_period == '2024-11'")(held(NEWEST))
    one = imports.Incoming("census-country", altered, original)
    with pytest.raises(
        MalformedSource, match=r"^The vintage of 2026-03-12 of census-hs-imports-general, .* 2024-11: the"
    ):
        imports._require_like_all_goods(one, NEWEST.vintage)


def _whole(dataset: str, vintage: str) -> pd.DataFrame:
    (source,) = [one for one in sources.vintages_of(dataset) if str(one.vintage) == vintage]
    return pd.read_parquet(sources.data_directory() / source.file)


def test_without_an_annual_revision_between_them_all_goods_are_the_sum_of_end_use_to_the_dollar() -> None:
    pairs = [
        (goods, products)
        for goods in sources.whole_vintages("census-country")
        for products in sources.vintages_of("census-end-use-imports")
        if not sources.calendar().annual_revisions(*sorted((goods.vintage, products.vintage)))
    ]
    assert len(pairs) == 3
    for goods, products in pairs:
        ours, theirs = (_whole(one.dataset, str(one.vintage)) for one in (goods, products))
        require_same_years(AllGoods(ours, "This file", 0), theirs, "that vintage")


def _exchanged(table: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    late = table["time_period"] >= "2025-03"
    codes = table["counterpart_area"].astype(str)
    return table.assign(counterpart_area=codes.where(~late, codes.replace({one: other, other: one})))


def _values(table: pd.DataFrame, rows: pd.Series, factor: float) -> pd.DataFrame:
    return table.assign(obs_value=table["obs_value"].where(~rows, (table["obs_value"] * factor).astype("int64")))


MUTANTS = {
    "two partners exchanged in the new months": lambda t: _exchanged(t, "5800", "1220"),
    "a partner lost": lambda t: _values(t, (t["counterpart_area"] == "4050") & (t["time_period"] >= "2025-03"), 0),
    "all new months scaled": lambda t: _values(t, t["time_period"] >= "2025-03", 0.7),
    "small partners lost": lambda t: _values(t, (t["counterpart_area"] == "4271") & (t["time_period"] == "2025-07"), 0),
    "a month lost and the others moved up": lambda t: t.assign(
        time_period=t["time_period"].where(
            t["time_period"] < "2025-03", t["time_period"].map(lambda m: periods.shifted(str(m), -1))
        )
    )[t["time_period"] != "2025-03"],
}


@pytest.mark.parametrize("damage", MUTANTS)
def test_a_country_file_damaged_in_months_that_no_other_vintage_has_is_seen_by_end_use(damage: str) -> None:
    goods, products = _whole("census-country", "2026-03-12"), _whole("census-end-use-imports", "2026-02-19")
    with pytest.raises(
        MalformedSource, match=r"No annual revision lies between the two, so that they are the same to the dollar"
    ):
        require_same_years(AllGoods(MUTANTS[damage](goods), "This file", 0), products, "that vintage")


(ROUNDED,) = [source for source in sources.whole_vintages("census-country") if source.continues]
"""All goods of October 2026, from 2023 on, in tenths of a million."""
LATER = date(2026, 10, 20)


def as_a_workbook(table: pd.DataFrame) -> pd.DataFrame:
    """The months of the rounded vintage as the office's own file of that release would have them, to the dollar.

    Korea's exports are what its chapters come to, its imports what FRED gives again; what the others had before it was rounded is made up.
    """
    rows = (table["time_period"] >= ROUNDED.since) & (table["obs_value"] > 0)
    codes = table["counterpart_area"].astype(int) + table["time_period"].str[-2:].astype(int)
    made_up = table["obs_value"].where(~rows, table["obs_value"] + codes * 7919 % 99_000 - 49_500)
    chapters = held(vintages("census-hs-exports")[-1]).query("counterpart_area == '5800'")
    korea = (table["counterpart_area"] == "5800") & (table["trade_flow"] == "X") & rows
    exports = table["time_period"].map(chapters.groupby("time_period")["obs_value"].sum())
    again_by_fred = held(vintages("fred-korea")[-1]).query("trade_flow == 'M'").set_index("time_period")["obs_value"]
    from_korea = (table["counterpart_area"] == "5800") & (table["trade_flow"] == "M") & rows
    imported = table["time_period"].map(again_by_fred)
    told = made_up.where(~korea | exports.isna(), exports).where(~from_korea | imported.isna(), imported)
    return table.assign(obs_value=told.astype("int64"))


def as_a_later_workbook(table: pd.DataFrame) -> None:
    original = imports.Original("made for a test", ["country.xlsx"], ["0" * 64])
    one = imports.Incoming("census-country", contract.Observations(table), original)
    assert imports._held_against_the_record(one, LATER, "")[0] == ""


def test_a_workbook_to_the_dollar_passes_beside_the_same_months_rounded() -> None:
    table = as_a_workbook(held(ROUNDED))
    assert (table["obs_value"] - held(ROUNDED)["obs_value"]).abs().max() > 40_000
    as_a_later_workbook(table)


ONE_MONTH = {
    "new": "counterpart_area == '5880' and trade_flow == 'M' and time_period == '2026-07'",
    "of a closed year that the rounded vintage has": "counterpart_area == '5880' and trade_flow == 'M' and time_period == '2023-07'",
    "before the rounded vintage's own": "counterpart_area == '5880' and trade_flow == 'M' and time_period == '2019-07'",
}


@pytest.mark.parametrize("where", ONE_MONTH.values(), ids=ONE_MONTH)
@pytest.mark.parametrize("off", [-1_000_000, 1_000_000])
def test_a_workbook_with_a_month_of_a_partner_a_million_off_is_refused_beside_the_rounded_one(
    where: str, off: int
) -> None:
    table = as_a_workbook(held(ROUNDED))
    altered = table.assign(obs_value=table["obs_value"] + off * table.eval(where))
    with pytest.raises(MalformedSource, match=r"Japan \(5880\), flow M, 20(26-07|23-07|19)"):
        as_a_later_workbook(altered)


def test_what_a_rounded_vintage_would_let_pass_is_held_against_the_one_before_it_that_is_not() -> None:
    """Forty thousand dollars in a month that was closed to revision before either came out."""
    table = as_a_workbook(held(ROUNDED))
    where = "counterpart_area == '5880' and trade_flow == 'M' and time_period == '2019-07'"
    altered = table.assign(obs_value=table["obs_value"] + 40_000 * table.eval(where))
    with pytest.raises(MalformedSource, match=r"Japan \(5880\), flow M, 2019, .* the vintage of 2026-03-12 "):
        as_a_later_workbook(altered)


def two_partners_exchanged(table: pd.DataFrame) -> pd.DataFrame:
    own = table["time_period"] >= ROUNDED.since
    codes = table["counterpart_area"].astype(str)
    return table.assign(counterpart_area=codes.where(~own, codes.replace({"5800": "5880", "5880": "5800"})))


def flows_exchanged(table: pd.DataFrame) -> pd.DataFrame:
    key = ["counterpart_area", "time_period"]
    other = table.assign(trade_flow=table["trade_flow"].map({"X": "M", "M": "X"}))[[*key, "trade_flow", "obs_value"]]
    values = table[[*key, "trade_flow"]].merge(other, how="left")["obs_value"].fillna(0).astype("int64")
    own = table["time_period"] >= ROUNDED.since
    return table.assign(obs_value=table["obs_value"].mask(own, pd.Series(values.to_numpy(), index=table.index)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (two_partners_exchanged, r"Korea, South \(5800\)|Japan \(5880\)"),
        (flows_exchanged, "as if exports and imports had been exchanged"),
        (multiplied(10, "trade_flow == 'X' and time_period == '2023-05'"), "2023"),
        (multiplied(10, "trade_flow == 'M' and time_period == '2026-03'"), "2026"),
        (multiplied(10, "trade_flow == 'X' and time_period == '2026-07'"), "2026"),
    ],
)
def test_the_rounded_vintage_damaged_is_refused(change: Change, words: str) -> None:
    damaged = again(ROUNDED, change(held(ROUNDED)))
    with pytest.raises(MalformedSource, match=words):
        imports._held_against_the_record(damaged, ROUNDED.vintage, "")
