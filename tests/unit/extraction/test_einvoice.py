from decimal import Decimal

import pytest

from ocr.extraction import fields
from ocr.extraction.einvoice import testimony_of_einvoice as read_einvoice
from ocr.extraction.fields import Candidate, FieldName, TaxLine
from ocr.extraction.stated import decimal
from ocr.reading.document import XmlWitness
from tests.unit.extraction.einvoice_samples import CII_SETTLEMENT, CII_SUMS, UBL_MEANS, ZUGFERD_1, cii, ubl, witness


def heard(document: XmlWitness) -> fields.Testimony:
    testimony = read_einvoice(document)
    assert testimony is not None
    return testimony


def all_of(testimony: fields.Testimony, name: FieldName) -> list[Candidate]:
    return [candidate for field, candidate in testimony.candidates if field == name]


def certain(testimony: fields.Testimony) -> dict[str, str]:
    return {field: candidate.value for field, candidate in testimony.candidates if candidate.confidence >= 0.9}


def test_a_cii_invoice_states_every_field() -> None:
    testimony = heard(cii())
    assert certain(testimony) == {
        "invoice_number": "R-2026-17",
        "issue_date": "2026-03-11",
        "due_date": "2026-04-10",
        "currency_code": "EUR",
        "total": "119.00",
        "subtotal": "100.00",
        "sales_tax_amount": "19.00",
        "sales_tax_percentage": "19",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "reference": "RF18539007547034",
        "seller_name": "Nordlicht Lampen GmbH",
        "seller_vat_id": "DE136695976",
        "seller_email": "post@nordlicht.example",
        "seller_address": "Hafenweg 3, 20095 Hamburg",
        "customer_name": "Beispiel AG",
        "customer_email": "eingang@beispiel.example",
    }
    assert testimony.tax_breakdown == (
        TaxLine(rate=Decimal("19.00"), basis=Decimal("100.00"), amount=Decimal("19.00"), category="S"),
    )
    assert testimony.document_type == "invoice"
    assert testimony.notes == (
        "The seller's national tax number is 22/815/0815.",
        "Payment terms: 30 days net",
    )
    assert testimony.standard == "urn:cen.eu:en16931:2017"
    assert all_of(testimony, "total")[0].checks_passed == ("net_plus_tax_is_total",)


def test_a_ubl_invoice_states_every_field() -> None:
    assert certain(heard(ubl())) == {
        "invoice_number": "F-77",
        "issue_date": "2026-03-11",
        "due_date": "2026-04-10",
        "currency_code": "NOK",
        "total": "240.00",
        "subtotal": "200.00",
        "sales_tax_amount": "40.00",  # not the 3.50 in the accounting currency
        "iban": "NO9386011117947",
        "bic": "DNBANOKK",
        "reference": "2345676",
        "seller_name": "Fjord Fisk AS",
        "seller_vat_id": "NO995525828MVA",
        "seller_email": "faktura@fjord.example",
        "seller_address": "Kaien 1, 5003 Bergen",
        "customer_name": "Kunde AS",
        "customer_email": "ap@kunde.example",
    }


def test_several_rates_leave_the_percentage_open_and_stand_in_the_breakdown() -> None:
    testimony = heard(ubl())
    assert not all_of(testimony, "sales_tax_percentage")
    assert [line.rate for line in testimony.tax_breakdown] == [Decimal(25), Decimal(15)]


def test_zugferd_1_has_other_names_for_the_same_terms() -> None:
    stated = certain(heard(witness(ZUGFERD_1)))
    assert (stated["invoice_number"], stated["issue_date"], stated["reference"]) == ("471", "2013-03-05", "2013-471")
    assert (stated["total"], stated["subtotal"], stated["sales_tax_amount"]) == ("107.00", "100.00", "7.00")
    assert (stated["sales_tax_percentage"], stated["seller_name"]) == ("7", "Altbau KG")


@pytest.mark.parametrize(
    "root",
    [
        '<a:SCRDMCCBDACIOMessageStructure xmlns:a="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:1"/>',
        '<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
        '<Invoice xmlns="urn:example:other"/>',
        "<Invoice/>",
    ],
)
def test_a_tree_that_is_no_invoice_says_nothing(root: str) -> None:
    assert read_einvoice(witness(root)) is None


