"""The document of an invoice."""

from threading import Lock

from invoices.rendering.attachment import attach
from invoices.rendering.bill import Bill
from invoices.rendering.cii import cross_industry_invoice
from invoices.rendering.letter import draw_letter
from invoices.rendering.sheet import Sheet

# reportlab reads an embedded face through one position in its file, which two documents at once would both move.
_drawing = Lock()


def invoice_pdf(bill: Bill) -> bytes:
    """The PDF, A4, with the payment code the invoice can carry and the e-invoice inside (Factur-X 1.0, EN 16931).

    The same bill gives the same bytes.
    """
    title = f"Invoice {bill.number}"
    xml = cross_industry_invoice(bill)
    with _drawing:
        sheet = Sheet(title=title, author=bill.seller.name)
        draw_letter(sheet, bill)
        attach(sheet.canvas, xml=xml, title=title, made_on=bill.issue_date)
        return sheet.finish()
