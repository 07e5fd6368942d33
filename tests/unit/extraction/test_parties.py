import pytest

from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import InvoiceFields, KnownPayer
from ocr.extraction.party_names import has_legal_form, is_zip_line, name_of, same_party, up_to_legal_form
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import Row, document_of, row


def read(*rows: Row, payer: KnownPayer | None = None) -> InvoiceFields:
    return extract_fields(document=document_of(list(rows)), payer=payer or KnownPayer(), today=TODAY)


def parties(*rows: Row, payer: KnownPayer | None = None) -> tuple[str | None, str | None]:
    fields = read(*rows, payer=payer)
    return fields.value("seller_name"), fields.value("customer_name")


def test_headings_name_the_parties() -> None:
    assert parties(
        row("Verkäufer", (300, "Käufer")),
        row("Ahornwerk GmbH", (300, "Birkenhof AG")),
        row("Lindenallee 7", (300, "Marktstr. 12")),
        row("20095 Hamburg", (300, "80331 München")),
    ) == ("Ahornwerk GmbH", "Birkenhof AG")


def test_rows_under_a_heading_name_the_parties() -> None:
    assert parties(
        row("Seller"),
        row("Number:", (200, "4711")),
        row("Name:", (200, "Maple Works Ltd")),
        row("Buyer"),
        row("Name:", (200, "Birch Court plc")),
    ) == ("Maple Works Ltd", "Birch Court plc")


def test_a_senders_line_above_the_window_tells_both() -> None:
    assert parties(
        row("Ahornwerk GmbH · Lindenallee 7 · 20095 Hamburg"),
        row("Herrn"),
        row("Jonas Birke"),
        row("Marktstr. 12"),
        row("80331 München"),
    ) == ("Ahornwerk GmbH", "Jonas Birke")


def test_a_company_below_a_persons_name_is_the_party() -> None:
    assert (
        parties(row("Bill to"), row("Jane Birch"), row("Birch Court Ltd"), row("1 Mill Road"))[1] == "Birch Court Ltd"
    )


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("Birch Court Trading and", "Consulting Ltd"), ("Birkenhof Handel", "GmbH & Co. KG"), ("Birch &", "Maple plc")],
)
def test_a_name_that_goes_on_in_the_next_line_is_one(upper: str, lower: str) -> None:
    assert parties(row("Bill to"), row(upper), row(lower), row("1 Mill Road"))[1] == f"{upper} {lower}"


@pytest.mark.parametrize("street", ["Avda. de la Constitución", "Via Garibaldi", "Rue des Tanneurs", "Postfach"])
def test_a_street_without_a_number_is_nobodys_name(street: str) -> None:
    assert name_of(street) is None


def test_a_party_called_after_a_street_is_known_by_its_legal_form() -> None:
    assert name_of("Via Garibaldi S.r.l.") == "Via Garibaldi S.r.l."


def test_the_payers_name_is_never_the_sellers_even_where_it_heads_the_page() -> None:
    rows = [
        row("Birkenhof AG"),
        row("Marktstr. 12"),
        row("80331 München"),
        row(),
        row("Lieferant"),
        row("Ahornwerk GmbH"),
        row("20095 Hamburg"),
    ]
    assert parties(*rows, payer=KnownPayer(names=("Birkenhof AG",))) == ("Ahornwerk GmbH", "Birkenhof AG")
    assert parties(*rows[:3], payer=KnownPayer(names=("BIRKENHOF",)))[0] is None


def test_a_payee_row_near_the_bank_is_not_the_buyer() -> None:
    fields = read(row("Empfänger", (150, "Ahornwerk GmbH")), row("IBAN", (150, "DE89 3704 0044 0532 0130 00")))
    assert fields.value("customer_name") is None


