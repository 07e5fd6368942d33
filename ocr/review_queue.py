"""Which jobs wait for a person, in which order, and why: one queue for the list and for what opens next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from ocr.models import MatchOutcome, OcrJob, WaitingJob
from ocr.onlookers import STILL_THERE
from transfers.blockers import message_of
from transfers.models import Transfer

RISKS = (
    "bank_details_changed",
    "iban_belongs_to_other_counterparty",
    "lookalike_name",
    "lookalike_domain",
    "vat_id_differs",
    "iban_is_own_account",
    "several_ibans",
    "iban_invalid",
    "hidden_text",
    "account_inactive",
    "payee_name_differs",
    "another_payee",
    "duplicate_invoice",
    "payment_file_out",
)
"""Blockers that stand for money that would go to somebody else, or twice (`docs/payee-safety.md`)."""

RISKY, BLOCKED, WARNED, READY = range(4)
_UNREAD = Q(rank=BLOCKED, state=OcrJob.State.FAILED)
KINDS = {
    "risky": Q(rank=RISKY),
    "blocked": Q(rank=BLOCKED) & ~_UNREAD,
    "unread": _UNREAD,
    "warned": Q(rank=WARNED),
    "ready": Q(rank=READY),
}
"""What the jobs that `waiting` gives wait for; each is of one kind."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a job waits for a person: a code and a sentence; `is_risk` where money could go astray."""

    code: str
    message: str
    is_risk: bool = False


def waiting() -> QuerySet[Any]:
    """The jobs that wait for a review, those at risk first, the oldest first among equals; with `rank` (RISKY,
    BLOCKED, WARNED, READY). Who may see which of them is the caller's to filter."""
    return _ranked(OcrJob.objects.all())


def waiting_rows() -> QuerySet[Any]:
    """The same as rows of the back office's queue."""
    return _ranked(WaitingJob.objects.all())


def waiting_by_kind() -> dict[str, int]:
    """How many jobs wait, by `KINDS`."""
    counts = {kind: Count("pk", filter=condition) for kind, condition in KINDS.items()}
    return dict(waiting().order_by().aggregate(**counts))


def assign(*, jobs: QuerySet[OcrJob], to: str) -> int:
    """Gives the jobs to a person, or to nobody when `to` is empty. How many there were. Nobody is kept out by it."""
    return jobs.order_by().update(assigned_to=to, modified_at=timezone.now())


def _ranked(jobs: QuerySet[Any]) -> QuerySet[Any]:
    is_failed = Q(state=OcrJob.State.FAILED)
    is_draft = Q(state=OcrJob.State.FINISHED, transfer__status=Transfer.Status.DRAFT)
    at_risk = Q(pk__in=[])
    for code in RISKS:
        at_risk |= Q(blockers_text__contains=f'"{code}"')
    rank = Case(
        When(at_risk, then=Value(RISKY)),
        When(is_failed | ~Q(transfer__blockers=[]), then=Value(BLOCKED)),
        When(~Q(warnings=[]), then=Value(WARNED)),
        default=Value(READY),
        output_field=IntegerField(),
    )
    ranked: QuerySet[Any] = (
        jobs.filter(is_failed | is_draft, review_decision__isnull=True)
        .annotate(blockers_text=Cast("transfer__blockers", TextField()))
        .annotate(rank=rank)
        .order_by("rank", "created_at", "id")
    )
    return ranked


def next_job(*, after: OcrJob | None, by: str, now: datetime) -> OcrJob | None:
    """The job to review next: behind `after` in the queue, and from its head again at its end; None when none waits.

    One that somebody else is looking at, or that is assigned to somebody else, comes only when there is no other.
    """
    jobs = waiting()
    if after is not None:
        jobs = jobs.exclude(pk=after.pk)
    watched = Q(onlookers__seen_at__gte=now - STILL_THERE) & ~Q(onlookers__name=by)
    free = jobs.exclude(pk__in=OcrJob.objects.filter(watched).values("pk")).filter(assigned_to__in=["", by])
    place = waiting().filter(pk=after.pk).values_list("rank", flat=True).first() if after is not None else None
    for candidates in (free, jobs):
        if after is not None and place is not None:
            behind = Q(rank__gt=place) | Q(rank=place, created_at__gt=after.created_at)
            behind |= Q(rank=place, created_at=after.created_at, id__gt=after.pk)
            if found := _first(candidates.filter(behind)):
                return found
        if found := _first(candidates):
            return found
    return None


def _first(jobs: QuerySet[Any]) -> OcrJob | None:
    job: OcrJob | None = jobs.select_related("transfer").first()
    return job


def reasons(job: OcrJob) -> list[Reason]:
    """Why the job waits for a person; none where nothing but the approval is missing. Select `transfer` with it."""
    if job.state == OcrJob.State.FAILED:
        return [Reason("failed", job.message)]
    blockers = job.transfer.blockers if job.transfer else []
    found = [Reason(code, message_of(code), is_risk=code in RISKS) for code in blockers]
    if job.counterparty_match != MatchOutcome.FOUND and not any("counterparty" in each.code for each in found):
        found.append(Reason(f"counterparty_{job.counterparty_match}", "Choose or create the counterparty to be paid."))
    told = {each.code for each in found}
    found += [Reason(each["code"], each["message"]) for each in job.warnings if each["code"] not in told]
    return sorted(found, key=lambda each: not each.is_risk)
