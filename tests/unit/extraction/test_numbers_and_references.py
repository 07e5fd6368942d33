import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.reading.document import Box, DocumentText, Page, Word
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row


def read(*rows: Row) -> InvoiceFields:
    return extract_fields(document=document_of(list(rows)), payer=KnownPayer(), today=TODAY)


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([row("Rechnungs-Nr.: 2026/0815")], "2026/0815"),
        ([row("Invoice # INV-00042")], "INV-00042"),
        ([row("Facture n°830117265 du 02 Juillet 2026")], "830117265"),
        ([row("FACTURE"), row("N° FA-2026-042")], "FA-2026-042"),
        ([row("Fattura n. 318/A del 06/11/2026")], "318/A"),
        ([row("Número de factura", (300, "F26-118"))], "F26-118"),
        ([row("Factuurnummer"), row("20260017")], "20260017"),
        ([row("Faktura VAT nr FV/17/03/2026")], "FV/17/03/2026"),
        ([row("Belegnummer", (300, "100’000"))], "100000"),
        ([row("Handelsrechnung (380) Nr. 471102vom 05.03.2026")], "471102"),
        ([row("Handelsrechnung Nr. RE 2026-17 vom 01.03.2026")], "RE 2026-17"),
        (
            [
                row("Invoice no", (150, "Date"), (250, "Due date")),
                row("A-77", (150, "1 May 2026"), (250, "31 May 2026")),
            ],
            "A-77",
        ),
        ([row("Fatura FT 2026/318"), row("Data de emissão: 07-07-2026")], "FT 2026/318"),
        ([row("Facture FAC-2026-0088")], "FAC-2026-0088"),
        ([row("Fatura N.º", (200, "FAC 1/1115"))], "FAC 1/1115"),
        ([row("Faktura 7041252 - 2026-09-23")], "7041252"),
        ([row("Honorarrechnung-Nr. RE-00046 / 20.05.2026")], "RE-00046"),
        ([row("Nummer / Invoice No.", (250, "Faktura dato / Date")), row("19086", (250, "11.05.2026"))], "19086"),
    ],
)
def test_the_invoice_number_is_found_in_the_layouts_of_europe(rows: list[Row], number: str) -> None:
    assert read(*rows).value("invoice_number") == number


@pytest.mark.parametrize(
    "text",
    ["Order no. 4711", "Kundennummer 10447", "Lieferschein Nr. 88123", "Steuernummer 201/113/40209", "Tel. 030 123456"],
)
def test_other_numbers_are_not_the_invoice_number(text: str) -> None:
    assert read(row("Rechnung"), row(text)).value("invoice_number") is None


@pytest.mark.parametrize(
    "text", ["A storno della fattura n. FPR 6735/22", "zu Rechnung Nr. 2026-17", "Dotyczy faktury nr FS 6128/2026"]
)
def test_the_number_of_another_invoice_is_not_the_number_of_this_one(text: str) -> None:
    assert read(row(text)).value("invoice_number") is None


def test_the_words_of_a_payment_reference_are_no_labels_of_their_own() -> None:
    fields = read(row("Rechnung Nr. 9099"), row("Zahlungsreferenz:", (300, "Kundennummer: 888 Rechnungsnummer: 6069")))
    assert fields.value("invoice_number") == "9099"
    assert fields.value("reference") == "Kundennummer: 888 Rechnungsnummer: 6069"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Referenz 21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        ("Reference RF18 5390 0754 7034", "RF18539007547034"),
        ("Communication +++010/8068/17183+++", "+++010/8068/17183+++"),
        ("Verwendungszweck: RE-17 Kunde 4", "RE-17 Kunde 4"),
        ("Please use the following communication for your payment : VT/2026/0001", "VT/2026/0001"),
    ],
)
def test_the_payment_reference_is_given(text: str, reference: str) -> None:
    assert read(row(text)).value("reference") == reference


@pytest.mark.parametrize(
    "text",
    [
        "Referenz 21 00000 00003 13947 14300 09018",
        "Reference RF19 5390 0754 7034",
        "Communication +++010/8068/17184+++",
        "Your reference: AB-17",
        "Referenz: Frau Muster",
    ],
)
def test_a_reference_that_fails_its_check_or_is_the_buyers_own_is_none(text: str) -> None:
    assert read(row(text)).value("reference") is None


def test_where_the_invoice_number_is_to_be_quoted_it_is_the_reference() -> None:
    reading = read(
        row("Rechnung Nr. 4711"), row("Bitte geben Sie bei Zahlung die Rechnungsnummer als Verwendungszweck an.")
    ).reading("reference")
    assert reading.value == "4711"
    assert reading.chosen is not None
    assert reading.chosen.source == "derived"


