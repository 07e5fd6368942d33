"""In which language an answer is: the client's under /v2, English everywhere else.

The back office is written in English. Django's own words in it stay English too, whatever the browser asks for, so that
no page is half in one language and half in another.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

# The description of the API, which is English.
IN_ENGLISH = ("/v2/schema", "/v2/docs")


class LanguageMiddleware:
    """`Accept-Language` decides, and nothing else: no cookie, no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/v2/") or request.path.startswith(IN_ENGLISH):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        language = language_of(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        if response.get("Content-Type", "").startswith("application/json"):
            # An answer that is repeated for an idempotency key brings its own.
            response.headers.setdefault("Content-Language", language)
        return response


def language_of(accept_language: str) -> str:
    """The first of our languages in the order of the header (RFC 9110 § 12.5.4), also for `de-CH`; else English."""
    ours = {code for code, _ in settings.LANGUAGES}
    for asked, quality in parse_accept_lang_header(accept_language):
        language = asked.partition("-")[0]
        if language in ours and quality > 0:
            return language
        if asked == "*":
            break
    return settings.LANGUAGE_CODE
