"""Announce again what waits too long, fail what crashed too often: the sweeper, by hand."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ocr.tasks import sweep_jobs


class Command(BaseCommand):
    help = "Announces again the jobs that are queued too long or whose worker went away; fails those tried too often."

    def handle(self, *args: Any, **options: Any) -> None:
        announced, failed = sweep_jobs(now=timezone.now())
        self.stdout.write(f"{announced} jobs announced again, {failed} failed for good.")
