import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import KnownPayer
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row

HEAD: list[Row] = [row("Rechnung Nr. 4711"), row("Gesamtbetrag", (400, "119,00 €")), row()]


def codes(*rows: Row) -> set[str]:
    fields = extract_fields(document=document_of([*HEAD, *rows]), payer=KnownPayer(), today=TODAY)
    return {warning.code for warning in fields.warnings}


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Betrag von 119,00 € wird am 12.03.2026 per SEPA-Lastschrift eingezogen.",
        "Wir buchen den Betrag von Ihrem Konto DE89 3704 0044 0532 0130 00 ab.",
        "The amount of EUR 119.00 will be debited from your account by direct debit.",
        "Le montant de 119,00 € sera prélevé le 12/03/2026.",
    ],
)
def test_an_announced_debit_is_warned_of(sentence: str) -> None:
    assert "direct_debit" in codes(row(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie können auch am Lastschriftverfahren teilnehmen; fragen Sie uns.",
        "IBAN DE89 3704 0044 0532 0130 00",
        "Bitte überweisen Sie 119,00 € bis zum 12.03.2026.",
    ],
)
def test_what_only_mentions_debits_or_asks_for_a_transfer_is_not(sentence: str) -> None:
    assert "direct_debit" not in codes(row(sentence))