def test_an_empty_invoice_states_nothing_and_breaks_nothing() -> None:
    empty = witness('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>')
    assert heard(empty) == fields.Testimony(candidates=())


@pytest.mark.parametrize(
    ("document", "total", "subtotal", "tax"),
    [
        (ubl(root="CreditNote", heading=""), "-240.00", "-200.00", "-40.00"),
        (ubl(root="CreditNote", heading="", sign="-"), "-240.00", "-200.00", "-40.00"),
        (ubl(sign="-"), "-240.00", "-200.00", "-40.00"),
        (cii(type_code="381"), "-119.00", "-100.00", "-19.00"),
        (cii(type_code="396"), "-119.00", "-100.00", "-19.00"),
    ],
)
def test_a_credit_note_is_negative_whatever_sign_the_file_gives(
    document: XmlWitness, total: str, subtotal: str, tax: str
) -> None:
    testimony = heard(document)
    stated = certain(testimony)
    assert testimony.document_type == "credit_note"
    assert (stated["total"], stated["subtotal"], stated["sales_tax_amount"]) == (total, subtotal, tax)
    assert all(line.amount is not None and line.amount < 0 for line in testimony.tax_breakdown)


@pytest.mark.parametrize("type_code", ["380", "384", "389", "751"])
def test_a_corrected_or_self_billed_invoice_is_an_invoice(type_code: str) -> None:
    testimony = heard(cii(type_code=type_code))
    assert testimony.document_type == "invoice"
    assert certain(testimony)["total"] == "119.00"


def test_an_iban_that_fails_its_check_is_no_candidate_but_a_note() -> None:
    testimony = heard(cii(settlement=CII_SETTLEMENT.replace("0130 00", "0130 01")))
    assert not all_of(testimony, "iban")
    assert any("DE89 3704 0044 0532 0130 01 is not a valid IBAN" in note for note in testimony.notes)


def test_of_several_accounts_none_is_certain() -> None:
    other = UBL_MEANS.replace("NO9386011117947", "GB82WEST12345698765432").replace("DNBANOKK", "WESTGB2L")
    testimony = heard(ubl(means=UBL_MEANS + other))
    assert [one.value for one in all_of(testimony, "iban")] == ["NO9386011117947", "GB82WEST12345698765432"]
    assert [one.value for one in all_of(testimony, "bic")] == ["DNBANOKK", "WESTGB2L"]
    assert not {"iban", "bic"} & certain(testimony).keys()


def test_the_one_valid_account_among_invalid_ones_is_certain() -> None:
    other = UBL_MEANS.replace("NO9386011117947", "5050-1055")
    testimony = heard(ubl(means=other + UBL_MEANS))
    assert certain(testimony)["iban"] == "NO9386011117947"
    assert any("5050-1055" in note for note in testimony.notes)


def test_the_same_account_twice_is_one_account() -> None:
    assert certain(heard(ubl(means=UBL_MEANS * 2)))["iban"] == "NO9386011117947"


def test_the_payers_account_of_a_direct_debit_is_never_the_payees() -> None:
    means = """<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementPaymentMeans>
    <ram:TypeCode>59</ram:TypeCode><ram:PayerPartyDebtorFinancialAccount><ram:IBANID>DE89370400440532013000</ram:IBANID>
    </ram:PayerPartyDebtorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>"""
    testimony = heard(cii(settlement=means))
    assert not all_of(testimony, "iban")
    assert [warning.code for warning in testimony.warnings] == ["direct_debit"]
    mandate = """<cac:PaymentMeans><cbc:PaymentMeansCode>59</cbc:PaymentMeansCode><cac:PaymentMandate>
    <cbc:ID>M-1</cbc:ID><cac:PayerFinancialAccount><cbc:ID>DE89370400440532013000</cbc:ID></cac:PayerFinancialAccount>
    </cac:PaymentMandate></cac:PaymentMeans>"""
    assert not all_of(heard(ubl(means=mandate)), "iban")


def test_a_bic_of_another_country_than_the_iban_is_doubted() -> None:
    testimony = heard(ubl(means=UBL_MEANS.replace("DNBANOKK", "DEUTDEFF")))
    (bic,) = all_of(testimony, "bic")
    assert bic.checks_failed == ("bic_fits_iban",)
    assert bic.confidence < 0.5


