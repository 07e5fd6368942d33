"""Totals that only programs see, and the honest text that scanners lay under their pictures."""

from dataclasses import replace

import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.reading.document import PageSource
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import GERMAN_INVOICE, document_of

HONEST_LAYER = ("Zwischensumme 1.236,64 €", "zzgl. 19 % MwSt. 234,96 €", "Gesamtbetrag 1.471,60 €")


def read(*unseen: str, source: PageSource = "text") -> InvoiceFields:
    document = document_of(GERMAN_INVOICE, source=source)
    page = replace(document.pages[0], unseen=unseen)
    return extract_fields(document=replace(document, pages=(page,)), payer=KnownPayer(), today=TODAY)


def fields_warned_of(fields: InvoiceFields) -> list[str | None]:
    return [each.field for each in fields.warnings if each.code == "hidden_text"]


@pytest.mark.parametrize("source", ["text", "ocr"])
def test_unseen_sums_that_make_another_total_are_flagged_and_never_taken(source: PageSource) -> None:
    fields = read("Zwischensumme 8.403,36 €", "zzgl. 19 % MwSt. 1.596,64 €", "Gesamtbetrag 10.000,00 €", source=source)
    assert fields_warned_of(fields) == ["total"]
    assert fields.value("total") == "1471.60"


def test_a_bare_total_beside_sound_text_is_flagged_only_where_it_is_called_one() -> None:
    assert fields_warned_of(read("Gesamtbetrag 9.999,00 €")) == ["total"]
    assert fields_warned_of(read("Artikel 9.999,00")) == []


@pytest.mark.parametrize(
    "misread",
    [
        HONEST_LAYER,
        (*HONEST_LAYER[:2], "Gesamtbetrag 1.471,80 €"),
        (*HONEST_LAYER[:2], "Gesarntbetrag 7.477,60 €"),
        ("Zwischensumme 1.286,64 €", *HONEST_LAYER[1:]),
        ("1.236,64", "234,96", "7.471,60"),
        (),
    ],
)
def test_a_scanners_layer_misread_or_not_is_nothing(misread: tuple[str, ...]) -> None:
    assert fields_warned_of(read(*misread, source="ocr")) == []


def test_hidden_text_beside_a_text_layer_that_says_the_same_is_nothing() -> None:
    assert fields_warned_of(read(*HONEST_LAYER)) == []
