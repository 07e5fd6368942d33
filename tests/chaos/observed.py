"""What is there after the run: rows, files, notes of the database, and what clients and receiver saw."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from customers.webhooks.models import WebhookDelivery, WebhookMessage
from invoices.models import Upload
from ocr.models import OcrJob, OcrRun
from tests.chaos.clients import Sent
from tests.chaos.faults import Struck
from tests.chaos.ledgers import ClaimNote, EndNote
from tests.receiver import Received
from transfers.models import Transfer


@dataclass(frozen=True, slots=True)
class JobRow:
    id: str
    customer_id: str
    state: str
    attempts: int
    upload_id: str
    transfer_id: str
    failure_code: str


@dataclass(frozen=True, slots=True)
class RunRow:
    job_id: str
    attempt: int
    outcome: str
    error: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook message. `received` are the paths at which the receiver got it, once for each request."""

    message_id: str
    job_id: str
    customer_id: str
    state: str
    received: tuple[str, ...]


@dataclass
class Observed:
    """`upload_files` are the files that rows name; `paths` the receiver's path of each customer's endpoint; `listed`
    the jobs that each customer's own list shows in the end."""

    sent: list[Sent]
    jobs: dict[str, JobRow]
    runs: list[RunRow]
    transfers: list[tuple[str, str]]
    upload_files: dict[str, str]
    files: set[str]
    told: list[Told]
    paths: dict[str, str]
    claims: list[ClaimNote] = field(default_factory=list)
    ends: list[EndNote] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)
    listed: dict[str, set[str]] = field(default_factory=dict)
    strangers_seen: list[str] = field(default_factory=list)
    audit_problem: str = ""


def observed(
    *, sent: list[Sent], files: set[str], received: list[Received], paths: dict[str, str], ends: list[EndNote]
) -> Observed:
    """The database as it is now, with what was seen from outside."""
    return Observed(
        sent=sent,
        jobs={row.id: row for row in map(_job_row, OcrJob.objects.all())},
        runs=[
            RunRow(str(run.job_id), run.attempt, run.outcome, run.error, run.started_at, run.ended_at)
            for run in OcrRun.objects.order_by("pk")
        ],
        transfers=[(str(row.pk), str(row.upload_id)) for row in Transfer.objects.all()],
        upload_files={str(upload.pk): str(upload.file.name) for upload in Upload.objects.all()},
        files=files,
        told=_told(received),
        paths=paths,
        ends=ends,
    )


def _job_row(job: OcrJob) -> JobRow:
    return JobRow(
        id=str(job.pk),
        customer_id=str(job.customer_id),
        state=job.state,
        attempts=job.attempts,
        upload_id=str(job.upload_id),
        transfer_id=str(job.transfer_id or ""),
        failure_code=job.failure_code,
    )


def _told(received: list[Received]) -> list[Told]:
    paths: dict[str, list[str]] = {}
    for request in received:
        paths.setdefault(request.message_id, []).append(request.path)
    states: dict[UUID, str] = dict(WebhookDelivery.objects.values_list("message_id", "state"))
    return [
        Told(
            message_id=message.message_id,
            job_id=str(json.loads(message.body)["data"]["job_id"]),
            customer_id=str(message.customer_id),
            state=states.get(message.pk, "nowhere"),
            received=tuple(paths.get(message.message_id, ())),
        )
        for message in WebhookMessage.objects.filter(type__startswith="ocr_job.")
    ]
