"""Payees that a program or an import enters while a document waits for them, and what is said of them."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from counterparties.bank_changes import Origin, confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from counterparties.newcomers import add_by_two
from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import ask_again, correct
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_BIC, a_customer, an_account, own_account, suppliers_account

pytestmark = pytest.mark.django_db

SUPPLIER, TWIN = "Hollow Oak Timber Ltd", "Hollow Oak Timber Limited"
ATTACKERS = "DE02500105170137075030"
SAYS_SO = "was entered after this document came"


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    return customer


def arrived(customer: Customer) -> OcrJob:
    """The supplier's invoice, processed, with an account that nobody has."""
    content = invoice_pdf(iban=ATTACKERS)
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
    process_job(job.pk)
    return job


def enter(customer: Customer, name: str) -> Counterparty:
    """As a program with an API key does."""
    payee = Counterparty.objects.create(customer=customer, legal_name=name, created_by="key:abc")
    an_account(payee, ATTACKERS, bic=SUPPLIERS_BIC)
    return payee


def again(job: OcrJob) -> OcrJob:
    ask_again(job=job, from_stage="match", by="test", is_announced=False)
    process_job(job.pk)
    return OcrJob.objects.select_related("transfer").get(pk=job.pk)


def says_so(job: OcrJob) -> bool:
    assert job.transfer is not None
    said = [each for each in job.warnings if each["code"] == "lookalike_name" and SAYS_SO in each["message"]]
    assert bool(said) == ("lookalike_name" in job.transfer.blockers)
    return bool(said)


@pytest.mark.parametrize("name", [TWIN, "Hollow Oak Tirnber Ltd"])
def test_one_like_a_supplier_on_file_is_not_paid_without_a_person(customer: Customer, name: str) -> None:
    suppliers_account(customer)
    job = arrived(customer)
    payee = enter(customer, name)

    job = again(job)

    assert (job.counterparty_match, job.counterparty_id) == ("found", payee.pk)
    assert says_so(job)
    assert repr(SUPPLIER) in next(each["message"] for each in job.warnings if each["code"] == "lookalike_name")

    correct(job=job, target="counterparty_id", after=str(payee.pk), by="pat")
    assert not says_so(again(job))


def _like_nobody(customer: Customer) -> OcrJob:
    suppliers_account(customer).counterparty.delete()
    job = arrived(customer)
    enter(customer, SUPPLIER)
    return job


def _with_the_whole_ledger(customer: Customer) -> OcrJob:
    job = arrived(customer)
    suppliers_account(customer)
    enter(customer, TWIN)
    return job


def _before_the_document(customer: Customer) -> OcrJob:
    suppliers_account(customer)
    enter(customer, TWIN)
    return arrived(customer)


def _of_another_customer(customer: Customer) -> OcrJob:
    suppliers_account(a_customer())
    job = arrived(customer)
    enter(customer, TWIN)
    return job


def _by_two_people(customer: Customer) -> OcrJob:
    suppliers_account(customer)
    job, now = arrived(customer), timezone.now()
    account = CounterpartyAccount(customer=customer, iban=ATTACKERS, bic=SUPPLIERS_BIC, currency="EUR")
    origin = Origin(source=BankDetailsChange.Source.OCR, source_id=job.pk, document_says=ATTACKERS)
    fields = {"legal_name": TWIN}
    _, [change] = add_by_two(
        customer=customer, fields=fields, parts=[(account, None)], origin=origin, by="pat", now=now
    )
    confirm_change(change_id=change.pk, by="kim", now=now, verification="Rang the known number.")
    process_job(job.pk)  # the confirmation has queued it
    return job


@pytest.mark.parametrize(
    "entered", [_like_nobody, _with_the_whole_ledger, _before_the_document, _of_another_customer, _by_two_people]
)
def test_others_are_paid_as_ever(customer: Customer, entered: Callable[[Customer], OcrJob]) -> None:
    job = again(entered(customer))

    assert job.account_id is not None
    assert not says_so(job)
