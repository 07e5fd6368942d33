"""The figures of `make bench`: what meets its goal, the slope of memory, and the page that is made of them."""

from pathlib import Path

import pymupdf
import pytest

from benchmarks.service.documents import enlarged, unlike
from benchmarks.service.figures import Figure, Run, percentile, times
from benchmarks.service.processes import slope
from benchmarks.service.report import chart, page, parsed, stored, tables
from tests.documents import invoice_pdf


def a_run(label: str = "after", milliseconds: float = 40.0) -> Run:
    return Run(
        machine="one machine",
        commit="0123abc",
        day="2026-11-01",
        load=0.25,
        loop=0.71,
        label=label,
        figures=[
            *times(part="post", name="POST", seconds=[milliseconds / 1000] * 3, shares=((0.99, 50.0),)),
            Figure("sustained", "a second", 8.0, "/s", 480, goal=10.0, is_floor=True),
        ],
        memory={"web 1": [(0.0, 100.0), (60.0, 110.0)]},
    )


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile([4, 1, 3, 2], share) for share in (0.5, 0.75, 0.99)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("value", "is_floor", "is_met"), [(9.0, False, True), (11.0, False, False), (9.0, True, False), (11.0, True, True)]
)
def test_a_goal_is_a_bound_above_or_below(value: float, is_floor: bool, is_met: bool) -> None:
    assert Figure("post", "x", value, "ms", 1, goal=10.0, is_floor=is_floor).is_met is is_met


def test_memory_that_grows_after_the_start_has_a_slope() -> None:
    grows = [(float(second), 100 + second / 36) for second in range(0, 600, 5)]
    settles = [(float(second), 100.0 if second < 200 else 400.0) for second in range(0, 600, 5)]

    assert slope(grows) == pytest.approx(100.0)
    assert slope(settles) == pytest.approx(0.0)
    assert slope(grows[:2]) == 0.0


def test_the_page_says_what_was_missed_and_compares_with_earlier_runs(tmp_path: Path) -> None:
    kept = tmp_path / "before.json"
    kept.write_text(stored(a_run("before", 80.0)), encoding="utf-8")

    written = page(introduction="# Title", changes="## Changes", run=a_run(), earlier=[parsed(kept)])

    assert "≥ 10 /s, missed" in written
    assert "one machine, where ten million rounds of a Python loop take 0.7 s; load average 0.2 at the start" in written
    row = next(line for line in written.split("Before and after")[1].splitlines() if line.startswith("| POST"))
    assert row.split("|")[2].strip() == "80.0 ms"
    assert row.split("|")[3].strip() == "40.0 ms"
    assert "missed" not in tables(a_run()).split("## Digital")[0]
    assert chart(a_run()).count("<polyline") >= 2


def test_documents_are_made_unlike_each_other_and_stay_readable() -> None:
    content = invoice_pdf()
    others = {unlike(content), unlike(content)}
    large = enlarged(content, size=200_000)

    assert len(others) == 2
    assert abs(len(large) - 200_000) < 5_000
    for each in (*others, large):
        with pymupdf.open("pdf", each) as document:
            assert "INV-2026-0417" in document[0].get_text()
