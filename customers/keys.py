"""API keys: issued once, found again by their hash, rotated, revoked.

A key reads `pdk_` and 43 characters of base64url, 256 random bits (RFC 6750 sends it as a bearer token). The first
eight characters behind `pdk_` are its prefix: people tell keys apart by it, and the look-up goes by it.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from customers.audit.recording import record
from customers.models import ApiKey, Customer
from customers.scopes import check_scopes
from customers.sentences import Sentence

Rejection = Literal["malformed", "unknown", "expired", "revoked"]

_MARK = "pdk_"
_PLAIN = re.compile(r"pdk_[A-Za-z0-9_-]{43}")
_USE_NOTED_EVERY = timedelta(minutes=1)
# How long a key that was rotated goes on working, where nobody says otherwise.
ROTATION_OVERLAP = timedelta(days=1)


class KeyNotIssued(ValueError):
    """No key was made; the message says what to change."""


class KeyRejected(Exception):
    """The key opens nothing: `reason` is a sentence for the client, `code` the machine-readable kind."""

    def __init__(self, reason: str, *, code: Rejection = "malformed") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code: Rejection = code


def issue_key(
    *,
    name: str,
    customers: Collection[Customer],
    scopes: Collection[str],
    expires_at: datetime | None,
    by: str,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A new key and its plain text, which is shown once and kept nowhere. `expires_at` None: it never expires.

    Raises KeyNotIssued when it could do nothing: no customer, no or an unknown scope, already expired.
    """
    scopes = list(dict.fromkeys(scopes))
    if not customers:
        raise KeyNotIssued("Name at least one customer that the key may act for.")
    if expires_at is not None and expires_at <= now:
        raise KeyNotIssued("The key would already have expired; choose a later time or none.")
    try:
        check_scopes(scopes)
    except ValidationError as error:
        raise KeyNotIssued(" ".join(error.messages)) from error
    plain = new_plain_key()
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name,
            prefix=prefix_of(plain),
            hashed_key=hash_of(plain),
            scopes=scopes,
            expires_at=expires_at,
            created_by=by,
            modified_by=by,
        )
        key.customers.set(customers)
        record(
            action="api_key.issued",
            by=by,
            subject=key,
            detail={
                "customers": [customer.pk for customer in customers],
                "scopes": scopes,
                "expires_at": expires_at.isoformat() if expires_at else None,
            },
        )
    return key, plain


def find_key(*, plain: str, now: datetime) -> ApiKey:
    """The usable key with this plain text; its use is noted at most once a minute. Raises KeyRejected."""
    if not _PLAIN.fullmatch(plain):
        raise KeyRejected(Sentence("This is no API key: one reads pdk_ and 43 characters."), code="malformed")
    key = ApiKey.objects.filter(prefix=prefix_of(plain)).first()
    # Compared also when no key has this prefix: the time of the answer must not tell which prefixes exist.
    is_same = hmac.compare_digest(key.hashed_key if key else "", hash_of(plain))
    if key is None or not is_same:
        raise KeyRejected(Sentence("This API key does not exist; check that it was copied whole."), code="unknown")
    if key.revoked_at is not None or not key.active:
        raise KeyRejected(Sentence("This API key was revoked; ask for a new one."), code="revoked")
    if not key.is_usable(now):
        raise KeyRejected(Sentence("This API key has expired; ask for a new one."), code="expired")
    _note_use(key=key, now=now)
    return key


def revoke_key(*, key: ApiKey, by: str, now: datetime) -> None:
    """The key opens nothing from now on; a key revoked before keeps its first time."""
    with transaction.atomic():
        unrevoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
        if unrevoked.update(revoked_at=now, modified_at=now, modified_by=by):
            record(action="api_key.revoked", by=by, subject=key)
    key.refresh_from_db()


def rotate_key(*, key: ApiKey, overlap: timedelta, by: str, now: datetime) -> tuple[ApiKey, str]:
    """A new key that may do the same, and its plain text; the old one works for `overlap` longer, or until it expires.

    The new one is given as long a life as the old one had. Raises KeyNotIssued when the old one opens nothing any more:
    what was revoked must not come back by being rotated.
    """
    with transaction.atomic():
        # Locked, so that of two people who rotate it at once the second one rotates what the first one left.
        old = ApiKey.objects.select_for_update().get(pk=key.pk)
        if not old.is_usable(now):
            raise KeyNotIssued("This key was revoked or has expired; issue a new one instead of rotating it.")
        issued, plain = issue_key(
            name=old.name,
            customers=list(old.customers.all()),
            scopes=old.scopes,
            expires_at=None if old.expires_at is None else now + (old.expires_at - old.created_at),
            by=by,
            now=now,
        )
        ApiKey.objects.filter(pk=issued.pk).update(metadata=old.metadata)
        ends_at = now + overlap if old.expires_at is None else min(old.expires_at, now + overlap)
        ApiKey.objects.filter(pk=old.pk).update(expires_at=ends_at, modified_at=now, modified_by=by)
        record(
            action="api_key.rotated",
            by=by,
            subject=old,
            detail={"successor": issued.prefix, "expires_at": ends_at.isoformat()},
        )
    key.refresh_from_db()
    issued.refresh_from_db()
    return issued, plain


def new_plain_key() -> str:
    """A plain key that nobody has yet."""
    return _MARK + secrets.token_urlsafe(32)


def prefix_of(plain: str) -> str:
    """The eight characters of a plain key that may be shown."""
    return plain[len(_MARK) :][:8]


def hash_of(plain: str) -> str:
    """SHA-256 of the plain key, 64 hexadecimal digits."""
    return hashlib.sha256(plain.encode()).hexdigest()


def _note_use(*, key: ApiKey, now: datetime) -> None:
    if key.last_used_at is not None and now - key.last_used_at < _USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    if ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now):
        key.last_used_at = now