def test_amounts_that_do_not_add_up_are_doubted_and_noted() -> None:
    testimony = heard(cii(sums=CII_SUMS.replace("119.00", "191.00")))
    assert not {"total", "subtotal", "sales_tax_amount"} & certain(testimony).keys()
    assert all_of(testimony, "total")[0].checks_failed == ("net_plus_tax_is_total",)
    assert any("do not make its total" in note for note in testimony.notes)


def test_a_total_in_another_currency_than_the_invoice_is_doubted() -> None:
    sums = CII_SUMS.replace("<ram:GrandTotalAmount>", '<ram:GrandTotalAmount currencyID="USD">')
    (total,) = all_of(heard(cii(sums=sums)), "total")
    assert total.checks_failed == ("amount_in_invoice_currency",)


def test_the_total_is_the_gross_amount_and_what_is_paid_already_is_warned_of() -> None:
    sums = CII_SUMS.replace(
        "<ram:DuePayableAmount>119.00",
        "<ram:TotalPrepaidAmount>19.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>100.00",
    )
    testimony = heard(cii(sums=sums))
    assert certain(testimony)["total"] == "119.00"
    [warning] = testimony.warnings
    assert (warning.code, warning.field) == ("amount_due_differs", "total")
    assert warning.message == "The amount due is 100.00, the total 119.00, 19.00 are paid already."


@pytest.mark.parametrize("amount", ["119,00", "1.19E2", "NaN", "", "１１９"])
def test_an_amount_that_is_no_decimal_of_xml_schema_is_not_taken(amount: str) -> None:
    sums = CII_SUMS.replace("<ram:GrandTotalAmount>119.00", f"<ram:GrandTotalAmount>{amount}")
    assert not all_of(heard(cii(sums=sums)), "total")


def test_several_due_dates_leave_it_open_but_a_discount_date_is_not_one() -> None:
    earlier = (
        "<ram:SpecifiedTradePaymentTerms>{}<ram:DueDateDateTime><udt:DateTimeString>20260321</udt:DateTimeString>"
        "</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
    )
    instalments = heard(cii(settlement=CII_SETTLEMENT + earlier.format("")))
    assert [one.value for one in all_of(instalments, "due_date")] == ["2026-04-10", "2026-03-21"]
    assert "due_date" not in certain(instalments)
    discount = heard(cii(settlement=CII_SETTLEMENT + earlier.format("<ram:ApplicableTradePaymentDiscountTerms/>")))
    assert certain(discount)["due_date"] == "2026-04-10"


def test_a_credit_note_has_its_due_date_in_the_payment_means() -> None:
    means = UBL_MEANS.replace("<cbc:PaymentID>", "<cbc:PaymentDueDate>2026-05-01Z</cbc:PaymentDueDate><cbc:PaymentID>")
    assert certain(heard(ubl(root="CreditNote", heading="", means=means)))["due_date"] == "2026-05-01"


def test_a_date_that_does_not_exist_is_not_taken() -> None:
    assert not all_of(heard(ubl(heading="<cbc:DueDate>2026-02-30</cbc:DueDate>")), "due_date")


@pytest.mark.parametrize(
    ("vat_id", "value", "is_certain"),
    [
        ("DE 136695976", "DE136695976", True),
        ("DE136695977", "DE136695977", False),
        ("201/113/40209", None, False),
    ],
)
def test_a_vat_number_is_only_as_good_as_its_checks(vat_id: str, value: str | None, is_certain: bool) -> None:
    testimony = heard(cii(vat_id=vat_id))
    assert [one.value for one in all_of(testimony, "seller_vat_id")] == ([value] if value else [])
    assert ("seller_vat_id" in certain(testimony)) is is_certain


def test_another_payee_than_the_seller_is_warned_of() -> None:
    payee = "<ram:PayeeTradeParty><ram:Name>Faktor Bank AG</ram:Name></ram:PayeeTradeParty>"
    testimony = heard(cii(settlement=payee + CII_SETTLEMENT))
    assert [warning.code for warning in testimony.warnings] == ["another_payee"]


def test_yen_have_no_minor_unit() -> None:
    settlement = CII_SETTLEMENT.replace(">EUR<", ">JPY<")
    stated = certain(heard(cii(settlement=settlement, sums=CII_SUMS.replace('"EUR"', '"JPY"'))))
    assert (stated["total"], stated["sales_tax_amount"]) == ("119", "19")


