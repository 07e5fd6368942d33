"""Sending what is due: claim by conditional update, one request, and the outcome written back with the claim's token.

At least once: a process that dies between the request and the write-back leaves a lease that runs out, and the message
goes out again under the same id.
"""

import logging
import random
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from customers.clock import shared_time
from customers.telemetry.counting import count
from customers.telemetry.metrics import WEBHOOK_ATTEMPTS
from customers.telemetry.spans import span
from customers.webhooks.endpoints import disable_endpoint
from customers.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from customers.webhooks.schedule import LONGEST_WISH, next_attempt_at
from customers.webhooks.sending import Outcome, Rules, post
from customers.webhooks.signing import SecretUnavailable, signed_headers, stored_secret

log = logging.getLogger(__name__)

MOST_IN_A_ROW = 50
# What a request may take at the very worst: name servers have time-outs of their own, connecting and TLS one each.
LEASE_MARGIN = timedelta(seconds=60)
USED_UP = "Every attempt of the schedule failed."
CLAIM_LOST = "delivery %s: the claim was lost; its outcome is dropped"

Send = Callable[..., Outcome]


@dataclass(frozen=True, slots=True)
class Claim:
    delivery_id: UUID
    token: UUID
    attempt: int


def deliver_due(*, endpoint_id: UUID, send: Send = post) -> bool:
    """Sends what is due at the endpoint, oldest first, until something fails. Whether more is due that nobody sends.

    Any number of calls at once for one endpoint does no harm: one of them sends.
    """
    for _ in range(MOST_IN_A_ROW):
        claim = claim_next(endpoint_id=endpoint_id, now=shared_time())
        if claim is None:
            return False
        if not attempt(claim=claim, send=send):
            return False  # the others of this receiver would most likely meet the same; the sweeper comes back to them
    return due(now=shared_time()).filter(endpoint=endpoint_id).exists()


def due(*, now: datetime) -> QuerySet[WebhookDelivery]:
    """The deliveries whose time has come and that nobody is sending."""
    return WebhookDelivery.objects.filter(
        Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lt=now),
        state=WebhookDelivery.State.PENDING,
        next_attempt_at__lte=now,
        endpoint__active=True,
    )


def claim_next(*, endpoint_id: UUID, now: datetime) -> Claim | None:
    """A claim on the endpoint's oldest due delivery, committed before anything is sent; None when there is nothing to
    do for us. While another delivery of the endpoint is being sent this one waits: a slow receiver holds one worker."""
    in_hand = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"), state=WebhookDelivery.State.PENDING, lease_expires_at__gte=now
    )
    oldest = due(now=now).filter(~Exists(in_hand), endpoint=endpoint_id).order_by("created_at", "pk")
    delivery_id = oldest.values_list("pk", flat=True).first()
    return None if delivery_id is None else claim_delivery(delivery_id=delivery_id, now=now)


def claim_delivery(*, delivery_id: UUID, now: datetime) -> Claim | None:
    """The claim on this delivery; None when it is not due or somebody else has it."""
    token = uuid.uuid4()
    seconds = 2 * settings.WEBHOOK_TIMEOUT_SECONDS
    claimed = WebhookDelivery.objects.filter(
        Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lt=now),
        pk=delivery_id,
        state=WebhookDelivery.State.PENDING,
        next_attempt_at__lte=now,
    ).update(
        claim_token=token,
        lease_expires_at=now + timedelta(seconds=seconds) + LEASE_MARGIN,
        attempts=F("attempts") + 1,
    )
    if not claimed:
        return None
    attempts = WebhookDelivery.objects.values_list("attempts", flat=True).get(pk=delivery_id)
    return Claim(delivery_id=delivery_id, token=token, attempt=attempts)


def attempt(*, claim: Claim, send: Send = post) -> bool:
    """One request for the claimed delivery; True when the receiver took the message."""
    delivery = WebhookDelivery.objects.select_related("message", "endpoint").get(pk=claim.delivery_id)
    started_at = shared_time()
    try:
        headers = signed_headers(
            message_id=delivery.message.message_id,
            at=started_at,
            body=delivery.message.body,
            secrets_in_use=secrets_of(delivery.endpoint.secrets.all(), now=started_at),
        )
    except SecretUnavailable as error:
        log.warning(
            "webhook endpoint %s: SECRET_KEY has changed since its secret was made; put the former key back, or rotate "
            "the secret",
            delivery.endpoint_id,
        )
        outcome = Outcome(error=str(error))
    else:
        outcome = _sent(delivery, headers=headers, send=send)
    record_outcome(claim=claim, outcome=outcome, started_at=started_at, now=shared_time())
    count(WEBHOOK_ATTEMPTS, outcome="delivered" if outcome.is_success else "failed")
    return outcome.is_success


