"""Partners exchanged, given some of another's trade, or scaled together are told from revisions, which never look so."""

import itertools
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pandas as pd
import pytest
from briefing.acquire import between_partners
from briefing.acquire.between_partners import Partners, found_between, found_between_periods, partners_of
from briefing.acquire.continuity import Neighbour, require_continuity
from briefing.codes import codelists
from briefing.errors import MalformedSource
from briefing.record import observations, sources
from briefing.record.sources import Source

Change = Callable[[pd.DataFrame], pd.DataFrame]
VINTAGES = [source for source in sources.whole_vintages("census-country") if not source.continues]
PAIRS = list(itertools.permutations(VINTAGES, 2))
KOREA, JAPAN, GERMANY, TAIWAN, INDIA, VIETNAM = "5800", "5880", "4280", "5830", "5330", "5520"


@cache
def held(source: Source) -> pd.DataFrame:
    return pd.read_parquet(sources.data_directory() / source.file)[observations.COLUMNS]


@cache
def by_month(source: Source) -> pd.DataFrame:
    """A row a series of a partner, a column a month."""
    table = held(source)
    own = table[table["counterpart_area"].isin(codelists.PARTNERS)]
    keys = [key for key in observations.KEY if key != "time_period"]
    return own.pivot_table(index=keys, columns="time_period", values="obs_value", observed=True).fillna(0)


@cache
def partners(one: Source, other: Source) -> Partners:
    sides = [by_month(one), by_month(other)]
    months = sides[0].columns.intersection(sides[1].columns)
    series = sides[0].index.union(sides[1].index)
    amounts = [side[months].reindex(series, fill_value=0).to_numpy(dtype=float) for side in sides]
    return partners_of(series.to_frame(index=False), list(months), *amounts)


