import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.extraction import fields
from ocr.extraction.fields import Candidate, FieldName
from ocr.extraction.payment_qr import testimony_of_code as read_code
from ocr.reading.document import Box, CodeWitness

SWISS_HEAD = ["SPC", "0200", "1"]
QR_IBAN, PLAIN_IBAN = "CH4431999123000889012", "CH9300762011623852957"
CREDITOR = ["S", "Bergwerk AG", "Talstrasse", "7", "8001", "Zürich", "CH"]
DEBTOR = ["K", "Beispiel Sàrl", "Rue du Port 2", "1204 Genève", "", "", "CH"]
NOBODY = [""] * 7
QR_REFERENCE = "210000000003139471430009017"
BILLING = r"//S1/10/A\/26-17/11/260311/20/K-9/30/106017086/32/8.1/40/2:10;0:30"


def swiss(
    *,
    iban: str = QR_IBAN,
    creditor: list[str] = CREDITOR,
    amount: str = "1234.50",
    currency: str = "CHF",
    debtor: list[str] = DEBTOR,
    reference: tuple[str, str, str] = ("QRR", QR_REFERENCE, ""),
    tail: tuple[str, ...] = ("EPD",),
    line_end: str = "\n",
) -> str:
    return line_end.join([*SWISS_HEAD, iban, *creditor, *NOBODY, amount, currency, *debtor, *reference, *tail])


def epc(
    *,
    head: str = "BCD 002 1 SCT",
    bic: str = "DEUTDEFF",
    name: str = "Nordlicht Lampen GmbH",
    iban: str = "DE89370400440532013000",
    amount: str = "EUR119.5",
    rest: tuple[str, ...] = ("", "", "Rechnung R-17"),
) -> str:
    return "\n".join([*head.split(), bic, name, iban, amount, *rest])


def read(text: str) -> fields.Testimony | None:
    return read_code(CodeWitness(page=2, box=Box(10, 20, 110, 120), symbology="QRCode", text=text))


def heard(text: str) -> fields.Testimony:
    testimony = read(text)
    assert testimony is not None
    return testimony


def stated(text: str) -> dict[str, str]:
    return {name: candidate.value for name, candidate in heard(text).candidates if candidate.confidence >= 0.8}


def one(text: str, name: FieldName) -> Candidate:
    (candidate,) = (candidate for field, candidate in heard(text).candidates if field == name)
    return candidate


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_swiss_qr_bill_states_payee_payer_amount_and_reference(line_end: str) -> None:
    assert stated(swiss(line_end=line_end)) == {
        "iban": QR_IBAN,
        "total": "1234.50",
        "currency_code": "CHF",
        "reference": QR_REFERENCE,
        "seller_name": "Bergwerk AG",
        "seller_address": "Talstrasse 7, 8001 Zürich",
        "customer_name": "Beispiel Sàrl",
    }


def test_a_candidate_stands_where_the_code_stands() -> None:
    candidate = one(swiss(), "iban")
    assert (candidate.source, candidate.page, candidate.box) == ("qr", 2, Box(10, 20, 110, 120))
    assert candidate.checks_passed == ("mod_97",)


def test_a_combined_address_is_one_line_too() -> None:
    combined = ["K", "Bergwerk AG", "Talstrasse 7", "8001 Zürich", "", "", "CH"]
    assert stated(swiss(creditor=combined))["seller_address"] == "Talstrasse 7, 8001 Zürich"


def test_billing_information_states_number_dates_vat_number_and_rate() -> None:
    text = swiss(tail=("EPD", BILLING, "eBill/B/41010560425610173"))
    found = stated(text)
    assert (found["invoice_number"], found["issue_date"]) == ("A/26-17", "2026-03-11")
    assert (found["seller_vat_id"], found["sales_tax_percentage"]) == ("CHE106017086", "8.1")
    assert found["due_date"] == "2026-04-10"
    assert one(text, "due_date").source == "derived"


def test_several_rates_in_the_billing_information_stand_in_the_breakdown() -> None:
    testimony = heard(swiss(tail=("EPD", "//S1/10/X1/32/8.1:100;2.6:50.25")))
    assert [(str(line.rate), str(line.basis)) for line in testimony.tax_breakdown] == [("8.1", "100"), ("2.6", "50.25")]
    assert "sales_tax_percentage" not in {name for name, _ in testimony.candidates}


@pytest.mark.parametrize(
    "billing",
    [
        "//S2/10/X1/11/260311",
        "//S1",
        "//S1/11/260231/40/0:30",  # no such day
        "//S1/11/20260311/40/0:30",
        "//S1/11/260311/40/2:10",
        "//S1/30/106017087/32/8,1/40/soon",
        "/" * 200,
    ],
)
def test_malformed_billing_information_is_passed_over(billing: str) -> None:
    assert stated(swiss(tail=("EPD", billing))).keys() - {"issue_date"} == stated(swiss()).keys()


@pytest.mark.parametrize(
    ("iban", "reference", "expected"),
    [
        (PLAIN_IBAN, ("SCOR", "RF18539007547034", ""), "RF18539007547034"),
        (PLAIN_IBAN, ("NON", "", "Order of March"), "Order of March"),
        (PLAIN_IBAN, ("NON", "", ""), None),
        (PLAIN_IBAN, ("SCOR", "RF17539007547034", ""), None),
        (QR_IBAN, ("QRR", "210000000003139471430009016", ""), None),
        (QR_IBAN, ("QRR", "", ""), None),
    ],
)
def test_a_reference_is_checked_by_its_type(iban: str, reference: tuple[str, str, str], expected: str | None) -> None:
    assert stated(swiss(iban=iban, reference=reference)).get("reference") == expected


