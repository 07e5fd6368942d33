"""Requests through the WSGI application itself: the test client builds its own, past what can fail there."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signals
from django.db import close_old_connections
from rest_framework.test import APIClient

from config.wsgi import application
from counterparties.models import Counterparty
from customers.models import Customer

pytestmark = pytest.mark.django_db

COUNTERPARTIES = "/v2/counterparties"
JSON = "application/json"
CODECS = ["base64", "hex", "rot13", "zlib", "bz2", "uu", "nonsense", "idna", "undefined", "utf-16", "latin-1", "\xe4"]
UNREADABLE = ["a/b; x*=nonsense''abc", f"{JSON}; x*=nonsense''abc", ";", "\xff", "a" * 9000]


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """The application closes connections that are too old; that of a test holds its transaction."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def ask(method: str, path: str, headers: dict[str, str], *, query: str = "", body: bytes = b"") -> tuple[int, bytes]:
    """Status and body of the answer."""
    statuses: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        **headers,
    }

    def start(status: str, *_: Any) -> Any:
        statuses.append(status)

    answer = application(environ, start)
    content = b"".join(answer)
    answer.close()
    return int(statuses[0].split()[0]), content


@pytest.fixture
def key(client: APIClient) -> str:
    """The header of the client's key."""
    return str(client._credentials["HTTP_AUTHORIZATION"])  # type: ignore[attr-defined]


def new_supplier(customer: Customer) -> bytes:
    body = {"customer_id": str(customer.pk), "legal_name": "Hölzerne Eiche"}
    return json.dumps(body, ensure_ascii=False).encode()


@pytest.mark.parametrize("charset", CODECS)
@pytest.mark.parametrize("kind", [JSON, "multipart/form-data; boundary=a"])
def test_another_charset_than_utf_8_is_415(key: str, customer: Customer, charset: str, kind: str) -> None:
    headers = {"CONTENT_TYPE": f"{kind}; charset={charset}", "HTTP_AUTHORIZATION": key}
    for more in ({}, {"HTTP_X_IDEMPOTENCY_KEY": "once"}):
        status, content = ask("POST", COUNTERPARTIES, headers | more, query="x=1", body=new_supplier(customer))

        assert (status, json.loads(content)["error"]) == (415, "unsupported_media_type")
    assert not Counterparty.objects.filter(legal_name__startswith="H").exists()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8", ""])
def test_utf_8_is_taken_however_it_is_written(key: str, customer: Customer, charset: str) -> None:
    headers = {"CONTENT_TYPE": f"{JSON}; charset={charset}", "HTTP_AUTHORIZATION": key}

    status, content = ask("POST", COUNTERPARTIES, headers, query="x=1", body=new_supplier(customer))

    assert (status, json.loads(content)["legal_name"]) == (201, "Hölzerne Eiche")


@pytest.mark.parametrize("charset", CODECS)
def test_what_sends_no_body_is_answered_whatever_charset_it_names(key: str, charset: str) -> None:
    headers = {"CONTENT_TYPE": f"{JSON}; charset={charset}"}

    assert ask("GET", COUNTERPARTIES, headers | {"HTTP_AUTHORIZATION": key}, query="limit=1")[0] == 200
    assert ask("GET", "/healthz", headers, query="a=b")[0] == 200
    assert ask("GET", "/admin/login/", headers, query="next=/admin/")[0] == 200
    assert ask("POST", COUNTERPARTIES, headers, query="a=b")[0] == 401


@pytest.mark.parametrize("charset", CODECS)
def test_a_form_of_the_back_office_is_read_whatever_charset_it_names(charset: str) -> None:
    headers = {"CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}"}

    status, content = ask("POST", "/admin/login/", headers, query="next=/admin/", body=b"username=anna")

    assert (status, b"CSRF" in content) == (403, True)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_content_type_that_cannot_be_read_is_415(key: str, customer: Customer, kind: str) -> None:
    headers = {"CONTENT_TYPE": kind, "HTTP_AUTHORIZATION": key}

    status, content = ask("POST", COUNTERPARTIES, headers, query="x=1", body=new_supplier(customer))

    assert (status, json.loads(content)["error"]) == (415, "unsupported_media_type")
    assert ask("GET", "/healthz", {"CONTENT_TYPE": kind}, query="x=1")[0] == 200


