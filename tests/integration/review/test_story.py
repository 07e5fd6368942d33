"""What the review page tells of a job: whom and which account people chose, and what they entered for it."""

from typing import Any

import pytest
from django.test import Client

from customers.audit.models import AuditEntry
from customers.models import Customer
from ocr.back_office.story import story_of
from ocr.models import OcrJob
from tests.integration.review.jobs import UNKNOWN_IBAN, a_job, post
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account

pytestmark = pytest.mark.django_db


def told(job: OcrJob) -> list[str]:
    return [each.text for each in story_of(OcrJob.objects.get(pk=job.pk)) if each.who == "anna"]


def test_whom_and_which_account_somebody_chose_is_named(anna: Client, job: OcrJob) -> None:
    assert job.counterparty is not None
    assert job.account is not None

    post(anna, "payee", job, counterparty_id=str(job.counterparty.pk), cp_account_id=str(job.account.pk))

    assert told(job) == [
        "chose the counterparty Hollow Oak Timber Ltd",
        f"chose the bank account {SUPPLIERS_IBAN}",
    ]


def test_a_counterparty_that_was_entered_for_the_job_is_told_of_as_new(anna: Client) -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    job = a_job(customer)

    post(anna, "create", job, legal_name="Hollow Oak Timber Ltd", iban=SUPPLIERS_IBAN)

    assert told(job) == ["chose the counterparty Hollow Oak Timber Ltd, entered anew"]
    entry = AuditEntry.objects.get(action="counterparty.added")
    job.refresh_from_db()
    assert (entry.actor, entry.subject_id) == ("anna", str(job.counterparty_id))
    assert entry.detail["legal_name"] == "Hollow Oak Timber Ltd"


def test_a_twin_and_the_account_that_was_asked_for_it_are_told_of(anna: Client, customer: Customer) -> None:
    job = a_job(customer, iban=UNKNOWN_IBAN)

    post(anna, "create", job, legal_name="Hollow Oak Timber Ltd", iban=UNKNOWN_IBAN)

    assert told(job) == [
        f"asked for the account {UNKNOWN_IBAN}",
        "chose the counterparty Hollow Oak Timber Ltd, entered anew",
    ]


def test_however_many_choices_there_were_they_are_named_at_once(
    anna: Client, job: OcrJob, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        post(anna, "payee", job, counterparty_id=str(OcrJob.objects.get(pk=job.pk).counterparty_id))
    job = OcrJob.objects.get(pk=job.pk)

    with django_assert_max_num_queries(9):
        story_of(job)
