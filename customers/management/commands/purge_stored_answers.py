"""`manage.py purge_stored_answers`: forgets answers that no repeated request may ask for any more."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.models import StoredAnswer

_BATCH = 1000


class Command(BaseCommand):
    help = "Deletes stored answers older than the time for which idempotency keys are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        old = StoredAnswer.objects.filter(created_at__lt=timezone.now() - settings.IDEMPOTENCY_KEPT).order_by("pk")
        deleted = 0
        # In batches: one statement over millions of rows would hold its locks, and SQLite's only writer, for minutes.
        while ids := list(old.values_list("pk", flat=True)[:_BATCH]):
            deleted += StoredAnswer.objects.filter(pk__in=ids).delete()[0]
        self.stdout.write(f"{deleted} stored answers deleted.")
