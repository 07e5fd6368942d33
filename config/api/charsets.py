"""Bodies are UTF-8 (RFC 8259 has JSON be nothing else): one that says of itself that it is in another charset is
refused, since its letters would be taken for others.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.api.callers import caller_of
from config.api.errors import OTHER_CONTENT_TYPE, error_response
from customers.sentences import Sentence

UTF_8 = frozenset({"utf-8", "utf8"})
METHODS_WITH_BODIES = frozenset({"POST", "PATCH", "PUT"})


class CharsetMiddleware:
    """Before anything reads the body; after the caller is known, so that nobody else is told more than 401."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = _charset_of(request)
        if (
            charset.lower() in UTF_8
            or request.method not in METHODS_WITH_BODIES
            or not request.path.startswith("/v2/")
            or caller_of(request).key is None
        ):
            return self.get_response(request)
        reason = Sentence("Bodies are read as UTF-8, not as {charset}; send it in UTF-8.", charset=ascii(charset[:40]))
        return error_response(
            status=415, code="unsupported_media_type", message=OTHER_CONTENT_TYPE, details={"reason": reason}
        )


def _charset_of(request: HttpRequest) -> str:
    return (request.content_params or {}).get("charset", "").strip() or "utf-8"
