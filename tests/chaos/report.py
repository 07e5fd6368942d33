"""What a run comes to: for the terminal, for `docs/chaos.md`, and a chart of how soon jobs were taken up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.charts import COLOURS, Drawing
from benchmarks.tables import table
from tests.chaos.invariants import CHECKS, Violation, is_failed_by_faults
from tests.chaos.observed import Observed
from tests.chaos.recovery import Recovery, percentile

CHART = "chaos-recovery.svg"
_HEIGHT, _LEFT, _WIDTH = 180, 40, 700

INTRODUCTION = """\
# What breaks, and what holds

`make chaos` runs the service as in production, on servers of its own: the web process, two document workers, a webhook
worker, the beat, PostgreSQL and Redis. Clients of two customers send documents over HTTP, each with an idempotency key,
and try again as a proper client does. Meanwhile faults strike at places that a seed draws. Processes are really killed
and frozen, servers really stopped, the disk is really full. What was killed is started again after half a second, as a
supervisor would. Of the service nothing is replaced but the OCR engine: one that starts quickly, and that a poisoned
document makes crash.

Afterwards `tests/chaos/invariants.py` looks at database, storage, the clients' notes and the webhooks that arrived, and
demands that:
"""

DEMANDS = """\
- every document that was answered 202 ends as 200 or 422, and a fine one as 200;
- it has one job, one upload, one file, and one draft when it finishes; nothing else lies there;
- the database's own triggers see one end for each job, also when a frozen worker wakes up later;
- no job is tried more than three times;
- each end is told by webhook at least once, always under one id, to its own customer alone;
- nobody is shown the other customer's job;
- without Redis, documents are answered 202 all the same;
- the audit trail is whole.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """`statuses` are the answers to the documents that were sent; 0 is none."""

    seen: Observed
    broken: Sequence[Violation]
    problems: Sequence[str]
    recoveries: Sequence[Recovery]
    statuses: Counter[int]
    seed: int
    seconds: float
    machine: str
    notes: Sequence[str] = ()

    @property
    def is_good(self) -> bool:
        return not self.broken and not self.problems


def markdown(result: Result) -> str:
    """The whole report."""
    parts = [
        INTRODUCTION + "\n" + DEMANDS,
        _outcome(result) + "\n",
        f"The last run: seed {result.seed}, {result.seconds / 60:.0f} minutes, measured on {result.machine}.\n",
        _figures(result) + "\n",
        "## How soon a killed worker's job was taken up\n",
        "From the kill until the job ended or was claimed anew. A lease runs 6 seconds and is renewed every 2; the "
        "sweeper looks every 2. *Nothing else away* leaves out the kills during which Redis, PostgreSQL or the storage "
        "were away too, for then nobody can take up anything.\n",
        _recovery_table(result.recoveries) + "\n",
        f"![Seconds until a killed worker's job was taken up]({CHART})\n",
        "## The faults\n",
        _fault_table(result) + "\n",
        *(f"{note}\n" for note in result.notes),
    ]
    return "\n".join(parts)


def summary(result: Result) -> str:
    """For the terminal: the figures, and everything that broke."""
    lines = [_figures(result), "", _recovery_table(result.recoveries), "", _fault_table(result), ""]
    lines += [f"BROKEN  {each.kind}: {each.text}" for each in result.broken]
    lines += [f"PROBLEM {problem}" for problem in result.problems]
    lines.append("Everything held." if result.is_good else "Not everything held.")
    return "\n".join(lines)


def chart(recoveries: Sequence[Recovery], *, caption: str) -> str:
    """A histogram of the seconds until a killed worker's job was taken up; SVG."""
    clear = Counter(int(each.seconds) for each in recoveries if each.is_clear)
    other = Counter(int(each.seconds) for each in recoveries if not each.is_clear)
    longest = max([*clear, *other, 12]) + 1
    most = max([clear[second] + other[second] for second in range(longest)] + [1])
    drawing = Drawing(
        width=_LEFT + _WIDTH + 20, height=_HEIGHT + 110, title="Seconds until a killed worker's job was taken up"
    )
    step = _WIDTH / longest
    for second in range(longest):
        x, base = _LEFT + second * step, 50.0 + _HEIGHT
        for count, colour in ((clear[second], COLOURS[0]), (other[second], COLOURS[1])):
            height = count / most * _HEIGHT
            base -= height
            drawing.bar(x=x + 1, y=base, width=step - 2, height=height, colour=colour)
        if longest <= 30 or second % 5 == 0:
            drawing.text(x=x + step / 2, y=50 + _HEIGHT + 16, text=str(second), anchor="middle", size=11)
    drawing.text(x=_LEFT - 6, y=60, text=str(most), anchor="end", size=11)
    for place, (name, colour) in enumerate((("nothing else away", COLOURS[0]), ("servers away too", COLOURS[1]))):
        drawing.bar(x=_LEFT + place * 160, y=_HEIGHT + 76, width=10, height=10, colour=colour)
        drawing.text(x=_LEFT + place * 160 + 15, y=_HEIGHT + 85, text=name, size=11)
    return drawing.finished(caption=caption)


def _outcome(result: Result) -> str:
    if result.is_good:
        return "All of it held."
    return (
        f"**Not all of it held**: {len(result.broken)} demands were broken, {len(result.problems)} things went wrong."
    )


def _figures(result: Result) -> str:
    seen = result.seen
    broken = Counter(each.kind for each in result.broken)
    fine = {sent.job_ids[0] for sent in seen.sent if sent.document.is_fine}
    by_faults = [row for row in seen.jobs.values() if row.id in fine and row.state == "failed"]
    by_faults = [row for row in by_faults if is_failed_by_faults(row, seen)]
    states = Counter(row.state for row in seen.jobs.values())
    again = sum(row.attempts > 1 for row in seen.jobs.values())
    answers = ", ".join(f"{status or 'none'}: {count}" for status, count in sorted(result.statuses.items()))
    rows = [
        ("documents answered 202", str(len(seen.sent))),
        ("faults", str(len(seen.struck))),
        ("jobs finished", str(states["finished"])),
        ("jobs failed, whose documents cannot be read", str(states["failed"] - len(by_faults))),
        ("fine documents failed by faults", str(len(by_faults))),
        ("jobs that took more than one attempt", str(again)),
        ("webhooks sent again", str(sum(len(told.received) - 1 for told in seen.told if told.received))),
        ("answers to documents, tries included", answers),
        *((f"broken: {kind}", str(broken[kind])) for kind in CHECKS),
    ]
    return table(headings=("", ""), rows=rows)


def _recovery_table(recoveries: Sequence[Recovery]) -> str:
    rows = []
    for name, values in (
        ("nothing else away", [each.seconds for each in recoveries if each.is_clear]),
        ("all", [each.seconds for each in recoveries]),
    ):
        figures = (percentile(values, 0.5), percentile(values, 0.99), max(values, default=0.0))
        rows.append((name, str(len(values)), *(f"{figure:.1f} s" for figure in figures)))
    return table(headings=("kills of workers with a job", "count", "p50", "p99", "longest"), rows=rows)


def _fault_table(result: Result) -> str:
    struck = Counter(each.kind for each in result.seen.struck)
    held = Counter(each.kind for each in result.seen.struck if each.held is not None)
    rows = [(kind, str(count), str(held[kind]) if held[kind] else "") for kind, count in sorted(struck.items())]
    return table(headings=("fault", "times", "in the middle of a job"), rows=rows)
