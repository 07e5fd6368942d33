"""What is kept of an answer for a repeated request: its bytes up to a size, and of a secret only whose it is."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from customers import stored_answers
from customers.keys import issue_key
from customers.models import ApiKey, StoredAnswer
from customers.stored_answers import MOST_KEPT_BYTES, AnswerNotKept, body_again, body_to_keep, purge_stored_answers
from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookSecret
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def key() -> ApiKey:
    customers = [a_customer()]
    return issue_key(name="x", customers=customers, scopes=["ocr:read"], expires_at=None, by="test", now=NOW)[0]


def an_answer(key: ApiKey, name: str = "1", **values: object) -> StoredAnswer:
    given: dict[str, object] = {"route": "POST /v2/x", "fingerprint": "0" * 64, **values}
    return StoredAnswer.objects.create(api_key=key, idempotency_key=name, **given)


def test_an_answer_is_kept_up_to_the_limit_to_the_byte() -> None:
    assert body_to_keep(content=b"x" * MOST_KEPT_BYTES, secret=None).body == b"x" * MOST_KEPT_BYTES
    assert body_to_keep(content=b"x" * (MOST_KEPT_BYTES + 1), secret=None).body is None
    assert body_to_keep(content=b"x", secret=None).webhook_secret is None


def test_a_secret_is_taken_out_and_put_back_where_it_stood(key: ApiKey) -> None:
    customer = key.customers.get()
    _, secret = add_endpoint(customer=customer, fields={"url": "https://hooks.example.com/"}, by="test", now=NOW)
    shown = {"url": "https://hooks.example.com/", "secret": secret, "description": "Müller"}

    kept = body_to_keep(content=json.dumps(shown).encode(), secret=secret)

    assert kept.webhook_secret == WebhookSecret.objects.get()
    assert kept.body is not None
    assert secret.encode() not in kept.body
    again = body_again(an_answer(key, body=kept.body, webhook_secret=kept.webhook_secret))
    assert again.decode() == json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def test_what_cannot_be_said_again_says_what_to_do(key: ApiKey) -> None:
    customer = key.customers.get()
    add_endpoint(customer=customer, fields={"url": "https://hooks.example.com/"}, by="test", now=NOW)
    WebhookSecret.objects.update(fingerprint="0" * 64)  # as after another SECRET_KEY
    row = an_answer(key, body=b'{"secret": null}', webhook_secret=WebhookSecret.objects.get())

    with pytest.raises(
        AnswerNotKept, match=r"^The request was carried out; its secret cannot be shown any more, rotate"
    ):
        body_again(row)
    with pytest.raises(
        AnswerNotKept, match=r"^The request was carried out; its answer is not kept, for it was too large or"
    ):
        body_again(an_answer(key, "2", body=None))
    assert body_again(an_answer(key, "3", body=b"{}")) == b"{}"


def test_all_that_is_too_old_goes_in_batches_and_is_counted(key: ApiKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_answers, "_BATCH", 2)
    limit = NOW - settings.IDEMPOTENCY_KEPT
    for number in range(5):
        an_answer(key, str(number), created_at=limit - timedelta(seconds=1))
    an_answer(key, "kept", created_at=limit)

    assert purge_stored_answers(now=NOW) == 5
    assert purge_stored_answers(now=NOW) == 0
    assert [row.idempotency_key for row in StoredAnswer.objects.all()] == ["kept"]
