"""Signatures and secrets of webhooks, as the Standard Webhooks specification 1.0.0 has them.

A secret is derived from the service's `SECRET_KEY` and a seed. Only the seed and a fingerprint are stored, so that a
copy of the database alone signs nothing, and a changed `SECRET_KEY` is noticed instead of signing with another secret.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook

PREFIX = "whsec_"
_SALT = "customers.webhooks.signing"


class SecretUnavailable(Exception):
    """The stored seed no longer gives the secret that was handed out."""


def new_seed() -> str:
    """43 characters of base64url that nobody has yet, 256 random bits."""
    return secrets.token_urlsafe(32)


def secret_of(seed: str) -> str:
    """`whsec_` and the base64 of 32 bytes; the specification asks for 24 to 64."""
    return PREFIX + base64.b64encode(salted_hmac(_SALT, seed, algorithm="sha256").digest()).decode()


def fingerprint_of(secret: str) -> str:
    """SHA-256 of the secret, 64 hexadecimal digits; with 256 random bits in it, it gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def stored_secret(*, seed: str, fingerprint: str) -> str:
    """The secret that was handed out for this seed. Raises `SecretUnavailable` when SECRET_KEY has changed since."""
    secret = secret_of(seed)
    if not hmac.compare_digest(fingerprint_of(secret), fingerprint):
        raise SecretUnavailable(
            "The SECRET_KEY of this service has changed since the secret was made; "
            "put the former key back, or rotate the endpoint's secret."
        )
    return secret


def signed_headers(*, message_id: str, at: datetime, body: str, secrets_in_use: Iterable[str]) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` and `webhook-signature` of one attempt; every secret gives one signature."""
    signatures = [Webhook(secret).sign(message_id, at, body) for secret in secrets_in_use]
    if not signatures:
        raise ValueError("Sign with one secret at least; an unsigned message must never go out.")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