def _sent(delivery: WebhookDelivery, *, headers: dict[str, str], send: Send) -> Outcome:
    try:
        with span("send webhook", kind="client", attributes={"paydraft.event": delivery.message.type}) as kept:
            outcome = send(url=delivery.endpoint.url, body=delivery.message.body, headers=headers, rules=rules())
            kept.note({"http.response.status_code": outcome.status or 0, "paydraft.delivered": outcome.is_success})
            return outcome
    except Exception as error:
        # Whatever it was, it counts as an attempt: a claim that is left to its lease would be taken up for ever.
        log.exception("webhook delivery %s met with an error of ours", delivery.pk)
        return Outcome(error=f"An error of this service: {type(error).__name__}; its log has more.")


def secrets_of(rows: Iterable[WebhookSecret], *, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first. Raises `SecretUnavailable`."""
    return [stored_secret(seed=row.seed, fingerprint=row.fingerprint) for row in rows if row.signs_at(now)]


def rules() -> Rules:
    """What the settings allow."""
    return Rules(
        allow_http=settings.WEBHOOK_ALLOW_HTTP,
        allowed_networks=settings.WEBHOOK_ALLOWED_NETWORKS,
        seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
    )


def record_outcome(*, claim: Claim, outcome: Outcome, started_at: datetime, now: datetime) -> None:
    """Logs the attempt and settles what comes next. A claim that was lost meanwhile changes nothing but the log."""
    with transaction.atomic():
        # The endpoint before its deliveries, as everybody locks them.
        endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(deliveries=claim.delivery_id)
        WebhookAttempt.objects.create(
            delivery_id=claim.delivery_id,
            started_at=started_at,
            milliseconds=max(0, int((now - started_at).total_seconds() * 1000)),
            address=outcome.address,
            status=outcome.status,
            answer=outcome.answer,
            error=outcome.error[:400],
        )
        delivery = WebhookDelivery.objects.select_for_update().get(pk=claim.delivery_id)
        if delivery.claim_token != claim.token:
            log.warning(CLAIM_LOST, claim.delivery_id)
            return
        delivery.claim_token = delivery.lease_expires_at = None
        if outcome.is_success:
            _note_success(endpoint, now=now)
            _end(delivery, state=WebhookDelivery.State.DELIVERED, now=now)
        else:
            _note_failure(endpoint, now=now)
            _settle_failure(delivery, endpoint=endpoint, outcome=outcome, attempt=claim.attempt, now=now)


def _settle_failure(
    delivery: WebhookDelivery, *, endpoint: WebhookEndpoint, outcome: Outcome, attempt: int, now: datetime
) -> None:
    if outcome.is_gone:
        _end(delivery, state=WebhookDelivery.State.FAILED, failure="The receiver answered 410 Gone.", now=now)
        disable_endpoint(endpoint=endpoint, reason=WebhookEndpoint.DisabledReason.GONE, by="webhooks", now=now)
        return
    again_at = next_attempt_at(
        attempts=attempt,
        now=now,
        chance=random.random(),  # noqa: S311 — spreads retries, guards nothing
        wish=outcome.retry_after,
    )
    if outcome.retry_after is not None:
        _let_rest(endpoint, until=now + min(outcome.retry_after, LONGEST_WISH))
    if again_at is not None:
        delivery.next_attempt_at, delivery.announced_at = again_at, None
        delivery.save(update_fields=["next_attempt_at", "announced_at", "claim_token", "lease_expires_at"])
        return
    _end(delivery, state=WebhookDelivery.State.FAILED, failure=USED_UP, now=now)
    if endpoint.failing_since is not None and endpoint.failing_since <= now - settings.WEBHOOK_DISABLE_AFTER:
        disable_endpoint(endpoint=endpoint, reason=WebhookEndpoint.DisabledReason.FAILING, by="webhooks", now=now)


def _let_rest(endpoint: WebhookEndpoint, *, until: datetime) -> None:
    """What else waits for a receiver that asked for time (429, 503) waits as long."""
    WebhookDelivery.objects.filter(
        endpoint=endpoint, state=WebhookDelivery.State.PENDING, lease_expires_at__isnull=True, next_attempt_at__lt=until
    ).update(next_attempt_at=until, announced_at=None)


def _end(delivery: WebhookDelivery, *, state: str, now: datetime, failure: str = "") -> None:
    delivery.state, delivery.failure, delivery.ended_at = state, failure, now
    delivery.next_attempt_at = None
    delivery.save(update_fields=["state", "failure", "ended_at", "next_attempt_at", "claim_token", "lease_expires_at"])


def _note_success(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    endpoint.failing_since, endpoint.last_success_at = None, now
    endpoint.save(update_fields=["failing_since", "last_success_at"])


def _note_failure(endpoint: WebhookEndpoint, *, now: datetime) -> None:
    if endpoint.failing_since is None:
        endpoint.failing_since = now
        endpoint.save(update_fields=["failing_since"])
