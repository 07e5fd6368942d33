"""The buyer's books and the ground truth, as the text of `customer.json`, `counterparties.csv` and `truth.jsonl`."""

import csv
import io
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from samples.bills import Bill
from samples.parties import NORDLICHT, NORDLICHT_ACCOUNTS, SUPPLIERS, Party

CSV_COLUMNS = (
    "legal_name",
    "type",
    "vat_id",
    "registration_number",
    "aliases",
    "email",
    "phone",
    "iban",
    "bic",
    "currency",
    "bank",
    "street",
    "zip",
    "city",
    "country",
)
# Other counterparties, among them near-twins in name, street, bank or telephone block: a match by a loose name alone
# would take them.
NEIGHBOURS = Path(__file__).parent / "data" / "neighbours.csv"
CURRENCY_SYMBOLS = {"EUR": "€", "GBP": "£", "CHF": "CHF"}


def customer_json() -> str:
    customer = {
        "legal_name": NORDLICHT.legal_name,
        "type": "business",
        "vat_id": NORDLICHT.vat_id,
        "default_currency": NORDLICHT.account.currency,
        "emails": [NORDLICHT.email, "buchhaltung@nordlicht-handel.example"],
        "accounts": [
            {"iban": account.iban, "bic": account.bic, "currency": account.currency, "bank": account.bank}
            for account in NORDLICHT_ACCOUNTS
        ],
        "address": {
            "street": NORDLICHT.street,
            "zip": NORDLICHT.zip_code,
            "city": NORDLICHT.city,
            "country": NORDLICHT.country,
        },
        "aliases": list(NORDLICHT.aliases),
    }
    return json.dumps(customer, ensure_ascii=False, indent=2) + "\n"


def counterparties_csv() -> str:
    """The suppliers of the samples among others, by name. Several aliases stand in one cell, parted by semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    with NEIGHBOURS.open(encoding="utf-8", newline="") as file:
        neighbours = [tuple(row[column] for column in CSV_COLUMNS) for row in csv.DictReader(file)]
    writer.writerows(sorted([*(_row(supplier) for supplier in SUPPLIERS), *neighbours]))
    return text.getvalue()


def _row(party: Party) -> tuple[str, ...]:
    return (
        party.legal_name,
        "business",
        party.vat_id,
        party.registration_number,
        ";".join(party.aliases),
        party.email,
        party.phone,
        party.account.iban,
        party.account.bic,
        party.account.currency,
        party.account.bank,
        party.street,
        party.zip_code,
        party.city,
        party.country,
    )


def truth_jsonl(bills: Iterable[Bill]) -> str:
    """One row per invoice: `fields` as the API names them, null where the page says nothing, and what to expect."""
    return "".join(json.dumps(_truth(bill), ensure_ascii=False) + "\n" for bill in bills)


def _truth(bill: Bill) -> dict[str, object]:
    rates = [row.rate for row in bill.tax_rows]
    seller = bill.seller
    changed = bill.account != seller.account
    fields = {
        "total": str(bill.total),
        "customer_name": bill.buyer.legal_name,
        "customer_email": bill.buyer.email if bill.prints_buyer_email else None,
        "currency_code": bill.currency,
        "currency_symbol": CURRENCY_SYMBOLS[bill.currency],
        "due_date": bill.due_date.isoformat(),
        "subtotal": str(bill.subtotal),
        "sales_tax_percentage": _shortest(rates[0]) if len(rates) == 1 else None,
        "sales_tax_amount": str(bill.tax),
        "invoice_number": bill.number,
        "reference": bill.reference or None,
        "bic": bill.account.bic or None,
        "iban": bill.account.iban,
        "seller_name": seller.legal_name,
        "seller_vat_id": seller.vat_id,
        "seller_email": seller.email,
        "seller_address": f"{seller.street}, {seller.place}",
        "issue_date": bill.issue_date.isoformat(),
    }
    expected = {
        "counterparty": seller.legal_name,
        "counterparty_match": "found",
        "recipient_match": "not_found" if changed else "found",
        "warnings": ["bank_details_changed"] if changed else [],
    }
    return {"file": f"invoices/{bill.file}", "fields": fields, "expected": expected}


def _shortest(rate: Decimal) -> str:
    return f"{rate.normalize():f}"
