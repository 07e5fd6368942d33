"""A customer who can pay its supplier, and documents that have gone through the house."""

from typing import Any

from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.documents import invoice_pdf
from tests.ledger import a_customer, own_account, suppliers_account


def paying_customer() -> Customer:
    """A customer with an account of its own and the supplier of `invoice_pdf`."""
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


def read_job(customer: Customer, content: bytes | None = None, **changes: Any) -> OcrJob:
    """The job of this document once it has been processed; of the supplier's invoice with these changes without one."""
    content = invoice_pdf(**changes) if content is None else content
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job