def test_a_norwegian_kid_is_proven_by_its_check_digit() -> None:
    assert (
        read(row("Faktura"), row("Kundenummer 12"), row("KID: 2345676"), row("Forfallsdato 01.05.2026")).value(
            "reference"
        )
        == "2345676"
    )
    assert (
        read(row("Faktura"), row("Kundenummer 12"), row("KID: 2345677"), row("Forfallsdato 01.05.2026")).value(
            "reference"
        )
        is None
    )


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("Total 10,00 €")], "EUR"),
        ([row("Total CHF 10.00")], "CHF"),
        ([row("Amounts in GBP"), row("Total 10.00")], "GBP"),
        ([row("Total $10.00"), row("Springfield, IL 62701")], "USD"),
        ([row("Att betala 100,00 kr"), row("Malmö"), row("Sverige")], "SEK"),
        ([row("Total $10.00")], None),
        ([row("Totalt 100,00 kr")], None),
        ([row("Total 10.00")], None),
    ],
)
def test_the_currency_is_given_only_where_it_is_clear(rows: list[Row], code: str | None) -> None:
    assert read(*rows).value("currency_code") == code


def test_an_open_symbol_is_noted() -> None:
    assert "$" in read(row("Total $10.00")).reading("currency_code").note


def test_a_credit_note_is_not_numbered_as_the_invoice_that_it_corrects() -> None:
    fields = read(row("Nota di credito n.:", (200, "VF24000891")), row("A storno della fattura n. VF24007362"))
    assert fields.value("invoice_number") == "VF24000891"


def test_a_number_under_its_label_goes_before_a_post_code_a_column_away() -> None:
    label = Word("Rechnungsnummer", Box(158, 141, 230, 149))
    number = Word("A-02428", Box(158, 151, 190, 159))
    town = (Word("15744", Box(322, 146, 347, 154)), Word("Göttingen", Box(350, 146, 395, 154)))
    page = Page(1, 595, 842, "text", (label, number, *town))
    document = DocumentText(kind="pdf", pages=(page,))
    assert extract_fields(document=document, payer=KnownPayer(), today=TODAY).value("invoice_number") == "A-02428"


@pytest.mark.parametrize(
    ("rows", "reference"),
    [
        (
            [row("Please transfer the amount due to our account using the following reference: 884422001")],
            "884422001",
        ),
        (
            [row("Vertrag Nr: 01.234.567.8", (400, "24. Januar 2026")), row("(Bei Zahlung bitte angeben.)"),
             row("Beitrag", (200, "50,00 EUR"))],
            "01.234.567.8",
        ),
        (
            [row("Kundennummer: K-77120"), row("Bitte geben Sie bei der Überweisung Ihre Kundennummer an.")],
            "K-77120",
        ),
        ([row("+71<228845914173962+47316943<")], "228845914173962"),
        (
            [row("Faktura č. 26108047"), row("Účet č. 472825/0100", (300, "Variabilní symbol")), row("26108047")],
            "26108047",
        ),
    ],
)  # fmt: skip
def test_the_reference_that_the_document_asks_for_without_a_label_of_its_own(rows: list[Row], reference: str) -> None:
    assert read(*rows).value("reference") == reference


@pytest.mark.parametrize(
    "rows",
    [
        [row("Bei Zahlung bitte angeben"), row("50,00 EUR")],
        [row("Rechnung 4711"), row("Bitte Rechnungs- und Kundennummer mitteilen, wenn sich etwas ändert.")],
        [row("Kundennummer: K-1"), row("Customer no. K-2"), row("Bitte bei Zahlung Kundennummer angeben.")],
        [row("Our reference: 4711-AB")],
        [row("+71<228845914173963+47316943<")],
    ],
)
def test_no_reference_without_a_reason(rows: list[Row]) -> None:
    assert read(*rows).value("reference") is None


def test_a_run_of_digits_on_a_scan_needs_a_second_place() -> None:
    rows = [row("Rechnung 2026-17"), row("Verwendungszweck: 60699999")]
    alone = extract_fields(document=document_of(rows, source="ocr"), payer=KnownPayer(), today=TODAY)
    twice = [*rows, row("Kundennummer 60699999")]
    seen_again = extract_fields(document=document_of(twice, source="ocr"), payer=KnownPayer(), today=TODAY)
    assert alone.value("reference") is None
    assert read(*rows).value("reference") == "60699999"
    assert seen_again.value("reference") == "60699999"