@pytest.mark.parametrize(
    ("code", "written", "expected"),
    [
        ("102", "20260420", "2026-04-20"),
        ("", "2026-04-20", "2026-04-20"),
        ("203", "202604201200", "2026-04-20"),
        ("204", "20260420120000", "2026-04-20"),
        ("205", "202604201200+0200", "2026-04-20"),
        ("303", "202604201200CET", "2026-04-20"),
        ("101", "260420", "2026-04-20"),
        ("201", "2604201200", "2026-04-20"),
        ("203", "20260420", None),
        ("102", "202604201200", None),
        ("204", "20260431120000", None),
        ("610", "202604", None),
        ("616", "202617", None),
        ("804", "30", None),
    ],
)
def test_a_date_is_read_in_the_format_it_names(code: str, written: str, expected: str | None) -> None:
    terms = CII_SETTLEMENT.replace('format="102">20260410', f'format="{code}">{written}')
    assert certain(heard(cii(settlement=terms))).get("due_date") == expected


def test_several_payment_means_and_terms_are_one_claim_where_they_agree() -> None:
    terms = "<cac:PaymentTerms><cbc:Note>2 % in 10 days</cbc:Note></cac:PaymentTerms>" * 2
    terms += "<cac:PaymentTerms><cbc:Note>30 days net</cbc:Note></cac:PaymentTerms>"
    card = "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode></cac:PaymentMeans>"
    testimony = heard(ubl(means=UBL_MEANS + UBL_MEANS + card + terms))
    assert certain(testimony) == certain(heard(ubl()))
    assert testimony.notes[-1] == "Payment terms: 2 % in 10 days 30 days net"
    assert testimony.warnings == ()


ALLOWANCES = (
    "<ram:LineTotalAmount>{lines}</ram:LineTotalAmount><ram:ChargeTotalAmount>5.00</ram:ChargeTotalAmount>"
    "<ram:AllowanceTotalAmount>15.00</ram:AllowanceTotalAmount><ram:TaxBasisTotalAmount>100.00"
    '</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">{tax}</ram:TaxTotalAmount>'
    "<ram:GrandTotalAmount>119.00</ram:GrandTotalAmount><ram:TotalPrepaidAmount>20.00</ram:TotalPrepaidAmount>"
    "<ram:RoundingAmount>0.01</ram:RoundingAmount><ram:DuePayableAmount>{due}</ram:DuePayableAmount>"
)


def test_allowances_charges_prepayment_and_rounding_are_part_of_the_sums() -> None:
    testimony = heard(cii(sums=ALLOWANCES.format(lines="110.00", tax="19.00", due="99.01")))
    assert (certain(testimony)["subtotal"], certain(testimony)["total"]) == ("100.00", "119.00")
    [warning] = testimony.warnings
    assert warning.code == "amount_due_differs"
    assert warning.message == (
        "The amount due is 99.01, the total 119.00, 20.00 are paid already, 0.01 are added to round it."
    )


@pytest.mark.parametrize(
    ("lines", "tax", "due", "field"),
    [
        ("100.00", "19.00", "99.01", "subtotal"),
        ("110.00", "18.00", "99.01", "sales_tax_amount"),
        ("110.00", "19.00", "99.00", "total"),
    ],
)
def test_a_sum_that_breaks_the_standards_rule_is_warned_of(lines: str, tax: str, due: str, field: str) -> None:
    testimony = heard(cii(sums=ALLOWANCES.format(lines=lines, tax=tax, due=due)))
    assert [one.field for one in testimony.warnings if one.code == "amounts_do_not_add_up"] == [field]


def test_the_sums_of_ubl_are_checked_as_well() -> None:
    sums = "<cbc:LineExtensionAmount>{}</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount"
    for lines, expected in (("200.00", []), ("210.00", ["amounts_do_not_add_up"])):
        testimony = heard(ubl(replaced=("<cbc:TaxExclusiveAmount", sums.format(lines))))
        assert [one.code for one in testimony.warnings] == expected


def test_a_number_larger_than_any_amount_is_none() -> None:
    assert decimal("999999999999999999.99") == Decimal("999999999999999999.99")
    assert decimal("1" + "0" * 26) is None
    assert decimal("-1" + "0" * 18) is None
