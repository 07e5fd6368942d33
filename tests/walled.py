"""What stands behind the wall between tenants: every table of ours, and two tenants with rows in all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection
from django.utils import timezone

from customers.audit.recording import record
from customers.models import ApiKey, Customer, StoredAnswer
from customers.scopes import SCOPES
from customers.wall import behind_wall
from invoices.models import Invoice, InvoiceCounter, InvoiceItem
from ocr.models import (
    OcrCorrection,
    OcrField,
    OcrJob,
    OcrMatchCandidate,
    OcrReviewDecision,
    OcrRun,
)
from tests.tenants import Tenant, a_whole_tenant
from transfers.models import ExportedTransfer, PaymentExport, Transfer

OURS = {"customers", "counterparties", "invoices", "transfers", "ocr"}
# Of no use to an API request once its key is known, and so no policy lets it in.
CLOSED = {
    "customers_apikey",
    "customers_apikey_customers",
    "customers_audithead",
    "customers_webhookattempt",
    "ocr_hintuse",
    "ocr_ocrjobonlooker",
    "ocr_ocrreading",
    "ocr_supplierhint",
}
# Names no customer.
NOBODYS = {"counterparties_onboarding"}


@dataclass(frozen=True, slots=True)
class Walled:
    """A tenant, its key, and the ids of all its rows by their model."""

    tenant: Tenant
    key: ApiKey
    ids: dict[Any, set[Any]]

    @contextmanager
    def behind_wall(self) -> Iterator[None]:
        with behind_wall(customer_ids=[self.tenant.customer.pk], api_key_id=self.key.pk):
            yield


def our_models() -> list[Any]:
    """Each table of the service once, those of many-to-many relations among them."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.app_label in OURS and not model._meta.proxy]


def walled_models() -> list[Any]:
    """Those whose rows belong to somebody and are there for the API."""
    return [model for model in our_models() if model._meta.db_table not in CLOSED | NOBODYS]


def ids_of(model: Any) -> set[Any]:
    """Of all rows that whoever asks can see, with no filter of ours in between."""
    return set(model._base_manager.values_list("pk", flat=True))


def commands_for(table: str) -> set[str]:
    """The statements for which the table has a policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cmd FROM pg_policies WHERE schemaname = current_schema() AND tablename = %s AND policyname LIKE %s",
            [table, "tenant_%"],
        )
        return {command for (command,) in cursor.fetchall()}


def walled(*, mark: str, ibans: tuple[str, str, str]) -> Walled:
    """A tenant with at least one row in every table of ours; a new table needs a line below."""
    before = {model: ids_of(model) for model in our_models()}
    tenant = a_whole_tenant(mark=mark, ibans=ibans)
    key = _key(tenant.customer, mark)
    record(action="test", by=mark, subject=tenant.customer, customer_id=tenant.customer.pk)
    _around_invoice(tenant.customer, tenant.ids)
    _around_job(OcrJob.objects.get(pk=tenant.ids["ocr_job_id"]), mark)
    ids = {model: ids_of(model) - before[model] for model in our_models()}
    missing = [model._meta.label for model in walled_models() if not ids[model]]
    assert missing == [], "tests/walled.py makes no row of these"
    return Walled(tenant=tenant, key=key, ids=ids)


def _key(customer: Customer, mark: str) -> ApiKey:
    key = ApiKey.objects.create(name=mark, prefix=mark[:8], hashed_key=mark, scopes=list(SCOPES))
    key.customers.add(customer)
    StoredAnswer.objects.create(api_key=key, route="POST /v2/invoices", idempotency_key=mark, fingerprint=mark)
    return key


def _around_invoice(customer: Customer, ids: dict[str, UUID]) -> None:
    invoice, now = Invoice.objects.get(pk=ids["invoice_id"]), timezone.now()
    InvoiceItem.objects.create(invoice=invoice, position=1, title="Oak", quantity=1, price_minor=1, total_minor=1)
    InvoiceCounter.objects.create(customer=customer, last_number=1)
    export = PaymentExport.objects.create(
        customer=customer,
        message_id="M",
        channel="api",
        sha256="0" * 64,
        number_of_payments=1,
        control_sum=1,
        exported_at=now,
        exported_by="test",
    )
    transfer = Transfer.objects.filter(customer=customer).first()
    assert transfer is not None
    ExportedTransfer.objects.create(export=export, transfer=transfer)


def _around_job(job: OcrJob, mark: str) -> None:
    now, supplier = timezone.now(), job.counterparty
    assert supplier is not None
    OcrField.objects.create(job=job, name="total")
    OcrMatchCandidate.objects.create(job=job, rank=1, counterparty=supplier, legal_name=mark, score=0.5)
    OcrRun.objects.create(job=job, token=uuid4(), attempt=1, from_stage="match", started_at=now)
    OcrCorrection.objects.create(job=job, target="total", after="1", corrected_by=mark)
    OcrReviewDecision.objects.create(job=job, decision="approved", decided_by=mark, decided_at=now)
