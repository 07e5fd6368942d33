"""Answers are in the language that the client asks for; the back office stays in English."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client, override_settings
from rest_framework.test import APIClient

from config.api.languages import language_of
from config.api.throttling import KeyThrottle
from customers.models import Customer
from ocr.models import OcrJob
from ocr.processing import process_job
from tests.api.conftest import client_for
from tests.api.test_bad_input import is_error
from tests.api.test_ocr_jobs import JOBS, start
from tests.documents import as_base64, encrypted_pdf, invoice_pdf
from tests.ledger import a_draft

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "de", "fr", "it")
COUNTERPARTIES = "/v2/counterparties"


def asking(language: str, **headers: str) -> dict[str, str]:
    return {"Accept-Language": language, **headers}


def malformed(client: APIClient, customer: Customer, language: str) -> Any:
    return client.post(COUNTERPARTIES, b"{", content_type="application/json", headers=asking(language))


def invalid(client: APIClient, customer: Customer, language: str) -> Any:
    return client.post(COUNTERPARTIES, {"customer_id": 7}, headers=asking(language))


def without_key(client: APIClient, customer: Customer, language: str) -> Any:
    return APIClient().get(JOBS, headers=asking(language))


def with_a_wrong_key(client: APIClient, customer: Customer, language: str) -> Any:
    return APIClient().get(JOBS, headers=asking(language, Authorization="Bearer pdk_wrong"))


def without_scope(client: APIClient, customer: Customer, language: str) -> Any:
    return client_for([customer], scopes=["uploads:read"]).get(JOBS, headers=asking(language))


def unknown_path(client: APIClient, customer: Customer, language: str) -> Any:
    return client.get("/v2/nothing/here", headers=asking(language))


def unknown_row(client: APIClient, customer: Customer, language: str) -> Any:
    return client.get(f"{JOBS}/{uuid4()}", headers=asking(language))


def unknown_reference(client: APIClient, customer: Customer, language: str) -> Any:
    body = {"customer_id": str(uuid4()), "legal_name": "Hollow Oak Timber Ltd"}
    return client.post(COUNTERPARTIES, body, headers=asking(language))


def wrong_method(client: APIClient, customer: Customer, language: str) -> Any:
    return client.delete(JOBS, headers=asking(language))


def not_ended(client: APIClient, customer: Customer, language: str) -> Any:
    job_id = start(client, customer).json()["job_id"]
    return client.post(f"{JOBS}/{job_id}/reprocess", {"from_stage": "match"}, headers=asking(language))


def too_large(client: APIClient, customer: Customer, language: str) -> Any:
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    with override_settings(MAX_DOCUMENT_BYTES=100):
        return client.post(JOBS, body, headers=asking(language))


def of_no_kind(client: APIClient, customer: Customer, language: str) -> Any:
    body = {"base64_file": as_base64(b"no document"), "customer_id": str(customer.pk)}
    return client.post(JOBS, body, headers=asking(language))


def of_another_type(client: APIClient, customer: Customer, language: str) -> Any:
    return client.post(COUNTERPARTIES, b"a,b", content_type="text/csv", headers=asking(language))


def used_again(client: APIClient, customer: Customer, language: str) -> Any:
    start(client, customer, once="order-1")
    body = {"base64_file": as_base64(invoice_pdf(pages=2)), "customer_id": str(customer.pk)}
    return client.post(JOBS, body, headers=asking(language, **{"X-Idempotency-Key": "order-1"}))


def too_many(client: APIClient, customer: Customer, language: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "1/hour", "key_write": None})
        client.get(JOBS)
        return client.get(JOBS, headers=asking(language))


def failing(client: APIClient, customer: Customer, language: str) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ocr.api.JobListView.filter_queryset", fail)
        return client.get(JOBS, headers=asking(language))


@pytest.mark.parametrize(
    ("ask", "status", "code"),
    [
        (malformed, 400, "malformed_body"),
        (invalid, 400, "validation_error"),
        (without_key, 401, "unauthorized"),
        (with_a_wrong_key, 401, "unauthorized"),
        (without_scope, 403, "forbidden"),
        (unknown_path, 404, "not_found"),
        (unknown_row, 404, "not_found"),
        (unknown_reference, 404, "not_found"),
        (wrong_method, 405, "method_not_allowed"),
        (not_ended, 409, "job_still_running"),
        (too_large, 413, "document_too_large"),
        (of_no_kind, 415, "unsupported_document"),
        (of_another_type, 415, "unsupported_media_type"),
        (used_again, 422, "idempotency_key_reused"),
        (too_many, 429, "rate_limited"),
        (failing, 500, "internal_error"),
    ],
)
def test_an_error_is_in_the_language_that_is_asked_for(
    client: APIClient, customer: Customer, ask: Callable[[APIClient, Customer, str], Any], status: int, code: str
) -> None:
    answers = {language: ask(client, customer, language) for language in LANGUAGES}

    for language, answer in answers.items():
        assert is_error(answer, status, code), answer.content
        assert answer["Content-Language"] == language
        assert "Accept-Language" in answer["Vary"]
    messages = {language: answer.json()["message"] for language, answer in answers.items()}
    assert len(set(messages.values())) == len(LANGUAGES)


def test_what_is_wrong_with_a_field_is_said_in_it_too(client: APIClient, customer: Customer) -> None:
    body = {"customer_id": str(customer.pk), "legal_name": "x" * 301, "type": "club", "nonsense": 1}
    known = {key: value for key, value in body.items() if key != "nonsense"}

    french = client.post(COUNTERPARTIES, body, headers=asking("fr")).json()["details"]
    german = client.post(COUNTERPARTIES, known, headers=asking("de")).json()["details"]

    assert french["nonsense"][0].startswith("Champ inconnu\xa0; les champs connus sont ")
    assert german == {
        "legal_name": ["Geben Sie höchstens 300 Zeichen an."],
        "type": ['"club" ist keine gültige Option.'],
    }


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b'{\n  "legal_name": }', "Das JSON ist fehlerhaft in Zeile 2, Spalte 17."),
        (b'\xef\xbb\xbf{"a": 1}', "Das JSON ist fehlerhaft in Zeile 1, Spalte 1."),
        (b'{"legal_name": "H\xf6lzerne Eiche"}', "Der Inhalt ist kein UTF-8."),
        (b'{"amount": NaN}', "Das JSON enthält NaN, Infinity oder eine Zahl mit zu vielen Ziffern."),
        (b"9" * 5000, "Das JSON enthält NaN, Infinity oder eine Zahl mit zu vielen Ziffern."),
        (b"[" * 100_000, "Das JSON ist zu tief verschachtelt."),
    ],
    ids=["malformed", "byte order mark", "latin-1", "NaN", "long number", "deep"],
)
def test_why_a_body_cannot_be_read_is_said_in_it_too(client: APIClient, sent: bytes, reason: str) -> None:
    answer = client.post(COUNTERPARTIES, sent, content_type="application/json", headers=asking("de"))

    assert is_error(answer, 400, "malformed_body")
    assert answer.json()["details"] == {"reason": reason}


def test_an_iban_that_is_none_is_refused_in_the_language(client: APIClient, customer: Customer) -> None:
    body = {
        "customer_id": str(customer.pk),
        "legal_name": "Hollow Oak Timber Ltd",
        "bank_accounts": [{"iban": "DE02120300000000202052"}],
    }

    answer = client.post(COUNTERPARTIES, body, headers=asking("it"))

    assert (
        "Le cifre di controllo di questo IBAN non tornano; confrontarlo con il documento, un carattere è errato."
        in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("fr-ch, de;q=0.9", "fr"),
        ("fr;q=0.3, it;q=0.9", "it"),
        ("pt-BR, it;q=0.5", "it"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("pt", "en"),
        ("*", "en"),
        ("en, *;q=0.5", "en"),
        ("*, de;q=0.5", "en"),
        ("", "en"),
        ("deutsch", "en"),
        ("de" * 4000, "en"),
        ("de;q=abc", "en"),
    ],
)
def test_the_header_decides(header: str, language: str) -> None:
    assert language_of(header) == language


def test_nothing_but_the_header_decides(client: APIClient) -> None:
    client.cookies["django_language"] = "fr"

    assert client.get("/v2/nothing")["Content-Language"] == "en"


def test_a_failed_job_says_why_to_each_in_their_language(client: APIClient, customer: Customer) -> None:
    job = start(client, customer, encrypted_pdf())["Location"]
    waiting = client.get(job, headers=asking("it"))
    process_job(UUID(job.rsplit("/", 1)[1]))
    answers = {language: client.get(job, headers=asking(language)) for language in LANGUAGES}

    assert waiting.json()["message"] == (
        "Il documento è in attesa di essere letto; richiedere di nuovo come indicato da Retry-After."
    )
    english = "The PDF is protected by a password; send it without the protection."
    assert {language: answer.json()["message"] for language, answer in answers.items()} == {
        "en": english,
        "de": "Das PDF ist durch ein Passwort geschützt; senden Sie es ohne diesen Schutz.",
        "fr": "Le PDF est protégé par un mot de passe\xa0; envoyez-le sans cette protection.",
        "it": "Il PDF è protetto da una password; inviarlo senza protezione.",
    }
    assert OcrJob.objects.get().message == english
    assert len({answer["ETag"] for answer in answers.values()}) == len(LANGUAGES)
    german = answers["de"]["ETag"]
    assert client.get(job, headers=asking("de", **{"If-None-Match": german})).status_code == 304
    assert client.get(job, headers=asking("fr", **{"If-None-Match": german})).status_code == 422


def test_warnings_and_notes_of_the_evidence_are_in_the_language(client: APIClient, customer: Customer) -> None:
    start(client, customer)
    job = start(client, customer)["Location"]
    process_job(UUID(job.rsplit("/", 1)[1]))

    warnings = client.get(f"{job}/evidence", headers=asking("de")).json()["warnings"]

    said = {warning["code"]: warning["message"] for warning in warnings}
    assert said["duplicate_document"].startswith("Dasselbe Dokument wurde bereits gesendet, als Upload ")
    stored = {warning["code"]: warning["message"] for warning in OcrJob.objects.get(pk=job.rsplit("/", 1)[1]).warnings}
    assert stored["duplicate_document"].startswith("The same document was sent before, as upload ")


def test_what_blocks_a_draft_is_said_in_the_language(client: APIClient, customer: Customer) -> None:
    draft = a_draft(customer, blockers=["amount_missing", "currency_missing"])

    refused = client.post(f"/v2/transfers/{draft.pk}/finalize", headers=asking("fr")).json()

    assert refused["message"] == (
        "Le virement ne peut pas encore être finalisé. Saisissez le montant. Saisissez la monnaie."
    )
    assert refused["details"]["blockers"] == [
        {"code": "amount_missing", "message": "Saisissez le montant."},
        {"code": "currency_missing", "message": "Saisissez la monnaie."},
    ]


def test_a_job_of_an_older_release_says_what_it_said(client: APIClient, customer: Customer) -> None:
    job = start(client, customer, encrypted_pdf())["Location"]
    process_job(UUID(job.rsplit("/", 1)[1]))
    OcrJob.objects.update(message_parts=None, message="As it was {then}.")

    assert client.get(job, headers=asking("de")).json()["message"] == "As it was {then}."


def test_an_answer_that_is_repeated_keeps_its_language(client: APIClient, customer: Customer) -> None:
    body = {"base64_file": as_base64(invoice_pdf()), "customer_id": str(customer.pk)}
    first, again = (
        client.post(JOBS, body, headers=asking(language, **{"X-Idempotency-Key": "order-1"}))
        for language in ("de-AT", "fr")
    )

    assert again["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert again["Content-Language"] == first["Content-Language"] == "de"


def test_the_description_of_the_api_is_in_english(client: APIClient) -> None:
    english, german = (client.get("/v2/schema", headers=asking(language)) for language in ("en", "de"))

    assert german.content == english.content
    assert not german.has_header("Content-Language")


def test_the_back_office_is_in_english_whatever_the_browser_asks_for(client: APIClient) -> None:
    assert client.get("/v2/nothing", headers=asking("de"))["Content-Language"] == "de"

    page = Client().post("/admin/login/", {"username": "x", "password": "y"}, headers=asking("de"))

    assert b'lang="en' in page.content
    assert b"Please enter the correct username and password" in page.content
    assert b"Log in" in page.content
