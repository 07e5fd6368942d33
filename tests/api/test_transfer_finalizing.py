"""`POST /v2/transfers/{id}/finalize` and `/cancel`: once, whoever asks how often, and never past a blocker."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from counterparties.models import CounterpartyAccount
from customers.models import Customer
from ocr.models import OcrJob
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.ledger import a_customer, a_draft
from transfers.models import Transfer

PATH = "/v2/transfers"


def finalize(client: APIClient, transfer: Transfer, **headers: str) -> Any:
    return client.post(f"{PATH}/{transfer.pk}/finalize", headers=headers)


def cancel(client: APIClient, transfer_id: object) -> Any:
    return client.post(f"{PATH}/{transfer_id}/cancel")


def a_job(draft: Transfer) -> OcrJob:
    assert draft.upload is not None
    return OcrJob.objects.create(
        pk=draft.ocr_job_id,
        customer=draft.customer,
        upload=draft.upload,
        transfer=draft,
        state=OcrJob.State.FINISHED,
        finished_at=timezone.now(),
    )


@pytest.mark.django_db
class TestFinalizing:
    def test_the_payment_supersedes_the_draft_and_job_and_document_know_of_it(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer, metadata={"order": 7})
        job = a_job(draft)

        answer = finalize(client, draft)

        assert answer.status_code == 200, answer.content
        row = answer.json()
        assert (row["status"], row["supersedes_id"], row["blockers"]) == ("pending", str(draft.pk), [])
        assert (row["metadata"], row["amount"]["amount_minor"]) == ({"order": 7}, "11900")
        assert client.get(f"{PATH}/{draft.pk}").json()["status"] == "superseded"
        assert client.get(f"/v2/uploads/{draft.upload_id}").json()["status"] == "attached"
        assert client.get(f"/v2/invoices/ocr/{job.pk}").json()["transaction_id"] == row["id"]

    def test_asked_again_it_answers_the_same_payment(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)

        first, again = finalize(client, draft), finalize(client, draft)

        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert Transfer.objects.filter(status="pending").count() == 1

    def test_open_blockers_are_listed_with_their_sentences(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer, blockers=["low_confidence", "bank_details_changed"])

        answer = finalize(client, draft)

        assert is_error(answer, 409, "transfer_blocked")
        listed = answer.json()["details"]["blockers"]
        assert [one["code"] for one in listed] == ["bank_details_changed", "low_confidence"]
        assert all(one["message"].endswith(".") and one["message"] in answer.json()["message"] for one in listed)
        assert list(Transfer.objects.values_list("status", flat=True)) == ["draft"]

    def test_what_came_true_since_the_draft_was_made_blocks_too(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)
        CounterpartyAccount.objects.filter(iban=draft.destination_iban).update(active=False)

        answer = finalize(client, draft)

        assert is_error(answer, 409, "transfer_blocked")
        assert [one["code"] for one in answer.json()["details"]["blockers"]] == ["account_inactive"]

    def test_a_payment_cannot_be_finalised_once_more(self, client: APIClient, customer: Customer) -> None:
        pending = finalize(client, a_draft(customer)).json()

        assert is_error(client.post(f"{PATH}/{pending['id']}/finalize"), 409, "transfer_not_draft")

    def test_with_an_idempotency_key_the_first_answer_comes_again(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)
        key = {"X-Idempotency-Key": str(uuid4())}

        first = finalize(client, draft, **key)
        cancel(client, first.json()["id"])
        again = finalize(client, draft, **key)

        assert (again.status_code, again.json(), again["Idempotent-Replayed"]) == (200, first.json(), "true")
        assert again.json()["status"] == "pending"

    def test_a_refusal_is_worked_out_again_under_the_same_idempotency_key(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer, blockers=["low_confidence"])
        key = {"X-Idempotency-Key": str(uuid4())}

        assert finalize(client, draft, **key).status_code == 409
        client.patch(f"{PATH}/{draft.pk}", {"settled_blockers": ["low_confidence"]})

        assert finalize(client, draft, **key).status_code == 200


@pytest.mark.django_db
class TestCancelling:
    def test_a_draft_and_a_payment_can_be_cancelled_and_twice_is_once(
        self, client: APIClient, customer: Customer
    ) -> None:
        draft = a_draft(customer)
        pending = finalize(client, draft).json()

        first, again = cancel(client, pending["id"]), cancel(client, pending["id"])

        assert (first.status_code, first.json()["status"]) == (200, "cancelled")
        assert (again.status_code, again.json()) == (200, first.json())
        assert is_error(cancel(client, draft.pk), 409, "transfer_not_draft")

    def test_a_cancelled_draft_is_neither_finalised_nor_changed(self, client: APIClient, customer: Customer) -> None:
        draft = a_draft(customer)
        assert cancel(client, draft.pk).json()["status"] == "cancelled"

        assert is_error(finalize(client, draft), 409, "transfer_not_draft")
        assert is_error(client.patch(f"{PATH}/{draft.pk}", {"reference": "x"}), 409, "transfer_not_draft")


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["finalize", "cancel"])
def test_who_may_ask(client: APIClient, customer: Customer, verb: str) -> None:
    draft, theirs = a_draft(customer), a_draft(a_customer("Brindle & Co"))

    assert is_error(client.post(f"{PATH}/{theirs.pk}/{verb}"), 404, "not_found")
    assert is_error(client.post(f"{PATH}/{uuid4()}/{verb}"), 404, "not_found")
    assert is_error(client.post(f"{PATH}/7/{verb}"), 404, "not_found")
    assert is_error(client.get(f"{PATH}/{draft.pk}/{verb}"), 405, "method_not_allowed")
    reader = client_for([customer], ["transfers:read", "uploads:*"])
    assert is_error(reader.post(f"{PATH}/{draft.pk}/{verb}"), 403, "forbidden")
    assert is_error(APIClient().post(f"{PATH}/{draft.pk}/{verb}"), 401, "unauthorized")
    assert set(Transfer.objects.values_list("status", flat=True)) == {"draft"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_one_payment() -> None:
    """Only PostgreSQL lets both in at once: on SQLite writers stand in line anyway."""
    customer = a_customer()
    draft = a_draft(customer)
    clients = [client_for([customer]) for _ in range(2)]
    start = Barrier(len(clients))

    def ask(client: APIClient) -> Any:
        try:
            start.wait(timeout=20)
            return finalize(client, draft)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as threads:
        answers = list(threads.map(ask, clients))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Transfer.objects.filter(status="pending").count() == 1
