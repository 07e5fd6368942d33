"""What Celery runs for stored documents."""

import logging

from celery import shared_task
from django.utils import timezone

from invoices import leftovers

log = logging.getLogger(__name__)


@shared_task(name="invoices.tasks.remove_leftovers")
def remove_leftovers() -> None:
    try:
        leftovers.remove_leftovers(now=timezone.now())
    except leftovers.TooManyLeftovers as too_many:
        log.error("%s", too_many)  # noqa: TRY400 — a sentence for the operator, who can do without a traceback
