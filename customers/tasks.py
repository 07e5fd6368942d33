"""What the beat has done for the tenants every hour."""

from celery import shared_task
from django.utils import timezone

from customers.stored_answers import purge_stored_answers


@shared_task(name="customers.tasks.purge")
def purge() -> None:
    purge_stored_answers(now=timezone.now())
