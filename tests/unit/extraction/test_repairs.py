import pytest

from ocr.extraction.checks import iban_of
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldName, InvoiceFields, KnownPayer
from ocr.extraction.repairs import repaired
from ocr.reading.document import PageSource
from tests.unit.extraction.test_extractor import TODAY
from tests.unit.extraction.typesetting import GERMAN_INVOICE, changed, document_of

GERMAN = "DE89370400440532013000"
GERMAN_STRUCTURE = "aann" + "n" * 18
DUTCH = "NL91ABNA0417164300"
FRENCH = "FR1420041010050500013M02606"
QR_REFERENCE = "210000000003139471430009017"


def read(text: str, source: PageSource = "ocr") -> InvoiceFields:
    rows = changed(GERMAN_INVOICE, {"IBAN: DE89 3704 0044 0532 0130 00": text})
    return extract_fields(document=document_of(rows, source=source), payer=KnownPayer(), today=TODAY)


def of_iban(text: str, structure: str = GERMAN_STRUCTURE) -> str | None:
    return repaired(text=text, structure=structure, check=iban_of)


@pytest.mark.parametrize("misread", ["DE89370400440532O13000", "DEB9370400440532013000", "DE893704OO440532013000"])
def test_up_to_two_letters_where_only_digits_may_stand_are_put_right(misread: str) -> None:
    assert of_iban(misread) == GERMAN


def test_digits_where_only_letters_may_stand_are_put_right() -> None:
    assert of_iban("NL91A8NA0417164300", "aannaaaa" + "n" * 10) == DUTCH


def test_three_misread_characters_are_too_many() -> None:
    assert of_iban("DE8937O4OO440532013000") is None


def test_a_digit_read_for_another_digit_is_not_guessed() -> None:
    assert of_iban("DE89370400440532013008") is None
    assert of_iban("DE89370400440582013000") is None


def test_a_text_of_another_length_or_one_that_is_right_is_no_repair() -> None:
    assert of_iban("DE8937040044053201300") is None
    assert of_iban(GERMAN) is None


def test_two_repairs_that_are_both_valid_are_none() -> None:
    valid = {"10", "01"}
    check = lambda text: text if text in valid else None  # noqa: E731
    assert repaired(text="1O", structure="nn", check=check) == "10"
    assert repaired(text="0D", structure="ac", check=lambda text: text if text in {"O0", "D0"} else None) is None


def test_where_letters_and_digits_may_stand_only_letters_are_doubted() -> None:
    structure = "aann" + "n" * 10 + "c" * 11 + "nn"
    assert of_iban("FR142004101005O500013M02606", structure) == FRENCH
    assert of_iban("FR142O0410100505000I3M02606", structure) == FRENCH
    assert of_iban("FR142004101005050OO13M02606", structure) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("IBAN: DE89 37O4 0044 0532 O130 00", GERMAN),
        ("IBAN: DEB9 3704 0044 0532 0130 00", GERMAN),
        ("IBAN: DE8g 3704 0044 0532 0130 00", None),
        ("IBAN: DE89 3704 0044 0532 013l 00", None),
        ("IBANDE8937O400440532013000", GERMAN),
        ("IBANNL91A8NA0417164300", DUTCH),
        ("IBAN: DE89 37O4 OO44 O532 O130 00", None),
    ],
)
def test_a_misread_account_is_given_only_when_its_check_digits_prove_one_repair(text: str, value: str | None) -> None:
    assert read(text).value("iban") == value
    assert read(text, source="text").value("iban") is None


def test_an_account_that_is_valid_with_a_letter_and_with_the_digit_it_looks_like_is_not_given() -> None:
    with_letter, with_digit = "CH190000186756S088995", "CH1900001867565088995"
    assert read(f"IBAN: {with_letter}").value("iban") is None
    assert read(f"IBAN: {with_letter}", source="text").value("iban") == with_letter
    assert read(f"IBAN: {with_digit}").value("iban") == with_digit


def test_a_repair_shows_in_the_evidence_with_what_was_read() -> None:
    chosen = read("IBAN: DE89 37O4 0044 0532 0130 00").reading("iban").chosen
    untouched = read("IBAN: DE89 3704 0044 0532 0130 00").reading("iban").chosen
    assert chosen
    assert untouched
    assert (chosen.raw, chosen.value) == ("DE89 37O4 0044 0532 0130 00", GERMAN)
    assert "repaired" in chosen.checks_passed
    assert "repaired" not in untouched.checks_passed
    assert chosen.confidence < untouched.confidence


@pytest.mark.parametrize(
    ("name", "printed", "misread", "value"),
    [
        ("seller_vat_id", "USt-IdNr.: DE136695976", "USt-IdNr.: DEl3669S976", "DE136695976"),
        ("reference", "Verwendungszweck: AW-2026-0815", "RF18 539O 0754 7034", "RF18539007547034"),
        ("reference", "Verwendungszweck: AW-2026-0815", "21 00000 OO003 13947 14300 09017", QR_REFERENCE),
        ("reference", "Verwendungszweck: AW-2026-0815", "+++0I0/8068/171B3+++", "+++010/8068/17183+++"),
    ],
)
def test_references_and_vat_numbers_are_repaired_on_scans_only(
    name: FieldName, printed: str, misread: str, value: str
) -> None:
    rows = changed(GERMAN_INVOICE, {printed: misread})
    chosen = extract_fields(document=document_of(rows, source="ocr"), payer=KnownPayer(), today=TODAY).reading(name)
    assert chosen.chosen
    assert chosen.value == value
    assert "repaired" in chosen.chosen.checks_passed
    as_text = extract_fields(document=document_of(rows, source="text"), payer=KnownPayer(), today=TODAY)
    assert as_text.value(name) != value


@pytest.mark.parametrize("tail", ["I Steuer-Nr.: 202/1", "| Steuer-Nr.: 202/1", "Steuer-Nr.: 202/1"])
def test_a_vat_number_that_ran_into_what_follows_is_told_from_it_on_scans(tail: str) -> None:
    rows = changed(GERMAN_INVOICE, {"USt-IdNr.: DE136695976": f"USt-IdNr.: DE136695976{tail}"})
    fields = extract_fields(document=document_of(rows, source="ocr"), payer=KnownPayer(), today=TODAY)
    assert fields.value("seller_vat_id") == "DE136695976"


def test_a_vat_number_that_ran_into_further_digits_is_not_guessed() -> None:
    rows = changed(GERMAN_INVOICE, {"USt-IdNr.: DE136695976": "USt-IdNr.: DE1366959761I Steuer-Nr.: 202/1"})
    fields = extract_fields(document=document_of(rows, source="ocr"), payer=KnownPayer(), today=TODAY)
    assert fields.value("seller_vat_id") is None


def test_a_vat_number_whose_check_digits_no_repair_meets_is_not_proven() -> None:
    rows = changed(GERMAN_INVOICE, {"USt-IdNr.: DE136695976": "USt-IdNr.: DEl36695975"})
    fields = extract_fields(document=document_of(rows, source="ocr"), payer=KnownPayer(), today=TODAY)
    assert fields.value("seller_vat_id") is None
