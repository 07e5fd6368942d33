"""A payee that is entered while its document waits: at once where nobody is like it, else by two people."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.bank_changes import confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Contact, Counterparty, CounterpartyAccount
from customers.models import Customer
from ocr.models import OcrJob, OcrReviewDecision, OcrRun
from ocr.processing import process_job
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, message, post, signed_in
from tests.ledger import SUPPLIERS_IBAN, a_customer, an_account, own_account
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE57900402617713500290"
SUPPLIER = "Hollow Oak Timber Ltd"


@pytest.fixture
def blocked(customer: Customer) -> OcrJob:
    """The known supplier's invoice with an account that is not on file."""
    return a_job(customer, iban=UNKNOWN_IBAN)


@pytest.fixture
def fresh() -> OcrJob:
    """An invoice of somebody who is like nobody on file."""
    customer = a_customer()
    own_account(customer, is_primary=True)
    return a_job(customer)


def entered(client: Client, job: OcrJob, **body: str) -> dict[str, Any]:
    answer = post(client, "create", job, **{"legal_name": SUPPLIER, "iban": UNKNOWN_IBAN, **body})
    assert answer.status_code == 200, answer.content
    answered: dict[str, Any] = json.loads(answer.content)
    return answered


def approved(client: Client, job: OcrJob) -> Any:
    """What is answered to approving the job, whose draft nothing else stands in the way of."""
    Transfer.objects.filter(ocr_job_id=job.pk, status="draft").update(blockers=[])
    return post(client, "approve", job)


def nothing_was_paid() -> bool:
    return not Transfer.objects.filter(status="pending").exists()


def test_a_twin_of_a_known_supplier_gets_its_account_by_a_second_person(anna: Client, blocked: OcrJob) -> None:
    answer = entered(anna, blocked)

    change = BankDetailsChange.objects.get()
    assert (change.iban, change.asked_by, change.source, change.source_id) == (UNKNOWN_IBAN, "anna", "ocr", blocked.pk)
    assert "could be taken for Hollow Oak Timber Ltd" in answer["said"]
    assert "a second person has to confirm it" in answer["panels"]["payee"]
    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()
    blocked.refresh_from_db()
    assert (blocked.counterparty, blocked.account) == (change.counterparty, None)
    assert message(post(anna, "approve", blocked), 409)
    assert "has asked for" in message(post(anna, "account", blocked), 409)
    assert nothing_was_paid()

    confirm_change(change_id=change.pk, by="berta", now=timezone.now(), verification="called")
    process_job(blocked.pk)
    blocked.refresh_from_db()
    assert blocked.account == CounterpartyAccount.objects.get(iban=UNKNOWN_IBAN)
    # Two people have looked: whoever asked may approve, as for any changed account.
    assert approved(anna, blocked).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"legal_name": "Hollow Oak Timber Limited"},
        {"legal_name": "HOLLOW OAK TIMBER"},
        {"legal_name": "Hollow Oak Tirnber Ltd"},
        {"legal_name": "Something Else Ltd", "vat_id": "GB 123 4567 82"},
        {"legal_name": "Something Else Ltd", "email": "Bills@hollow-oak.example"},
    ],
    ids=["legal form", "capitals", "in print", "VAT number", "e-mail"],
)
def test_who_is_like_a_known_supplier(anna: Client, customer: Customer, body: dict[str, str]) -> None:
    known = Counterparty.objects.get(legal_name=SUPPLIER)
    Counterparty.objects.filter(pk=known.pk).update(vat_id="GB123456782", vat_key="GB123456782")
    Contact.objects.create(counterparty=known, type="email", value="bills@hollow-oak.example")
    job = a_job(customer)  # no warning about its payee

    entered(anna, job, **body)

    assert BankDetailsChange.objects.get().iban == UNKNOWN_IBAN
    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()


def test_a_document_that_warns_of_its_payee_takes_two_whatever_the_name(anna: Client, blocked: OcrJob) -> None:
    answer = entered(anna, blocked, legal_name="Quite Another Ltd")

    assert "the document warns about its payee" in answer["said"]
    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()


def test_correcting_the_warning_away_first_helps_nobody(anna: Client, blocked: OcrJob) -> None:
    said = [{"target": "seller_name", "text": "Quite Another Ltd"}]
    assert post(anna, "correct", blocked, corrections=said).status_code == 200
    assert "bank_details_changed" in (OcrRun.objects.filter(job=blocked).earliest("pk").blockers or [])
    blocked.refresh_from_db()
    assert "bank_details_changed" not in [warning["code"] for warning in blocked.warnings]

    entered(anna, blocked, legal_name="Quite Another Ltd")

    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()


def test_leaving_the_account_out_at_first_helps_nobody(anna: Client, blocked: OcrJob) -> None:
    entered(anna, blocked, iban="")

    assert "waits for a second person" in json.loads(post(anna, "account", blocked).content)["said"]
    assert not CounterpartyAccount.objects.filter(iban=UNKNOWN_IBAN).exists()


