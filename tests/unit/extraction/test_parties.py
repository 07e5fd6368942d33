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
    [
        ("Birch Court", "Trading Ltd"),
        ("Birch Court Trading and", "Consulting Ltd"),
        ("Birkenhof Handel", "GmbH & Co. KG"),
        ("Birch &", "Maple plc"),
    ],
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
        row("London SW1A 1AA", "London SW1A 1AA, GB", (300, "Leeds LS1 1UR")),
        row("billing@mapleworks.example", (300, "ap@birchcourt.example")),
    )
    assert fields.value("seller_email") == "billing@mapleworks.example"
    assert fields.value("customer_email") == "ap@birchcourt.example"


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
        "ORIGINAL RECEIPT",
        "Accounts payable",
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


def test_a_name_spelt_as_a_domain_that_stands_elsewhere_is_the_sellers() -> None:
    fields = read(
        row("Birch Court"),
        row("Invoice no. 4711"),
        row(),
        row("Please write to billing@mapleworks.example with any question"),
        row(),
        row("MapleWorks"),
        row("1810 Mill Road"),
        row("Lutherville, MD 21093"),
        payer=KnownPayer(names=("Birch Court",)),
    )
    names = [
        each.value for each in (fields.reading("seller_name").chosen, *fields.reading("seller_name").runners_up) if each
    ]
    assert names[0] == "MapleWorks"


def test_an_account_holder_named_within_a_line_is_read_up_to_the_next_label() -> None:
    reading = read(
        row("Facture n° 4711"),
        row("BANQUE DU LAC – Titulaire du compte : ERABLIA – IBAN : FR76 3000 6000 0112 3456 7890 189"),
    ).reading("seller_name")
    names = [each.value for each in (reading.chosen, *reading.runners_up) if each]
    assert "ERABLIA" in names


@pytest.mark.parametrize(
    "payer",
    [
        KnownPayer(names=("Birkenhof GmbH & Co. KG",)),
        KnownPayer(names=("Andere AG",), vat_id="DE136695976"),
        KnownPayer(names=("Andere AG",), emails=("buero@birkenhof.example",)),
    ],
)
def test_whatever_is_known_of_the_customer_keeps_it_from_being_the_seller(payer: KnownPayer) -> None:
    fields = read(
        row("Birkenhof AG"),
        row("Marktstr. 12"),
        row("80331 München"),
        row("USt-IdNr. DE136695976"),
        row("buero@birkenhof.example"),
        payer=payer,
    )
    reading = fields.reading("seller_name")
    assert "Birkenhof AG" not in [each.value for each in (reading.chosen, *reading.runners_up) if each]
    if payer.emails:
        assert fields.value("seller_email") is None


def test_a_recipient_among_the_bank_details_is_not_the_one_who_is_billed() -> None:
    reading = read(
        row("Haug Tryk ApS"),
        *[row() for _ in range(30)],
        row("Modtager: Haug Tryk ApS"),
        row("IBAN: DK50 0040 0440 1162 43"),
    ).reading("customer_name")
    assert "Haug Tryk ApS" not in [each.value for each in (reading.chosen, *reading.runners_up) if each]


def test_of_two_names_like_a_mail_domain_the_liker_one_owns_it() -> None:
    fields = read(
        row("Velmond GmbH"),
        row("Mariengasse 34, 2419 Graz"),
        row("info@velmond.example"),
        row(),
        row("Rechnungsadresse:"),
        row("Galmond KG"),
        row("Feldgasse 69"),
        row("9674 Linz"),
        row("kontakt@galmond.example"),
        payer=KnownPayer(names=("Galmond KG",)),
    )
    assert fields.value("seller_email") == "info@velmond.example"
    assert fields.value("customer_email") == "kontakt@galmond.example"


def test_the_name_over_the_address_is_fuller_than_the_one_in_the_logo() -> None:
    reading = read(
        row("Ahornwerk"),
        row(),
        row("Ahornwerk Hamburg"),
        row("Lindenallee 7"),
        row("20095 Hamburg"),
        row("www.ahornwerk.example"),
    ).reading("seller_name")
    assert next(each.value for each in (reading.chosen, *reading.runners_up) if each) == "Ahornwerk Hamburg"


def test_a_senders_line_whose_strokes_are_lost_is_still_one() -> None:
    rows = [
        row("Ahornwerk GmbH", (132, "Lindenallee 7"), (210, "20095 Hamburg")),
        row("Theodor Birke"),
        row(),
        row("Marktstr. 12"),
        row(),
        row("80331 München"),
    ]
    assert parties(*rows) == ("Ahornwerk GmbH", "Theodor Birke")


def test_columns_beside_each_other_are_no_senders_line() -> None:
    rows = [row("Ahornwerk GmbH", (250, "Lindenallee 7"), (450, "20095 Hamburg")), row("Theodor Birke")]
    assert parties(*rows)[1] is None


def test_the_company_in_the_address_is_billed_rather_than_the_guest() -> None:
    rows = [
        row("Hotel Ahorn GmbH"),
        row("Lindenallee 7, 20095 Hamburg"),
        row("info@hotel-ahorn.example"),
        row(),
        row(),
        row("Birkenhof Handels AG", (350, "Gastname:"), (420, "Jonas Birke")),
        row("Marktstr. 12"),
        row("80331 München"),
    ]
    reading = read(*rows).reading("customer_name")
    assert next(each.value for each in (reading.chosen, *reading.runners_up) if each) == "Birkenhof Handels AG"


def test_a_guest_is_billed_where_nobody_else_is() -> None:
    rows = [
        row("Hotel Ahorn GmbH"),
        row("Lindenallee 7, 20095 Hamburg"),
        row(),
        row("Guest Name:", (150, "Jane Birch")),
    ]
    reading = read(*rows).reading("customer_name")
    assert next(each.value for each in (reading.chosen, *reading.runners_up) if each) == "Jane Birch"


def test_a_company_after_attn_is_the_party_and_its_town_is_not() -> None:
    rows = [row("Bill to:"), row("ATTN: Birch Court Ltd"), row("93B Mill Lane"), row("Yuen Long, N.T., 0000, HK")]
    assert parties(*rows)[1] == "Birch Court Ltd"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Mr Jonas Birch", "Jonas Birch"),
        ("Frau Dr. Anna Birke", "Dr. Anna Birke"),
        ("Mme Ève L'Érable", "Ève L'Érable"),
        ("Pan Tadeusz", "Pan Tadeusz"),
        ("Herr und Frau Birke", "Herr und Frau Birke"),
    ],
)
def test_a_form_of_address_is_no_part_of_a_persons_name(printed: str, name: str) -> None:
    assert parties(row("Bill to"), row(printed), row("1 Mill Road"))[1] == name


def test_a_department_is_a_party_where_a_label_says_name() -> None:
    rows = [row("Cessionario / committente:"), row("Denominazione: AMMINISTRAZIONE BETULLA"), row("CAP: 00145")]
    assert parties(*rows)[1] == "AMMINISTRAZIONE BETULLA"


@pytest.mark.parametrize("words", ["Ahornwerk GmbH ist ein Teil der Ahorngruppe.", "Sitz der Ahornwerk GmbH:"])
def test_the_company_in_a_sentence_beside_its_register_is_a_seller(words: str) -> None:
    rows = [row("Hotel am Deich"), *[row() for _ in range(44)], row(words), row("HRB 4711. Amtsgericht Hamburg")]
    reading = read(*rows).reading("seller_name")
    assert "Ahornwerk GmbH" in [each.value for each in (reading.chosen, *reading.runners_up) if each]
