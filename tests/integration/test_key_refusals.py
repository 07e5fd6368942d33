"""What a key that opens nothing is told, and that what is done to one key leaves every other as it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.audit.models import AuditEntry
from customers.keys import KeyNotIssued, KeyRejected, find_key, new_plain_key, revoke_key, rotate_key
from customers.models import ApiKey
from tests.integration.test_api_key import NOW, a_key

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def refusal(plain: str, *, later: timedelta = timedelta(0)) -> KeyRejected:
    with pytest.raises(KeyRejected) as caught:
        find_key(plain=plain, now=NOW + later)
    return caught.value


def test_each_refusal_says_what_to_do_and_of_which_kind_it_is() -> None:
    expiring, revoked = a_key(expires_at=NOW + HOUR)[1], a_key()
    revoke_key(key=revoked[0], by="anna", now=NOW)

    told = {
        "malformed": refusal("nonsense"),
        "unknown": refusal(new_plain_key()),
        "revoked": refusal(revoked[1]),
        "expired": refusal(expiring, later=HOUR),
    }

    assert {code: (each.code, str(each), each.reason) for code, each in told.items()} == {
        code: (code, sentence, sentence)
        for code, sentence in {
            "malformed": "This is no API key: one reads pdk_ and 43 characters.",
            "unknown": "This API key does not exist; check that it was copied whole.",
            "revoked": "This API key was revoked; ask for a new one.",
            "expired": "This API key has expired; ask for a new one.",
        }.items()
    }
    assert KeyRejected("Broken.").code == "malformed"


def test_a_revocation_leaves_every_other_key_usable() -> None:
    revoked, (other, plain) = a_key()[0], a_key()

    revoke_key(key=revoked, by="anna", now=NOW)

    assert find_key(plain=plain, now=NOW) == other


def test_the_use_of_a_key_is_noted_of_that_key_alone_and_told_at_once() -> None:
    (_, plain), (other, _) = a_key(), a_key()

    found = find_key(plain=plain, now=NOW)

    other.refresh_from_db()
    assert (found.last_used_at, other.last_used_at) == (NOW, None)


def test_a_rotation_ends_that_key_after_the_overlap_and_no_other() -> None:
    now = timezone.now() + HOUR
    old, other = a_key(expires_at=now + timedelta(days=30))[0], a_key()[0]

    new, _ = rotate_key(key=old, overlap=HOUR, by="anna", now=now)

    other.refresh_from_db()
    entry = AuditEntry.objects.get(action="api_key.rotated")
    assert (old.expires_at, old.modified_at, old.modified_by) == (now + HOUR, now, "anna")
    assert (other.expires_at, other.modified_by) == (None, "test")
    assert entry.detail == {"successor": new.prefix, "expires_at": (now + HOUR).isoformat()}
    assert ApiKey.objects.count() == 3


def test_a_key_that_opens_nothing_is_not_rotated_with_what_to_do_instead() -> None:
    old, _ = a_key(expires_at=NOW + HOUR)

    with pytest.raises(
        KeyNotIssued, match=r"^This key was revoked or has expired; issue a new one instead of rotating it\.$"
    ):
        rotate_key(key=old, overlap=HOUR, by="anna", now=NOW + HOUR)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"customers": []}, "Name at least one customer that the key may act for."),
        ({"expires_at": NOW}, "The key would already have expired; choose a later time or none."),
    ],
)
def test_a_key_that_is_not_issued_is_told_with_what_to_change(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(KeyNotIssued) as caught:
        a_key(**changes)

    assert str(caught.value) == sentence
