"""What a written invoice says, and what the service reads of it."""

from invoices.rendering.bill import Bill
from invoices.rendering.letter import draw_letter
from invoices.rendering.sheet import Sheet
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldName, InvoiceFields, KnownPayer
from ocr.reading.limits import ReadingLimits
from ocr.reading.reader import read_document


def pages_alone(bill: Bill) -> bytes:
    """The same pages without the e-invoice in the file."""
    sheet = Sheet(title="", author="")
    draw_letter(sheet, bill)
    return sheet.finish()


def read_back(*, pdf: bytes, bill: Bill) -> InvoiceFields:
    """As on the day it was written, by somebody who knows neither party."""
    document = read_document(content=pdf, limits=ReadingLimits(), engine_name="none")
    return extract_fields(document=document, payer=KnownPayer(), today=bill.issue_date)


def said(bill: Bill) -> dict[FieldName, str | None]:
    """The value of each field that the invoice states."""
    vat_id = "".join(sign for sign in bill.seller.vat_id if sign.isalnum()).removesuffix("MWST")
    return {
        "total": f"{bill.total:f}",
        "subtotal": f"{bill.net:f}",
        "sales_tax_amount": f"{bill.vat:f}",
        "sales_tax_percentage": f"{bill.vat_rate:f}",
        "currency_code": bill.currency,
        "due_date": bill.due_date.isoformat() if bill.due_date else None,
        "issue_date": bill.issue_date.isoformat(),
        "invoice_number": bill.number,
        "reference": bill.reference,
        "iban": (bill.account.iban or None) if bill.account else None,
        "bic": (bill.account.bic or None) if bill.account else None,
        "seller_name": bill.seller.name,
        "seller_vat_id": vat_id or None,
        "seller_email": bill.seller.email or None,
        "customer_name": bill.buyer.name,
        "customer_email": bill.buyer.email or None,
    }


def misread(*, pdf: bytes, bill: Bill) -> dict[FieldName, tuple[str | None, str | None]]:
    """By field what is stated and what was read, where the two differ."""
    fields = read_back(pdf=pdf, bill=bill)
    return {name: (value, fields.value(name)) for name, value in said(bill).items() if fields.value(name) != value}
