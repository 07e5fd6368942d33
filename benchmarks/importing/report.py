"""The figures as a table, and the page of the documentation that has it."""

from collections.abc import Sequence

from benchmarks.importing.measuring import Taken
from benchmarks.tables import table

BEGIN = "<!-- the next lines are written by `make bench-import ARGS=--write` -->"
END = "<!-- up to here -->"
_HEADINGS = ("database", "file", "rows", "rows a second", "minutes", "processor seconds", "most memory, MiB")


def figures(taken: Sequence[Taken]) -> str:
    rows = [
        (
            each.database,
            each.what,
            f"{each.rows:,}",
            f"{each.rows_a_second:,.0f}",
            f"{each.wall / 60:.1f}",
            f"{each.processor:,.0f}",
            f"{each.memory:.0f}",
        )
        for each in taken
    ]
    return table(headings=_HEADINGS, rows=rows, names=2)


def with_figures(*, text: str, taken: Sequence[Taken], machine: str) -> str:
    """The text with the table between its two marks. Raises ValueError where a mark is missing."""
    before, behind = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:before]}\n\n{figures(taken)}\n\nOn {machine}.\n\n{text[behind:]}"
