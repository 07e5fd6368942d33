"""A written invoice as a PDF to be saved."""

import re

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from invoices.models import Invoice
from invoices.rendering.pdf import invoice_pdf
from invoices.rendering.written import bill_of


def pdf_response(invoice: Invoice) -> HttpResponse:
    """The document, always as an attachment; drafts change and so do addresses, so nobody may keep it."""
    response = HttpResponse(invoice_pdf(bill_of(invoice)), content_type="application/pdf")
    stem = re.sub(r"[^\w.-]+", "-", invoice.invoice_number).strip("-.") or "invoice"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=f"{stem}.pdf") or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
