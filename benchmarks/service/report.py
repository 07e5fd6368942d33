"""The figures as a table for the terminal and as docs/benchmarks.md, with charts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.charts import COLOURS, Drawing
from benchmarks.service.figures import Figure, Run
from benchmarks.tables import table

PARTS = {
    "post": "Taking a document in",
    "result": "From document to draft",
    "pages": "Scanned pages",
    "polls": "Asking for a result",
    "sustained": "Digital invoices without a pause",
    "flood": "One customer's flood",
    "costs": "What a job costs database and broker",
    "claims": "Claiming from a long line",
}
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 900, 420, 60, 40, 640, 370
_MEGABYTE_STEPS = (50, 100, 200, 500, 1000, 2000)


def tables(run: Run) -> str:
    """All figures of the run, part by part."""
    return "\n\n".join(
        f"## {PARTS[part]}\n\n{_table([each for each in run.figures if each.part == part])}"
        for part in PARTS
        if any(each.part == part for each in run.figures)
    )


def heading(run: Run) -> str:
    return (
        f"{run.machine}, where ten million rounds of a Python loop take {run.loop:.1f} s; load average {run.load:.1f} "
        f"at the start; {run.day}, commit {run.commit}."
    )


def page(*, introduction: str, changes: str, run: Run, earlier: Sequence[Run]) -> str:
    """docs/benchmarks.md."""
    told = [introduction.strip(), f"Measured on {heading(run)}", tables(run)]
    if run.memory:
        told.append("## Memory\n\n![Resident memory of each process](benchmarks/memory.svg)")
    if earlier:
        told.append(f"## Before and after\n\n{_compared([*earlier, run])}")
    return "\n\n".join([*told, changes.strip()]) + "\n"


def chart(run: Run) -> str:
    """Resident memory of each process over time; SVG."""
    height = max(_HEIGHT, _TOP + 16 * len(run.memory) + 40)  # room for the caption below the names
    drawing = Drawing(width=_WIDTH, height=height, title="Resident memory (MiB) over time (minutes)")
    everything = [sample for samples in run.memory.values() for sample in samples]
    longest = max(seconds for seconds, _ in everything) or 1.0
    highest = max(resident for _, resident in everything) * 1.1

    def place(sample: tuple[float, float]) -> tuple[float, float]:
        seconds, resident = sample
        return _LEFT + seconds / longest * (_RIGHT - _LEFT), _BOTTOM - resident / highest * (_BOTTOM - _TOP)

    step = next((each for each in _MEGABYTE_STEPS if highest / each <= 6), 5000)
    for level in range(0, int(highest) + 1, step):
        _, y = place((0, level))
        drawing.line(points=[(_LEFT, y), (_RIGHT, y)], colour="#ddd", width=1)
        drawing.text(x=_LEFT - 6, y=y + 4, text=str(level), anchor="end", size=11)
    for number in range(5):
        drawing.text(
            x=_LEFT + number / 4 * (_RIGHT - _LEFT),
            y=_BOTTOM + 16,
            text=f"{longest * number / 240:.1f}",
            anchor="middle",
            size=11,
        )
    for number, (name, samples) in enumerate(sorted(run.memory.items())):
        colour = COLOURS[number % len(COLOURS)]
        drawing.line(points=[place(sample) for sample in samples], colour=colour)
        drawing.text(x=_RIGHT + 24, y=_TOP + 16 * number + 8, text=f"{name}: {samples[-1][1]:.0f} MiB", size=11)
        drawing.bar(x=_RIGHT + 10, y=_TOP + 16 * number, width=10, height=8, colour=colour)
    return drawing.finished(caption=heading(run))


def stored(run: Run) -> str:
    """The run as JSON, for `parsed`."""
    return json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n"


def parsed(path: Path) -> Run:
    told = json.loads(path.read_text(encoding="utf-8"))
    return Run(**{**told, "figures": [Figure(**each) for each in told["figures"]]})


def _table(figures: Sequence[Figure]) -> str:
    rows = [(each.name, f"{_number(each.value)} {each.unit}".strip(), _goal(each), str(each.n)) for each in figures]
    return table(headings=("", "measured", "goal", "n"), rows=rows)


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    bound = f"{'≥' if figure.is_floor else '≤'} {figure.goal:g} {figure.unit}".strip()
    return bound if figure.is_met else f"{bound}, missed"


def _compared(runs: Sequence[Run]) -> str:
    names = list(dict.fromkeys(each.name for run in runs for each in run.figures))
    values = [{each.name: f"{_number(each.value)} {each.unit}".strip() for each in run.figures} for run in runs]
    rows = [(name, *(value.get(name, "") for value in values)) for name in names]
    shared = [row for row in rows if sum(map(bool, row[1:])) > 1]
    head = [f"{run.label or run.commit} (load {run.load:.1f})" for run in runs]
    return table(headings=("", *head), rows=shared)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
