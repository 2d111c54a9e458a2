"""FRED's own downloads of EXPKR and IMPKR: both flows, the same months, nothing left out."""

from pathlib import Path

import pytest
from briefing.acquire.fred_files import read_fred_files
from briefing.errors import MalformedSource
from briefing.record import sources

MONTHS = ("2026-03-01", "2026-04-01")


def written(
    folder: Path, series: str, values: tuple[str, ...], days: tuple[str, ...] = MONTHS, head: str = "observation_date"
) -> Path:
    path = folder / f"{series}.csv"
    path.write_text(
        "\n".join([f"{head},{series}", *(",".join(pair) for pair in zip(days, values, strict=True))]) + "\n"
    )
    return path


def test_both_flows_are_read_in_dollars_with_their_rounding(tmp_path: Path) -> None:
    paths = [written(tmp_path, "IMPKR", ("1200.25", "1300.5")), written(tmp_path, "EXPKR", ("572.1", "600"))]
    table, rounded_to = read_fred_files(paths)
    found = table.set_index(["trade_flow", "time_period"])["obs_value"]
    assert (found["M", "2026-03"], found["X", "2026-04"], rounded_to) == (1_200_250_000, 600_000_000, 10_000)
    assert set(table["counterpart_area"]) == {"5800"}


def test_one_flow_alone_is_refused(tmp_path: Path) -> None:
    one = written(tmp_path, "EXPKR", ("1", "2"))
    with pytest.raises(MalformedSource, match=r"EXPKR\.csv hold EXPKR: a balance needs both flows"):
        read_fred_files([one])


@pytest.mark.parametrize(
    ("values", "days", "head", "words"),
    [
        (("1", "2"), MONTHS, "DATE", "is no download of FRED's EXPKR or IMPKR"),
        (("1", "."), MONTHS, "observation_date", "the value is"),
        (("1", "2"), ("2026-03-01", "2026-05-01"), "observation_date", "a month would be missing or double"),
        (("1", "2"), ("2026-03-01", "2026-04-15"), "observation_date", "is no first day of a month"),
        (("1", "2"), ("2026-02-01", "2026-03-01"), "observation_date", "would have one side"),
    ],
)
def test_what_cannot_be_true_is_refused(
    tmp_path: Path, values: tuple[str, ...], days: tuple[str, ...], head: str, words: str
) -> None:
    other = written(tmp_path, "IMPKR", ("3", "4"))
    with pytest.raises(MalformedSource, match=words):
        read_fred_files([written(tmp_path, "EXPKR", values, days, head), other])


def test_the_vintage_of_june_2026_stands_among_koreas_revisions_and_no_others() -> None:
    korea = sources.country_vintages(sources.open_edition("5800", "2011-01", "latest", "2026-11-28"))
    rows = korea[korea["vintage"] == "2026-06-09"]
    assert set(rows["source"]) == {"fred-korea"} and rows["time_period"].max() == "2026-04"
    september = rows[(rows["time_period"] == "2025-09") & (rows["trade_flow"] == "M")]["obs_value"].item()
    assert round(september / 1e6, 1) == 10_161.8
    japan = sources.country_vintages(sources.open_edition("5880", "2011-01", "latest", "2026-11-28"))
    assert "fred-korea" not in set(japan["source"])
