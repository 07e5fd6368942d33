"""Ids in paths are taken in capitals too (RFC 9562 § 4), and are in small letters for whatever comes behind here:
routes, idempotency keys and views see one address of a row.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_ID = re.compile(r"(?<=/)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?=/|$)")


class PathIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/v2/"):
            request.path = with_small_ids(request.path)
            request.path_info = with_small_ids(request.path_info)
        return self.get_response(request)


def with_small_ids(path: str) -> str:
    return _ID.sub(lambda found: found[0].lower(), path)
