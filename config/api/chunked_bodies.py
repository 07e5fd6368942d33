"""Bodies that come in chunks (RFC 9112 § 7.1), as programs send what they make while they send it: Go, Node and curl
do. Django reads as much as `Content-Length` announces, and so nothing of a body that announces no length.
"""

import logging
from collections.abc import Callable
from io import BytesIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from gunicorn.http.errors import ParseException

from config.api.callers import caller_of
from config.api.charsets import METHODS_WITH_BODIES
from config.api.errors import TOO_LARGE, error_response
from config.api.idempotency import DRAIN_CHUNK_BYTES, DRAIN_LIMIT_BYTES
from customers.sentences import Sentence

log = logging.getLogger(__name__)


class ChunkedBodyMiddleware:
    """Puts the whole of such a body where Django looks for it; after the caller is known, since it is held in memory.

    Too long a body is 413 here, one that breaks off or whose chunks are malformed 400.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _comes_in_chunks(request) or caller_of(request).key is None:
            return self.get_response(request)
        try:
            body = _read(request, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except (OSError, ParseException) as error:
            log.info("a body in chunks that cannot be read: %s", type(error).__name__)
            return error_response(
                status=400,
                code="malformed_body",
                message=Sentence("The body broke off, or its chunks cannot be told apart; send it again."),
            )
        if body is None:
            return error_response(status=413, code="document_too_large", message=TOO_LARGE)
        request.META["CONTENT_LENGTH"] = str(len(body))
        request._stream = BytesIO(body)
        return self.get_response(request)


def _comes_in_chunks(request: HttpRequest) -> bool:
    codings = request.META.get("HTTP_TRANSFER_ENCODING", "").lower().split(",")
    is_ours = request.path.startswith("/v2/") and request.method in METHODS_WITH_BODIES
    return is_ours and codings[-1].strip() == "chunked" and not request.META.get("CONTENT_LENGTH")


def _read(request: HttpRequest, *, most: int) -> bytes | None:
    """The body; None where it has more than `most` bytes, and is read away so that its sender gets to the answer."""
    stream = request.META["wsgi.input"]
    body = bytes(stream.read(most + 1))
    if len(body) <= most:
        return body
    read = len(body)
    while read < DRAIN_LIMIT_BYTES and (chunk := stream.read(DRAIN_CHUNK_BYTES)):
        read += len(chunk)
    return None