@pytest.mark.parametrize(
    ("iban", "reference"), [(PLAIN_IBAN, ("QRR", QR_REFERENCE, "")), (QR_IBAN, ("SCOR", "RF18539007547034", ""))]
)
def test_account_and_reference_that_do_not_belong_together_are_doubted(
    iban: str, reference: tuple[str, str, str]
) -> None:
    text = swiss(iban=iban, reference=reference)
    assert not {"iban", "reference"} & stated(text).keys()
    assert one(text, "iban").checks_failed == ("reference_type_fits_iban",)


@pytest.mark.parametrize("iban", ["CH4431999123000889013", "DE89370400440532013000", ""])
def test_an_account_that_is_not_swiss_or_not_valid_is_left_out_and_noted(iban: str) -> None:
    testimony = heard(swiss(iban=iban))
    assert "iban" not in {name for name, _ in testimony.candidates}
    assert any("not a valid Swiss IBAN" in note for note in testimony.notes)
    assert stated(swiss(iban=iban))["total"] == "1234.50"


@pytest.mark.parametrize(
    ("amount", "currency", "has_note"),
    [("", "CHF", False), ("0.00", "CHF", True), ("1234,50", "CHF", True), ("12.5", "CHF", True), ("9.50", "USD", True)],
)
def test_an_amount_that_is_open_or_unsound_is_not_stated(amount: str, currency: str, has_note: bool) -> None:
    testimony = heard(swiss(amount=amount, currency=currency))
    assert "total" not in {name for name, _ in testimony.candidates}
    assert bool(testimony.notes) is has_note


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/pay",
        "SPC",
        "SPC\n0100\n1",
        swiss(tail=()),
        swiss(tail=("EPX",)),
        swiss().replace("0200", "0100", 1),
        swiss(creditor=["X", *CREDITOR[1:]]),
        swiss(creditor=["S", "", *CREDITOR[2:]]),
        swiss(tail=("EPD", "", "a", "b", "c")),
        epc(head="BCD 003 1 SCT"),
        epc(head="BCD 002 9 SCT"),
        epc(head="BCD 002 1 SDD"),
        epc(name=""),
        epc(rest=("", "", "", "", "", "x")),
        "BCD\n002\n1\nSCT",
    ],
)
def test_a_payload_of_another_structure_says_nothing(text: str) -> None:
    assert read(text) is None


def test_an_epc_code_states_payee_amount_and_reference() -> None:
    assert stated(epc()) == {
        "seller_name": "Nordlicht Lampen GmbH",
        "iban": "DE89370400440532013000",
        "bic": "DEUTDEFF",
        "currency_code": "EUR",
        "total": "119.50",
        "reference": "Rechnung R-17",
    }


@pytest.mark.parametrize("rest", [(), ("",), ("", "RF18 5390 0754 7034"), ("GDDS", "RF18539007547034", "", "hint")])
def test_an_epc_code_may_end_early_and_without_bic(rest: tuple[str, ...]) -> None:
    found = stated(epc(head="BCD 002 1 SCT", bic="", rest=rest))
    assert "bic" not in found
    assert found.get("reference") == ("RF18539007547034" if len(rest) > 1 else None)


@pytest.mark.parametrize("amount", ["119.50", "EUR119,50", "EUR0.00", "CHF119.50", "EUR1.234", "EUR-5"])
def test_an_epc_amount_of_another_form_is_left_out_and_noted(amount: str) -> None:
    testimony = heard(epc(amount=amount))
    assert "total" not in {name for name, _ in testimony.candidates}
    assert any(amount in note for note in testimony.notes)


def test_an_epc_account_or_bic_that_fails_its_check_is_left_out_and_noted() -> None:
    testimony = heard(epc(iban="DE89370400440532013001", bic="12-34-567"))
    assert not {"iban", "bic"} & {name for name, _ in testimony.candidates}
    assert len(testimony.notes) == 2


def test_two_references_in_an_epc_code_are_doubted() -> None:
    assert "reference" not in stated(epc(rest=("", "RF18539007547034", "Rechnung R-17")))


@given(
    lines=st.lists(st.text(max_size=30), max_size=35),
    head=st.sampled_from([("SPC", "0200", "1"), ("BCD", "002", "1", "SCT"), ()]),
)
def test_whatever_a_code_holds_reading_it_does_not_fail(lines: list[str], head: tuple[str, ...]) -> None:
    testimony = read("\n".join([*head, *lines]))
    assert testimony is None or "iban" not in {name for name, _ in testimony.candidates}


# Mod-97 tells every digit from every other, but not each letter from the digits it stands for (ISO 7064).
@given(place=st.integers(0, 300), character=st.characters(codec="utf-8").filter(lambda each: not each.isalpha()))
def test_one_misread_character_never_yields_another_account_or_qr_reference(place: int, character: str) -> None:
    text = swiss(tail=("EPD", BILLING))
    testimony = read(text[:place] + character + text[place + 1 :])
    for name, candidate in testimony.candidates if testimony else ():
        if name == "iban":
            assert candidate.value == QR_IBAN
        if name == "reference":
            assert candidate.value == QR_REFERENCE
