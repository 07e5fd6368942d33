"""E-invoices as witnesses: what EN 16931 data in the document states, each value with the checks it has passed."""

from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction import checks
from ocr.extraction.cii import invoice_of_cii, is_cii
from ocr.extraction.field_labels import FIELD_LABELS
from ocr.extraction.fields import (
    Candidate,
    DocumentType,
    DocumentWarning,
    FieldName,
    SellerContacts,
    TaxLine,
    Testimony,
)
from ocr.extraction.stated import StatedAccount, StatedAmount, StatedInvoice, StatedParty
from ocr.extraction.stated_sums import sum_warnings
from ocr.extraction.ubl import invoice_of_ubl, is_ubl
from ocr.reading.document import XmlWitness

Claim = tuple[FieldName, Candidate]

# Credit notes among the document types of UNTDID 1001 that EN 16931 allows for BT-3.
_CREDIT_NOTE_TYPES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
# UNTDID 4461: the seller draws the money himself, or has been paid already by card.
_DIRECT_DEBIT_MEANS = frozenset({"49", "59"})
_CARD_MEANS = frozenset({"48", "54", "55"})

_CERTAIN = 0.99
_PROBABLE = 0.9
# The form is right and the field is the right one, but not the check digits, some of which no authority publishes.
_UNPROVEN = 0.7
_ONE_OF_SEVERAL = 0.4
_FAILED = 0.4


def testimony_of_einvoice(witness: XmlWitness) -> Testimony | None:
    """What the e-invoice states, or None when the tree is no invoice (an order, a delivery note, anything else).

    Read are UBL 2.x Invoice and CreditNote, UN/CEFACT CII (Factur-X, ZUGFeRD 2.x) and ZUGFeRD 1.0. The amounts of a
    credit note are negative, whatever sign the file gives them. `total` is the gross total BT-112, not the amount due
    BT-115: where these differ a note says so. An account that fails the checks of ISO 13616 is no candidate, only a
    note; of several valid accounts none is certain.
    """
    if is_cii(witness.root):
        return _testimony(invoice_of_cii(witness.root))
    if is_ubl(witness.root):
        return _testimony(invoice_of_ubl(witness.root))
    return None


def _testimony(invoice: StatedInvoice) -> Testimony:
    is_credit_note = invoice.type_code in _CREDIT_NOTE_TYPES
    gross = invoice.gross.value if invoice.gross else Decimal(0)
    # A credit note of EN 16931 has positive amounts. One that has negative ones already is never turned into money
    # to be paid: it stays negative.
    sign = -1 if is_credit_note and gross > 0 else 1
    document_type: DocumentType = "credit_note" if is_credit_note or gross < 0 else "invoice"
    amounts, amount_notes = _amount_claims(invoice=invoice, sign=sign)
    accounts, account_notes = _account_claims(invoice)
    seller, seller_notes = _seller_claims(invoice.seller)
    return Testimony(
        candidates=(
            *_heading_claims(invoice),
            *amounts,
            *accounts,
            *_reference_claims(invoice),
            *seller,
            *_buyer_claims(invoice.buyer),
        ),
        standard=invoice.profile,
        tax_breakdown=tuple(_signed(line=line, sign=sign) for line in invoice.tax_breakdown),
        document_type=document_type,
        notes=(*amount_notes, *account_notes, *seller_notes, *_terms_note(invoice)),
        warnings=(
            *_payment_warnings(invoice),
            *sum_warnings(invoice=invoice, tax=_tax_in_invoice_currency(invoice)),
        ),
        seller_contacts=SellerContacts(
            phones=invoice.seller.phones, registration_numbers=invoice.seller.registration_numbers
        ),
    )


def _claim(
    name: FieldName,
    value: str,
    *,
    raw: str = "",
    confidence: float = _CERTAIN,
    passed: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
) -> Claim:
    candidate = Candidate(
        value=value,
        raw=raw or value,
        source="xml",
        confidence=confidence,
        checks_passed=passed,
        checks_failed=failed,
    )
    return name, candidate


def _heading_claims(invoice: StatedInvoice) -> list[Claim]:
    claims = []
    if invoice.number:
        claims.append(_claim("invoice_number", invoice.number))  # BT-1
    if invoice.issue_date:
        claims.append(_claim("issue_date", invoice.issue_date.isoformat()))  # BT-2
    several = len(invoice.due_dates) > 1
    for day in invoice.due_dates:  # BT-9
        late_enough = invoice.issue_date is None or day >= invoice.issue_date
        failed = (*(("several_due_dates",) if several else ()), *(() if late_enough else ("due_not_before_issue",)))
        confidence = _ONE_OF_SEVERAL if several else _CERTAIN if late_enough else _PROBABLE
        claims.append(_claim("due_date", day.isoformat(), confidence=confidence, failed=failed))
    currency = checks.currency_code_of(invoice.currency)
    if currency:
        claims.append(_claim("currency_code", currency, passed=("iso_4217",)))  # BT-5
    return claims


