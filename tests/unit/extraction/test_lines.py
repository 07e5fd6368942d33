import pytest

from ocr.extraction.lexicon import find_labels
from ocr.extraction.lines import fold, sheet_of
from ocr.extraction.skew import slope_of
from ocr.reading.document import Box, DocumentText, Page, PageSource, Word
from tests.unit.extraction.typesetting import Row, document_of, row, words_of


def kinds(*rows: Row) -> list[set[str]]:
    return [set(label.kinds) for label in find_labels(sheet_of(document_of(list(rows)))).found]


def test_words_on_one_baseline_make_a_line_and_gaps_make_segments() -> None:
    sheet = sheet_of(document_of([row("Total amount due", (400, "EUR 12.00")), row("Thank you")]))
    assert [[segment.text for segment in line.segments] for line in sheet.lines] == [
        ["Total amount due", "EUR 12.00"],
        ["Thank you"],
    ]


@pytest.mark.parametrize(("source", "segments"), [("text", 2), ("ocr", 1)])
def test_a_gap_of_three_quarters_of_a_letter_parts_columns_of_type_and_words_of_a_scan(
    source: PageSource, segments: int
) -> None:
    words = (Word("Taxi-Gast", Box(50, 100, 100, 110)), Word("AG", Box(107.5, 100, 120, 110)))
    sheet = sheet_of(DocumentText(kind="pdf", pages=(Page(1, 595, 842, source, words),)))
    assert len(sheet.segments) == segments


def test_a_slightly_slanted_line_stays_one() -> None:
    words = tuple(
        Word(f"w{place}", Box(50 + 40 * place, 100 + place * 0.8, 80 + 40 * place, 111 + place * 0.8))
        for place in range(6)
    )
    sheet = sheet_of(DocumentText(kind="pdf", pages=(Page(1, 595, 842, "ocr", words),)))
    assert len(sheet.lines) == 1


def test_the_rows_of_a_slanted_scan_stay_apart() -> None:
    rows = [row(f"Label{number}:", (420, f"value{number}")) for number in range(14)]
    words = tuple(
        Word(
            word.text, Box(word.box.x0, word.box.y0 + 0.02 * word.box.x0, word.box.x1, word.box.y1 + 0.02 * word.box.x0)
        )
        for word in words_of(rows=rows, step=12.0)
    )
    sheet = sheet_of(DocumentText(kind="pdf", pages=(Page(1, 595, 842, "ocr", words),)))
    assert [line.text for line in sheet.lines] == [f"Label{number}:  value{number}" for number in range(14)]


def test_a_straight_page_has_no_slant() -> None:
    assert slope_of(words_of(rows=[row("one two three", (300, "four five"))] * 12)) == 0.0


def test_a_part_of_a_run_that_an_engine_boxed_as_one_word_has_its_share_of_the_box() -> None:
    words = (Word("Total: 12.00", Box(100, 100, 220, 110)),)
    (segment,) = sheet_of(DocumentText(kind="pdf", pages=(Page(1, 595, 842, "ocr", words),))).segments
    box = segment.span_box(start=7, end=12)
    assert (round(box.x0), round(box.x1)) == (170, 220)


def test_accents_and_sharp_s_fold_away() -> None:
    assert fold("Fälligkeit GROẞ Łódź København") == "falligkeit gross lodz kobenhavn"


def test_a_label_is_found_however_it_is_spaced_and_written() -> None:
    for text in ("Rechnungsnummer", "Rechnungs-Nr.:", "RECHNUNGS NR", "Rechnungsnr"):
        assert {"invoice_number"} in kinds(row(text)), text


def test_the_longest_label_wins() -> None:
    assert kinds(row("Total excl. VAT")) == [{"subtotal"}]
    assert kinds(row("Invoice total")) == [{"total"}]


def test_a_word_of_two_languages_means_what_the_document_speaks() -> None:
    spanish = kinds(row("Número de factura"), row("Fecha de vencimiento"), row("Cuota IVA"), row("Base"))
    french = kinds(row("Numéro de facture"), row("Date d'échéance"), row("Montant TTC"), row("Base"))
    assert spanish[-1] == {"subtotal"}
    assert french[-1] == {"other_amount"}


def test_a_word_inside_a_sentence_is_no_heading() -> None:
    assert {"buyer"} not in [set(found) for found in kinds(row("as agreed with your customer service"))]


def test_both_ends_of_a_huge_document_are_read() -> None:
    pages = [[row(f"page {number}"), *[row("lorem " * 60)] * 40] for number in range(30)]
    sheet = sheet_of(document_of(*pages))
    assert sheet.mentions("page0")
    assert sheet.mentions("page29")
    assert not sheet.mentions("page15")
