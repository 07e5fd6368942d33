"""Letters that look alike in a legal form, told apart; anything else stays as it was read."""

import pytest

from ocr.extraction.fields import KnownPayer
from ocr.extraction.legal_forms import legal_forms_as_written, with_legal_forms_as_written
from ocr.extraction.lines import sheet_of
from ocr.extraction.page_reading import read_pages
from tests.unit.extraction.typesetting import document_of, row


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("HALM S.r.I.", "HALM S.r.l."),
        ("S.r.I.", "S.r.l."),  # as it stands under a name
        ("HALMS.r.I.", "HALMS.r.I."),  # what the engine ran together is not taken apart
        ("HALM S.r.1.", "HALM S.r.l."),
        ("HALM S.r.I. · Via Roma, 10 · 47877 Verona", "HALM S.r.l. · Via Roma, 10 · 47877 Verona"),
        ("Stolarnia Dąb Sp. z 0.o.", "Stolarnia Dąb Sp. z o.o."),
        ("Stolarnia Dąb Sp. z 0.0.", "Stolarnia Dąb Sp. z o.o."),
        ("Truhlářství Buk s.r.0.", "Truhlářství Buk s.r.o."),
        ("Truhlářství Buk spol. s r.0., Praha", "Truhlářství Buk spol. s r.o., Praha"),
    ],
)
def test_twins_in_a_legal_form_are_told_apart(read: str, written: str) -> None:
    assert legal_forms_as_written(read) == written


@pytest.mark.parametrize(
    "text",
    [
        "HALM S.r.l.",
        "Elisabeth I. von Halm",
        "Ref. A.1.0",
        "HALM S.R.I.",  # in capitals the two letters differ
        "Total 1.0",
        "Rev. 1. 0. 1",
        "",
    ],
)
def test_what_is_no_misread_form_stays(text: str) -> None:
    assert legal_forms_as_written(text) == text


def test_only_recognised_text_is_touched() -> None:
    printed = sheet_of(document_of([row("HALM S.r.I.")]))
    recognised = sheet_of(document_of([row("HALM S.r.I.")], source="ocr"))
    assert with_legal_forms_as_written(printed) is printed
    put_right = with_legal_forms_as_written(recognised)
    assert put_right.segments[0].text == put_right.lines[0].segments[0].text == "HALM S.r.l."
    assert put_right.segments[0].words == recognised.segments[0].words


def test_the_evidence_keeps_what_was_read() -> None:
    rows = [
        row("HALM S.r.I."),
        row("Via Roma 10"),
        row("47877 Verona"),
        row("Fattura 12/2026"),
        row("Totale 12,00 EUR"),
        row("HALM S.r.I. P.IVA 12345670017"),
    ]
    page = read_pages(document=document_of(rows, source="ocr"), payer=KnownPayer())
    best = page.candidates["seller_name"][0]
    assert (best.value, best.raw) == ("HALM S.r.l.", "HALM S.r.I.")
