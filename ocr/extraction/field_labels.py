"""What fields are called in sentences for people."""

from customers.sentences import Sentence
from ocr.extraction.fields import FieldName

FIELD_LABELS: dict[FieldName, Sentence] = {
    "total": Sentence("total"),
    "customer_name": Sentence("buyer"),
    "customer_email": Sentence("buyer's e-mail address"),
    "currency_code": Sentence("currency"),
    "currency_symbol": Sentence("currency symbol"),
    "due_date": Sentence("due date"),
    "subtotal": Sentence("net amount"),
    "sales_tax_percentage": Sentence("tax rate"),
    "sales_tax_amount": Sentence("tax amount"),
    "invoice_number": Sentence("invoice number"),
    "reference": Sentence("payment reference"),
    "bic": Sentence("BIC"),
    "iban": Sentence("IBAN"),
    "seller_name": Sentence("seller"),
    "seller_vat_id": Sentence("seller's VAT number"),
    "seller_email": Sentence("seller's e-mail address"),
    "seller_address": Sentence("seller's address"),
    "issue_date": Sentence("issue date"),
}
