"""`manage.py purge_stored_answers`: what the beat does every hour, by hand."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from customers.stored_answers import purge_stored_answers


class Command(BaseCommand):
    help = "Deletes stored answers older than the time for which idempotency keys are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_stored_answers(now=timezone.now())} stored answers deleted.")
