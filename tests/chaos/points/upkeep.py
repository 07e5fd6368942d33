"""Paths on which the service sweeps, delivers and deletes by itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config.celery import app
from customers.audit.models import AuditEntry
from customers.models import Customer, StoredAnswer
from customers.webhooks.models import WebhookDelivery
from ocr.claims import claim_job
from ocr.models import OcrJob
from tests.chaos.points.decisions import approvable, approve
from tests.chaos.points.documents import PDF, customer, finished, job_of, polled, post, queued
from tests.chaos.points.restarting import pass_time
from tests.ledger import an_upload
from transfers.exporting import hand_out
from transfers.models import Transfer

Facts = dict[str, Any]
A_NIGHT = timedelta(days=2)
MONTHS_KEPT = 3
A_PERIOD = timedelta(days=120)


def due_webhook(facts: Facts) -> Facts:
    made = finished(facts)
    return {**made, "deliveries": WebhookDelivery.objects.count()}


def deliver(facts: Facts) -> None:
    app.tasks["customers.tasks.deliver"](facts["endpoint_id"])


def delivered(facts: Facts) -> Iterator[str]:
    there = WebhookDelivery.objects.filter(state=WebhookDelivery.State.DELIVERED).count()
    if there != facts["deliveries"]:
        yield f"{there} of {facts['deliveries']} deliveries arrived"


def swept(facts: Facts) -> Facts:
    """A job that waits for its lost message, one whose worker died, one whose third worker died; a webhook."""
    made = finished(facts)
    waits, died, worn = (queued(facts, PDF)["job_id"] for _ in range(3))
    OcrJob.objects.filter(pk=waits).update(announced_at=None)
    claim_job(job_id=died, now=timezone.now())
    for attempt in reversed(range(settings.JOB_MAX_ATTEMPTS)):
        claim_job(job_id=worn, now=timezone.now() - attempt * 2 * settings.JOB_LEASE)
    return {**made, "finish": [waits, died], "fail": [worn]}


def sweep_jobs(_: Facts) -> None:
    pass_time()
    app.tasks["ocr.tasks.sweep"]()


def sweep_webhooks(_: Facts) -> None:
    app.tasks["customers.tasks.sweep"]()


def all_ended(facts: Facts) -> Iterator[str]:
    for status, name in ((200, "finish"), (422, "fail")):
        for job in OcrJob.objects.filter(pk__in=facts[name]):
            yield from polled(facts, job, status)


def old_document(facts: Facts) -> Facts:
    """One that was paid and whose period runs out, and an answer that was kept for its client."""
    Customer.objects.update(documents_kept_months=MONTHS_KEPT)
    made = approvable(facts)
    approve(made)
    pending = Transfer.objects.get(status=Transfer.Status.PENDING)
    hand_out(transfer_id=pending.pk, again=False, is_look=False, by="anna", now=timezone.now())
    post(facts)
    return made


def purge_documents(_: Facts) -> None:
    pass_time(A_PERIOD)
    app.tasks["ocr.tasks.purge_documents"]()


def purge_answers(_: Facts) -> None:
    app.tasks["customers.tasks.purge"]()


def purge_all(facts: Facts) -> None:
    purge_documents(facts)
    purge_answers(facts)


def purged_once(facts: Facts) -> Iterator[str]:
    job = job_of(facts)
    yield from polled(facts, job, 200)
    if job.purged_at is None or job.upload.purged_at is None or job.result:
        yield f"job {job.pk} was not purged"
    if (entries := AuditEntry.objects.filter(action="document.purged").count()) != 1:
        yield f"the trail holds document.purged {entries} times"
    if kept := StoredAnswer.objects.count():
        yield f"{kept} answers were kept for longer than their time"


def leftover(facts: Facts) -> Facts:
    """A document, and two files that dead requests have left."""
    made = finished(facts)
    with transaction.atomic():
        for number in range(2):
            an_upload(customer(facts), content=f"%PDF-1.7 cut off {number}".encode())
        transaction.set_rollback(True)
    return made


def remove_leftovers(_: Facts) -> None:
    pass_time(A_NIGHT)
    app.tasks["invoices.tasks.remove_leftovers"]()
