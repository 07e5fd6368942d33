"""Webhook endpoints: added with a secret that is shown once, changed, rotated, switched off and on, deleted."""

import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from customers.audit.recording import record
from customers.models import Customer
from customers.sentences import Sentence
from customers.translations import translated
from customers.webhooks.addresses import AddressRefused, check_literal, target_of
from customers.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from customers.webhooks.signing import fingerprint_of, new_seed, secret_of

log = logging.getLogger(__name__)

MOST_ENDPOINTS = 20
MOST_SECRETS = 3
SWITCHED_OFF = "The endpoint was switched off: {reason}."


class TooManyEndpoints(Exception):
    """The customer has as many endpoints as one may have."""


class TooManySecrets(Exception):
    """So many secrets sign already that another rotation with an overlap would make the header endless."""


def check_url(url: str) -> None:
    """Raises ValidationError for a URL that no webhook may go to; what its name resolves to is checked when sending."""
    try:
        target = target_of(url, allow_http=settings.WEBHOOK_ALLOW_HTTP)
        check_literal(target, allowed=settings.WEBHOOK_ALLOWED_NETWORKS)
    except AddressRefused as refused:
        raise ValidationError(translated(str(refused)), code="url_refused") from refused


def check_room(customer: Customer) -> None:
    """Raises `TooManyEndpoints` when the customer has as many as one may have."""
    if WebhookEndpoint.objects.of([customer.pk]).filter(active=True).count() >= MOST_ENDPOINTS:
        raise TooManyEndpoints(
            Sentence(
                "A customer has at most {most} webhook endpoints; delete one first.",
                most=MOST_ENDPOINTS,
            )
        )


def add_endpoint(*, customer: Customer, fields: dict[str, Any], by: str, now: datetime) -> tuple[WebhookEndpoint, str]:
    """The new endpoint and its secret, which is shown once. Raises ValidationError for its URL, `TooManyEndpoints`."""
    check_url(fields["url"])
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        check_room(customer)
        endpoint = WebhookEndpoint.objects.create(customer=customer, **fields, created_by=by, modified_by=by)
        _record("added", endpoint, by=by, detail={"event_types": endpoint.event_types})
        return endpoint, _new_secret(endpoint, by=by, now=now)


def change_endpoint(*, endpoint: WebhookEndpoint, changes: dict[str, Any], by: str, now: datetime) -> WebhookEndpoint:
    """The endpoint with these fields changed; `status` switches it off and on. Raises ValidationError for its URL,
    `WebhookEndpoint.DoesNotExist` when it was deleted meanwhile."""
    changes = dict(changes)
    status = changes.pop("status", None)
    if "url" in changes:
        check_url(changes["url"])
    with transaction.atomic():
        stored = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk, active=True)
        for name, value in changes.items():
            setattr(stored, name, value)
        stored.modified_by = by
        stored.save(update_fields=[*changes, "modified_by", "modified_at"])
        if status == "disabled":
            disable_endpoint(endpoint=stored, reason=WebhookEndpoint.DisabledReason.ASKED, by=by, now=now)
        elif status == "enabled":
            _enable(stored, by=by)
        _record("changed", stored, by=by, detail={"fields": sorted(changes), "status": status})
    return stored


def rotate_secret(*, endpoint: WebhookEndpoint, overlap: timedelta, by: str, now: datetime) -> str:
    """A new secret, shown once; those before it go on signing beside it for `overlap`, at most as long as they would
    have. Raises `TooManySecrets`."""
    with transaction.atomic():
        WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        former = endpoint.secrets.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now + overlap))
        former.update(expires_at=now + overlap)
        if endpoint.secrets.filter(expires_at__gt=now).count() + 1 > MOST_SECRETS:
            raise TooManySecrets(
                Sentence(
                    "{most} secrets sign already; wait until one expires, or rotate with an overlap of 0.",
                    most=MOST_SECRETS,
                )
            )
        _record("secret_rotated", endpoint, by=by, detail={"overlap_seconds": int(overlap.total_seconds())})
        return _new_secret(endpoint, by=by, now=now)


def disable_endpoint(*, endpoint: WebhookEndpoint, reason: str, by: str, now: datetime) -> None:
    """Nothing is sent to it from now on; what waits is given up, to be sent again when somebody asks for it. An
    endpoint that is off already keeps its first reason."""
    with transaction.atomic():
        switched = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=True).update(
            disabled_at=now, disabled_reason=reason, modified_by=by, modified_at=now
        )
        if not switched:
            return
        endpoint.refresh_from_db(fields=["disabled_at", "disabled_reason", "modified_by", "modified_at"])
        why = endpoint.get_disabled_reason_display()
        _give_up(endpoint, failure=SWITCHED_OFF.format(reason=why), now=now)
    log.warning("webhook endpoint %s is switched off: %s", endpoint.pk, why)


def delete_endpoint(*, endpoint: WebhookEndpoint, by: str, now: datetime) -> None:
    """It is gone for everybody; its row stays for the log of what was sent."""
    with transaction.atomic():
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(active=False, modified_by=by, modified_at=now)
        _give_up(endpoint, failure="The endpoint was deleted.", now=now)
        _record("deleted", endpoint, by=by, detail={})


def _record(what: str, endpoint: WebhookEndpoint, *, by: str, detail: dict[str, Any]) -> None:
    """By its host: the rest of a URL may hold what only the receiver should know."""
    record(
        action=f"webhook_endpoint.{what}",
        by=by,
        subject=endpoint,
        customer_id=endpoint.customer_id,
        named=urlsplit(endpoint.url).hostname or "",
        detail=detail,
    )


def _enable(endpoint: WebhookEndpoint, *, by: str) -> None:
    endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since = None, "", None
    endpoint.modified_by = by
    endpoint.save(update_fields=["disabled_at", "disabled_reason", "failing_since", "modified_by", "modified_at"])


def _give_up(endpoint: WebhookEndpoint, *, failure: str, now: datetime) -> None:
    WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.PENDING).update(
        state=WebhookDelivery.State.FAILED,
        failure=failure,
        ended_at=now,
        next_attempt_at=None,
        claim_token=None,
        lease_expires_at=None,
    )


def _new_secret(endpoint: WebhookEndpoint, *, by: str, now: datetime) -> str:
    seed = new_seed()
    secret = secret_of(seed)
    WebhookSecret.objects.create(
        endpoint=endpoint, seed=seed, fingerprint=fingerprint_of(secret), created_at=now, created_by=by
    )
    return secret