@pytest.mark.parametrize(
    "value", [*UNREADABLE, *(f"{JSON}; charset={one}" for one in CODECS), "", "\x00", "-1", "9" * 50]
)
def test_no_header_ends_in_an_exception_or_a_failure(key: str, value: str) -> None:
    names = ("ACCEPT", "ACCEPT_LANGUAGE", "COOKIE", "HOST", "IF_NONE_MATCH", "X_REQUEST_ID", "X_IDEMPOTENCY_KEY")
    for header in ("CONTENT_LENGTH", *(f"HTTP_{name}" for name in names)):
        for method, path in (("POST", COUNTERPARTIES), ("GET", "/v2/uploads"), ("POST", "/admin/login/")):
            headers = {"CONTENT_TYPE": JSON, "HTTP_AUTHORIZATION": key, header: value}
            assert ask(method, path, headers, query="limit=1", body=b"{}")[0] < 500, (method, path, header)


def test_a_length_of_thousands_of_digits_is_too_long_and_no_exception() -> None:
    status, content = ask("POST", COUNTERPARTIES, {"CONTENT_LENGTH": "9" * 5000, "CONTENT_TYPE": JSON})

    assert (status, json.loads(content)["error"]) == (413, "document_too_large")


class Chunks(io.BytesIO):
    """What a server hands on of a body in chunks that breaks off."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def in_chunks(key: str, body: io.BytesIO) -> dict[str, Any]:
    sent = {"CONTENT_TYPE": JSON, "HTTP_AUTHORIZATION": key, "HTTP_TRANSFER_ENCODING": "gzip, Chunked"}
    return {**sent, "CONTENT_LENGTH": "", "wsgi.input": body}


def test_a_body_without_an_announced_length_is_read_whole(key: str, customer: Customer) -> None:
    body = new_supplier(customer)
    for more in ({}, {"HTTP_X_IDEMPOTENCY_KEY": "once"}, {"HTTP_X_IDEMPOTENCY_KEY": "once"}):
        status, content = ask("POST", COUNTERPARTIES, in_chunks(key, io.BytesIO(body)) | more)

        assert (status, json.loads(content)["legal_name"]) == (201, "Hölzerne Eiche")
    assert Counterparty.objects.filter(legal_name="Hölzerne Eiche").count() == 2


def test_a_form_without_an_announced_length_is_read_whole(key: str, customer: Customer) -> None:
    form = (
        f'--a\r\nContent-Disposition: form-data; name="customer_id"\r\n\r\n{customer.pk}\r\n'
        f'--a\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--a--\r\n'
    )
    headers = in_chunks(key, io.BytesIO(form.encode())) | {"CONTENT_TYPE": "multipart/form-data; boundary=a"}

    assert ask("POST", "/v2/invoices/ocr", headers)[0] == 202


def test_a_body_without_an_announced_length_that_is_too_long_is_413(key: str, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = io.BytesIO(b" " * 5_000_000)

    status, content = ask("POST", COUNTERPARTIES, in_chunks(key, body))

    assert (status, json.loads(content)["error"]) == (413, "document_too_large")
    assert body.read() == b"", "the sender would not get to the answer"


def test_a_body_in_chunks_that_breaks_off_is_400(key: str) -> None:
    status, content = ask("POST", COUNTERPARTIES, in_chunks(key, Chunks()))

    assert (status, json.loads(content)["error"]) == (400, "malformed_body")


def test_who_has_no_key_is_answered_before_a_body_is_read() -> None:
    headers = in_chunks("", Chunks())

    assert ask("POST", COUNTERPARTIES, headers)[0] == 401
