"""Who calls and what for: the header as it may be written, the key that it names, and the scopes of a view."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.test import APIClient

from config.api.authentication import ApiCaller, ApiKeyAuthentication, HasScope
from config.api.callers import Caller, CallerMiddleware, caller_of
from config.api.failures import TooManyFailures
from customers.keys import KeyRejected, issue_key, new_plain_key
from customers.models import ApiKey, Customer
from tests.api.conftest import client_for

pytestmark = pytest.mark.django_db

PATH = "/v2/customers"


@pytest.fixture
def plain(customer: Customer) -> str:
    _, plain = issue_key(
        name="test", customers=[customer], scopes=["ocr:read"], expires_at=None, by="test", now=timezone.now()
    )
    return plain


def passed(path: str = PATH, **meta: str) -> Caller:
    """Whom the middleware finds in a request with these headers."""
    seen: list[Any] = []

    def view(request: Any) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    CallerMiddleware(view)(RequestFactory().get(path, **meta))  # type: ignore[arg-type]
    return caller_of(seen[0])


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER   {} "])
def test_the_scheme_may_be_written_in_any_letters(plain: str, header: str) -> None:
    caller = passed(HTTP_AUTHORIZATION=header.format(plain))

    assert caller == Caller(key=ApiKey.objects.get())


@pytest.mark.parametrize("header", ["{}", "Basic {}", "Bearer", "Bearer ", "Token Bearer {}"])
def test_anything_else_is_refused_with_how_the_header_reads(plain: str, header: str) -> None:
    caller = passed(HTTP_AUTHORIZATION=header.format(plain))

    assert caller.key is None
    assert isinstance(caller.refusal, KeyRejected)
    assert str(caller.refusal) == "The Authorization header must read 'Bearer <api key>'."


def test_without_a_header_nobody_is_refused_and_nobody_known() -> None:
    assert passed() == Caller()
    assert passed(HTTP_AUTHORIZATION="") == Caller()


def test_a_key_of_nobody_is_refused_as_unknown() -> None:
    refusal = passed(HTTP_AUTHORIZATION=f"Bearer {new_plain_key()}").refusal

    assert isinstance(refusal, KeyRejected)
    assert refusal.code == "unknown"


def test_outside_the_api_no_key_is_looked_up(plain: str) -> None:
    assert passed("/healthz", HTTP_AUTHORIZATION=f"Bearer {plain}") == Caller()


def test_what_is_streamed_is_made_for_the_same_caller(plain: str, customer: Customer) -> None:
    def view(request: Any) -> StreamingHttpResponse:
        return StreamingHttpResponse(str(row.pk).encode() for row in Customer.objects.all())

    request = RequestFactory().get(PATH, HTTP_AUTHORIZATION=f"Bearer {plain}")
    response = CallerMiddleware(view)(request)

    assert isinstance(response, StreamingHttpResponse)
    assert b"".join(response) == str(customer.pk).encode()


def authenticated(caller: Caller | None) -> Any:
    request: Any = RequestFactory().get(PATH)
    if caller is not None:
        request.caller = caller
    return ApiKeyAuthentication().authenticate(SimpleNamespace(_request=request))  # type: ignore[arg-type]


def test_the_caller_is_the_key_itself(customer: Customer) -> None:
    client_for([customer])
    key = ApiKey.objects.get()

    caller, credential = authenticated(Caller(key=key))

    assert (credential, caller.key, caller.pk, str(caller)) == (key, key, key.pk, f"key:{key.prefix}")
    assert ApiCaller(key).is_authenticated


def test_a_refusal_of_the_key_becomes_a_401_in_its_words() -> None:
    with pytest.raises(AuthenticationFailed, match=r"^Broken\.$"):
        authenticated(Caller(refusal=KeyRejected("Broken.")))


def test_too_many_failures_stay_what_they_are() -> None:
    refusal = TooManyFailures(3)
    with pytest.raises(TooManyFailures) as raised:
        authenticated(Caller(refusal=refusal))

    assert raised.value is refusal


def test_who_has_not_come_through_the_middleware_is_nobody() -> None:
    assert authenticated(None) is None
    assert authenticated(Caller()) is None


def test_a_401_names_the_scheme() -> None:
    assert APIClient().get(PATH)["WWW-Authenticate"] == "Bearer"


VIEW = SimpleNamespace(
    required_scopes={"GET": "ocr:read", "POST": "ocr:write", "PUT": "any"},
    allowed_methods=["GET", "POST", "PUT", "PATCH", "HEAD", "OPTIONS"],
)


def may(method: str | None, *, auth: object, view: object = VIEW) -> bool:
    return HasScope().has_permission(SimpleNamespace(auth=auth, method=method), view)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "scopes", "expected"),
    [
        ("GET", ["ocr:read"], True),
        ("HEAD", ["ocr:read"], True),
        ("POST", ["ocr:*"], True),
        ("PUT", [], True),
        ("PATCH", ["ocr:*"], False),  # allowed by the view, and no scope named: nobody may
        ("DELETE", ["ocr:*"], True),  # which the view itself answers 405
        ("OPTIONS", [], True),
        (None, ["ocr:*"], True),
    ],
)
def test_a_method_wants_the_scope_that_the_view_names_for_it(
    method: str | None, scopes: list[str], expected: bool
) -> None:
    assert may(method, auth=ApiKey(scopes=scopes)) is expected


@pytest.mark.parametrize(("method", "scope"), [("GET", "ocr:read"), ("HEAD", "ocr:read"), ("POST", "ocr:write")])
def test_a_scope_that_the_key_lacks_is_named(method: str, scope: str) -> None:
    with pytest.raises(PermissionDenied, match=rf"^The API key needs the scope {scope}\.$"):
        may(method, auth=ApiKey(scopes=["transfers:*"]))


def test_without_a_key_nothing_is_permitted_and_without_scopes_nothing_that_the_view_does() -> None:
    assert not may("GET", auth=None)
    assert not may("GET", auth="a session")
    assert not may("GET", auth=ApiKey(scopes=["ocr:*"]), view=SimpleNamespace(allowed_methods=["GET"]))
