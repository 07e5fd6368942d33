"""Forgetting answers that no repeated request may ask for any more."""

from datetime import datetime

from django.conf import settings

from customers.models import StoredAnswer

_BATCH = 1000


def purge_stored_answers(*, now: datetime) -> int:
    """Deletes the answers older than the time for which idempotency keys are kept; their number.

    In batches: one statement over millions of rows would hold its locks, and SQLite's only writer, for minutes.
    """
    old = StoredAnswer.objects.filter(created_at__lt=now - settings.IDEMPOTENCY_KEPT).order_by("pk")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:_BATCH]):
        deleted += StoredAnswer.objects.filter(pk__in=ids).delete()[0]
    return deleted
