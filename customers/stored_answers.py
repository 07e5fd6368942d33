"""What is kept of an answer for a repeated request, and forgetting it when nobody may ask for it any more."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from customers.models import StoredAnswer, WebhookSecret
from customers.sentences import Sentence
from customers.webhooks.signing import SecretUnavailable, fingerprint_of, stored_secret

MOST_KEPT_BYTES = 1024 * 1024
_BATCH = 1000


class AnswerNotKept(Exception):
    """The request was carried out, but what was answered cannot be said again."""


@dataclass(frozen=True, slots=True)
class KeptBody:
    """The columns of `StoredAnswer` that hold what was answered."""

    body: bytes | None
    webhook_secret: WebhookSecret | None = None


def body_to_keep(*, content: bytes, secret: str | None) -> KeptBody:
    """What may be stored of an answer: not what is too large, and of a secret that it shows only whose it is."""
    webhook_secret = None
    if secret is not None:
        webhook_secret = WebhookSecret.objects.get(fingerprint=fingerprint_of(secret))
        content = _rendered({**json.loads(content), "secret": None})
    return KeptBody(body=content if len(content) <= MOST_KEPT_BYTES else None, webhook_secret=webhook_secret)


def body_again(stored: StoredAnswer) -> bytes:
    """The body of the first answer. Raises `AnswerNotKept`."""
    if stored.body is None:
        raise AnswerNotKept(
            Sentence(
                "The request was carried out; its answer is not kept, for it was too large or the key has lost rights "
                "since: fetch what it made."
            )
        )
    body = bytes(stored.body)
    if stored.webhook_secret is None:
        return body
    try:
        secret = stored_secret(seed=stored.webhook_secret.seed, fingerprint=stored.webhook_secret.fingerprint)
    except SecretUnavailable as unavailable:
        message = Sentence(
            "The request was carried out; its secret cannot be shown any more, rotate it to get a new one."
        )
        raise AnswerNotKept(message) from unavailable
    return _rendered({**json.loads(body), "secret": secret})


def _rendered(body: dict[str, object]) -> bytes:
    """As the API renders JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def purge_stored_answers(*, now: datetime) -> int:
    """Deletes the answers older than the time for which idempotency keys are kept; their number.

    In batches: one statement over millions of rows would hold its locks, and SQLite's only writer, for minutes.
    """
    old = StoredAnswer.objects.filter(created_at__lt=now - settings.IDEMPOTENCY_KEPT).order_by("pk")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:_BATCH]):
        deleted += StoredAnswer.objects.filter(pk__in=ids).delete()[0]
    return deleted