def _amount_claims(*, invoice: StatedInvoice, sign: int) -> tuple[list[Claim], list[Sentence]]:
    """BT-112, BT-109, BT-110 and the one rate BT-119."""
    tax = _tax_in_invoice_currency(invoice)
    stated: tuple[tuple[FieldName, StatedAmount | None], ...] = (
        ("total", invoice.gross),
        ("subtotal", invoice.net),
        ("sales_tax_amount", tax),
    )
    passed, failed, notes = _sum_check(net=invoice.net, tax=tax, gross=invoice.gross)
    claims = []
    for name, amount in stated:
        if amount is None:
            continue
        failures = failed
        if amount.currency not in {"", invoice.currency}:
            failures = (*failed, "amount_in_invoice_currency")
            notes.append(
                Sentence(
                    "The e-invoice has its {name} in {amount_currency}, but is one in {invoice_currency}.",
                    name=FIELD_LABELS[name],
                    amount_currency=amount.currency,
                    invoice_currency=invoice.currency,
                )
            )
        value = checks.plain_amount(amount=sign * amount.value, currency=invoice.currency)
        confidence = _FAILED if failures else _CERTAIN
        claims.append(_claim(name, value, raw=str(amount.value), confidence=confidence, passed=passed, failed=failures))
    rates = {line.rate for line in invoice.tax_breakdown}
    if len(rates) == 1 and (rate := next(iter(rates))) is not None:
        claims.append(_claim("sales_tax_percentage", checks.plain_percentage(rate), raw=str(rate)))
    return claims, notes


def _sum_check(
    *, net: StatedAmount | None, tax: StatedAmount | None, gross: StatedAmount | None
) -> tuple[tuple[str, ...], tuple[str, ...], list[Sentence]]:
    """Checks passed, checks failed, and notes of `net + tax = total` (EN 16931 BR-CO-15); none where one is missing."""
    if net is None or tax is None or gross is None:
        return (), (), []
    check = ("net_plus_tax_is_total",)
    if net.value + tax.value == gross.value:
        return check, (), []
    note = Sentence(
        "The e-invoice's net amount {net} and tax {tax} do not make its total {gross}.",
        net=net.value,
        tax=tax.value,
        gross=gross.value,
    )
    return (), check, [note]


def _tax_in_invoice_currency(invoice: StatedInvoice) -> StatedAmount | None:
    """BT-110 among the tax totals; BT-111 is in the accounting currency of the seller's country."""
    fitting = [tax for tax in invoice.taxes if tax.currency in {"", invoice.currency}]
    return fitting[0] if len({tax.value for tax in fitting}) == 1 else None


def _signed(*, line: TaxLine, sign: int) -> TaxLine:
    return TaxLine(
        rate=line.rate,
        basis=None if line.basis is None else sign * line.basis,
        amount=None if line.amount is None else sign * line.amount,
        category=line.category,
    )


def _account_claims(invoice: StatedInvoice) -> tuple[list[Claim], list[Sentence]]:
    """BT-84 and BT-86. Of several valid accounts none is certain: which one is meant is for a person to say."""
    notes = []
    valid: dict[str, StatedAccount] = {}
    for account in invoice.accounts:
        iban = checks.iban_of(account.identifier)
        if iban is None:
            notes.append(
                Sentence(
                    "The e-invoice's account {identifier} is not a valid IBAN and was left out.",
                    identifier=account.identifier,
                )
            )
        elif iban not in valid or not valid[iban].bic:
            valid[iban] = account
    several = len(valid) > 1
    if several:
        notes.append(Sentence("The e-invoice names several accounts of the payee."))
    confidence = _ONE_OF_SEVERAL if several else _CERTAIN
    failed = ("only_iban",) if several else ()
    claims = [
        _claim("iban", iban, raw=account.identifier, confidence=confidence, passed=("mod_97",), failed=failed)
        for iban, account in valid.items()
    ]
    for account in valid.values() or invoice.accounts:
        # Beside an account that fails its own check a BIC is worth less, but says which bank is meant.
        claims.extend(_bic_claims(account=account, confidence=confidence if valid else _PROBABLE))
    return claims, notes


