"""A customer with a row in every table that knows customers, each recognisable by a mark in its texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change
from counterparties.models import Address, Contact, Counterparty
from counterparties.onboarding import open_onboarding
from customers.models import ApiKey, Customer
from customers.webhooks.endpoints import add_endpoint
from invoices.models import Upload
from invoices.parties import Selector
from invoices.writing import write_invoice
from ocr.extraction.fields import RESULT_NAMES
from ocr.intake import accept_document
from ocr.models import OcrJob
from tests.ledger import a_customer, an_account, an_upload, own_account
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

# Tables that carry a customer and are no resource of their own.
INTERNAL = {
    "customers.ApiKey",
    "customers.AuditEntry",
    "invoices.InvoiceCounter",
    "ocr.SupplierHint",
    "transfers.PaymentExport",
}


@dataclass(frozen=True, slots=True)
class Tenant:
    """`ids` are what bodies may name, by the field's name or its whole place in the body."""

    customer: Customer
    ids: dict[str, UUID]


def tables_of_customers() -> Iterator[Any]:
    """Every model with a foreign key to the customer, and the customer itself."""
    yield Customer
    for model in apps.get_models():
        relations = {field.related_model for field in model._meta.concrete_fields}
        if Customer in relations and model._meta.label not in INTERNAL and model is not ApiKey:
            yield model


def rows_of(customer: Customer) -> list[Model]:
    """All rows that belong to the customer, the customer among them."""
    rows: list[Model] = []
    for model in tables_of_customers():
        own = {"pk": customer.pk} if model is Customer else {"customer": customer}
        rows += model.objects.filter(**own).order_by("pk")
    return rows


def a_whole_tenant(*, mark: str, ibans: tuple[str, str, str]) -> Tenant:
    """A customer with everything; `ibans` are its own, its supplier's, and one that the supplier is to get."""
    now = timezone.now()
    customer = a_customer(f"{mark} Trading GmbH")
    webhook = {"url": f"https://{mark.lower()}.example/hook", "description": mark}
    add_endpoint(customer=customer, fields=webhook, by="test", now=now)  # told of the transfer below
    own = own_account(customer, ibans[0], is_primary=True, bank=f"{mark} Bank")
    onboarding = open_onboarding(by="test")
    supplier = Counterparty.objects.create(
        customer=customer,
        legal_name=f"{mark} Timber Ltd",
        aliases=[f"{mark} Oak"],
        vat_id=f"DE{mark}",
        registration_number=f"HRB {mark}",
        onboarding=onboarding,
    )
    account = an_account(supplier, ibans[1], is_primary=True, bank=f"{mark} Bank")
    onboarding.close()
    Contact.objects.create(counterparty=supplier, type="email", value=f"bills@{mark.lower()}.example")
    address = Address.objects.create(
        counterparty=supplier, country="DE", street=f"{mark} Row 1", city=mark, zip=mark[:20], state=mark
    )
    ask_for_change(
        customer_id=customer.pk,
        counterparty_id=supplier.pk,
        account=AskedAccount(iban=ibans[2], currency="EUR", bank=mark),
        origin=Origin(source="admin"),
        by=f"{mark} person",
        now=now,
    )
    invoice = write_invoice(
        customer=customer,
        source=Selector(counterparty_id=own.counterparty.pk, account_id=own.pk),
        destination=Selector(counterparty_id=supplier.pk),
        items=[],
        fields={"currency": "EUR", "invoice_number": f"{mark}-1", "reference": mark, "description": mark},
        by="test",
        now=now,
    )
    job = accept_document(
        customer=customer, content=b"%PDF-1.7 " + mark.encode(), file_name=f"{mark}.pdf", by=f"{mark} person"
    )
    draft = Transfer.objects.create(
        customer=customer,
        amount_minor=100,
        currency="EUR",
        source_counterparty=own.counterparty,
        source_account=own,
        destination_counterparty=supplier,
        destination_account=account,
        destination_iban=account.iban,
        destination_bic=account.bic,
        destination_name=supplier.legal_name,
        reference=mark,
        upload=Upload.objects.get(pk=job.upload.pk),
        ocr_job_id=job.pk,
    )
    finalize_transfer(transfer_id=draft.pk, by=f"{mark} person", now=now)
    open_draft = Transfer.objects.create(customer=customer, reference=mark, upload=an_upload(customer))
    an_upload(customer, content=b"%PDF-1.7 paid by nothing", file_name=f"{mark}-free.pdf")
    OcrJob.objects.filter(pk=job.pk).update(
        state="finished",
        finished_at=now,
        message=mark,
        transfer=draft,
        counterparty_match="found",
        recipient_match="found",
        counterparty=supplier,
        account=account,
        result=dict.fromkeys(RESULT_NAMES, mark),
        invoice_number=f"{mark}-2",
    )
    return Tenant(
        customer=customer,
        ids={
            "customer_id": customer.pk,
            "counterparty_id": supplier.pk,
            "source.counterparty_id": own.counterparty.pk,
            "source.cp_account_id": own.pk,
            "cp_account_id": account.pk,
            "cp_address_id": address.pk,
            "invoice_id": invoice.pk,
            "upload_id": open_draft.upload.pk if open_draft.upload else job.upload.pk,
            "ocr_job_id": job.pk,
            "transfer_id": open_draft.pk,
        },
    )
