"""Hints: the place of a value, learnt on one document of a supplier and found again on the next."""

from datetime import date
from typing import Any

import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import Candidate, FieldReading, InvoiceFields, KnownPayer
from ocr.extraction.hint_places import Hint, learnt, place_of, shape_of
from ocr.extraction.hints import hinted
from ocr.reading.document import Box, DocumentText, Page
from tests.unit.extraction.typesetting import words_of

TODAY = date(2026, 11, 28)

FIRST = [
    (72, 60, "Nordlicht Werkstatt"),
    (72, 140, "Beleg-Kennung AB-2026/17"),
    (72, 160, "Kundenkonto"),
    (200, 160, "77-100"),
    (72, 200, "Zahlbetrag"),
    (72, 216, "1.250,00"),
    (400, 95, "QX-881"),
]


def document(lines: list[tuple[int, int, str]]) -> DocumentText:
    words = (word for x, y, text in lines for word in words_of(rows=[((x, text),)], top=y))
    return DocumentText("pdf", (Page(1, 595.0, 842.0, "text", tuple(words)),))


def fields(**values: str) -> InvoiceFields:
    empty = extract_fields(document=document([(72, 60, "x")]), payer=KnownPayer(), today=TODAY, strictness="balanced")
    readings = tuple(
        FieldReading(reading.name, chosen=Candidate(values[reading.name], values[reading.name], "text", 0.8))
        if reading.name in values
        else reading
        for reading in empty.readings
    )
    return InvoiceFields(readings=readings)


def taught(name: Any, value: str, lines: list[tuple[int, int, str]] = FIRST) -> Hint:
    text = document(lines)
    place = place_of(document=text, name=name, value=value)
    assert place is not None
    hint = learnt(document=text, name=name, page=place[0], box=place[1], value=value)
    assert hint is not None
    return hint


def found(hint: Hint, lines: list[tuple[int, int, str]], before: InvoiceFields | None = None) -> str | None:
    after, _ = hinted(fields=before or fields(), document=document(lines), hints=[hint], strictness="balanced")
    return after.value(hint.field)


def moved(old: str, new: str, *, down: int = 0) -> list[tuple[int, int, str]]:
    """The first document with another value, and everything a little further down."""
    return [(x, y + down, text.replace(old, new)) for x, y, text in FIRST]


@pytest.mark.parametrize(
    ("name", "value", "label", "side"),
    [
        ("invoice_number", "AB-2026/17", ("beleg", "kennung"), "same"),
        ("reference", "77-100", ("kundenkonto",), "right"),
        ("total", "1250.00", ("zahlbetrag",), "below"),
    ],
)
def test_a_value_is_known_by_the_words_beside_it(name: Any, value: str, label: tuple[str, ...], side: str) -> None:
    hint = taught(name, value)
    assert (hint.label, hint.side) == (label, side)


@pytest.mark.parametrize(
    ("name", "value", "old", "new", "expected"),
    [
        ("invoice_number", "AB-2026/17", "AB-2026/17", "AB-2026/39", "AB-2026/39"),
        ("reference", "77-100", "77-100", "77-204", "77-204"),
        ("total", "1250.00", "1.250,00", "980,50", "980.50"),
    ],
)
def test_the_next_document_s_value_is_found_wherever_its_label_stands(
    name: Any, value: str, old: str, new: str, expected: str
) -> None:
    assert found(taught(name, value), moved(old, new, down=90)) == expected


def test_a_value_without_a_label_is_found_in_its_place_and_only_there() -> None:
    hint = taught("invoice_number", "QX-881")
    assert hint.label == ()
    assert found(hint, moved("QX-881", "QX-902")) == "QX-902"
    assert found(hint, moved("QX-881", "QX-902", down=200)) is None


def test_a_value_of_another_shape_is_not_believed() -> None:
    assert found(taught("invoice_number", "AB-2026/17"), moved("AB-2026/17", "siehe unten")) is None


def test_a_label_that_stands_beside_two_values_says_neither() -> None:
    lines = [*moved("AB-2026/17", "AB-2026/39", down=60), (72, 400, "Beleg-Kennung AB-2026/40")]
    assert found(taught("invoice_number", "AB-2026/17"), lines) is None


def test_of_two_values_beside_its_label_the_one_in_its_place_is_meant() -> None:
    first = [(72, 700, "BIC: BALTCHDQXXX"), (300, 700, "BIC: BAXBCH3E")]
    hint = taught("bic", "BALTCHDQXXX", first)
    assert found(hint, [(72, 701, "BIC: POFICHBEXXX"), (300, 701, "BIC: BAXBCH3E")]) == "POFICHBEXXX"


