"""Which invoice carries which payment code, and that a scanner finds in it what the invoice says."""

from dataclasses import replace
from datetime import date

import pymupdf
import pytest
import zxingcpp
from PIL import Image

from invoices.rendering.bill import Account, Bill, Party, Place
from invoices.rendering.payment_codes import epc_symbol, swiss_code
from invoices.rendering.pdf import invoice_pdf
from tests.unit.invoices.bills import (
    BUYER,
    CH_ACCOUNT,
    GERMAN,
    QR_IBAN,
    QR_REFERENCE,
    SWISS,
    a_bill,
    a_swiss_bill,
    named,
)

POINTS = 72 / 25.4  # of a millimetre
CYRILLIC = "ООО Ромашка"


def scanned(bill: Bill) -> list[str]:
    """What stands in the QR codes of the document, page by page."""
    found = []
    with pymupdf.open(stream=invoice_pdf(bill)) as document:
        for page in document:
            picture = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
            image = Image.frombytes("L", (picture.width, picture.height), picture.samples)
            found += [code.text for code in zxingcpp.read_barcodes(image)]
    return found


def test_the_epc_code_is_that_of_the_guideline() -> None:
    [payload] = scanned(a_bill(seller=named(GERMAN, "Żółw & Söhne GmbH")))
    assert payload.splitlines() == [
        *("BCD", "002", "1", "SCT", "BYLADEM1001", "Żółw & Söhne GmbH", "DE02120300000000202051", "EUR133.28"),
        *("", "RF18539007547034"),
    ]


def test_a_reference_that_is_no_creditor_reference_is_text() -> None:
    [payload] = scanned(a_bill(reference="Order 17"))
    assert payload.splitlines()[-2:] == ["", "Order 17"]


def test_the_swiss_code_is_that_of_the_guidelines() -> None:
    [payload] = scanned(a_swiss_bill(account=QR_IBAN, reference=QR_REFERENCE, number="17/4"))
    assert payload.split("\n") == [
        *("SPC", "0200", "1", "CH4431999123000889012"),
        *("S", "Käserei Sägmühle AG", "Bahnhofstrasse 1", "", "8001", "Zürich", "CH"),
        *("",) * 7,
        *("121.07", "CHF"),
        *("S", "Hollow Oak Timber Ltd", "12 Mill Lane", "", "LS1 4AP", "Leeds", "GB"),
        *("QRR", QR_REFERENCE, "", "EPD"),
        "//S1/10/17\\/4/11/260302/30/123456788/32/8.1/40/0:30",
    ]


@pytest.mark.parametrize(
    ("account", "reference", "expected"),
    [
        (CH_ACCOUNT, "RF18 5390 0754 7034", ("SCOR", "RF18539007547034", "")),
        (CH_ACCOUNT, "Order 17", ("NON", "", "Order 17")),
        # A QR reference is for QR-IBANs alone: with another account it is a message like any other.
        (CH_ACCOUNT, QR_REFERENCE, ("NON", "", QR_REFERENCE)),
        (QR_IBAN, QR_REFERENCE, ("QRR", QR_REFERENCE, "")),
        (QR_IBAN, "RF18539007547034", None),
        (QR_IBAN, QR_REFERENCE[:-1] + "8", None),
    ],
)
def test_account_and_reference_of_a_swiss_code_fit(
    account: Account, reference: str, expected: tuple[str, str, str] | None
) -> None:
    code = swiss_code(a_swiss_bill(account=account, reference=reference))
    assert (code and (code.reference_type, code.reference, code.message)) == expected


@pytest.mark.parametrize(
    "bill",
    [
        a_bill(account=None),
        a_bill(items=(("Sample", "", "1", "0"),)),
        a_bill(items=(("Ship", "", "1", "1000000000"),)),
        a_bill(currency="JPY"),
        a_bill(currency="KWD"),
        a_bill(account=Account("BR1800360305000010009795493C1")),
        a_bill(seller=named(GERMAN, "شركة النور")),  # would be printed in other letters than the code's
        a_swiss_bill(account=QR_IBAN),
        a_swiss_bill(seller=named(SWISS, CYRILLIC)),
        a_swiss_bill(seller=Party("Käserei Sägmühle AG")),
        a_swiss_bill(reference="Заказ 17"),
        a_swiss_bill(account=Account("DE02120300000000202051")),
    ],
)
def test_no_code_is_better_than_one_that_may_not_be(bill: Bill) -> None:
    assert swiss_code(bill) is None
    assert epc_symbol(bill) is None
    assert scanned(bill) == []


def test_a_payer_that_the_swiss_code_cannot_spell_fills_in_its_name_by_hand() -> None:
    for buyer in (named(BUYER, CYRILLIC), Party("Hollow Oak Timber Ltd"), replace(BUYER, place=Place(country="GB"))):
        code = swiss_code(a_swiss_bill(buyer=buyer))
        assert code
        assert code.debtor is None
        assert code.payload.split("\n")[20:27] == [""] * 7


def test_a_swiss_code_drops_accents_it_does_not_know_and_what_is_too_long() -> None:
    code = swiss_code(a_swiss_bill(seller=named(SWISS, "Nguyễn Šťastný " + "x" * 80)))
    assert code
    assert code.creditor.name == ("Nguyen Šťastný " + "x" * 80)[:70]


def test_billing_information_that_would_be_too_long_is_left_out() -> None:
    code = swiss_code(a_swiss_bill(reference="x" * 120, due_date=date(2026, 2, 1)))
    assert code
    assert (code.message, code.billing) == ("x" * 120, "")


def test_the_longest_names_stay_clear_of_the_amount_and_the_edge() -> None:
    long = Party("N" * 70, place=Place("W" * 70, "1" * 16, "N" * 35, country="GB"))
    bill = a_swiss_bill(seller=replace(long, vat_id=SWISS.vat_id), buyer=long, account=QR_IBAN, reference=QR_REFERENCE)
    for each in (bill, replace(bill, account=CH_ACCOUNT, reference="W" * 140)):
        with pymupdf.open(stream=invoice_pdf(each)) as document:
            words = document[-1].get_text("words")
        left = [word for word in words if word[0] < 62 * POINTS]
        amount = next(word for word in left if word[4] == "Currency")
        below = [word for word in left if word[3] > amount[1]]
        assert {word[4] for word in below} == {"Currency", "Amount", "CHF", "121.07", "Acceptance", "point"}
        assert max(word[3] for word in words) < (297 - 4) * POINTS
        assert max(word[2] for word in words) < (210 - 4) * POINTS
