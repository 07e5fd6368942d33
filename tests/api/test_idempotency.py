"""`X-Idempotency-Key`: the same request twice happens once."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from customers import stored_answers
from customers.models import Customer, StoredAnswer, WebhookEndpoint
from customers.tasks import purge
from ocr.intake import accept_document
from ocr.models import OcrJob
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.api.test_ocr_jobs import JOBS, start
from tests.api.test_webhook_endpoints_api import PATH as WEBHOOKS
from tests.api.test_webhook_endpoints_api import body_for, signing
from tests.documents import as_base64, image, invoice_pdf

pytestmark = pytest.mark.django_db


def test_same_key_and_body_get_the_first_answer_again(client: APIClient, customer: Customer) -> None:
    first = start(client, customer, once="order-1")
    again = start(client, customer, once="order-1")

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert not first.has_header("Idempotent-Replayed")
    assert OcrJob.objects.count() == 1


def test_the_shorter_header_name_works_too(client: APIClient, customer: Customer) -> None:
    first = start(client, customer, once="order-1")
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    again = client.post(JOBS, body, format="json", headers={"Idempotency-Key": "order-1"})

    assert again.content == first.content


def test_same_key_with_another_body_is_refused(client: APIClient, customer: Customer) -> None:
    start(client, customer, once="order-1")

    answer = start(client, customer, image(), once="order-1")

    assert (answer.status_code, answer.json()["error"]) == (422, "idempotency_key_reused")
    assert OcrJob.objects.count() == 1


def test_form_data_is_the_same_whatever_its_boundary(client: APIClient, customer: Customer) -> None:
    def post() -> Any:
        file = SimpleUploadedFile("bill.pdf", invoice_pdf())
        body = {"file": file, "customer_id": str(customer.pk)}
        return client.post(JOBS, body, format="multipart", headers={"X-Idempotency-Key": "order-1"})

    first, again = post(), post()

    assert (first.status_code, again.content) == (202, first.content)


def test_two_keys_of_the_api_do_not_share_idempotency_keys(client: APIClient, customer: Customer) -> None:
    first = start(client, customer, once="order-1")
    other = start(client_for([customer]), customer, once="order-1")

    assert first.json()["job_id"] != other.json()["job_id"]


def test_while_the_first_is_running_the_second_is_told_to_wait(client: APIClient, customer: Customer) -> None:
    start(client, customer, once="order-1")
    later = timezone.now() + timedelta(seconds=60)
    StoredAnswer.objects.update(state="running", status=None, locked_until=later)

    answer = start(client, customer, once="order-1")

    assert (answer.status_code, answer.json()["error"]) == (409, "request_in_progress")
    assert answer["Retry-After"] == "1"


def test_a_request_that_was_killed_frees_its_key_after_a_while(client: APIClient, customer: Customer) -> None:
    start(client, customer, once="order-1")
    StoredAnswer.objects.update(state="running", status=None, locked_until=timezone.now() - timedelta(seconds=1))

    answer = start(client, customer, once="order-1")

    assert (answer.status_code, answer.has_header("Idempotent-Replayed")) == (202, False)


def test_a_request_whose_key_was_given_to_the_next_one_leaves_nothing(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept_slowly(**arguments: Any) -> OcrJob:
        StoredAnswer.objects.update(locked_until=timezone.now() + timedelta(seconds=300))  # as the next request does
        return accept_document(**arguments)

    monkeypatch.setattr("ocr.api.accept_document", accept_slowly)

    answer = start(client, customer, once="order-1")

    assert (answer.status_code, answer.json()["error"]) == (409, "request_in_progress")
    assert OcrJob.objects.count() == 0


def test_a_refusal_is_not_kept(client: APIClient, customer: Customer) -> None:
    refused = start(client, customer, b"no document", once="order-1")
    accepted = start(client, customer, once="order-1")

    assert (refused.status_code, accepted.status_code) == (415, 202)


@pytest.mark.parametrize("name", ["", "x" * 256, "tab\tinside"])
def test_an_impossible_key_is_refused(client: APIClient, customer: Customer, name: str) -> None:
    answer = start(client, customer, once=name)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_idempotency_key")


def test_an_unknown_api_key_is_401_with_an_idempotency_key_too(customer: Customer) -> None:
    answer = start(APIClient(), customer, once="order-1")

    assert answer.status_code == 401


def test_the_same_key_on_another_path_is_another_key(client: APIClient, customer: Customer) -> None:
    job = start(client, customer, once="order-1")
    again = client.post(
        f"{job['Location']}/reprocess", {"from_stage": "match"}, headers={"X-Idempotency-Key": "order-1"}
    )

    assert not again.has_header("Idempotent-Replayed")
    assert is_error(again, 409, "job_still_running")


class TestAnAnswerWithASecret:
    @pytest.fixture
    def post(self, client: APIClient) -> Any:
        return lambda path, body: client.post(path, body, headers={"X-Idempotency-Key": "endpoint-1"})

    def test_it_is_stored_without_it_and_answered_with_it(self, post: Any, customer: Customer) -> None:
        first = post(WEBHOOKS, body_for(customer, description="ERP – Zürich"))
        again = post(WEBHOOKS, body_for(customer, description="ERP – Zürich"))

        stored = StoredAnswer.objects.get()
        assert first.json()["secret"].encode() not in bytes(stored.body or b"")
        assert "whsec_" not in f"{StoredAnswer.objects.values().get()} {bytes(stored.body or b'')!r}"
        assert (again.status_code, again.content) == (201, first.content)
        assert (again["Idempotent-Replayed"], again["Cache-Control"]) == ("true", "no-store")
        assert signing(first.json()) == [again.json()["secret"]]

    def test_a_rotation_is_repeated_with_the_secret_that_it_made(self, post: Any, customer: Customer) -> None:
        row = post(WEBHOOKS, body_for(customer)).json()
        rotated, again = (post(f"{WEBHOOKS}/{row['id']}/rotate-secret", {}) for _ in range(2))

        assert (again.status_code, again.content) == (200, rotated.content)
        assert len(signing(row)) == 2

    def test_after_a_change_of_the_key_it_says_what_to_do(
        self, post: Any, customer: Customer, settings: Settings
    ) -> None:
        first = post(WEBHOOKS, body_for(customer))
        settings.SECRET_KEY = "another"
        again = post(WEBHOOKS, body_for(customer))

        assert is_error(again, 409, "answer_not_kept")
        assert (again["Location"], WebhookEndpoint.objects.count()) == (first["Location"], 1)

    def test_what_was_stored_before_loses_its_secret(self, post: Any, customer: Customer) -> None:
        first = post(WEBHOOKS, body_for(customer))
        StoredAnswer.objects.update(body=first.content, webhook_secret=None)

        import_module("customers.migrations.0005_secrets_out_of_answers").take_secrets_out(apps, None)

        assert b"whsec_" not in bytes(StoredAnswer.objects.get().body or b"")
        assert post(WEBHOOKS, body_for(customer)).content == first.content


def test_an_answer_too_large_to_be_kept_says_where_to_find_what_was_made(
    client: APIClient, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_answers, "MOST_KEPT_BYTES", 100)
    first = start(client, customer, once="order-1")
    again = start(client, customer, once="order-1")

    assert (first.status_code, OcrJob.objects.count()) == (202, 1)
    assert is_error(again, 409, "answer_not_kept")
    assert again["Location"] == first["Location"]


def test_the_beat_deletes_answers_after_31_days(client: APIClient, customer: Customer) -> None:
    kept = start(client, customer, once="kept")
    start(client, customer, once="old")
    long_ago = timezone.now() - timedelta(days=31, seconds=1)
    StoredAnswer.objects.filter(idempotency_key="old").update(created_at=long_ago)

    purge()

    assert settings.CELERY_BEAT_SCHEDULE["purge"]["task"] == purge.name
    assert [answer.idempotency_key for answer in StoredAnswer.objects.all()] == ["kept"]
    assert start(client, customer, once="kept").content == kept.content
