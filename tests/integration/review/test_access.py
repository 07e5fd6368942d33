"""Who may open the review page and change something from it."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from ocr.models import OcrCorrection, OcrJob
from tests.integration.review.jobs import POSTED, at, message, post, signed_in

pytestmark = pytest.mark.django_db


def test_nobody_gets_in_without_signing_in(client: Client, job: OcrJob) -> None:
    assert client.get(at("review", job)).status_code == 302
    assert "session has ended" in message(client.get(at("state", job)), 401)
    assert "session has ended" in message(client.get(at("page_image", job, 1)), 401)
    assert "session has ended" in message(post(client, "approve", job), 401)
    assert client.get(reverse("admin:ocr_ocrjob_next")).status_code == 302


def test_staff_without_the_right_see_nothing(job: OcrJob) -> None:
    stranger = signed_in("nobody", "customers.view_customer")

    assert stranger.get(at("review", job)).status_code == 403
    for name in ("state", "search"):
        message(stranger.get(at(name, job)), 403)
    message(stranger.get(at("page_image", job, 1)), 403)
    message(stranger.get(at("page_words", job, 1)), 403)
    for name in POSTED:
        message(post(stranger, name, job), 403)
    assert stranger.get(reverse("admin:ocr_ocrjob_next")).status_code == 403


def test_who_may_only_look_changes_nothing(job: OcrJob) -> None:
    viewer = signed_in("viewer", "ocr.view_ocrjob")

    page = viewer.get(at("review", job)).content.decode()

    assert "Save this value" not in page
    assert "You may not approve payments." in page
    for name in ("correct", "payee", "again", "reject", "settle", "create", "account", "approve"):
        message(post(viewer, name, job), 403)
    assert post(viewer, "check", job, target="total", text="1,00").status_code == 200


def test_who_may_correct_may_not_approve(job: OcrJob) -> None:
    reviewer = signed_in("reviewer", "ocr.view_ocrjob", "ocr.change_ocrjob")

    assert post(reviewer, "correct", job, corrections=[{"target": "total", "text": "1200,00"}]).status_code == 200
    assert "approve" in message(post(reviewer, "approve", job), 403)
    assert "may not enter counterparties" in message(post(reviewer, "create", job, legal_name="X"), 403)


def test_every_change_needs_the_token_against_forged_requests(job: OcrJob) -> None:
    user = get_user_model().objects.create_superuser("anna", "anna@example.com", "secret")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    for name in POSTED:
        assert post(client, name, job, corrections=[{"target": "total", "text": "1"}]).status_code == 403
    assert not OcrCorrection.objects.exists()


@pytest.mark.parametrize("name", POSTED)
def test_changes_are_posted(anna: Client, job: OcrJob, name: str) -> None:
    answer = anna.get(at(name, job))

    assert "POST only" in message(answer, 405)
    assert answer["Allow"] == "POST"


def test_an_unknown_job_is_told(anna: Client) -> None:
    unknown = OcrJob(pk=uuid4())

    assert anna.get(at("review", unknown)).status_code == 404
    message(anna.get(at("state", unknown)), 404)
    message(anna.get(at("page_image", unknown, 1)), 404)
    message(anna.post(at("approve", unknown), "{}", content_type="application/json"), 404)
