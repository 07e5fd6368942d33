"""What lists and figures say in a few words: why a document waits, what was corrected on it, and its amount."""

from decimal import Decimal, InvalidOperation
from typing import Any

BRIEFLY = {
    "account_ambiguous": "several accounts fit",
    "account_assumed": "no IBAN on the document",
    "account_inactive": "account deactivated",
    "account_not_payable": "account cannot be paid from here",
    "account_unknown": "no known account",
    "amount_due_differs": "amount due is not the total",
    "amount_missing": "no amount",
    "amount_not_payable": "amount too large for one payment",
    "amount_not_positive": "amount not above zero",
    "amount_not_representable": "amount with too many digits",
    "amount_out_of_pattern": "unusual amount",
    "amounts_do_not_add_up": "amounts do not add up",
    "another_payee": "asks to pay somebody else",
    "bank_details_changed": "bank account changed",
    "bic_iban_mismatch": "BIC does not fit the IBAN",
    "billed_to_someone_else": "billed to someone else",
    "counterparty_ambiguous": "several suppliers fit",
    "counterparty_inactive": "supplier deactivated",
    "counterparty_not_found": "supplier not found",
    "credit_note": "credit note",
    "currency_missing": "no currency",
    "currency_not_supported": "currency cannot be paid",
    "direct_debit": "collected by direct debit",
    "duplicate_document": "same file sent before",
    "duplicate_invoice": "bill came before",
    "failed": "could not be read",
    "hidden_text": "hidden account or total",
    "iban_belongs_to_other_counterparty": "somebody else's account",
    "iban_country_mismatch": "account in another country",
    "iban_invalid": "invalid IBAN",
    "iban_is_own_account": "account of your own",
    "instalments": "to be paid in parts",
    "lookalike_domain": "imitated mail domain",
    "lookalike_name": "imitated name",
    "low_confidence": "read with doubt",
    "name_not_payable": "name cannot be written",
    "overdue": "overdue",
    "paid_by_card": "paid by card",
    "payee_name_differs": "not the holder of the account",
    "payment_file_out": "payment file is out",
    "reference_not_payable": "reference cannot be paid with",
    "reference_too_long": "reference too long",
    "several_ibans": "several IBANs",
    "source_account_missing": "no account to pay from",
    "sources_disagree": "parts contradict each other",
    "vat_id_differs": "VAT number differs",
}

FIELDS = {
    "iban": "IBAN",
    "bic": "BIC",
    "seller_vat_id": "seller VAT number",
    "counterparty_id": "counterparty",
    "cp_account_id": "bank account",
}


def briefly(code: str) -> str:
    """A blocker or a warning in a few words; the code in words for one that has none."""
    return BRIEFLY.get(code) or code.replace("_", " ")


def field_in_words(name: str) -> str:
    """A field, or what else people correct, beside fields of all groups."""
    return FIELDS.get(name) or name.replace("_", " ")


def amount_of(result: dict[str, Any]) -> str:
    """The total that was read, as 1,190.00 EUR; a dash where there is none."""
    total, currency = result.get("total"), result.get("currency_code") or ""
    if not total:
        return "—"
    try:
        return f"{Decimal(total):,} {currency}".strip()
    except InvalidOperation:
        return f"{total} {currency}".strip()
