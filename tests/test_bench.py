"""The benchmark runs, and reports what it says it reports; how quick anything is, is not tested here."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import nbformat
import pytest

from tests.bench import briefs, contenders, kernels, processes, report, sessions
from tests.bench.__main__ import our_kernel
from tests.bench.report import Row

pytestmark = pytest.mark.kernels


def measures(rows: list[Row]) -> set[str]:
    """What was measured; only how long memory takes to come back may end in a note, for it is waited for in vain."""
    blank = [row for row in rows if not row.values and "memory back" not in row.measure]
    assert not blank, blank
    return {row.measure.partition(",")[0] for row in rows}


def test_kernels_are_launched_and_answer() -> None:
    rows = kernels.rows(our_kernel(), 1)
    assert measures(rows) == {"Kernel ready"}
    assert {row.contender for row in rows} >= {"kernel python3", f"kernel {our_kernel()}"}


def test_a_visitor_and_one_more_get_the_charts_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    of_this_test = uuid.uuid4().hex
    monkeypatch.setenv("BRIEFING_BENCH_TEST", of_this_test)
    rows = sessions.crowds(contenders.ours(our_kernel())[:1], [1], 1, wait=20)
    assert "1 at once: charts for the last visitor" in measures(rows)
    (lost,) = (row for row in rows if row.measure == "1 at once: visitors who got no charts")
    assert lost.values == (0,), lost.note
    assert not list(processes.marked(of_this_test, "BRIEFING_BENCH_TEST"))


@pytest.fixture
def a_light_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the three charts: names three widgets as an executed notebook does, and imports nothing."""
    cell = nbformat.v4.new_code_cell('partner = "5800"', metadata={"tags": ["parameters"]})
    nbformat.write(
        nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell('print(*["IPY_" + "MODEL_"] * 3, partner)')]),
        tmp_path / briefs.NOTEBOOK,
    )
    monkeypatch.setattr(contenders, "PAGES", tmp_path)


WAYS = {"ours": briefs.as_the_book_does(our_kernel()), "papermill": briefs.command_line(Path(sys.executable))}


@pytest.mark.usefixtures("a_light_notebook")
@pytest.mark.parametrize("way", WAYS)
def test_a_batch_is_run_both_ways(way: str) -> None:
    assert briefs.seconds_a_brief(WAYS[way], 1) > 0


def test_memory_and_computing_are_counted_for_marked_processes_until_they_are_ended() -> None:
    mark = uuid.uuid4().hex
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()']); sum(range(10**7)); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, processes.VARIABLE: mark}, stdin=subprocess.PIPE
    ):
        processes.settle(mark)
        assert len(list(processes.marked(mark))) == 2
        assert processes.memory(mark) > 5
        assert processes.processor_time(mark) > 0
        processes.end(mark)
    assert not list(processes.marked(mark))


def test_the_table_sets_the_others_in_proportion_to_ours() -> None:
    rows = [
        Row("Page, s", "ours", (1.0, 2.0, 4.0), ours=True),
        Row("Page, s", "another", (5.0,)),
        Row("Page, s", "a third", (), note="left out"),
    ]
    head, first, second, third = report.table(rows).splitlines()
    assert head.split() == ["Page,", "s", "median", "lowest..highest", "repeats", "x", "ours"]
    assert first.split() == ["ours", "2.00", "1.00..4.00", "3", "1"]
    assert second.split() == ["another", "5.00", "5.00..5.00", "1", "2.5"]
    assert third.split() == ["a", "third", "-", "left", "out"]


@pytest.mark.parametrize(("share", "value"), [(0.5, 10), (0.95, 19), (1, 20)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert report.percentile(range(1, 21), share) == value
