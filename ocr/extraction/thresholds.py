"""How sure a value must be before it is given: one number a field, in one place.

Below its threshold a field stays empty and shows what was seen as runners-up. Money and accounts ask for more than
names, because an empty field costs a person a glance and a wrong one costs money.
"""

from ocr.extraction.fields import FieldName

THRESHOLDS: dict[FieldName, float] = {
    "total": 0.75,
    "customer_name": 0.6,
    "customer_email": 0.6,
    "currency_code": 0.7,
    "currency_symbol": 0.7,
    "due_date": 0.7,
    "subtotal": 0.75,
    "sales_tax_percentage": 0.75,
    "sales_tax_amount": 0.75,
    "invoice_number": 0.75,
    "reference": 0.75,
    "bic": 0.75,
    "iban": 0.85,
    "seller_name": 0.68,
    "seller_vat_id": 0.7,
    "seller_email": 0.6,
    "seller_address": 0.6,
    "issue_date": 0.65,
}

CONFIRMED = 0.99
"""A value that two witnesses give independently."""

CONTRADICTS = 0.9
"""From this confidence on a value on the page stands against a machine-readable one that the page lacks."""