def test_mail_addresses_go_to_their_owners() -> None:
    fields = read(
        row("Seller", (300, "Buyer")),
        row("Maple Works Ltd", (300, "Birch Court plc")),
        row("1 Mill Road", (300, "2 High Street")),
        row("London SW1A 1AA", (300, "Leeds LS1 1UR")),
        row("billing@mapleworks.example", (300, "ap@birchcourt.example")),
    )
    assert fields.value("seller_email") == "billing@mapleworks.example"
    assert fields.value("customer_email") == "ap@birchcourt.example"


def test_the_customers_vat_number_is_not_the_sellers() -> None:
    fields = read(row("Ihre USt-IdNr.: DE129273398"), row(), row(), row(), row("USt-IdNr.: DE136695976"))
    assert fields.value("seller_vat_id") == "DE136695976"


def test_a_vat_number_with_wrong_check_digits_is_shown_but_not_given() -> None:
    reading = read(row("USt-IdNr.: DE136695977")).reading("seller_vat_id")
    assert reading.value is None
    assert reading.runners_up[0].checks_failed == ("vat_check_digits",)


@pytest.mark.parametrize(
    "name", ["Acme GmbH", "Acme GmbH & Co. KG", "Acme S.r.l.", "ACME SPA", "Acme Sp. z o.o.", "Acme B.V.", "Acme A/S"]
)
def test_legal_forms_are_known(name: str) -> None:
    assert has_legal_form(name)


@pytest.mark.parametrize("name", ["As good as it gets", "Spa weekend", "Die Rechnung", "GmbH"])
def test_words_that_look_like_legal_forms_are_none(name: str) -> None:
    assert not has_legal_form(name)


@pytest.mark.parametrize(
    "text",
    [
        "80331 München",
        "D-80331 München",
        "1012 AB Amsterdam",
        "00-950 Warszawa",
        "Fremont CA 94538",
        "London SW1A 1AA",
        "111 29 Stockholm",
    ],
)
def test_towns_with_a_postal_code_are_known(text: str) -> None:
    assert is_zip_line(text)


@pytest.mark.parametrize("text", ["2560 × 1440", "Version 2026", "Rechnung 471102", "4711"])
def test_other_numbers_are_no_postal_codes(text: str) -> None:
    assert not is_zip_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "Marktstr. 12",
        "info@acme.example",
        "www.acme.example",
        "80331 München",
        "Seite 1",
        "12345",
        "Tel. 0123",
        "Deutschland",
    ],
)
def test_addresses_and_contacts_are_no_names(text: str) -> None:
    assert name_of(text) is None


def test_spellings_of_one_party_are_the_same_and_neighbours_are_not() -> None:
    assert same_party(one="Müller & Söhne GmbH", other="MULLER & SOHNE GMBH")
    assert same_party(one="Ahornwerk GmbH", other="Ahornwerk")
    assert not same_party(one="Ahornwerk GmbH", other="Birkenhof GmbH")
    assert not same_party(one="", other="Birkenhof GmbH")


def test_a_word_that_begins_like_a_vat_number_does_not_hide_the_number_behind_it() -> None:
    fields = read(row("Ahornwerk AG"), row("CHE-MWST CHE-123.456.788 MWST"))
    assert fields.value("seller_vat_id") == "CHE123456788"


def test_a_vat_number_called_the_buyers_once_is_nowhere_the_sellers() -> None:
    fields = read(
        row("Ahornwerk GmbH"),
        row("Ihre USt-IdNr.:", (200, "DE136695976")),
        row(),
        row("Rechnung 4711"),
        row("USt-IdNr. DE136695976"),
    )
    assert fields.value("seller_vat_id") is None


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["Granitt AS", "Org.nr. 898 542 726 MVA"], "NO898542726MVA"),
        (["Foretaksregisteret: 898542726 MVA"], "NO898542726MVA"),
        (["Gumtree Pty Ltd", "A.B.N. 28 544 299 576"], "AU28544299576"),
        (["Acero S.r.l.", "P.I. 10067160043"], "IT10067160043"),
        (["Arce S.L.", "C.I.F.: B-10356806", "Factura", "Fecha de vencimiento", "Base imponible"], "ESB10356806"),
    ],
)
def test_a_number_that_names_its_country_in_the_national_way_gets_its_prefix(lines: list[str], number: str) -> None:
    assert read(*map(row, lines)).value("seller_vat_id") == number


