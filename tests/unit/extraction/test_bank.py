import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.reading.document import PageSource
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row

GERMAN = "DE89370400440532013000"


def read(*rows: Row, source: PageSource = "text") -> InvoiceFields:
    document = document_of([row("Rechnung Nr. 4711"), *rows], source=source)
    return extract_fields(document=document, payer=KnownPayer(), today=TODAY)


def warning_codes(fields: InvoiceFields) -> set[str]:
    return {warning.code for warning in fields.warnings}


@pytest.mark.parametrize(
    "text",
    [
        "IBAN: DE89 3704 0044 0532 0130 00",
        "IBAN DE89370400440532013000",
        "IBAN:DE89370400440532013000 BIC:COBADEFFXXX",
        "Konto DE89 3704 0044 0532 0130 00, COBADEFFXXX",
        "IBAN DE89-3704-0044-0532-0130-00",
    ],
)
def test_an_iban_is_found_however_it_is_spaced(text: str) -> None:
    assert read(row(text)).value("iban") == GERMAN


def test_an_iban_runs_on_in_the_line_below() -> None:
    assert read(row((200, "IBAN")), row((200, "DE89 3704 0044")), row((200, "0532 0130 00"))).value("iban") == GERMAN


@pytest.mark.parametrize(
    "text",
    [
        "IBAN DE89 3704 0044 0532 0130 01",
        "IBAN DE89 3704 0044 0532 0130 0",
        "IBAN DE89 3704 0044 0532 0130 001",
        "IBAN US12 3456 7890",
    ],
)
def test_an_iban_that_fails_its_check_or_is_a_digit_off_is_never_given(text: str) -> None:
    fields = read(row(text))
    assert fields.value("iban") is None
    assert ("iban_invalid" in warning_codes(fields)) is ("US" not in text)


def test_letters_read_for_digits_are_put_back_on_scans_only() -> None:
    misread = "IBAN DE89 37O4 0044 O532 0130 00"
    assert read(row(misread), source="ocr").value("iban") == GERMAN
    assert read(row(misread), source="text").value("iban") is None


def test_the_account_to_be_debited_is_not_the_one_to_pay_to() -> None:
    fields = read(row("Der Betrag wird von Ihrem Konto DE89 3704 0044 0532 0130 00 abgebucht."))
    assert fields.value("iban") is None
    assert "debited" in fields.reading("iban").note


def test_of_two_accounts_the_one_on_the_payment_slip_is_meant() -> None:
    fields = read(
        row("Bankverbindung IBAN DE02 1203 0000 0000 2020 51"),
        row(),
        row(),
        row(),
        row((300, "Konto / Zahlbar an")),
        row((300, "CH93 0076 2011 6238 5295 7")),
    )
    assert fields.value("iban") == "CH9300762011623852957"


def test_a_bic_needs_a_label_or_an_iban_of_its_country_beside_it() -> None:
    assert read(row("BIC: COBADEFFXXX")).value("bic") == "COBADEFFXXX"
    assert read(row("IBAN DE89 3704 0044 0532 0130 00"), row("COBADEFF")).value("bic") == "COBADEFF"
    assert read(row("GUTSCHEIN ABCDEFGH"), row("DEUTSCHE ARTIKELN")).value("bic") is None


def test_an_order_code_is_no_bic() -> None:
    fields = read(row("Bestellung ABCDDE33"), row("x"), row("y"), row("z"), row("a"), row("b"), row("IBAN " + GERMAN))
    assert fields.value("bic") is None


@pytest.mark.parametrize("after", ["Straße 5", "Maß", "ßßßßßß"])
@pytest.mark.parametrize("source", ["text", "ocr"])
def test_a_letter_that_is_two_in_capitals_moves_no_place(after: str, source: PageSource) -> None:
    fields = read(row(f"Großmarkt IBAN DE89 3704 0044 0532 0130 00 {after}"), source=source)
    chosen = fields.reading("iban").chosen
    assert chosen is not None
    assert (chosen.value, chosen.raw) == (GERMAN, "DE89 3704 0044 0532 0130 00")


