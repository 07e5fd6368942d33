"""Each request: its id, one line in the log, and one measurement."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders

from customers.telemetry.context import about, request_id_of
from customers.telemetry.counting import observe
from customers.telemetry.metrics import REQUESTS
from customers.telemetry.spans import span

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Asked every few seconds by machines; a line for each would be most of the log.
PROBES = {"healthz", "readyz", "metrics"}
NO_ROUTE = "none"


class RequestWatch:
    """The outermost middleware: whatever answers, answers inside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(_given_id(request.headers))
        started = time.perf_counter()
        with about(request_id=request_id):
            response = self._traced(request)
            response[HEADER] = request_id
            _tell(request, status=response.status_code, seconds=time.perf_counter() - started)
        return response

    def _traced(self, request: HttpRequest) -> HttpResponse:
        """A trace begins here, whatever the caller says of its own: the request's id is what both sides know."""
        if request.path_info.strip("/") in PROBES:
            return self.get_response(request)
        method = _method_of(request)
        with span(method, kind="server", attributes={"http.request.method": method}) as kept:
            response = self.get_response(request)
            kept.rename(f"{method} {route_of(request)}")
            kept.note({"http.route": route_of(request), "http.response.status_code": response.status_code})
        return response


def _method_of(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"


def _given_id(headers: HttpHeaders) -> str | None:
    return headers.get(HEADER)


def route_of(request: HttpRequest) -> str:
    """The route as the URLs write it, without any value that a client sent; `none` where no route fits."""
    match = request.resolver_match
    return match.route if match is not None and match.route else NO_ROUTE


def _tell(request: HttpRequest, *, status: int, seconds: float) -> None:
    route = route_of(request)
    method = _method_of(request)
    observe(REQUESTS, seconds=seconds, method=method, route=route, status=str(status))
    milliseconds = round(seconds * 1000)
    log.log(
        logging.DEBUG if route in PROBES and status < 400 else logging.INFO,
        "%s %s %s in %s ms",
        method,
        route,
        status,
        milliseconds,
        extra={"fields": {"method": method, "route": route, "status": status, "milliseconds": milliseconds}},
    )
