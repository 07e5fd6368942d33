"""Books, jobs and people for the browser's tests: `python -m tests.browser.seeds`, with the service's own settings.

Every scenario has a customer of its own, so that none sees what another one did. Prints the jobs' ids by scenario.
"""

import json
import os
import sys

import django


def seed() -> dict[str, str]:
    """The ids of the jobs, each processed to its end, by the name of its scenario."""
    from django.contrib.auth import get_user_model

    from counterparties.models import Counterparty
    from tests.browser.records import LONG_NAME, write_records
    from tests.documents import invoice_pdf
    from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account

    for name in PEOPLE:
        get_user_model().objects.create_superuser(name, f"{name}@example.com", PASSWORD)
    jobs = {}
    for scenario in ("mouse", "words", "together", "rejected", "reasons"):
        jobs[scenario] = _job(_customer_with_supplier(), invoice_pdf())
    jobs["pages"] = _job(_customer_with_supplier(), invoice_pdf(pages=3), file_name=LONG_NAME)
    jobs["every_page"] = _job(_customer_with_supplier(), invoice_pdf(iban=THIRD_IBAN), file_name=LONG_NAME)
    # Billed to another name: somebody has to look, and to confirm that it is meant like this.
    stranger = a_customer("Quince Holding AG")
    own_account(stranger, is_primary=True)
    suppliers_account(stranger, is_primary=True)
    jobs["keyboard"] = _job(stranger, invoice_pdf())
    twins = a_customer()
    own_account(twins, is_primary=True)
    for iban in (SUPPLIERS_IBAN, OTHER_IBAN):
        suppliers_account(twins, iban, is_primary=True, bic="")
    jobs["ambiguous"] = _job(twins, invoice_pdf(iban=THIRD_IBAN))
    for scenario in ("four_eyes", "blocked", "twin"):
        jobs[scenario] = _job(_customer_with_supplier(), invoice_pdf(iban=THIRD_IBAN))
    newcomer = a_customer()
    own_account(newcomer, is_primary=True)
    Counterparty.objects.create(customer=newcomer, legal_name="Birchfield Paper Ltd")
    jobs["unknown"] = _job(newcomer, invoice_pdf())
    jobs["unreadable"] = _job(newcomer, b"%PDF-1.4\n<script>alert(1)</script>")
    write_records()
    return jobs


def _customer_with_supplier() -> object:
    from tests.ledger import a_customer, own_account, suppliers_account

    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


def _job(customer: object, content: bytes, *, file_name: str = "bill.pdf") -> str:
    from customers.models import Customer
    from ocr.intake import accept_document
    from ocr.processing import process_job

    assert isinstance(customer, Customer)
    job = accept_document(customer=customer, content=content, file_name=file_name, by="mailbox")
    process_job(job.pk)
    return str(job.pk)


PEOPLE = ("anna", "berta")
PASSWORD = "between us two"
OTHER_IBAN = "DE02100500000054540402"
THIRD_IBAN = "DE89370400440532013000"

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    sys.stdout.write(json.dumps(seed()))
