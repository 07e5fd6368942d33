"""What the columns of figures add up to: a net amount that is the sum of the lines over it is no accident.

The columns of an item table are set flush right. A sum counts when its run of at least two figures begins at the head
of the column, or ends right above the figure that it equals.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from ocr.extraction.figures import Figure

_SAME_EDGE = 4.0
"""Points between the right edges of the figures of one column; scans lie a little askew."""

_LONGEST_COLUMN = 120


def sums_of_lines(figures: Sequence[Figure]) -> frozenset[Decimal]:
    """The amounts that stand under figures of which they are the sum.

    Columns run on over pages; carried-forward sums in between are passed over where the sum fits without them.
    """
    found: set[Decimal] = set()
    for column in _columns([each for each in figures if each.money]):
        values = [each.value for each in column]
        for place, figure in enumerate(column):
            if place >= 2 and figure.value and _is_sum(values[:place], figure.value):
                found.add(figure.value)
    return frozenset(found)


def _is_sum(above: Sequence[Decimal], value: Decimal) -> bool:
    """Whether all figures over it make the value, or a run of them that ends right above it."""
    total = Decimal(0)
    for count, each in enumerate(reversed(above), start=1):
        total += each
        if total == value and count >= 2:
            return True
    # From the head of the column: taxes or a discount may stand between the lines and their sum.
    total = Decimal(0)
    for count, each in enumerate(above, start=1):
        total += each
        if total == value and count >= 2:
            return True
    return False


def _columns(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Figures with one right edge, from top to bottom, page after page."""
    columns: dict[int, list[Figure]] = defaultdict(list)
    edges: list[float] = []
    for figure in figures:
        edge = figure.box.x1
        place = next((at for at, known in enumerate(edges) if abs(known - edge) <= _SAME_EDGE), None)
        if place is None:
            place = len(edges)
            edges.append(edge)
        if len(columns[place]) < _LONGEST_COLUMN:
            columns[place].append(figure)
    return [column for column in columns.values() if len(column) > 2]
