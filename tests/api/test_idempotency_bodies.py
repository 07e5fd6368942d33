"""Bodies of requests with an idempotency key: told apart by their parts, and read away where they are too long."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from config.api import idempotency
from config.api.errors import BAD_FORM_DATA, TOO_LARGE
from config.api.idempotency import DRAIN_LIMIT_BYTES, IdempotencyMiddleware
from customers.models import StoredAnswer
from tests.api.test_idempotency_rows import PATH, error, key, made, made_customers, send

pytestmark = pytest.mark.django_db

__all__ = ["key", "send"]  # fixtures


def form(*, file: tuple[str, bytes] = ("x.pdf", b"content"), **more: Any) -> dict[str, Any]:
    return {"a": "1", "b": ["2", "3"], "file": SimpleUploadedFile(*file), **more}


@pytest.mark.parametrize(
    "changed",
    [
        lambda: form(a="2"),
        lambda: form(b=["3", "2"]),
        lambda: form(c="1"),
        lambda: form(file=("y.pdf", b"content")),
        lambda: form(file=("x.pdf", b"other")),
        lambda: form(other=SimpleUploadedFile("x.pdf", b"content")),
    ],
    ids=["a value", "an order", "a field", "a file's name", "a file's content", "another file"],
)
def test_form_data_is_told_apart_by_each_of_its_parts(
    send: Callable[..., HttpResponse], changed: Callable[[], dict[str, Any]]
) -> None:
    read: list[bytes] = []

    def view(request: HttpRequest) -> HttpResponse:
        read.append(request.FILES["file"].read())  # type: ignore[union-attr]
        return made(request)

    send(view, body=form())

    assert read == [b"content"]
    assert send(view, body=form())["Idempotent-Replayed"] == "true"
    assert error(send(view, body=changed()))[:2] == (422, "idempotency_key_reused")


def test_form_data_that_is_none_is_refused(send: Callable[..., HttpResponse]) -> None:
    answer = send(body=b"--x\r\nbroken", content_type="multipart/form-data; boundary=" + "y" * 300)

    assert error(answer) == (400, "malformed_body", str(BAD_FORM_DATA))
    assert (StoredAnswer.objects.count(), made_customers()) == (0, 0)


def test_a_body_that_turns_out_too_long_is_refused(
    send: Callable[..., HttpResponse], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Announced as shorter than it is."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(idempotency, "_announced_length", lambda _: 0)

    assert error(send(body=b"x" * 11)) == (413, "document_too_large", str(TOO_LARGE))
    assert made_customers() == 0


class Body(BytesIO):
    """Notes how much was read of it at once."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reads: list[int] = []

    def read(self, size: int | None = -1) -> bytes:
        self.reads.append(-1 if size is None else size)
        return super().read(size)


@pytest.mark.parametrize(
    ("announced", "sent", "is_refused"), [(11, 11, True), (10, 10, False), ("x", 5, False), ("", 5, False)]
)
def test_a_body_announced_as_too_long_is_read_away_and_refused(
    settings: Settings, announced: Any, sent: int, is_refused: bool
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    body = Body(b"x" * sent)
    request: Any = RequestFactory().get(PATH, CONTENT_LENGTH=str(announced))
    request._stream = body
    answer = IdempotencyMiddleware(lambda _: HttpResponse())(request)

    if is_refused:
        assert error(answer) == (413, "document_too_large", str(TOO_LARGE))
    else:
        assert answer.status_code == 200
    assert (body.tell(), body.reads) == ((sent, [sent]) if is_refused else (0, []))


def test_reading_away_ends_with_the_body_and_goes_in_pieces(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(idempotency, "DRAIN_CHUNK_BYTES", 4)
    for announced, sent, reads in ((11, 11, [4, 4, 3]), (20, 5, [4, 4, 4]), (10**12, 3, [4, 4])):
        body = Body(b"x" * sent)
        request: Any = RequestFactory().get(PATH, CONTENT_LENGTH=str(announced))
        request._stream = body
        IdempotencyMiddleware(made)(request)
        assert body.reads == reads
    assert made_customers() == 0


def test_reading_away_stops_at_a_limit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert DRAIN_LIMIT_BYTES == 134_217_728
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(idempotency, "DRAIN_LIMIT_BYTES", 6)
    body = Body(b"x" * 100)
    request: Any = RequestFactory().get(PATH, CONTENT_LENGTH="100")
    request._stream = body
    IdempotencyMiddleware(made)(request)

    assert body.tell() == 6