def test_a_bare_number_gets_no_prefix_of_a_country_that_the_document_does_not_speak_of() -> None:
    english = ["Invoice no. 4711", "VAT Reg No: 980 7806 84", "Due date: 30 June 2026", "Amount due"]
    assert read(*map(row, english)).value("seller_vat_id") is None
    assert read(*map(row, [*english, "London SW1A 1AA"])).value("seller_vat_id") == "GB980780684"


def test_an_employer_number_of_the_united_states_is_no_vat_number() -> None:
    lines = ["Invoice no. 4711", "Tax ID: 98-0780684", "Ship from London SW1A 1AA", "Due date: 30 June 2026"]
    assert read(*map(row, lines)).value("seller_vat_id") is None


def test_a_number_in_the_foot_is_not_the_buyers_whose_heading_stands_far_above() -> None:
    fields = read(
        row("Ahornwerk GmbH"),
        row("Rechnungsempfänger"),
        row("Birkenhof AG"),
        row("80331 München"),
        *[row() for _ in range(20)],
        row("USt-IdNr. DE136695976"),
    )
    assert fields.value("seller_vat_id") == "DE136695976"


def test_an_address_with_a_mail_address_of_its_own_is_not_the_sellers_where_the_head_has_another() -> None:
    fields = read(
        row("Ahornwerk GmbH"),
        row("Lindenallee 7, 20095 Hamburg"),
        row("kontakt@ahornwerk.example"),
        row(),
        row("Birkenhof AG"),
        row("Marktstr. 12"),
        row("80331 München"),
        row("buero@birkenhof.example"),
        *[row() for _ in range(20)],
        row("Kontoinhaber: Ahornwerk GmbH"),
    )
    assert fields.value("seller_name") == "Ahornwerk GmbH"
    assert fields.value("seller_email") == "kontakt@ahornwerk.example"
    assert fields.value("customer_email") == "buero@birkenhof.example"


def test_a_street_behind_the_legal_form_is_not_part_of_the_name() -> None:
    assert up_to_legal_form("Arce Hoteles S.L. Avda. Bartolomé Roble") == "Arce Hoteles S.L."
    assert up_to_legal_form("Arce S.L. Hoteles") == "Arce S.L. Hoteles"


def test_the_person_to_whom_a_letter_goes_is_not_the_party_that_is_billed() -> None:
    assert (
        parties(
            row("Maple Works Ltd | 1 Mill Road | London SW1A 1AA"),
            row("Birch Court Trading"),
            row("Attn: Jane Birch"),
            row("47 Jacaranda Court"),
            row("Newcastle NSW 1922"),
        )[1]
        == "Birch Court Trading"
    )


def test_a_heading_with_a_colon_does_not_take_its_name_from_another_column() -> None:
    assert (
        parties(row("Billed to:", (330, "Ruth Maple")), row("Birch Court"), row("174 Larkfield Road"))[1]
        == "Birch Court"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Have questions or concerns about your statement?",
        "Avda. de la Constitución",
        "Rua dos Curtumes",
        "Thank you for your business!",
        "nachfolgenden Leistungen gutgeschrieben werden",
        "EUR",
    ],
)
def test_a_sentence_a_street_and_a_currency_are_nobodys_name(text: str) -> None:
    assert name_of(text) is None


@pytest.mark.parametrize(
    "text", ["Yarra Street Foods", "Rue Royale SARL", "Landesamt für Steuern und Finanzen", "IKEA"]
)
def test_what_only_looks_like_them_is_a_name(text: str) -> None:
    assert name_of(text) == text


@pytest.mark.parametrize("text", ["Newcastle NSW 1922", "Dublin 2 G51 FD66", "H91 MY83"])
def test_postal_codes_of_australia_and_ireland_end_an_address(text: str) -> None:
    assert is_zip_line(text)
