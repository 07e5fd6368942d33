"""A row of every table that the back office shows and that no document brings with it; Django has to be set up."""

from datetime import datetime, timedelta
from decimal import Decimal

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import get_user_model
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from counterparties.models import Address, Contact, Counterparty
from customers.keys import issue_key
from customers.models import Customer, StoredAnswer
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookMessage
from invoices.models import Invoice, InvoiceCounter, InvoiceItem
from ocr.approval import reject
from ocr.changed_accounts import ask_for_read_account
from ocr.models import FieldName, HintUse, OcrJob, SupplierHint
from ocr.review import Correction, correct_and_match
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.jobs import paying_customer, read_job
from transfers.models import PaymentExport

LONG_NAME = "it-equipment-two-pages-de.pdf"
_OTHER_IBAN = "DE89370400440532013000"


def write_records() -> None:
    """What administrators look after, and what programs, invoices and decisions leave behind."""
    now = timezone.now()
    customer = paying_customer()
    supplier = Counterparty.objects.get(customer=customer, is_own=False)
    Contact.objects.create(counterparty=supplier, type="email", value="accounts@hollowoak.example", preferred=True)
    Address.objects.create(counterparty=supplier, street="Timber Lane 4", zip="80331", city="München", country="DE")
    _let_in(customer, now=now)
    _deliver(customer, now=now)
    _write_invoice(customer, supplier)
    _take_out(customer, now=now)
    _decide(customer, supplier, now=now)


def _let_in(customer: Customer, *, now: datetime) -> None:
    TOTPDevice.objects.create(user=get_user_model().objects.get(username="anna"), name="authenticator app")
    login = {"username": "mallory", "ip_address": "192.0.2.7", "user_agent": "a browser", "path_info": "/admin/login/"}
    AccessAttempt.objects.create(**login, failures_since_start=3)
    AccessFailureLog.objects.create(**login)
    AccessLog.objects.create(**login)
    scopes = ["ocr:read"]
    key, _ = issue_key(name="bookkeeping", customers=[customer], scopes=scopes, expires_at=None, by="anna", now=now)
    StoredAnswer.objects.create(api_key=key, route="POST /v2/counterparties", idempotency_key="a-1", fingerprint="f")


def _deliver(customer: Customer, *, now: datetime) -> None:
    endpoint = WebhookEndpoint.objects.create(
        customer=customer, url="https://books.example/paydraft", disabled_at=now, disabled_reason="gone"
    )
    message = WebhookMessage.objects.create(customer=customer, type="transfer.finalized", body="{}")
    failure = "The receiver answered 410 Gone."
    WebhookDelivery.objects.create(message=message, endpoint=endpoint, state="failed", ended_at=now, failure=failure)


def _write_invoice(customer: Customer, buyer: Counterparty) -> None:
    seller = Counterparty.objects.get(customer=customer, is_own=True)
    amounts = {"subtotal_minor": 5997, "total_minor": 5997}
    invoice = Invoice.objects.create(
        customer=customer,
        invoice_number="2026-0001",
        source_counterparty=seller,
        destination_counterparty=buyer,
        currency="EUR",
        **amounts,
    )
    InvoiceItem.objects.create(
        invoice=invoice, position=1, title="Oak", quantity=3, price_minor=1999, total_minor=amounts["total_minor"]
    )
    InvoiceCounter.objects.create(customer=customer, last_number=1)


def _take_out(customer: Customer, *, now: datetime) -> None:
    PaymentExport.objects.create(
        customer=customer,
        message_id="PAYDRAFT-20261129-1",
        channel="command",
        file_name="payments-of-november.xml",
        sha256="0" * 64,
        number_of_payments=1,
        control_sum=Decimal("1190.00"),
        exported_at=now,
        exported_by="anna",
    )


def _decide(customer: Customer, supplier: Counterparty, *, now: datetime) -> None:
    """A document that was corrected, asked about and rejected, and what another one has taught."""
    job = read_job(customer, invoice_pdf(iban=_OTHER_IBAN))
    ask_for_read_account(job=job, by="berta", now=now)
    corrections = [Correction(target=FieldName.REFERENCE, after="RF18539007547034", reason="it stands on the slip")]
    job = correct_and_match(job_id=job.pk, corrections=corrections, seen=version_of(job), by="anna")
    job = OcrJob.objects.get(pk=job.pk)
    reject(job_id=job.pk, seen=version_of(job), reason="Forged or suspicious.", by="anna", now=now)
    hint = SupplierHint.objects.create(
        customer=customer,
        counterparty=supplier,
        kind="place",
        field="invoice_number",
        data={"said": "behind “timber slip”"},
        key="timber slip",
        learnt_from=job,
        learnt_by="anna",
        learnt_at=now - timedelta(days=1),
    )
    HintUse.objects.create(hint=hint, job=job, value="A-9/9", used_at=now)