def _bic_claims(*, account: StatedAccount, confidence: float) -> list[Claim]:
    bic = checks.bic_of(account.bic)
    if bic is None:
        return []
    if checks.bic_fits_iban(bic=bic, iban=account.identifier.upper()):
        return [_claim("bic", bic, raw=account.bic, confidence=confidence, passed=("bic_fits_iban",))]
    return [_claim("bic", bic, raw=account.bic, confidence=_FAILED, failed=("bic_fits_iban",))]


def _reference_claims(invoice: StatedInvoice) -> list[Claim]:
    """BT-83. A reference that begins as ISO 11649 must keep its check digits."""
    several = len(invoice.references) > 1
    claims = []
    for raw in invoice.references:
        creditor_reference = checks.creditor_reference_of(raw)
        passed = ("iso_11649",) if creditor_reference else ("mod_10",) if checks.qr_reference_of(raw) else ()
        value = creditor_reference or checks.qr_reference_of(raw) or raw
        confidence = _ONE_OF_SEVERAL if several else _CERTAIN
        claims.append(_claim("reference", value, raw=raw, confidence=confidence, passed=passed))
    return claims


def _seller_claims(seller: StatedParty) -> tuple[list[Claim], list[Sentence]]:
    claims = []
    notes = []
    if seller.name:
        claims.append(_claim("seller_name", seller.name))  # BT-27
    if vat_id := checks.vat_id_of(seller.vat_id):  # BT-31
        claims.append(_claim("seller_vat_id", vat_id, raw=seller.vat_id, passed=("vat_check_digits",)))
    elif vat_id := checks.vat_id_form_of(seller.vat_id):
        claims.append(
            _claim("seller_vat_id", vat_id, raw=seller.vat_id, confidence=_UNPROVEN, failed=("vat_check_digits",))
        )
    elif seller.vat_id:
        notes.append(
            Sentence(
                "The seller's VAT identifier {vat_id} in the e-invoice does not have the form of one.",
                vat_id=seller.vat_id,
            )
        )
    if seller.tax_number:  # BT-32
        notes.append(Sentence("The seller's national tax number is {tax_number}.", tax_number=seller.tax_number))
    claims.extend(_email_claims(name="seller_email", emails=seller.emails))  # BT-43, BT-34
    if seller.address:
        claims.append(_claim("seller_address", seller.address))  # BG-5
    return claims, notes


def _buyer_claims(buyer: StatedParty) -> list[Claim]:
    claims = [_claim("customer_name", buyer.name)] if buyer.name else []  # BT-44
    return claims + _email_claims(name="customer_email", emails=buyer.emails)  # BT-58, BT-49


def _email_claims(*, name: FieldName, emails: tuple[str, ...]) -> list[Claim]:
    """The contact's address first: the electronic address may be a mailbox for invoices only."""
    valid = dict.fromkeys(address for one in emails if (address := checks.email_of(one)))
    return [
        _claim(name, address, confidence=_CERTAIN if place == 0 else _ONE_OF_SEVERAL)
        for place, address in enumerate(valid)
    ]


def _terms_note(invoice: StatedInvoice) -> tuple[Sentence, ...]:
    """The payment terms in the seller's words (BT-20)."""
    return (Sentence("Payment terms: {terms}", terms=invoice.terms[:500]),) if invoice.terms else ()


def _payment_warnings(invoice: StatedInvoice) -> tuple[DocumentWarning, ...]:
    """Why paying the total to the seller could be wrong although every field is right."""
    warnings = []
    if invoice.means_codes and set(invoice.means_codes) <= _DIRECT_DEBIT_MEANS:
        message = Sentence("The seller collects the amount by direct debit: paying it as well would pay it twice.")
        warnings.append(DocumentWarning("direct_debit", message, "total"))
    if invoice.means_codes and set(invoice.means_codes) <= _CARD_MEANS:
        warnings.append(
            DocumentWarning("paid_by_card", Sentence("The e-invoice says that it is paid by card."), "total")
        )
    if invoice.payable is not None and invoice.gross and invoice.payable != invoice.gross.value:
        paid = Sentence(", {prepaid} are paid already", prepaid=invoice.prepaid) if invoice.prepaid else ""
        rounded = Sentence(", {rounding} are added to round it", rounding=invoice.rounding) if invoice.rounding else ""
        message = Sentence(
            "The amount due is {payable}, the total {gross}{paid}{rounded}.",
            payable=invoice.payable,
            gross=invoice.gross.value,
            paid=paid,
            rounded=rounded,
        )
        warnings.append(DocumentWarning("amount_due_differs", message, "total"))
    if invoice.payee_name and invoice.payee_name != invoice.seller.name:
        message = Sentence(
            "The e-invoice asks to pay {payee_name} in the seller's place.", payee_name=invoice.payee_name
        )
        warnings.append(DocumentWarning("another_payee", message, "seller_name"))
    return tuple(warnings)
