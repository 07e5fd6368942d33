"""Figures that stand in the database: asked when somebody looks, hence the same from every process."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily

from customers.webhooks.models import WebhookDelivery, WebhookEndpoint
from ocr.models import OcrJob
from transfers.models import Transfer


def database_figures(*, now: datetime) -> Iterator[GaugeMetricFamily]:
    """Raises `DatabaseError` when the database does not answer."""
    yield _by_label(
        "paydraft_jobs",
        "Jobs in each state.",
        "state",
        dict.fromkeys(OcrJob.State.values, 0) | _numbers(OcrJob.objects.order_by().values_list("state")),
    )
    # The moment a job was queued is when its row was last written: announcing it again leaves `modified_at` alone.
    queued = OcrJob.objects.filter(state=OcrJob.State.QUEUED).aggregate(oldest=Min("modified_at"))["oldest"]
    yield _gauge("paydraft_oldest_queued_job_seconds", "Age of the job that waits longest; 0: none.", _age(queued, now))
    abandoned = OcrJob.objects.filter(state=OcrJob.State.RUNNING, lease_expires_at__lt=now).count()
    yield _gauge("paydraft_abandoned_jobs", "Running jobs whose worker gave no sign of life in time.", abandoned)
    yield _by_label(
        "paydraft_webhook_deliveries",
        "Webhook deliveries that are kept, in each state; failed ones were given up.",
        "state",
        dict.fromkeys(WebhookDelivery.State.values, 0)
        | _numbers(WebhookDelivery.objects.order_by().values_list("state")),
    )
    pending = WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING, endpoint__active=True)
    due = pending.aggregate(oldest=Min("created_at"))["oldest"]
    yield _gauge("paydraft_oldest_pending_webhook_seconds", "Age of the oldest webhook on its way.", _age(due, now))
    off = WebhookEndpoint.objects.filter(active=True, disabled_at__isnull=False).exclude(
        disabled_reason=WebhookEndpoint.DisabledReason.ASKED
    )
    yield _gauge("paydraft_disabled_webhook_endpoints", "Endpoints switched off because they failed.", off.count())
    drafts = Transfer.objects.filter(status=Transfer.Status.DRAFT).count()
    yield _gauge("paydraft_waiting_drafts", "Draft payments that wait for a person.", drafts)


def _numbers(states: "object") -> dict[str, int]:
    return dict(states.annotate(count=Count("pk")))  # type: ignore[attr-defined]


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _by_label(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
