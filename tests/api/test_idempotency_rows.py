"""The middleware of idempotency keys by itself: whose key a row is, until when, what is kept, and what is said."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from config.api import idempotency
from config.api.callers import Caller
from config.api.errors import TOO_MANY
from config.api.idempotency import LOCKED_FOR, MAX_KEY_LENGTH, IdempotencyMiddleware
from customers.keys import issue_key
from customers.models import ApiKey, Customer, StoredAnswer
from tests.ledger import a_customer

pytestmark = pytest.mark.django_db

PATH = "/v2/things"
REUSED = "This idempotency key was used with another body; use a new key for a new request."
RUNNING = "The first request with this idempotency key is still running; ask again as Retry-After says."
IMPOSSIBLE = "The idempotency key must be 1 to 255 printable ASCII characters, such as a UUID."

Answer = Callable[[HttpRequest], HttpResponse]


def made(request: HttpRequest) -> HttpResponse:
    """A view that makes a customer, and says so."""
    answer = HttpResponse(b'{"made": 1}', status=201, content_type="application/json")
    answer["Location"] = "/v2/things/1"
    answer["X-Request-Id"] = "of this request alone"
    Customer.objects.create(legal_name="Made Ltd")
    return answer


@pytest.fixture
def key() -> ApiKey:
    customers = [a_customer()]
    return issue_key(
        name="x", customers=customers, scopes=["ocr:read"], expires_at=None, by="test", now=timezone.now()
    )[0]


@pytest.fixture
def send(key: ApiKey) -> Callable[..., HttpResponse]:
    def post(view: Answer = made, *, once: str | None = "k", body: Any = b"{}", **options: Any) -> HttpResponse:
        options = {"content_type": "application/json", "path": PATH, "method": "POST", **options}
        if once is not None:
            options["HTTP_X_IDEMPOTENCY_KEY"] = once
        path, method = options.pop("path"), options.pop("method")
        request: Any = (
            RequestFactory().post(path, body, **{k: v for k, v in options.items() if k != "content_type"})
            if isinstance(body, dict)
            else RequestFactory().generic(method, path, body, **options)
        )
        request.caller = Caller(key=options.get("caller", key))
        return IdempotencyMiddleware(view)(request)

    return post


def error(answer: HttpResponse) -> tuple[int, str, str]:
    said = json.loads(answer.content)
    return answer.status_code, said["error"], said["message"]


def made_customers() -> int:
    return Customer.objects.filter(legal_name="Made Ltd").count()


def test_the_answer_is_kept_with_what_belongs_to_it_and_given_again(send: Callable[..., HttpResponse]) -> None:
    with translation.override("de"):
        first = send()
    again = send()

    row = StoredAnswer.objects.get()
    assert (row.route, row.idempotency_key, row.state, row.status, row.locked_until) == (
        f"POST {PATH}", "k", "done", 201, None,
    )  # fmt: skip
    assert row.headers == {
        "Content-Type": "application/json", "Content-Language": "de", "Location": "/v2/things/1",
    }  # fmt: skip
    assert (first.status_code, again.status_code, again.content, made_customers()) == (201, 201, first.content, 1)
    assert dict(again.headers) == {**row.headers, "Idempotent-Replayed": "true"}


def test_a_language_that_the_view_chose_stays(send: Callable[..., HttpResponse]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(b"", headers={"Content-Language": "fr"})

    assert send(view)["Content-Language"] == "fr"
    assert StoredAnswer.objects.get().headers["Content-Language"] == "fr"


@pytest.mark.parametrize("status", [200, 299])
def test_what_happened_is_kept(send: Callable[..., HttpResponse], status: int) -> None:
    send(lambda _: HttpResponse(status=status))
    assert StoredAnswer.objects.get().status == status


@pytest.mark.parametrize("status", [199, 300, 404, 500])
def test_what_was_refused_leaves_neither_answer_nor_anything_it_did(
    send: Callable[..., HttpResponse], status: int
) -> None:
    def refuse(request: HttpRequest) -> HttpResponse:
        made(request)
        return HttpResponse(status=status)

    assert send(refuse).status_code == status
    assert (StoredAnswer.objects.count(), made_customers()) == (0, 0)


def test_a_request_that_breaks_off_frees_its_key(send: Callable[..., HttpResponse]) -> None:
    def stop(request: HttpRequest) -> HttpResponse:
        made(request)
        raise SystemExit

    with pytest.raises(SystemExit):
        send(stop)
    assert (StoredAnswer.objects.count(), made_customers()) == (0, 0)
    assert send().status_code == 201


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_posts_have_keys(send: Callable[..., HttpResponse], method: str) -> None:
    assert [send(method=method).status_code for _ in range(2)] == [201, 201]
    assert (StoredAnswer.objects.count(), made_customers()) == (0, 2)


def test_without_a_key_or_a_caller_or_outside_the_api_nothing_is_stored(send: Callable[..., HttpResponse]) -> None:
    for options in ({"once": None}, {"caller": None}, {"path": "/admin/"}):
        assert send(**options).status_code == 201
    assert (StoredAnswer.objects.count(), made_customers()) == (0, 3)


@pytest.mark.parametrize("header", ["HTTP_X_IDEMPOTENCY_KEY", "HTTP_IDEMPOTENCY_KEY"])
def test_either_header_names_the_key_and_the_longer_one_wins(send: Callable[..., HttpResponse], header: str) -> None:
    send(once=None, **{header: "mine"})
    assert StoredAnswer.objects.get().idempotency_key == "mine"
    send(once="longer", HTTP_IDEMPOTENCY_KEY="other")
    assert StoredAnswer.objects.filter(idempotency_key="longer").exists()


@pytest.mark.parametrize("name", [" ", "a" * MAX_KEY_LENGTH, "~!{}"])
def test_a_key_may_be_anything_printable_up_to_its_length(send: Callable[..., HttpResponse], name: str) -> None:
    assert send(once=name).status_code == 201


@pytest.mark.parametrize("name", ["", "a" * (MAX_KEY_LENGTH + 1), "\u00e4", "a\tb"])
def test_an_impossible_key_is_told_what_it_may_be(send: Callable[..., HttpResponse], name: str) -> None:
    assert error(send(once=name)) == (400, "invalid_idempotency_key", IMPOSSIBLE)
    assert made_customers() == 0


def test_another_body_is_refused_and_another_key_or_path_is_another_request(send: Callable[..., HttpResponse]) -> None:
    send()

    assert error(send(body=b"{ }")) == (422, "idempotency_key_reused", REUSED)
    assert send(once="other").status_code == send(path=f"{PATH}/more").status_code == 201
    assert made_customers() == 3


def test_a_long_path_is_stored_as_far_as_it_fits(send: Callable[..., HttpResponse]) -> None:
    path = f"{PATH}/{'a' * 300}"
    send(path=path)
    assert StoredAnswer.objects.get().route == f"POST {path}"[:255]
    assert send(path=path)["Idempotent-Replayed"] == "true"


def running(key: ApiKey, *, name: str = "k", **fields: Any) -> StoredAnswer:
    """The row of a request that is being answered."""
    given = {"fingerprint": sha256(b"{}").hexdigest(), "route": f"POST {PATH}", **fields}
    return StoredAnswer.objects.create(api_key=key, idempotency_key=name, **given)


def test_while_another_holds_the_key_nothing_is_done(send: Callable[..., HttpResponse], key: ApiKey) -> None:
    held_until = timezone.now() + timedelta(seconds=30)
    running(key, locked_until=held_until)

    answer = send()

    assert error(answer) == (409, "request_in_progress", RUNNING)
    assert (answer["Retry-After"], made_customers()) == ("1", 0)
    assert StoredAnswer.objects.get().locked_until == held_until


@pytest.mark.parametrize("locked_until", [None, timezone.now() - timedelta(days=1)])
def test_the_key_of_a_dead_request_is_taken_over_and_no_other_one(
    send: Callable[..., HttpResponse], key: ApiKey, locked_until: Any
) -> None:
    running(key, locked_until=locked_until)
    other = running(key, name="other", locked_until=locked_until)

    assert send().status_code == 201
    other.refresh_from_db()
    assert (other.state, other.locked_until) == ("running", locked_until)


def test_a_new_request_holds_its_key_for_a_while(send: Callable[..., HttpResponse]) -> None:
    seen = []

    def look(request: HttpRequest) -> HttpResponse:
        seen.append(StoredAnswer.objects.get())
        return HttpResponse()

    before = timezone.now()
    send(look)

    (row,) = seen
    assert row.state == "running"
    assert row.locked_until is not None
    assert before + LOCKED_FOR <= row.locked_until <= timezone.now() + LOCKED_FOR
    assert before <= row.created_at <= timezone.now()


@pytest.mark.parametrize("becomes", [{"locked_until": timezone.now()}, {"state": "done", "status": 200}])
def test_who_lost_the_key_leaves_nothing_and_the_next_one_s_row_alone(
    send: Callable[..., HttpResponse], becomes: dict[str, Any]
) -> None:
    def slow(request: HttpRequest) -> HttpResponse:
        made(request)
        StoredAnswer.objects.update(**becomes)
        return HttpResponse()

    assert error(send(slow))[:2] == (409, "request_in_progress")
    assert made_customers() == 0


def test_rows_of_one_moment_are_told_apart_by_their_ids(
    send: Callable[..., HttpResponse], key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    other = running(key, name="other", created_at=now, locked_until=now + LOCKED_FOR)

    send(lambda _: HttpResponse(status=400))
    assert list(StoredAnswer.objects.all()) == [other]

    send()
    past = now - settings.IDEMPOTENCY_KEPT - timedelta(seconds=1)
    StoredAnswer.objects.update(created_at=past)
    send(body=b"another")
    other.refresh_from_db()
    assert (other.state, other.created_at) == ("running", past)


def test_an_answer_past_its_time_is_made_anew(send: Callable[..., HttpResponse]) -> None:
    send()
    old = timezone.now() - settings.IDEMPOTENCY_KEPT - timedelta(seconds=1)
    StoredAnswer.objects.update(created_at=old)

    before = timezone.now()
    assert send(body=b"another").status_code == 201

    row = StoredAnswer.objects.get()
    assert made_customers() == 2
    assert (row.state, row.fingerprint) == ("done", sha256(b"another").hexdigest())
    assert row.created_at >= before


def test_an_answer_past_its_time_is_made_anew_by_one_request(
    send: Callable[..., HttpResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one takes it between the look at the row and the change of it."""
    send()
    StoredAnswer.objects.update(created_at=timezone.now() - settings.IDEMPOTENCY_KEPT - timedelta(seconds=1))
    look = idempotency._replay_or_refuse

    def too_late(stored: StoredAnswer, **said: Any) -> Any:
        StoredAnswer.objects.update(created_at=timezone.now() - settings.IDEMPOTENCY_KEPT - timedelta(seconds=9))
        return look(stored, **said)

    monkeypatch.setattr(idempotency, "_replay_or_refuse", too_late)

    assert error(send())[:2] == (409, "request_in_progress")
    assert made_customers() == 1


def test_an_answer_that_was_not_kept_names_what_was_made(send: Callable[..., HttpResponse]) -> None:
    send()
    StoredAnswer.objects.update(body=None)

    answer = send()
    assert error(answer)[:2] == (409, "answer_not_kept")
    assert answer["Location"] == "/v2/things/1"
    StoredAnswer.objects.update(headers={})
    assert "Location" not in send()


def test_asking_again_counts_against_the_limits(
    send: Callable[..., HttpResponse], key: ApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def wait(of: ApiKey) -> float:
        asked.append(of)
        return 2.1

    monkeypatch.setattr(idempotency, "seconds_to_wait_to_write", wait)
    assert send().status_code == 201
    assert asked == []

    answer = send()
    assert error(answer) == (429, "rate_limited", str(TOO_MANY))
    assert (answer["Retry-After"], asked) == ("3", [key])
