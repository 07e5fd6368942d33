"""A customer with some of everything that the API shows: suppliers, documents, drafts, payments, invoices, webhooks."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change
from counterparties.examples import ACCOUNT_ID, ADDRESS_ID, CONTACT_ID, COUNTERPARTY_ID, CUSTOMER_ID
from counterparties.models import Address, Contact, Counterparty, CounterpartyAccount
from counterparties.onboarding import open_onboarding
from customers.models import Customer
from customers.webhooks.endpoints import add_endpoint
from invoices.parties import Selector
from invoices.uploads import store_upload
from invoices.writing import Item, write_invoice
from ocr.models import OcrJob, Stage
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

OWNER_ID = UUID(CUSTOMER_ID)
OWN_COUNTERPARTY_ID = UUID("e5f6a7b8-2c3d-4e5f-9a0b-3c4d5e6f7a06")  # of the examples of invoices
JOB_ID = "1c2d3e4f-5a6b-4c7d-9e8f-00000000000{}"  # as schemathesis.toml names them
DOCUMENTS = Path(__file__).resolve().parents[3] / "samples" / "invoices"
BY = "fuzzing"
OF_EACH = 6


def a_customer_with_everything(*, legal_name: str, customer_id: UUID | None) -> Customer:
    """With `customer_id`, its rows have the ids of the examples in the API description."""
    described = customer_id is not None
    customer = Customer.objects.create(id=customer_id or uuid4(), legal_name=legal_name)
    opened = open_onboarding(by=BY)
    own = Counterparty.objects.create(
        id=OWN_COUNTERPARTY_ID if described else uuid4(),
        customer=customer,
        is_own=True,
        legal_name=legal_name,
        onboarding=opened,
    )
    payer = CounterpartyAccount.objects.create(counterparty=own, iban="DE02100500000054540402", is_primary=True)
    CounterpartyAccount.objects.create(counterparty=own, iban="CH9300762011623852957", currency="CHF", is_primary=True)
    payee = _supplier(customer, described=described, onboarding=opened)
    opened.close()
    ask_for_change(
        customer_id=customer.pk,
        counterparty_id=payee.counterparty.pk,
        account=AskedAccount(iban="DE89370400440532013000", currency="EUR"),
        origin=Origin(source="admin"),
        by=BY,
        now=timezone.now(),
    )
    add_endpoint(customer=customer, fields={"url": "https://erp.invalid/paydraft"}, by=BY, now=timezone.now())
    for number in range(OF_EACH):
        _invoice(customer, source=own, destination=payee.counterparty, number=number)
        draft = _draft(customer, payer=payer, payee=payee, number=number)
        if number % 3 == 0:
            finalize_transfer(transfer_id=draft.pk, by=BY, now=timezone.now())
    for number, name in enumerate(("storage-uk.pdf", "van-hire-it.pdf", "joinery-epc-de.pdf")):
        _job(customer, job_id=UUID(JOB_ID.format(number)) if described else uuid4(), name=name)
    return customer


def _job(customer: Customer, *, job_id: UUID, name: str) -> None:
    upload = store_upload(
        customer=customer,
        content=(DOCUMENTS / name).read_bytes(),
        file_name=name,
        content_type="application/pdf",
        file_extension="pdf",
        by=BY,
    )
    OcrJob.objects.create(
        id=job_id, customer=customer, upload=upload, from_stage=Stage.READ, asked_by=BY, created_by=BY
    )


def _supplier(customer: Customer, *, described: bool, onboarding: Any) -> CounterpartyAccount:
    supplier = Counterparty.objects.create(
        id=COUNTERPARTY_ID if described else uuid4(),
        customer=customer,
        legal_name="Hollow Oak Timber GmbH",
        onboarding=onboarding,
    )
    Contact.objects.create(
        id=CONTACT_ID if described else uuid4(),
        counterparty=supplier,
        type="email",
        value="invoices@hollow-oak.example",
    )
    Address.objects.create(
        id=ADDRESS_ID if described else uuid4(), counterparty=supplier, country="DE", city="Hamburg", zip="20249"
    )
    return CounterpartyAccount.objects.create(
        id=ACCOUNT_ID if described else uuid4(),
        counterparty=supplier,
        iban="DE02120300000000202051",
        bic="BYLADEM1001",
        is_primary=True,
    )


def _invoice(customer: Customer, *, source: Counterparty, destination: Counterparty, number: int) -> None:
    write_invoice(
        customer=customer,
        source=Selector(counterparty_id=source.pk),
        destination=Selector(counterparty_id=destination.pk),
        items=[Item(title="Oak boards", description="", quantity=Decimal(number + 1), price=1250)],
        fields={"currency": "EUR"},
        by=BY,
        now=timezone.now(),
    )


def _draft(customer: Customer, *, payer: CounterpartyAccount, payee: CounterpartyAccount, number: int) -> Transfer:
    return Transfer.objects.create(
        customer=customer,
        amount_minor=11_900 + number,
        currency="EUR",
        source_counterparty=payer.counterparty,
        source_account=payer,
        destination_counterparty=payee.counterparty,
        destination_account=payee,
        destination_iban=payee.iban,
        destination_bic=payee.bic,
        destination_name=payee.counterparty.legal_name,
        reference=f"INV-{number}",
        created_by=BY,
        modified_by=BY,
    )
