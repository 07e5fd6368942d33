"""Tables for the terminal that are Markdown as well."""

from collections.abc import Sequence


def table(*, headings: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> str:
    """Aligned columns; the first `names` to the left, figures to the right."""
    lines = [tuple(headings), *(tuple(row) for row in rows)]
    # Two at least: a rule is a hyphen and its colon.
    widths = [max(2, *(len(line[column]) for line in lines)) for column in range(len(headings))]

    def drawn(line: Sequence[str]) -> str:
        cells = [
            cell.ljust(width) if column < names else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rules = ["-" * width if column < names else "-" * (width - 1) + ":" for column, width in enumerate(widths)]
    return "\n".join([drawn(lines[0]), f"| {' | '.join(rules)} |", *map(drawn, lines[1:])])
