from ocr.extraction.figures import find_figures
from ocr.extraction.line_sums import sums_of_lines
from ocr.extraction.lines import sheet_of
from tests.unit.extraction.typesetting import Row, document_of, row


def summed(*rows: Row) -> list[str]:
    """The amounts that are sums of those over them, the smallest first."""
    figures = find_figures(sheet=sheet_of(document_of(list(rows))), taken={}, languages=())
    return [str(value) for value in sorted(sums_of_lines(figures))]


def flush(text: str, *more: tuple[float, str]) -> Row:
    """A row with a figure whose right edge is at 450 points."""
    return row("Item", *more, (450 - 5 * len(text), text))


def test_a_net_amount_is_the_sum_of_the_lines_over_it() -> None:
    assert summed(flush("10.00"), flush("20.50"), flush("1,200.00"), flush("1,230.50")) == ["1230.50"]


def test_a_gross_total_below_net_and_tax_is_a_sum_too() -> None:
    assert summed(flush("10.00"), flush("20.00"), flush("30.00"), flush("6.00"), flush("36.00")) == ["30.00", "36.00"]


def test_figures_of_another_column_do_not_count() -> None:
    assert summed(flush("10.00", (200, "5.00")), flush("20.00", (200, "25.00")), flush("31.00")) == []


def test_one_figure_repeated_is_no_sum() -> None:
    assert summed(flush("36.00"), flush("36.00")) == []
