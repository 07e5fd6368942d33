"""The figures as tables for the terminal and as a page of the documentation."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from benchmarks.charts import COLOURS, Drawing
from benchmarks.matching.figures import KindFigures, Percentiles, Summary
from benchmarks.tables import table

_ANSWERS = ("question", "n", "among the candidates", "right", "wrong firm found", "ambiguous", "not found")
_SHARES = ("p50", "p95", "p99")
_TIMES = (
    "question",
    *(f"{what} {share}" for what in ("look-up", "candidates", "decision") for share in _SHARES),
    "processor p50",
    "processor p95",
)
_TIMED = ("look_up", "candidates", "decision", "processor")
_LONGEST_PLAN = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one database; `rows` are those of the customer that is asked about."""

    database: str
    machine: str
    rows: int
    all_rows: int
    customers: int
    load_average: float
    summary: Summary
    kinds: Sequence[KindFigures]
    plans: Mapping[str, str]


def parsed(data: Mapping[str, Any]) -> Measured:
    """What `dataclasses.asdict` made of it, back."""
    kinds = [KindFigures(**{**each, **{name: Percentiles(**each[name]) for name in _TIMED}}) for each in data["kinds"]]
    return Measured(**{**data, "summary": Summary(**data["summary"]), "kinds": kinds})


def tables(measured: Measured) -> str:
    """Goals, answers and times of one database."""
    return "\n\n".join([_goals(measured.summary), _answers(measured.kinds), _times(measured.kinds)])


def page(*, introduction: str, databases: Sequence[Measured]) -> str:
    """The whole page of the documentation, in Markdown."""
    parts = [introduction.rstrip()]
    for measured in databases:
        parts += [f"## {measured.database}", _circumstances(measured), tables(measured)]
    for measured in databases:
        parts.append(f"## How {measured.database} looks up")
        parts += [f"{kind}:\n\n```\n{_begun(plan)}\n```" for kind, plan in measured.plans.items() if plan]
    return "\n\n".join(parts) + "\n"


def chart(databases: Sequence[Measured]) -> str:
    """The 95th percentile of the time of each kind of look-up, in milliseconds, as SVG."""
    kinds = [figures.kind for figures in databases[0].kinds]
    slowest = max(figures.candidates.p95 for measured in databases for figures in measured.kinds)
    line = 11 * len(databases) + 7
    drawing = Drawing(width=820, height=70 + line * len(kinds), title="Look-up of a payee, 95th percentile, ms")
    for place, measured in enumerate(databases):
        drawing.bar(x=430 + 190 * place, y=13, width=10, height=10, colour=COLOURS[place])
        drawing.text(x=446 + 190 * place, y=22, text=measured.database, size=11)
    for row, kind in enumerate(kinds):
        top = 38 + row * line
        drawing.text(x=230, y=top + line / 2 + 1, text=kind, anchor="end", size=11)
        for place, measured in enumerate(databases):
            p95 = next((figures.candidates.p95 for figures in measured.kinds if figures.kind == kind), 0.0)
            drawing.bar(x=240, y=top + 11 * place, width=500 * p95 / slowest, height=9, colour=COLOURS[place])
            drawing.text(x=246 + 500 * p95 / slowest, y=top + 11 * place + 9, text=f"{p95:.1f}", size=10)
    return drawing.finished(caption=databases[0].machine)


def _begun(plan: str) -> str:
    """The plan of each statement, or as much of it as a person reads: a name is looked for by many pieces, each in the
    same way."""
    return "\n\n".join(_beginning(statement.split("\n")) for statement in plan.split("\n\n"))


def _beginning(lines: Sequence[str]) -> str:
    left = len(lines) - _LONGEST_PLAN
    return "\n".join(lines if left <= 0 else [*lines[:_LONGEST_PLAN], f"… and {left} lines more"])


def _circumstances(measured: Measured) -> str:
    return (
        f"{measured.rows:,} counterparties of the customer that is asked about, {measured.all_rows:,} of"
        f" {measured.customers:,} customers in all. {measured.machine}; load average {measured.load_average:.1f}"
        " while it was measured."
    )


def _goals(summary: Summary) -> str:
    rows = [
        ("of those found, the right one", _share(summary.found_right, summary.found), "99.5 %"),
        ("one mistake, found", _share(summary.one_mistake_found, summary.one_mistake_asked), "97 %"),
        ("twins, called ambiguous", _share(summary.twins_ambiguous, summary.twins_asked), "99 %"),
        ("the payer itself, found", f"{summary.own_found} of {summary.own_asked}", "0"),
    ]
    return table(headings=("", "measured", "goal"), rows=rows)


def _answers(kinds: Sequence[KindFigures]) -> str:
    rows = [
        (
            each.kind,
            str(each.asked),
            f"{each.candidate_recall:.1%}",
            f"{each.right / each.asked:.1%}",
            str(each.found_wrong),
            str(each.ambiguous),
            str(each.not_found),
        )
        for each in kinds
    ]
    return table(headings=_ANSWERS, rows=rows)


def _times(kinds: Sequence[KindFigures]) -> str:
    rows = [
        (
            each.kind,
            *(f"{time:.1f}" for times in (each.look_up, each.candidates, each.decision) for time in astuple(times)),
            f"{each.processor.p50:.1f}",
            f"{each.processor.p95:.1f}",
        )
        for each in kinds
    ]
    return (
        "Milliseconds until the look-ups are done, until the candidates are there, and until the decision:\n\n"
        + table(headings=_TIMES, rows=rows)
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%} ({part} of {whole})" if whole else "–"