@pytest.mark.long
@pytest.mark.parametrize("seen", [{"NEARER": 3, "TOGETHER": (0.0043, 20)}, {"SHARED": (0.05, 6)}], ids=str)
def test_no_vintage_reads_so_beside_any_other_even_if_the_bounds_were_those_seen(
    seen: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in seen.items():
        monkeypatch.setattr(between_partners, name, value)
    assert len(PAIRS) == 72
    for pair in PAIRS:
        both = partners(*pair)
        assert list(found_between(both)) == [], pair
        for at, flow in enumerate(both.flows):
            series = pd.DataFrame({"trade_flow": [flow] * len(both.codes)})
            months = found_between_periods(series, both.periods, both.held[:, at], both.new[:, at])
            assert list(months) == [], (pair, flow)


@pytest.mark.long
@pytest.mark.parametrize(
    ("older", "newer", "name", "value", "words"),
    [
        (5, 6, "NEARER", 2.5, "Antigua and Barbuda (2484) stood under British Virgin Islands (2482)"),
        (5, 8, "SHARED", (0.05, 5), "66.7 million dollars of it stood under United Arab Emirates (5200)"),
        (4, 5, "TOGETHER", (0.0042, 20), "multiplied by 0.9957"),
    ],
)
def test_below_what_was_seen_real_vintages_would_be_refused(
    older: int, newer: int, name: str, value: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(between_partners, name, value)
    readings = [finding.reading for finding in found_between(partners(VINTAGES[older], VINTAGES[newer]))]
    assert any(words in reading for reading in readings), readings


def rotated(places: Sequence[str], first: str, last: str, flow: str = "XM") -> Change:
    """Each partner's months under the next one's code, the last one's under the first's."""
    after = dict(zip(places, [*places[1:], places[0]], strict=True))

    def change(table: pd.DataFrame) -> pd.DataFrame:
        rows = table["time_period"].between(first, last) & table["trade_flow"].isin(list(flow))
        return table.assign(
            counterpart_area=table["counterpart_area"].mask(rows, table["counterpart_area"].replace(after))
        )

    return change


def scaled(factor: float, year: str, flow: str = "XM") -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        rows = table["time_period"].str.startswith(year) & table["trade_flow"].isin(list(flow))
        return table.assign(
            obs_value=table["obs_value"].mask(rows, (table["obs_value"] * factor).round().astype("int64"))
        )

    return change


def shared(giver: str, taker: str, share: float, first: str, last: str, flow: str) -> Change:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        keyed = table.set_index(["counterpart_area", "trade_flow", "time_period"])["obs_value"].copy()
        given = (keyed.loc[giver, flow].loc[first:last] * share).round().astype("int64")
        for partner, sign in ((giver, -1), (taker, 1)):
            keys = [(partner, flow, month) for month in given.index]
            keyed.loc[keys] = keyed.loc[keys].to_numpy() + sign * given.to_numpy()
        return table.assign(obs_value=keyed.to_numpy())

    return change


NEWEST = VINTAGES[-1]
EDITIONS = sorted(sources.vintages_of("census-end-use-imports"), key=lambda source: source.vintage)


@pytest.mark.long
@pytest.mark.parametrize(
    ("older", "newer", "change", "words"),
    [
        (NEWEST, NEWEST, rotated([KOREA, JAPAN], "2025-03", "2025-12"), r"has 2025-03 to 2025-12 otherwise than the vintage of 2026-03-12, as if Japan \(5880\) stood under Korea, South \(5800\), Korea, South \(5800\) stood under Japan \(5880\): what each has lies 5 times nearer"),
        (NEWEST, NEWEST, rotated([KOREA, JAPAN], "2025-07", "2025-07"), r"has 2025-07 otherwise .* Japan \(5880\) stood under Korea, South"),
        (NEWEST, NEWEST, rotated([KOREA, GERMANY, TAIWAN], "2025-03", "2025-12"), r"2025-03 to 2025-12 otherwise .* as if Korea, South \(5800\) stood under Germany \(4280\), Taiwan \(5830\) stood under Korea, South \(5800\), Germany \(4280\) stood under Taiwan"),
        (NEWEST, NEWEST, rotated([KOREA, JAPAN], "2010-01", "2025-12"), r"has 2010-01 to 2025-12 otherwise .* stood under"),
        (NEWEST, NEWEST, rotated([INDIA, VIETNAM], "2024-01", "2024-12", "X"), r"India \(5330\), flow X, 2024-01 to 2024-12, .* of it stood under Vietnam \(5520\): in 12 months"),
        (VINTAGES[7], NEWEST, rotated([KOREA, JAPAN], "2024-03", "2024-12"), r"has 2024-03 to 2024-12 otherwise than the vintage of 2025-04-03, as if Japan \(5880\) stood under Korea"),
        (VINTAGES[5], VINTAGES[6], rotated([KOREA, GERMANY, TAIWAN], "2022-05", "2022-06"), r"has 2022-05 to 2022-06 otherwise .* Taiwan \(5830\) stood under Korea"),
        (VINTAGES[7], NEWEST, rotated(["3350", "3370"], "2024-01", "2024-12"), r"2024-01 to 2024-12 otherwise .* Bolivia \(3350\) stood under Chile|Chile \(3370\) stood under Bolivia"),
        *((NEWEST, NEWEST, scaled(factor, "2025"), rf"has flow [XM], 2025, otherwise than the vintage of 2026-03-12, as if multiplied by {factor}: so the median of \d+ large") for factor in (1.01, 1.015, 0.985)),
        (NEWEST, NEWEST, scaled(1.01, "2024", "M"), "flow M, 2024, otherwise .* as if multiplied by 1.01:"),
        (VINTAGES[7], NEWEST, scaled(0.985, "2024", "X"), "flow X, 2024, otherwise .* as if multiplied by 0.98"),
        (VINTAGES[4], VINTAGES[5], scaled(1.01, "2020", "X"), "flow X, 2020, otherwise .* as if multiplied by 1.006"),
        (NEWEST, NEWEST, shared(KOREA, JAPAN, 0.1, "2025-03", "2025-12", "M"), r"has Korea, South \(5800\), flow M, 2025-03 to 2025-12, otherwise .* as if 10,\d{3}\.\d million dollars of it stood under Japan \(5880\): in 10 months the one lacks"),
        (VINTAGES[7], NEWEST, shared(VIETNAM, INDIA, 0.2, "2024-01", "2024-12", "M"), r"Vietnam \(5520\), flow M, 2024-01 to 2024-12, .* of it stood under India"),
        (VINTAGES[5], VINTAGES[6], shared(GERMANY, TAIWAN, 0.1, "2022-01", "2022-12", "M"), r"Germany \(4280\), flow M, 2022-01 to 2022-12, .* of it stood under Taiwan"),
        (*EDITIONS, rotated([KOREA, JAPAN], "2023", "2023"), r"has 2023 otherwise than the vintage of 2025-02-05, as if Japan \(5880\) stood under Korea"),
        (EDITIONS[1], EDITIONS[1], scaled(1.01, "2024"), r"flow M, 2024, otherwise .* as if multiplied by 1\.01:"),
    ],
)  # fmt: skip
def test_what_happened_between_partners_is_named(older: Source, newer: Source, change: Change, words: str) -> None:
    with pytest.raises(MalformedSource, match=words) as refusal:
        require_continuity(change(held(newer)), "country.xlsx", Neighbour(older, held(older)), later=True)
    assert "--despite" in str(refusal.value)


def like_pairs(pair: tuple[Source, Source]) -> list[tuple[int, int]]:
    """Two partners each, both large and neither a third above the other in the last twelve months of both vintages."""
    size = partners(*pair).held[:, :, -12:].sum(axis=(1, 2))
    large = [int(at) for at in np.flatnonzero(size > between_partners.LARGE_YEAR)]
    return [(i, j) for i, j in itertools.combinations(large, 2) if max(size[i], size[j]) < 1.3 * min(size[i], size[j])]


@pytest.mark.long
@pytest.mark.parametrize("pair", [*itertools.pairwise(VINTAGES[1:])], ids=lambda pair: pair[1].last_period)
def test_any_two_large_partners_of_like_size_are_told_in_their_last_twelve_months(pair: tuple[Source, Source]) -> None:
    both, couples = partners(*pair), like_pairs(pair)
    assert len(couples) > 100
    missed = []
    for one, other in couples[:: len(couples) // 30]:
        new = both.new.copy()
        new[[one, other], :, -12:] = new[[other, one], :, -12:]
        readings = [
            finding.reading for finding in found_between(Partners(both.codes, both.flows, both.periods, both.held, new))
        ]
        under = [
            f"({both.codes[a]}) stood under {codelists.AREAS[both.codes[b]]}" for a, b in ((one, other), (other, one))
        ]
        missed += [] if any(name in reading for name in under for reading in readings) else [under]
    assert missed == []
