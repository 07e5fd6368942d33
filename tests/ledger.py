"""A customer with an account to pay from and a supplier to pay: invented, and enough for a transfer."""

from typing import Any
from uuid import uuid4

from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.onboarding import Onboarding, open_onboarding
from customers.models import Customer
from invoices.models import Upload
from invoices.uploads import store_upload
from transfers.models import Transfer

OWN_IBAN = "DE02100500000054540402"
SUPPLIERS_IBAN = "DE02120300000000202051"
SUPPLIERS_BIC = "BYLADEM1001"


def a_customer(legal_name: str = "Aldermoor Trading GmbH") -> Customer:
    return Customer.objects.create(legal_name=legal_name)


def an_account(counterparty: Counterparty, iban: str, **fields: Any) -> CounterpartyAccount:
    return CounterpartyAccount.objects.create(counterparty=counterparty, iban=iban, **fields)


def own_account(customer: Customer, iban: str = OWN_IBAN, **fields: Any) -> CounterpartyAccount:
    """An account of the customer's own mirror counterparty, which is made if there is none."""
    own = Counterparty.objects.filter(customer=customer, is_own=True).first() or Counterparty.objects.create(
        customer=customer, is_own=True, legal_name=customer.legal_name, onboarding=open_onboarding(by="test")
    )
    return an_account(own, iban, **fields)


def suppliers_account(
    customer: Customer, iban: str = SUPPLIERS_IBAN, *, onboarding: Onboarding | None = None, **fields: Any
) -> CounterpartyAccount:
    """The account of a new supplier; with an open `onboarding` more accounts can follow without a second person."""
    supplier = Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd", onboarding=onboarding)
    return an_account(supplier, iban, **{"bic": SUPPLIERS_BIC} | fields)


def an_upload(customer: Customer, content: bytes = b"%PDF-1.7 invented", file_name: str = "invoice.pdf") -> Upload:
    return store_upload(
        customer=customer,
        content=content,
        file_name=file_name,
        content_type="application/pdf",
        file_extension="pdf",
        by="test",
    )


def a_draft(customer: Customer, **fields: Any) -> Transfer:
    """A draft that could be finalised as it stands, unless `fields` say otherwise."""
    source = own_account(customer)
    destination = suppliers_account(customer)
    complete: dict[str, Any] = {
        "customer": customer,
        "amount_minor": 11900,
        "currency": "EUR",
        "source_counterparty": source.counterparty,
        "source_account": source,
        "destination_counterparty": destination.counterparty,
        "destination_account": destination,
        "destination_iban": destination.iban,
        "destination_bic": destination.bic,
        "destination_name": destination.counterparty.legal_name,
        "reference": "RF18539007547034",
        "upload": an_upload(customer),
        "ocr_job_id": uuid4(),
        "created_by": "test",
    }
    return Transfer.objects.create(**(complete | fields))
