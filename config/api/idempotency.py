"""`X-Idempotency-Key` on every POST: the effect and the stored answer are one transaction, so neither is ever alone.

An answer is kept when something happened (2xx). A refusal, that for too many requests among them, changed nothing and
is simply worked out again.
"""

import hashlib
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import get_language

from config.api.callers import caller_of
from config.api.errors import BAD_FORM_DATA, TOO_LARGE, TOO_MANY, error_response
from config.api.throttling import seconds_to_wait_to_write
from customers.models import ApiKey, StoredAnswer
from customers.sentences import Sentence
from customers.stored_answers import AnswerNotKept, body_again, body_to_keep

MAX_KEY_LENGTH = 255
# A request that has not answered after this long was killed; its key may be used again.
LOCKED_FOR = timedelta(seconds=90)
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "Retry-After", "ETag", "Cache-Control")
DRAIN_LIMIT_BYTES = 128 * 1024 * 1024
DRAIN_CHUNK_BYTES = 1024 * 1024
_MOST_DIGITS = 18  # Python reads no number of thousands of digits


class IdempotencyMiddleware:
    """Also the first to look at a body, hence the one who refuses bodies that are too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/v2/"):
            return self.get_response(request)
        if _announced_length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            _drain(request)
            return error_response(status=413, code="document_too_large", message=TOO_LARGE)
        name = request.headers.get("X-Idempotency-Key", request.headers.get("Idempotency-Key"))
        if request.method != "POST" or name is None:
            return self.get_response(request)
        api_key = caller_of(request).key
        if api_key is None:
            return self.get_response(request)  # which answers 401 or 429
        if not (name.isascii() and name.isprintable()) or not 0 < len(name) <= MAX_KEY_LENGTH:
            return error_response(
                status=400,
                code="invalid_idempotency_key",
                message=Sentence(
                    "The idempotency key must be 1 to {most} printable ASCII characters, such as a UUID.",
                    most=MAX_KEY_LENGTH,
                ),
            )
        return self._answer_once(request, api_key=api_key, name=name)

    def _answer_once(self, request: HttpRequest, *, api_key: ApiKey, name: str) -> HttpResponse:
        try:
            fingerprint = _fingerprint(request)
        except RequestDataTooBig:
            return error_response(status=413, code="document_too_large", message=TOO_LARGE)
        except (MultiPartParserError, BadRequest):
            return error_response(status=400, code="malformed_body", message=BAD_FORM_DATA)
        now = timezone.now()
        stored, is_new = StoredAnswer.objects.get_or_create(
            api_key=api_key,
            route=f"POST {request.path}"[:255],
            idempotency_key=name,
            defaults={"fingerprint": fingerprint, "locked_until": now + LOCKED_FOR, "created_at": now},
        )
        if not is_new:
            refusal = _replay_or_refuse(stored, fingerprint=fingerprint, now=now)
            if refusal is not None:
                # No view counts this request, and asking again and again is no way around the limits.
                wait = seconds_to_wait_to_write(api_key)
                return refusal if wait is None else _too_many(wait)
        return self._answer_and_store(request, stored)

    def _answer_and_store(self, request: HttpRequest, stored: StoredAnswer) -> HttpResponse:
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if 200 <= response.status_code < 300 and not _keep(stored, response):
                    # It took so long that its key was given to the next request, which does the work now.
                    response = _still_running()
                if not 200 <= response.status_code < 300:
                    transaction.set_rollback(True)
        except BaseException:
            # Also when the process is told to stop in mid-request: nothing happened, so the key is free again.
            _held(stored).delete()
            raise
        if not 200 <= response.status_code < 300:
            _held(stored).delete()
        return response


def _replay_or_refuse(stored: StoredAnswer, *, fingerprint: str, now: datetime) -> HttpResponse | None:
    """The stored answer or the reason why there is none; None when this request may take over a dead one's key."""
    if stored.created_at < now - settings.IDEMPOTENCY_KEPT:
        taken = StoredAnswer.objects.filter(pk=stored.pk, created_at=stored.created_at).update(
            state=StoredAnswer.State.RUNNING, fingerprint=fingerprint, created_at=now, locked_until=now + LOCKED_FOR
        )
        stored.locked_until = now + LOCKED_FOR
        return None if taken else _still_running()
    if stored.fingerprint != fingerprint:
        return error_response(
            status=422,
            code="idempotency_key_reused",
            message=Sentence("This idempotency key was used with another body; use a new key for a new request."),
        )
    if stored.state == StoredAnswer.State.DONE:
        return _replay(stored)
    taken = StoredAnswer.objects.filter(
        Q(locked_until__lt=now) | Q(locked_until__isnull=True), pk=stored.pk, state=StoredAnswer.State.RUNNING
    ).update(locked_until=now + LOCKED_FOR)
    stored.locked_until = now + LOCKED_FOR
    return None if taken else _still_running()


def _replay(stored: StoredAnswer) -> HttpResponse:
    """The first answer; where it was not kept, 409 with the address of what the request made."""
    try:
        response = HttpResponse(body_again(stored), status=stored.status)
    except AnswerNotKept as gone:
        response = error_response(status=409, code="answer_not_kept", message=str(gone))
        if "Location" in stored.headers:
            response["Location"] = stored.headers["Location"]
        return response
    for header, value in stored.headers.items():
        response[header] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _too_many(wait: float) -> HttpResponse:
    response = error_response(status=429, code="rate_limited", message=TOO_MANY)
    response["Retry-After"] = str(ceil(wait))
    return response


def _still_running() -> HttpResponse:
    response = error_response(
        status=409,
        code="request_in_progress",
        message=Sentence(
            "The first request with this idempotency key is still running; ask again as Retry-After says."
        ),
    )
    response["Retry-After"] = "1"
    return response


def _held(stored: StoredAnswer) -> QuerySet[StoredAnswer]:
    """The row as long as this request holds its key, else no row."""
    return StoredAnswer.objects.filter(pk=stored.pk, state=StoredAnswer.State.RUNNING, locked_until=stored.locked_until)


def _keep(stored: StoredAnswer, response: HttpResponse) -> bool:
    """Stores the answer; False when the key is no longer this request's."""
    response.headers.setdefault("Content-Language", get_language())  # now, for it will be repeated in this one
    answered = body_to_keep(content=response.content, secret=getattr(response, "shown_secret", None))
    kept = _held(stored).update(
        state=StoredAnswer.State.DONE,
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=answered.body,
        webhook_secret=answered.webhook_secret,
        locked_until=None,
    )
    return kept == 1


def _fingerprint(request: HttpRequest) -> str:
    """SHA-256 of what was sent; for form data of its parts, since the boundary between them differs every time."""
    digest = hashlib.sha256()
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(repr((name, getattr(file, "name", ""))).encode())
        for chunk in file.chunks():  # type: ignore[union-attr]
            digest.update(chunk)
        file.seek(0)  # type: ignore[union-attr]
    return digest.hexdigest()


def _announced_length(request: HttpRequest) -> int:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if len(length) > _MOST_DIGITS:
        return sys.maxsize
    return int(length) if length.isdecimal() else 0


def _drain(request: HttpRequest) -> None:
    """Reads the body away, so that a client in mid-sending gets the answer instead of a broken connection."""
    left = min(_announced_length(request), DRAIN_LIMIT_BYTES)
    while left > 0:
        chunk = request.read(min(DRAIN_CHUNK_BYTES, left))
        if not chunk:
            return
        left -= len(chunk)