def test_a_bare_twin_that_was_there_before_gets_its_first_account_by_two(anna: Client, blocked: OcrJob) -> None:
    twin = Counterparty.objects.create(customer=blocked.customer, legal_name=SUPPLIER)
    assert post(anna, "payee", blocked, counterparty_id=str(twin.pk)).status_code == 200

    assert "waits for a second person" in json.loads(post(anna, "account", blocked).content)["said"]
    twin.refresh_from_db()
    assert twin.has_established_bank_details()


def test_what_was_withdrawn_can_be_asked_for_again(anna: Client, blocked: OcrJob) -> None:
    entered(anna, blocked)
    decision = reverse("admin:counterparties_bankdetailschange_change", args=[BankDetailsChange.objects.get().pk])
    anna.post(decision, {"decide": "withdraw"})

    assert "waits for a second person" in json.loads(post(anna, "account", blocked).content)["said"]


def test_who_may_not_ask_is_told_before_anything_is_entered(blocked: OcrJob) -> None:
    rights = ("ocr.change_ocrjob", "counterparties.add_counterparty", "counterparties.add_counterpartyaccount")
    clerk = signed_in("clerk", *rights)

    answer = post(clerk, "create", blocked, legal_name=SUPPLIER, iban=UNKNOWN_IBAN)

    assert "this one takes two people" in message(answer, 403)
    assert Counterparty.objects.filter(legal_name=SUPPLIER).count() == 1


def test_a_supplier_like_nobody_is_entered_and_paid_by_one_person(anna: Client, fresh: OcrJob) -> None:
    assert entered(anna, fresh, iban=SUPPLIERS_IBAN)["said"] == ""

    fresh.refresh_from_db()
    assert fresh.account is not None
    assert approved(anna, fresh).status_code == 200


def test_a_wrong_choice_before_makes_nobody_doubtful(anna: Client, fresh: OcrJob) -> None:
    other = an_account(
        Counterparty.objects.create(customer=fresh.customer, legal_name="Birchfield Paper Ltd"), OTHER_IBAN
    )
    post(anna, "payee", fresh, counterparty_id=str(other.counterparty_id))
    fresh.refresh_from_db()
    assert "bank_details_changed" in [warning["code"] for warning in fresh.warnings]

    entered(anna, fresh, iban=SUPPLIERS_IBAN)

    assert CounterpartyAccount.objects.filter(iban=SUPPLIERS_IBAN).exists()


def entered_elsewhere(job: OcrJob, *, by: str, **when: Any) -> CounterpartyAccount:
    """A twin with its account, as a program or an earlier release would have entered it, chosen for the job."""
    twin = Counterparty.objects.create(customer=job.customer, legal_name=SUPPLIER, created_by=by)
    account = an_account(twin, UNKNOWN_IBAN, created_by=by)
    if when:
        for rows in (Counterparty.objects.filter(pk=twin.pk), CounterpartyAccount.objects.filter(pk=account.pk)):
            rows.update(**when)
    return account


@pytest.mark.parametrize("name", ["anna", "ANNA"])
def test_who_entered_a_payee_since_the_document_came_does_not_approve_it(
    anna: Client, customer: Customer, name: str
) -> None:
    job = a_job(customer)
    account = entered_elsewhere(job, by=name)
    post(anna, "payee", job, counterparty_id=str(account.counterparty_id), cp_account_id=str(account.pk))

    answer = approved(anna, job)

    assert "a second person has to approve this" in message(answer, 409)
    assert json.loads(answer.content)["error"] == "second_person_needed"
    assert nothing_was_paid()
    berta = signed_in("berta", "ocr.view_ocrjob", "ocr.approve_ocrjob")
    assert approved(berta, job).status_code == 200


def test_who_entered_it_before_the_document_came_approves(anna: Client, customer: Customer) -> None:
    job = a_job(customer)
    account = entered_elsewhere(job, by="anna", created_at=job.created_at - timedelta(days=1))
    post(anna, "payee", job, counterparty_id=str(account.counterparty_id), cp_account_id=str(account.pk))

    assert approved(anna, job).status_code == 200


def test_approving_many_leaves_alone_what_takes_a_second_person(anna: Client, customer: Customer) -> None:
    job = a_job(customer)
    account = entered_elsewhere(job, by="anna")
    post(anna, "payee", job, counterparty_id=str(account.counterparty_id), cp_account_id=str(account.pk))
    Transfer.objects.filter(ocr_job_id=job.pk).update(blockers=[])

    body = {"action": "approve_clear", "_selected_action": [str(job.pk)]}
    page = anna.post(reverse("admin:ocr_ocrjob_changelist"), body, follow=True).content.decode()

    assert "1 left alone: 1: You entered this payee yourself" in page
    assert not OcrReviewDecision.objects.exists()
