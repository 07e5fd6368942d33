"""A key is exchanged without a moment in which no key works."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from customers.audit.models import AuditEntry
from customers.keys import KeyNotIssued, find_key, revoke_key, rotate_key
from customers.models import ApiKey
from tests.integration.test_api_key import NOW, a_key, rejection

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_both_keys_work_until_the_overlap_is_over() -> None:
    old, plain_of_old = a_key(name="erp", scopes=["ocr:read"])
    ApiKey.objects.filter(pk=old.pk).update(metadata={"owner": "anna"})
    new, plain = rotate_key(key=old, overlap=HOUR, by="anna", now=NOW)

    for now in (NOW, NOW + HOUR - timedelta(seconds=1)):
        assert find_key(plain=plain_of_old, now=now) == old
        assert find_key(plain=plain, now=now) == new
    assert rejection(plain_of_old, NOW + HOUR) == "expired"
    assert find_key(plain=plain, now=NOW + timedelta(days=1000)) == new
    assert (new.name, new.scopes, new.customer_ids()) == ("erp", ["ocr:read"], old.customer_ids())
    assert (new.metadata, new.created_by, old.modified_by) == ({"owner": "anna"}, "anna", "anna")


def test_the_new_key_lives_as_long_as_the_old_one_was_to_and_the_old_one_no_longer_than_it_was() -> None:
    old, plain_of_old = a_key(expires_at=timezone.now() + timedelta(days=30))
    now = timezone.now() + timedelta(days=29, hours=23)
    new, _ = rotate_key(key=old, overlap=timedelta(days=7), by="anna", now=now)

    assert new.expires_at is not None
    assert timedelta(days=29, hours=23) < new.expires_at - now < timedelta(days=31)
    assert rejection(plain_of_old, now + timedelta(hours=2)) == "expired"


def test_a_revoked_key_is_not_brought_back() -> None:
    old, _ = a_key()
    revoke_key(key=old, by="anna", now=NOW)

    with pytest.raises(KeyNotIssued, match="issue a new one"):
        rotate_key(key=old, overlap=HOUR, by="ben", now=NOW)
    assert ApiKey.objects.count() == 1


def test_the_trail_tells_which_key_follows_which_and_neither_of_them() -> None:
    old, plain_of_old = a_key()
    new, plain = rotate_key(key=old, overlap=HOUR, by="anna", now=NOW)

    entry = AuditEntry.objects.get(action="api_key.rotated")
    assert (entry.actor, entry.subject_id, entry.detail["successor"]) == ("anna", str(old.pk), new.prefix)
    told = str(list(AuditEntry.objects.values()))
    assert plain not in told
    assert plain_of_old not in told


def test_the_command_prints_the_new_key_and_until_when_the_old_one_works() -> None:
    old, plain_of_old = a_key()
    out, said = StringIO(), StringIO()
    call_command("rotate_api_key", f"pdk_{old.prefix}", "--overlap-hours", "2", stdout=out, stderr=said)

    assert find_key(plain=out.getvalue().strip(), now=timezone.now()).name == old.name
    assert rejection(plain_of_old, timezone.now() + 2 * HOUR) == "expired"
    assert find_key(plain=plain_of_old, now=timezone.now() + HOUR) == old
    assert "works until" in said.getvalue()
    for arguments, sentence in (
        (["pdk_nobody12"], "no API key"),
        ([f"pdk_{old.prefix}", "--overlap-hours", "-1"], "negative"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("rotate_api_key", *arguments)


def test_the_back_office_rotates_and_shows_the_new_key_once_and_when_each_was_used(admin_client: Client) -> None:
    old, plain_of_old = a_key()
    find_key(plain=plain_of_old, now=NOW)
    assert date_format(NOW, "DATETIME_FORMAT") in admin_client.get("/admin/customers/apikey/").content.decode()
    chosen = {"action": "rotate", "_selected_action": [str(old.pk)]}
    page = admin_client.post("/admin/customers/apikey/", chosen, follow=True).content.decode()
    plain = page.partition("it is not shown again: ")[2][:47]

    assert find_key(plain=plain, now=timezone.now()).name == old.name
    assert find_key(plain=plain_of_old, now=timezone.now()) == old
    again = admin_client.get("/admin/customers/apikey/").content.decode()
    assert plain not in again
    revoke_key(key=old, by="anna", now=timezone.now())
    assert "was revoked" in admin_client.post("/admin/customers/apikey/", chosen, follow=True).content.decode()
