"""The payer's books from the review page: looked up, added to, and within one customer."""

import json

import pytest
from django.test import Client

from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from ocr.models import OcrJob
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, at, message, post
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account

pytestmark = pytest.mark.django_db


def test_counterparties_are_looked_up_within_the_customer(anna: Client, job: OcrJob) -> None:
    suppliers_account(a_customer("Somebody Else GmbH"), UNKNOWN_IBAN)

    def found(text: str) -> list[str]:
        answer = anna.get(at("search", job), {"q": text})
        return [each["name"] for each in json.loads(answer.content)["found"]]

    assert found("hollow") == ["Hollow Oak Timber Ltd"]
    assert found("Hollow Oak Timbre") == ["Hollow Oak Timber Ltd"]
    assert found("DE02 1203 0000") == ["Hollow Oak Timber Ltd"]
    assert found(UNKNOWN_IBAN) == []
    assert found("Aldermoor") == []
    assert found("") == found("x") == []
    assert "Look for a name" in message(anna.get(at("search", job), {"q": "y" * 300}), 400)


def test_a_counterparty_is_entered_from_the_document_and_chosen(anna: Client) -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    job = a_job(customer)
    assert job.counterparty is None

    answer = post(anna, "create", job, legal_name="Hollow Oak Timber Ltd", iban=SUPPLIERS_IBAN, email="a@oak.example")

    assert answer.status_code == 200, answer.content
    matched = OcrJob.objects.get(pk=job.pk)
    made = Counterparty.objects.get(legal_name="Hollow Oak Timber Ltd")
    assert (matched.counterparty, matched.account) == (made, CounterpartyAccount.objects.get(iban=SUPPLIERS_IBAN))
    assert (made.created_by, made.has_established_bank_details()) == ("anna", True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"legal_name": ""}, "blank"),
        ({"legal_name": "X", "iban": "DE02120300000000202052"}, "check digits"),
        ({"legal_name": "X", "email": "nobody"}, "no e-mail address"),
        ({"legal_name": "X", "type": "planet"}, "planet"),
        ({"legal_name": "x" * 400}, "300 characters"),
    ],
)
def test_a_counterparty_that_is_none_is_refused(anna: Client, job: OcrJob, body: dict[str, str], said: str) -> None:
    assert said in message(post(anna, "create", job, **body), 400)
    assert not Counterparty.objects.filter(legal_name="X").exists()


def test_a_changed_account_is_asked_for_and_never_entered_by_one_person(anna: Client, customer: Customer) -> None:
    job = a_job(customer, iban=UNKNOWN_IBAN)

    answer = json.loads(post(anna, "account", job).content)

    assert "waits for a second person" in answer["said"]
    change = BankDetailsChange.objects.get()
    assert (change.iban, change.asked_by, change.decision) == (UNKNOWN_IBAN, "anna", "pending")
    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()
    assert "Ask for this account" not in answer["panels"]["payee"]
    assert "asked for the account" in answer["panels"]["story"]
    message(post(anna, "account", job), 409)


def test_the_first_account_of_a_counterparty_is_entered_at_once(anna: Client) -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    supplier = Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd")
    job = a_job(customer)
    assert (job.counterparty, job.account) == (supplier, None)

    answer = json.loads(post(anna, "account", job).content)

    assert "is on file" in answer["said"]
    job.refresh_from_db()
    assert job.account == CounterpartyAccount.objects.get(counterparty=supplier)


def test_another_customers_counterparty_is_never_chosen(anna: Client, job: OcrJob) -> None:
    stranger = suppliers_account(a_customer("Somebody Else GmbH"), UNKNOWN_IBAN)

    for body in (
        {"counterparty_id": str(stranger.counterparty_id)},
        {"cp_account_id": str(stranger.pk)},
        {"counterparty_id": "nonsense"},
    ):
        message(post(anna, "payee", job, **body), 400)
    assert "nothing to save" in message(post(anna, "payee", job), 400)
