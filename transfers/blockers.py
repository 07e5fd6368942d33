"""What keeps a draft from being finalised: the machine codes of the API and a sentence for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.sentences import Sentence

# In the order in which they are listed. Each sentence says what a person has to do before the draft can be finalised.
MESSAGES: dict[str, Sentence] = {
    "counterparty_not_found": Sentence("Choose or create the counterparty to be paid."),
    "counterparty_ambiguous": Sentence("Several counterparties fit; choose the one to be paid."),
    "counterparty_inactive": Sentence("The counterparty has been deactivated; choose another or activate it again."),
    "account_unknown": Sentence("Choose a known bank account of the counterparty."),
    "account_ambiguous": Sentence("Several bank accounts of the counterparty fit; choose one."),
    "account_assumed": Sentence("The document names no IBAN; confirm that the primary account is meant."),
    "account_inactive": Sentence("The bank account has been deactivated or removed; choose another."),
    "bank_details_changed": Sentence(
        "The bank details differ from those on file; confirm them with the counterparty through "
        "a contact you already know, never through one on the document."
    ),
    "iban_belongs_to_other_counterparty": Sentence(
        "The IBAN belongs to another counterparty; find out who is to be paid."
    ),
    "lookalike_name": Sentence(
        "The seller's name imitates that of a known counterparty; find out who sent the document, and choose the payee."
    ),
    "lookalike_domain": Sentence(
        "The seller's mail domain imitates that of a known counterparty; find out who sent the "
        "document, and choose the payee."
    ),
    "vat_id_differs": Sentence(
        "The VAT number is not the one on file of this counterparty; find out who is to be paid."
    ),
    "iban_is_own_account": Sentence("The IBAN is an account of your own; choose the account of the payee."),
    "several_ibans": Sentence("The document names several IBANs; confirm the one to pay to."),
    "iban_invalid": Sentence(
        "An IBAN on the document fails its check digits; ask the payee which account is meant, "
        "through a contact you already know."
    ),
    "hidden_text": Sentence(
        "The document holds an account or a total in text that cannot be seen; find out what is "
        "meant, through a contact you already know."
    ),
    "amount_missing": Sentence("Enter the amount."),
    "amount_not_positive": Sentence("Only an amount above zero can be paid."),
    "amount_not_representable": Sentence("The amount has more digits than the currency allows; enter the amount."),
    "amount_due_differs": Sentence(
        "What is still to be paid is not the total of the invoice; enter the amount to pay."
    ),
    "instalments": Sentence("The document asks to be paid in parts; enter the part that is to be paid now."),
    "direct_debit": Sentence(
        "The seller collects the amount by direct debit; cancel the draft unless that was given up."
    ),
    "paid_by_card": Sentence("The document says that it was paid by card; cancel the draft unless that is wrong."),
    "another_payee": Sentence(
        "The document asks to pay someone in the seller's place; make sure that they may collect it."
    ),
    "amounts_do_not_add_up": Sentence("Net, tax and total do not add up; check the amount."),
    "credit_note": Sentence("This is a credit note: nothing is to be paid; cancel the draft or set it off."),
    "currency_missing": Sentence("Enter the currency."),
    "currency_not_supported": Sentence("Nothing can be paid in the currency that was read; enter currency and amount."),
    "reference_too_long": Sentence("The payment reference is longer than a payment can carry; enter it."),
    "reference_not_payable": Sentence(
        "The payment reference is none that a payment to this account can carry; enter it as the "
        "payee asks for it, in letters from A to Z, digits and blanks."
    ),
    "account_not_payable": Sentence(
        "The payee's account cannot be paid from this account; choose another on one side."
    ),
    "amount_not_payable": Sentence("The amount is larger than one payment can carry; pay it in parts."),
    "name_not_payable": Sentence("A name has no letters that a payment can carry; enter another legal name."),
    "source_account_missing": Sentence("Choose the account of your own that is to pay."),
    "low_confidence": Sentence(
        "At least one value was not read surely enough; compare the marked values with the document."
    ),
    "sources_disagree": Sentence("Parts of the document contradict each other; compare the draft with the document."),
    "billed_to_someone_else": Sentence("The document is billed to someone else; make sure that you are to pay it."),
    "payee_name_differs": Sentence(
        "The payee on the document is not the holder of the account as we know it; make sure who "
        "is to be paid, through a contact you already know."
    ),
    "duplicate_invoice": Sentence(
        "A bill of this seller with this number is paid already; cancel one of the two payments, "
        "or correct the number if it was read wrongly."
    ),
    "payment_file_out": Sentence(
        "A payment of this bill was cancelled after its file had been taken out for the bank; make sure that the bank "
        "does not pay it."
    ),
}

# A warning not named here informs and never blocks: a bill may rightly come twice (duplicate_*, unless it is paid), be
# overdue, or name an account abroad (iban_country_mismatch) that is known to be the counterparty's. All of them are in
# docs/payee-safety.md.
BLOCKER_OF_WARNING: dict[str, str] = {
    "bank_details_changed": "bank_details_changed",
    "iban_belongs_to_other_counterparty": "iban_belongs_to_other_counterparty",
    "lookalike_name": "lookalike_name",
    "lookalike_domain": "lookalike_domain",
    "vat_id_differs": "vat_id_differs",
    "iban_is_own_account": "iban_is_own_account",
    "several_ibans": "several_ibans",
    "iban_invalid": "iban_invalid",
    "hidden_text": "hidden_text",
    "account_inactive": "account_inactive",
    "payee_name_differs": "payee_name_differs",
    "low_confidence": "low_confidence",
    "sources_disagree": "sources_disagree",
    "amount_due_differs": "amount_due_differs",
    "instalments": "instalments",
    "direct_debit": "direct_debit",
    "paid_by_card": "paid_by_card",
    "another_payee": "another_payee",
    "amounts_do_not_add_up": "amounts_do_not_add_up",
    "billed_to_someone_else": "billed_to_someone_else",
}


@dataclass(frozen=True, slots=True)
class PaymentWarning:
    """What paying this bill would mean beside what was paid before. `field` names the result field it is about.

    `blocker` is set where this very warning blocks, whatever others of its code do.
    """

    code: str
    message: Sentence
    field: str
    blocker: str | None = None


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once, in the order of `MESSAGES`; codes of an older release come last."""
    rank = {code: position for position, code in enumerate(MESSAGES)}
    return tuple(sorted(set(codes), key=lambda code: (rank.get(code, len(rank)), code)))


def message_of(code: str) -> Sentence:
    """What a person has to do about this blocker, as a sentence."""
    return MESSAGES.get(code) or Sentence("Settle {code}.", code=code)


def sentences(codes: Iterable[str]) -> Sentence:
    """What a person has to do about these blockers, as running text."""
    return Sentence.joined(map(message_of, codes))