def test_what_is_the_supplier_s_own_is_known_again_wherever_it_stands() -> None:
    first = [(72, 60, "Vandermeer Claes"), (72, 80, "Kade 12")]
    hint = taught("seller_name", "Vandermeer Claes", first)
    later = [(72, 60, "Factuur"), (300, 600, "Vandermeer Claes")]
    assert found(hint, later) == "Vandermeer Claes"
    assert found(hint, later, fields(seller_name="Ten name van Vandermeer Claes")) == "Vandermeer Claes"
    assert found(hint, [(72, 60, "Factuur"), (300, 600, "Vandermeer Holding")]) is None


def test_what_fails_the_check_of_its_field_is_not_taken() -> None:
    first = [(72, 60, "Konto fuer Zahlungen DE02120300000000202051")]
    hint = taught("iban", "DE02120300000000202051", first)
    assert hint.label == ("konto", "fuer", "zahlungen")
    assert found(hint, [(72, 60, "Konto fuer Zahlungen DE02120300000000202052")]) is None
    assert found(hint, [(72, 60, "Konto fuer Zahlungen DE89370400440532013000")]) == "DE89370400440532013000"


def test_the_machine_s_choice_gives_way_to_a_label_and_stays_seen() -> None:
    hint = taught("invoice_number", "AB-2026/17")
    after, used = hinted(
        fields=fields(invoice_number="77-204"),
        document=document(moved("AB-2026/17", "AB-2026/39")),
        hints=[hint],
        strictness="balanced",
    )
    reading = after.reading("invoice_number")
    assert reading.value == "AB-2026/39"
    assert [each.value for each in reading.runners_up] == ["77-204"]
    assert reading.chosen is not None
    assert (reading.chosen.checks_passed, reading.chosen.page) == (("hint",), 1)
    assert [each.value for each in used] == ["AB-2026/39"]
    assert "beside “beleg kennung”" in reading.note


def test_the_machine_s_choice_does_not_give_way_to_a_mere_place() -> None:
    hint = taught("invoice_number", "QX-881")
    assert found(hint, moved("QX-881", "QX-902"), fields(invoice_number="77-204")) == "77-204"


def test_a_value_that_both_give_becomes_surer() -> None:
    after, used = hinted(
        fields=fields(invoice_number="AB-2026/17"),
        document=document(FIRST),
        hints=[taught("invoice_number", "AB-2026/17")],
        strictness="balanced",
    )
    chosen = after.reading("invoice_number").chosen
    assert chosen is not None
    assert chosen.confidence == pytest.approx(0.9)
    assert len(used) == 1


def test_what_a_witness_states_is_not_touched() -> None:
    before = fields()
    stated = FieldReading("invoice_number", chosen=Candidate("XML-1", "XML-1", "xml", 0.9))
    before = InvoiceFields(tuple(stated if each.name == "invoice_number" else each for each in before.readings))
    assert found(taught("invoice_number", "AB-2026/17"), FIRST, before) == "XML-1"


def test_an_amount_that_breaks_the_sum_is_left_as_it_was() -> None:
    before = fields(subtotal="100.00", sales_tax_amount="19.00", total="119.00")
    assert found(taught("total", "1250.00"), FIRST, before) == "119.00"


def test_strictness_asks_more_of_a_hint_that_has_proved_nothing() -> None:
    hint = taught("total", "1250.00")
    strict, _ = hinted(fields=fields(), document=document(FIRST), hints=[hint], strictness="strict")
    assert strict.value("total") is None


def test_a_hint_that_failed_is_believed_less() -> None:
    assert Hint(0, "total").confidence == 0.9
    assert Hint(0, "total", right=10).confidence > 0.94
    assert Hint(0, "total", right=1, wrong=2).confidence < 0.8


def test_a_currency_takes_its_symbol_along() -> None:
    first = [(72, 60, "Abrechnung in"), (200, 60, "CHF")]
    hint = taught("currency_code", "CHF", first)
    after, _ = hinted(fields=fields(), document=document(first), hints=[hint], strictness="balanced")
    assert (after.value("currency_code"), after.value("currency_symbol")) == ("CHF", "CHF")


def test_nothing_is_learnt_where_no_words_stand_or_nothing_can_be_taught() -> None:
    text = document(FIRST)
    assert learnt(document=text, name="total", page=1, box=Box(500, 700, 510, 710)) is None
    assert learnt(document=text, name="total", page=9, box=Box(72, 200, 200, 220)) is None
    assert learnt(document=text, name="currency_symbol", page=1, box=Box(0, 0, 600, 800)) is None


def test_a_typed_value_has_a_place_only_where_one_place_says_it() -> None:
    twice = [*FIRST, (72, 300, "1.250,00")]
    assert place_of(document=document(twice), name="total", value="1250.00") is None
    assert place_of(document=document(FIRST), name="total", value="17.00") is None


def test_shapes_forget_which_letters_and_digits() -> None:
    assert shape_of("RE-2024/0012") == shape_of("QX-1/7") == "A-9/9"
