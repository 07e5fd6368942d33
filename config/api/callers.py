"""Who asks: the key is looked up once, before anything else of a request, which then runs behind its wall."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from config.api.failures import TooManyFailures, check_address, note_failure, note_success
from customers.keys import KeyRejected, find_key
from customers.models import ApiKey
from customers.sentences import Sentence
from customers.wall import behind_wall, without_database

SCHEME = "Bearer"


@dataclass(frozen=True, slots=True)
class Caller:
    """`key` is None without a header, and where there is a `refusal`."""

    key: ApiKey | None = None
    refusal: KeyRejected | TooManyFailures | None = None


class CallerMiddleware:
    """Nothing of the API is reached but through here; who has no key reaches nothing that is stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/v2/"):
            return self.get_response(request)
        caller = _caller(request)
        request.caller = caller  # type: ignore[attr-defined]
        with _wall(caller.key):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _streamed(cast(Iterable[bytes], response.streaming_content), caller.key)
        return response


def caller_of(request: HttpRequest) -> Caller:
    """Whom the middleware found: nobody, where a request has not come through it and so has no wall."""
    found: Caller = getattr(request, "caller", Caller())
    return found


def _caller(request: HttpRequest) -> Caller:
    scheme, _, plain = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    plain = plain.strip() if scheme.lower() == SCHEME.lower() else ""
    try:
        check_address(request, plain=plain)
        if not request.META.get("HTTP_AUTHORIZATION"):
            return Caller()
        key = _key_of(plain)
    except TooManyFailures as refusal:
        return Caller(refusal=refusal)
    except KeyRejected as refusal:
        note_failure(request, plain=plain)
        return Caller(refusal=refusal)
    note_success(plain=plain)
    return Caller(key=key)


def _key_of(plain: str) -> ApiKey:
    if not plain:
        raise KeyRejected(Sentence("The Authorization header must read 'Bearer <api key>'."))
    return find_key(plain=plain, now=timezone.now())


def _wall(key: ApiKey | None) -> AbstractContextManager[None]:
    if key is None:
        return without_database()
    return behind_wall(customer_ids=key.customer_ids(), api_key_id=key.pk)


def _streamed(content: Iterable[bytes], key: ApiKey | None) -> Iterator[bytes]:
    """What is made while it is sent is made behind the wall too."""
    with _wall(key):
        yield from content