def test_a_sentence_on_direct_debit_far_above_says_nothing_of_the_account_in_the_foot() -> None:
    gap = [row() for _ in range(8)]
    rows = [row("Wir buchen den Betrag von Ihrem Konto ab."), *gap, row("IBAN DE89 3704 0044 0532 0130 00")]
    assert read(*rows).value("iban") == GERMAN


def test_the_bank_that_keeps_the_account_is_no_direct_debit() -> None:
    assert read(row("Domiciliation : Banque Armoricaine"), row(f"IBAN {GERMAN}")).value("iban") == GERMAN


@pytest.mark.parametrize(
    "rows",
    [
        (row("IBAN:"), row("DE89 3704 0044 0532 0130 01")),
        (row((60, "IBAN"), (200, "DE89 3704 0044 0532 0130 01")),),
        (row("IBAN: DE89 3704 0044 0532 0130 01 BIC: COBADEFFXXX"),),
        (row("Bankverbindung DE89 3704 0044 0532 0130 01"),),
        (row("Faktura nr 4711/2026"), row("Sprzedawca: Młyn Sp. z o.o."), row("62 1090 1014 0000 0712 1981 2874")),
    ],
)
def test_a_broken_iban_is_told_of_wherever_its_label_stands(rows: tuple[Row, ...]) -> None:
    assert "iban_invalid" in warning_codes(read(*rows))


@pytest.mark.parametrize(
    "text",
    [
        "IBAN: DE89 3704 0044 0532 0130 00",
        "IBAN: DE89 XXXX XXXX XXXX XX30 00",
        "Article NO 4006381333931",
        "Lot DE89 3704 0044 0532",
        "Referenz 62 1090 1014 0000 0712 1981 2874",
        "IBAN on request. Our VAT number is DE 136 695 976.",
    ],
)
def test_what_is_no_broken_iban_is_not_called_one(text: str) -> None:
    assert "iban_invalid" not in warning_codes(read(row(text)))


def test_a_broken_iban_on_a_scan_is_told_of_where_no_account_was_read() -> None:
    broken = row("IBAN DE89 3704 0044 0532 0130 01")
    told = read(broken, source="ocr")

    assert (told.value("iban"), warning_codes(told)) == (None, {"iban_invalid"})
    assert "compare it with the paper" in told.warnings[0].message
    # Misread in part, or beside one that passes: nothing that anybody would be asked about.
    assert "iban_invalid" not in warning_codes(read(row("IBAN DE89 3704 0044 0532 0130 0"), source="ocr"))
    assert "iban_invalid" not in warning_codes(read(broken, row(f"IBAN {GERMAN}"), source="ocr"))


def test_a_polish_account_without_its_country_is_read_as_the_iban_that_it_is() -> None:
    number = "61 1090 1014 0000 0712 1981 2874"
    rows = (row("Faktura nr 4711/2026"), row("Sprzedawca: Młyn Sp. z o.o."), row(f"Nr konta: {number}"))

    assert read(*rows).value("iban") == "PL61109010140000071219812874"
    assert read(*rows[:2], row(f"Nazwa banku Wiślany; IBAN {number}; SWIFT")).value("iban") is not None
    assert read(*rows[:2], row("Nr konta: 62 1090 1014 0000 0712 1981 2874")).value("iban") is None


def test_the_beginning_of_an_iban_is_no_vat_number() -> None:
    """PL85 8743 1562: a Polish tax number with the right check digit, by chance."""
    fields = read(row("NIP / VAT ID: see below"), row("IBAN: PL85 8743 1562 9598 7559 8175 2300"))

    assert (fields.value("iban"), fields.value("seller_vat_id")) == ("PL85874315629598755981752300", None)
