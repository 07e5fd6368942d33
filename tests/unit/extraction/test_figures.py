from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.extraction.figures import decimal_mark, find_figures, read_number
from ocr.extraction.lines import sheet_of
from ocr.reading.document import Box, DocumentText, Page, Word
from tests.unit.extraction.typesetting import Row, document_of, row


def values(*rows: Row, languages: tuple[str, ...] = ()) -> list[str]:
    figures = find_figures(sheet=sheet_of(document_of(list(rows))), taken={}, languages=languages)
    return [str(figure.value) for figure in figures]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.471,60", "1471.60"),
        ("1,471.60", "1471.60"),
        ("1'234.50", "1234.50"),
        ("1’234.50", "1234.50"),
        ("1.234.567,89", "1234567.89"),
        ("12,5", "12.5"),
        ("1234567", "1234567"),
        ("0,1250", "0.1250"),
    ],
)
def test_a_number_that_says_its_format_is_read(text: str, value: str) -> None:
    read = read_number(body=text, mark=None)
    assert read is not None
    assert str(read[0]) == value


@pytest.mark.parametrize(("mark", "value"), [(",", "1234"), (".", "1.234"), (None, None)])
def test_three_digits_after_a_point_are_read_as_the_document_writes_decimals(
    mark: str | None, value: str | None
) -> None:
    read = read_number(body="1.234", mark=mark)
    assert (str(read[0]) if read else None) == value


@pytest.mark.parametrize("text", ["1.2.3", "12.34.56", "1,23,456.00", "1.23.456"])
def test_a_chain_that_is_no_number_is_none(text: str) -> None:
    assert read_number(body=text, mark=",") is None


def test_all_numbers_decide_the_format_together() -> None:
    assert values(row((50, "Menge 1.500")), row((50, "Summe 99,90")), row((50, "Porto 4,90")))[0] == "1500"
    assert values(row((50, "Qty 1.500")), row((50, "Sum 99.90")), row((50, "Postage 4.90")))[0] == "1.500"


def test_without_any_evidence_the_language_decides_and_without_language_nothing() -> None:
    assert decimal_mark(bodies=["1.234"], languages=("de", "en")) == ","
    assert decimal_mark(bodies=["1.234"], languages=("en",)) == "."
    assert decimal_mark(bodies=["1.234"]) is None


def test_a_blank_groups_thousands_where_three_digits_follow_closely() -> None:
    assert values(row("Total 1 234,50")) == ["1234.50"]
    assert values(row("Total 12 345 678,90")) == ["12345678.90"]
    assert values(row((50, "2"), (80, "150,00"))) == ["2", "150.00"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-12,50 €", "-12.50"),
        ("12,50- €", "-12.50"),
        ("(12,50)", "-12.50"),
        ("− 12,50", "-12.50"),
        ("€ -12,50", "-12.50"),
    ],
)
def test_a_minus_is_seen_before_behind_and_as_brackets(text: str, value: str) -> None:
    assert values(row(text), row("9,99")) == [value, "9.99"]


@pytest.mark.parametrize("text", ["AB12345", "12:30", "100/200", "R2D2", "3.2.1.0", "A-100-B"])
def test_codes_and_times_are_no_figures(text: str) -> None:
    assert values(row(text)) == []


def test_a_currency_beside_an_amount_is_kept() -> None:
    sheet = sheet_of(document_of([row("CHF 1'000.00"), row("RM10.40"), row("20,00 kr"), row("5.- Fr.")]))
    figures = find_figures(sheet=sheet, taken={}, languages=())
    assert [figure.currency.codes[0] if figure.currency else None for figure in figures][:3] == ["CHF", "MYR", "SEK"]


def test_a_percentage_is_no_money() -> None:
    (figure,) = find_figures(sheet=sheet_of(document_of([row("19,00 %")])), taken={}, languages=())
    assert figure.percent
    assert not figure.money


@given(st.decimals(min_value=0, max_value=Decimal("9999999.99"), places=2), st.sampled_from([",.", ".,", "',.", " ,"]))
def test_a_formatted_amount_is_read_back(amount: Decimal, marks: str) -> None:
    group, mark = marks[0], "." if marks == "',." else marks[-1]
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", mark).replace("\0", group)
    read = read_number(body=text, mark=None)
    assert read is not None
    assert read[0] == amount


@given(st.text(alphabet="0123456789.,' ’-", max_size=40))
def test_no_text_of_digits_and_marks_breaks_the_reading(text: str) -> None:
    values(row(f"x {text} y"))


def spread(gap: float, *texts: str) -> list[str]:
    """Words of digits five points wide, that far apart."""
    words, left = [], 50.0
    for text in texts:
        words.append(Word(text, Box(left, 40, left + 5 * len(text), 51)))
        left += 5 * len(text) + gap
    page = Page(1, 595, 842, "text", (*words, Word("12,50", Box(400, 80, 425, 91))))
    figures = find_figures(sheet=sheet_of(DocumentText(kind="pdf", pages=(page,))), taken={}, languages=())
    return [str(figure.value) for figure in figures][:-1]


def test_a_blank_as_wide_as_a_digit_groups_thousands() -> None:
    assert spread(5.0, "12", "663,75") == ["12663.75"]


def test_a_wider_gap_parts_two_numbers() -> None:
    assert spread(6.8, "12", "663,75") == ["12", "663.75"]


def test_where_thousands_are_grouped_with_a_dot_a_blank_groups_none() -> None:
    assert spread(2.5, "2", "450,00", "1.234,56")[:2] == ["2", "450.00"]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f"])
def test_millions_are_grouped_by_any_blank(blank: str) -> None:
    assert values(row(f"1{blank}897{blank}179,24")) == ["1897179.24"]


def test_a_swiss_payment_slip_groups_by_blanks_under_an_invoice_that_does_not() -> None:
    assert spread(2.5, "1", "994.75", "2'606.35")[:1] == ["1994.75"]


def test_a_euro_sign_that_an_engine_misread_does_not_hide_the_amount_before_it() -> None:
    assert values(row("Steuerbetrag: 1.594,52ø")) == ["1594.52"]
    assert values(row("Type 52ø")) == []
    assert values(row("1.594,52øre")) == []


def test_a_blank_that_an_engine_saw_behind_the_decimal_mark_parts_nothing() -> None:
    def recognised(*rows: Row) -> list[str]:
        sheet = sheet_of(document_of(list(rows), source="ocr"))
        return [str(figure.value) for figure in find_figures(sheet=sheet, taken={}, languages=("pt",))]

    assert recognised(row((60, "IVA 23 %"), (300, "479, 98€"))) == ["23", "479.98"]
    assert recognised(row("EUR 1.479, 98")) == ["1479.98"]
    # Where anything else stands beside it, or text was written like this, it is a list.
    assert recognised(row("Pos. 479, 98")) == ["479", "98"]
    assert recognised(row("479, 981")) == ["479", "981"]
    assert values(row("479, 98€")) == ["479", "98"]
