"""Signatures that every library of the specification verifies; secrets that no copy of the database gives."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from standardwebhooks import Webhook, WebhookVerificationError

from customers.webhooks.signing import (
    SecretUnavailable,
    fingerprint_of,
    new_seed,
    secret_of,
    signed_headers,
    stored_secret,
)

# The vector that the specification's own libraries are tested with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, tz=UTC)
BODY = '{"test": 2432232314}'


def test_the_published_vector() -> None:
    assert signed_headers(message_id=MESSAGE_ID, at=AT, body=BODY, secrets_in_use=[SECRET]) == {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_fractions_of_a_second_and_letters_beyond_ascii_are_signed_as_they_are_sent() -> None:
    now = datetime.now(tz=UTC).replace(microsecond=999_999)
    body = '{"name":"Müller"}'
    headers = signed_headers(message_id="msg_1", at=now, body=body, secrets_in_use=[SECRET])

    assert Webhook(SECRET).verify(body.encode(), headers) == {"name": "Müller"}


def test_during_a_rotation_both_secrets_verify_and_no_third() -> None:
    old, new, strange = (secret_of(new_seed()) for _ in range(3))
    headers = signed_headers(message_id="msg_1", at=datetime.now(tz=UTC), body=BODY, secrets_in_use=[new, old])

    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, headers) == {"test": 2432232314}
    with pytest.raises(WebhookVerificationError):
        Webhook(strange).verify(BODY, headers)


@pytest.mark.parametrize("change", ["webhook-id", "webhook-timestamp"])
def test_what_is_changed_on_the_way_does_not_verify(change: str) -> None:
    now = datetime.now(tz=UTC)
    headers = signed_headers(message_id="msg_1", at=now, body=BODY, secrets_in_use=[SECRET])
    other = {"webhook-id": "msg_2", "webhook-timestamp": str(int((now + timedelta(seconds=1)).timestamp()))}

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY, headers | {change: other[change]})
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + " ", headers)


def test_nothing_goes_out_unsigned() -> None:
    with pytest.raises(ValueError, match="unsigned"):
        signed_headers(message_id="msg_1", at=AT, body=BODY, secrets_in_use=[])


def test_a_secret_has_the_length_of_the_specification_and_is_nobody_elses() -> None:
    seeds = {new_seed() for _ in range(20)}
    secrets = {secret_of(seed) for seed in seeds}

    assert len(seeds) == len(secrets) == 20
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert {len(base64.b64decode(secret[6:], validate=True)) for secret in secrets} == {32}


def test_another_secret_key_is_noticed() -> None:
    seed = new_seed()
    secret = secret_of(seed)

    assert stored_secret(seed=seed, fingerprint=fingerprint_of(secret)) == secret
    with override_settings(SECRET_KEY="another"):
        assert secret_of(seed) != secret
        with pytest.raises(SecretUnavailable, match="rotate"):
            stored_secret(seed=seed, fingerprint=fingerprint_of(secret))
