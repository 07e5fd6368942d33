"""What must be true when the service has come to rest, whatever was killed before: a sentence for each violation."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from customers.audit.verifying import TrailBroken, verify_trail
from customers.models import StoredAnswer
from customers.webhooks.events import EventType
from customers.webhooks.models import WebhookDelivery, WebhookMessage
from invoices.models import Upload
from ocr.models import OcrJob, OcrRun
from transfers.models import Transfer

ENDED = (OcrJob.State.FINISHED, OcrJob.State.FAILED)


def violations(*, received: Path, forgets_webhooks: bool = False) -> list[str]:
    """What is wrong with the database, the storage and what the receiver was sent (a line of JSON for each request).

    `forgets_webhooks` where messages that were settled long ago have been purged.
    """
    found = [*_jobs(), *_transfers(), *_files(), *_answers(), *_trail()]
    return found if forgets_webhooks else [*found, *_events(), *_deliveries(received)]


def unsent_violations() -> list[str]:
    """The same where nobody delivers webhooks: the outbox is looked at, and not what became of it."""
    return [*_jobs(), *_transfers(), *_files(), *_answers(), *_trail(), *_events()]


def _jobs() -> Iterator[str]:
    for job in OcrJob.objects.select_related("upload"):
        if job.state not in ENDED:
            yield f"job {job.pk} is {job.state}: its 202 never ends"
        if job.attempts > settings.JOB_MAX_ATTEMPTS:
            yield f"job {job.pk} was attempted {job.attempts} times"
        if job.lease_expires_at is not None:
            yield f"job {job.pk} has ended and still has a lease"
        if open_runs := OcrRun.objects.filter(job=job, outcome=OcrRun.Outcome.RUNNING).count():
            yield f"job {job.pk} has {open_runs} runs that never ended"
        if job.state == OcrJob.State.FINISHED and not job.runs.filter(outcome=OcrRun.Outcome.FINISHED).exists():
            yield f"job {job.pk} finished without a run that did"


def _transfers() -> Iterator[str]:
    firsts = Counter(Transfer.objects.filter(supersedes__isnull=True).values_list("ocr_job_id", flat=True))
    for job in OcrJob.objects.all():
        # A job that finished once keeps its draft, also when processing it again fails.
        wanted = int(job.runs.filter(outcome=OcrRun.Outcome.FINISHED).exists())
        if firsts[job.pk] != wanted:
            yield f"job {job.pk} is {job.state} and has {firsts[job.pk]} drafts"
        if wanted and (job.transfer is None or job.transfer.ocr_job_id != job.pk):
            yield f"job {job.pk} does not name its draft"
    for draft in Transfer.objects.filter(supersedes__isnull=True):
        followers = Transfer.objects.filter(supersedes=draft).count()
        if followers != int(draft.status == Transfer.Status.SUPERSEDED):
            yield f"transfer {draft.pk} is {draft.status} and has {followers} successors"


def _files() -> Iterator[str]:
    storage = storages["default"]
    stored = set(_names("uploads"))
    needed = {str(upload.file.name): upload for upload in Upload.objects.filter(purged_at__isnull=True)}
    for name in sorted(stored - needed.keys()):
        yield f"file {name} belongs to no document"
    for name, upload in needed.items():
        if name not in stored:
            yield f"upload {upload.pk} has no file"
            continue
        with storage.open(name) as file:
            if hashlib.sha256(file.read()).hexdigest() != upload.sha256:
                yield f"the file of upload {upload.pk} is not what was sent"
    for upload in Upload.objects.filter(ocr_job__isnull=True):
        yield f"upload {upload.pk} has no job"


def _names(folder: str) -> Iterator[str]:
    try:
        folders, files = storages["default"].listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _names(f"{folder}/{inner}")


def _answers() -> Iterator[str]:
    for answer in StoredAnswer.objects.filter(state=StoredAnswer.State.RUNNING):
        if answer.locked_until is None:
            yield f"the idempotency key {answer.idempotency_key} is locked for ever"


def _trail() -> Iterator[str]:
    try:
        verify_trail()
    except TrailBroken as broken:
        yield str(broken)


def _events() -> Iterator[str]:
    """One message for each end of a job and each finalised transfer, and none for what was never committed."""
    told = Counter(
        (message.type, data.get("job_id") or data.get("transfer_id"))
        for message in WebhookMessage.objects.all()
        for data in [json.loads(message.body)["data"]]
    )
    for job in OcrJob.objects.all():
        runs = Counter(job.runs.values_list("outcome", flat=True))
        finished = runs[OcrRun.Outcome.FINISHED]
        if (said := told.pop((EventType.JOB_FINISHED.value, str(job.pk)), 0)) != finished:
            yield f"that job {job.pk} finished was said {said} times instead of {finished}"
        # Three workers that died leave three runs without an end of their own, and one end that nobody ran.
        least = max(runs[OcrRun.Outcome.FAILED], int(job.state == OcrJob.State.FAILED))
        most = runs[OcrRun.Outcome.FAILED] + runs[OcrRun.Outcome.RETRIED] // settings.JOB_MAX_ATTEMPTS
        if not least <= (said := told.pop((EventType.JOB_FAILED.value, str(job.pk)), 0)) <= most:
            yield f"that job {job.pk} failed was said {said} times instead of {least} to {most}"
    for pending in Transfer.objects.filter(supersedes__isnull=False):
        if (said := told.pop((EventType.TRANSFER_FINALIZED.value, str(pending.pk)), 0)) != 1:
            yield f"that transfer {pending.pk} was finalised was said {said} times"
    for type_name, subject in told:
        yield f"{type_name} was said of {subject}, which is not there"


def _deliveries(received: Path) -> Iterator[str]:
    lines = [json.loads(line) for line in received.read_text().splitlines()] if received.exists() else []
    arrived: dict[str, set[str]] = {}
    for line in lines:
        arrived.setdefault(line["id"], set()).add(line["body"])
    for delivery in WebhookDelivery.objects.select_related("message"):
        message = delivery.message
        if delivery.state != WebhookDelivery.State.DELIVERED:
            yield f"the delivery of {message.message_id} is {delivery.state}"
        bodies = arrived.pop(message.message_id, set())
        if bodies != {message.body}:
            yield f"message {message.message_id} arrived as {len(bodies)} different bodies"
    for message_id in arrived:
        yield f"message {message_id} arrived and is not in the outbox"
