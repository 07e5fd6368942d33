"""`GET /metrics`: all figures in Prometheus' text format, for those who run the service."""

import hmac
import ipaddress
import logging
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from config.observing.database_figures import database_figures
from customers.telemetry.counting import counted, measured, sightings
from customers.telemetry.metrics import COUNTERS, HISTOGRAMS

log = logging.getLogger(__name__)

REFUSAL = (
    "Metrics are given to whoever sends METRICS_TOKEN as a bearer token; while none is set, only to this machine "
    "itself and past the proxy: ask 127.0.0.1 directly, or set METRICS_TOKEN.\n"
)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the whole installation, whichever process answers; what cannot be asked is missing."""
    if not may_see(request):
        response = HttpResponse(REFUSAL, status=401 if settings.METRICS_TOKEN else 403, content_type="text/plain")
        if settings.METRICS_TOKEN:
            response["WWW-Authenticate"] = "Bearer"
        return response
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_see(request: HttpRequest) -> bool:
    """Whether the request carries METRICS_TOKEN or, where none is set, comes from this very machine.

    What a proxy passes on comes from this machine as well; it is told by the headers that proxies add, and behind TLS
    nobody is let in without a token.
    """
    if token := settings.METRICS_TOKEN:
        scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    forwarded = {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"}
    if settings.BEHIND_TLS or any(name in request.headers for name in forwarded):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Figures(Collector):
    """What was counted, what stands in the database, and who was seen when."""

    def collect(self) -> Iterator[Metric]:
        yield from _database()
        yield from _counts()

    def describe(self) -> Iterator[Metric]:
        yield from ()


def _database() -> Iterator[Metric]:
    is_up = GaugeMetricFamily("paydraft_database_up", "1 when the database answered for these figures.")
    try:
        found = list(database_figures(now=timezone.now()))
    except Error as error:
        log.warning("metrics: the database does not answer: %s", type(error).__name__)
        connection.close()
        found = []
    is_up.add_metric([], 1 if found else 0)
    yield is_up
    yield from found


def _counts() -> Iterator[Metric]:
    is_up = GaugeMetricFamily("paydraft_counts_up", "1 when Redis, which keeps the counters, answered.")
    try:
        found = [*_counters(), *_histograms(), _seen()]
    except (RedisError, OSError) as error:
        log.warning("metrics: the counters do not answer: %s", type(error).__name__)
        found = []
    is_up.add_metric([], 1 if found else 0)
    yield is_up
    yield from found


def _counters() -> Iterator[Metric]:
    for metric in COUNTERS:
        family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
        for labels, total in counted(metric):
            family.add_metric(labels, total)
        yield family


def _histograms() -> Iterator[Metric]:
    for metric in HISTOGRAMS:
        family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
        for each in measured(metric):
            family.add_metric(each.labels, buckets=list(each.buckets), sum_value=each.sum)
        yield family


def _seen() -> Metric:
    family = GaugeMetricFamily(
        "paydraft_last_seen_seconds", "Seconds since a process of this kind gave a sign of life.", labels=["process"]
    )
    for process, at in sightings().items():
        family.add_metric([process], max(0.0, time.time() - at))
    return family
