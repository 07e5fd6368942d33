"""API keys: issuing, finding, revoking, and what the command and the admin do with them."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from customers import keys
from customers.audit.models import AuditEntry
from customers.keys import KeyNotIssued, KeyRejected, find_key, hash_of, issue_key, new_plain_key, revoke_key
from customers.models import ApiKey, Customer, StoredAnswer
from customers.scopes import SCOPES

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_customer(legal_name: str = "Aldermoor Trading GmbH") -> Customer:
    return Customer.objects.create(legal_name=legal_name)


def a_key(**changes: Any) -> tuple[ApiKey, str]:
    given: dict[str, Any] = {
        "name": "accounting",
        "customers": [a_customer()],
        "scopes": SCOPES,
        "expires_at": None,
        "by": "test",
        "now": NOW,
    }
    return issue_key(**(given | changes))


def rejection(plain: str, now: datetime = NOW) -> str:
    with pytest.raises(KeyRejected) as caught:
        find_key(plain=plain, now=now)
    return caught.value.code


def test_an_issued_key_is_found_again_by_its_plain_text() -> None:
    key, plain = a_key()

    assert find_key(plain=plain, now=NOW) == key
    assert plain.startswith(f"pdk_{key.prefix}")
    assert key.created_by == "test"


def test_the_plain_text_is_stored_nowhere() -> None:
    key, plain = a_key()

    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert stored["hashed_key"] == hash_of(plain)
    assert all(plain not in str(value) for value in stored.values())


def test_a_key_acts_for_its_active_customers_only() -> None:
    mine, closed, other = a_customer("Mine"), a_customer("Closed"), a_customer("Other")
    key, _ = a_key(customers=[mine, closed])
    Customer.objects.filter(pk=closed.pk).update(active=False)

    assert key.customer_ids() == {mine.id}
    assert other.id not in key.customer_ids()


@pytest.mark.parametrize(
    ("scopes", "asked", "expected"),
    [
        (["transfers:*"], "transfers:write", True),
        (["transfers:*"], "transfers:*", True),
        (["transfers:read"], "transfers:read", True),
        (["transfers:read"], "transfers:write", False),
        (["transfers:*"], "invoices:read", False),
        (["ocr:read"], "ocr:write", False),
        (["ocr:read"], "ocr:*", False),
        ([], "ocr:read", False),
    ],
)
def test_a_scope_is_granted_by_itself_or_its_family(scopes: list[str], asked: str, expected: bool) -> None:
    assert ApiKey(scopes=scopes).allows(asked) is expected


@pytest.mark.parametrize(
    "plain", ["", "pdk_", "nonsense", "pdk_" + "a" * 42, "pdk_" + "a" * 44, "PDK_" + "a" * 43, "pdk_" + "ä" * 43, "\0"]
)
def test_what_does_not_look_like_a_key_is_malformed(plain: str) -> None:
    assert rejection(plain) == "malformed"


def test_a_key_nobody_issued_is_unknown() -> None:
    assert rejection(new_plain_key()) == "unknown"


def test_a_key_with_a_known_prefix_and_another_secret_is_unknown() -> None:
    key, _ = a_key()
    assert rejection(f"pdk_{key.prefix}{'x' * 35}") == "unknown"


def test_a_key_opens_until_the_moment_it_expires() -> None:
    _, plain = a_key(expires_at=NOW + timedelta(days=1))

    assert find_key(plain=plain, now=NOW + timedelta(hours=23, minutes=59))
    assert rejection(plain, NOW + timedelta(days=1)) == "expired"


def test_a_revoked_key_opens_nothing_and_keeps_its_first_revocation() -> None:
    key, plain = a_key()
    revoke_key(key=key, by="anna", now=NOW)
    revoke_key(key=key, by="ben", now=NOW + timedelta(days=1))

    assert rejection(plain) == "revoked"
    assert (key.revoked_at, key.modified_by) == (NOW, "anna")


def test_a_deactivated_key_opens_nothing() -> None:
    key, plain = a_key()
    ApiKey.objects.filter(pk=key.pk).update(active=False)
    assert rejection(plain) == "revoked"


def test_use_is_noted_at_most_once_a_minute() -> None:
    key, plain = a_key()
    noted = []
    for seconds in (0, 30, 59, 60, 100):
        find_key(plain=plain, now=NOW + timedelta(seconds=seconds))
        key.refresh_from_db()
        noted.append(key.last_used_at)
    later = NOW + timedelta(seconds=60)
    assert noted == [NOW, NOW, NOW, later, later]


def test_a_use_that_another_process_noted_meanwhile_stays_as_it_noted_it() -> None:
    key, plain = a_key()
    stale = ApiKey.objects.get(pk=key.pk)
    find_key(plain=plain, now=NOW)

    keys._note_use(key=stale, now=NOW + timedelta(seconds=59))

    key.refresh_from_db()
    assert (key.last_used_at, stale.last_used_at) == (NOW, None)


def test_issuing_and_revoking_stand_in_the_trail() -> None:
    mine, other = a_customer("Mine"), a_customer("Other")
    key, _ = a_key(customers=[mine, other], scopes=["ocr:read", "ocr:read"], expires_at=NOW + timedelta(days=1))
    revoke_key(key=key, by="anna", now=NOW)
    revoke_key(key=key, by="anna", now=NOW)

    revoked, issued = AuditEntry.objects.filter(action__startswith="api_key.")
    assert (issued.action, issued.actor, issued.subject_id) == ("api_key.issued", "test", str(key.pk))
    assert issued.detail == {
        "customers": [str(mine.pk), str(other.pk)],
        "scopes": ["ocr:read"],
        "expires_at": "2026-03-03T09:00:00+00:00",
    }
    assert (revoked.action, revoked.actor, revoked.subject_id) == ("api_key.revoked", "anna", str(key.pk))
    assert (key.scopes, key.expires_at, key.modified_at) == (["ocr:read"], NOW + timedelta(days=1), NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"customers": []}, "at least one customer"),
        ({"scopes": []}, "at least one scope"),
        ({"scopes": ["ocr:read", "ocr:delete"]}, "ocr:delete"),
        ({"expires_at": NOW}, "already have expired"),
    ],
)
def test_a_key_that_could_do_nothing_is_not_issued(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(KeyNotIssued, match=sentence):
        a_key(**changes)
    assert not ApiKey.objects.exists()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_command_prints_a_key_that_opens() -> None:
    first, second = a_customer("First"), a_customer("Second")
    plain = run("--customer", "first", "--customer", str(second.id), "--name", "erp", "--expires-in-days", "30")

    key = find_key(plain=plain, now=timezone.now())
    assert key.customer_ids() == {first.id, second.id}
    assert key.scopes == list(SCOPES)
    assert key.expires_at is not None


def test_the_command_takes_scopes_apart_at_commas_and_spaces() -> None:
    a_customer("First")
    plain = run("--customer", "First", "--name", "erp", "--scopes", "ocr:read,ocr:write", "uploads:read")
    assert find_key(plain=plain, now=timezone.now()).scopes == ["ocr:read", "ocr:write", "uploads:read"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--customer", "Nobody", "--name", "erp"], r"no active customer 'Nobody'. There are: Closest Ltd \("),
        (["--customer", "Twin", "--name", "erp"], "2 customers are called 'Twin'"),
        (["--customer", "Closest Ltd", "--name", "erp", "--scopes", "ocr:fly"], "Unknown scope ocr:fly. Known are"),
        (["--customer", "Closest Ltd", "--name", "erp", "--expires-in-days", "0"], "already have expired"),
    ],
)
def test_the_command_says_what_to_change(arguments: list[str], sentence: str) -> None:
    for name in ("Closest Ltd", "Twin", "Twin"):
        a_customer(name)
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_purging_deletes_only_answers_older_than_they_are_kept() -> None:
    key, _ = a_key()
    for age in (1, 30, 32, 90):
        StoredAnswer.objects.create(
            api_key=key,
            route="/v2/transfers/create",
            idempotency_key=str(age),
            fingerprint="0" * 64,
            created_at=timezone.now() - timedelta(days=age),
        )
    out = StringIO()
    call_command("purge_stored_answers", stdout=out)

    assert out.getvalue() == "2 stored answers deleted.\n"
    assert set(StoredAnswer.objects.values_list("idempotency_key", flat=True)) == {"1", "30"}


@pytest.fixture
def admin_site() -> Client:
    user = get_user_model().objects.create_superuser("anna", password="a-long-password-for-tests")
    client = Client()
    client.force_login(user)
    return client


def test_the_admin_shows_a_new_key_once(admin_site: Client) -> None:
    customer = a_customer()
    answer = admin_site.post(
        "/admin/customers/apikey/add/",
        {"name": "erp", "customers": [str(customer.id)], "scopes": ["ocr:read"], "active": "on", "metadata": "{}"},
        follow=True,
    )
    page = answer.content.decode()
    key = ApiKey.objects.get()
    plain = page.partition("Keep this key, it is not shown again: ")[2][:47]

    assert find_key(plain=plain, now=timezone.now()) == key
    assert (key.name, key.scopes, key.created_by) == ("erp", ["ocr:read"], "anna")
    assert key.customer_ids() == {customer.id}
    again = admin_site.get(f"/admin/customers/apikey/{key.pk}/change/").content.decode()
    assert plain not in again
    assert key.hashed_key not in page + again


def test_the_admin_refuses_a_key_that_has_already_expired(admin_site: Client) -> None:
    answer = admin_site.post(
        "/admin/customers/apikey/add/",
        {
            "name": "erp",
            "customers": [str(a_customer().id)],
            "scopes": ["ocr:read"],
            "expires_at_0": "2020-01-01",
            "expires_at_1": "00:00",
            "metadata": "{}",
        },
    )
    assert "already have expired" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_the_admin_revokes_keys_in_the_name_of_the_operator(admin_site: Client) -> None:
    key, plain = a_key()
    admin_site.post("/admin/customers/apikey/", {"action": "revoke", "_selected_action": [str(key.pk)]})
    key.refresh_from_db()

    assert rejection(plain) == "revoked"
    assert key.modified_by == "anna"


def test_the_admin_changes_a_key_without_making_a_new_one(admin_site: Client) -> None:
    key, plain = a_key()
    customer = key.customers.get()
    admin_site.post(
        f"/admin/customers/apikey/{key.pk}/change/",
        {"name": "renamed", "customers": [str(customer.id)], "scopes": ["ocr:read"], "active": "on", "metadata": "{}"},
    )
    found = find_key(plain=plain, now=NOW)
    assert (found.name, found.scopes, found.modified_by) == ("renamed", ["ocr:read"], "anna")


@pytest.mark.parametrize("page", ["customer/", "apikey/", "storedanswer/", "customer/add/", "apikey/add/"])
def test_the_admin_pages_open(admin_site: Client, page: str) -> None:
    key, _ = a_key()
    StoredAnswer.objects.create(api_key=key, route="/v2/x", idempotency_key="1", fingerprint="0" * 64)
    assert (
        admin_site.get(f"/admin/customers/{page}?q=a" if "add" not in page else f"/admin/customers/{page}").status_code
        == 200
    )


def test_a_stored_answer_can_only_be_looked_at(admin_site: Client) -> None:
    key, _ = a_key()
    answer = StoredAnswer.objects.create(api_key=key, route="/v2/x", idempotency_key="1", fingerprint="0" * 64)
    page = admin_site.get(f"/admin/customers/storedanswer/{answer.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert admin_site.get("/admin/customers/storedanswer/add/").status_code == 403
