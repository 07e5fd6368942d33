"""How the work goes, in figures: what waits, what passed without a person, and what people had to put right.

Straight through is a document whose first draft nothing blocked, of which nobody corrected anything, and whose draft
nobody edited, cancelled or rejected, no program either. A false success is one whose first draft nothing blocked
although a person later put another value in the place of one of its own, or rejected the document: money could have
gone wrong.

The period is `WEEKS` weeks from Monday to Sunday, the current one among them, and a document belongs to the week in
which it was first read. What is counted here is what the lists of jobs find by the querysets below.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncWeek
from django.utils import timezone

from counterparties.bank_details_change import BankDetailsChange
from ocr.models import FieldName, OcrCorrection, OcrField, OcrJob, OcrReviewDecision, OcrRun
from transfers.models import Transfer

WEEKS = 12
SHOWN_INCIDENTS = 20
TIMED_RUNS = 1000  # the newest, that percentiles of the processing time are taken of

CHANGED = (
    Q(before__isnull=True, after__isnull=False)
    | Q(before__isnull=False, after__isnull=True)
    | (Q(before__isnull=False, after__isnull=False) & ~Q(before=F("after")))
)
"""A correction that changed something; confirming a value as it stands does not."""
WRONG = CHANGED & Q(before__isnull=False)
"""A correction of a value that was given, which is worse than none."""


@dataclass(frozen=True, slots=True)
class StateFigures:
    """Jobs in one state, and since when the oldest of them has been there."""

    state: str
    label: str
    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """The documents that were first read in the week that begins on `week`, a Monday.

    `decided` are those that a person has decided on; `fields` and `corrected_fields` count their values.
    """

    week: datetime
    read: int
    straight_through: int
    false_successes: int
    decided: int
    fields: int
    corrected_fields: int


@dataclass(frozen=True, slots=True)
class Incident:
    """A false success: what was put right, and why the document was rejected; empty where it was not."""

    job: OcrJob
    corrections: list[OcrCorrection]
    rejection: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The documents that no worker has taken up yet, and since when the first of them could have been."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, as a median and the value that one of twenty exceeds; None before anything was measured."""

    median: float | None
    p95: float | None
    count: int


def period(*, now: datetime) -> datetime:
    """When the period begins: a Monday."""
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    return timezone.make_aware(datetime.combine(monday, time.min))


def queue(*, now: datetime) -> Queue:
    """What waits to be processed."""
    queued = OcrJob.objects.filter(state=OcrJob.State.QUEUED)
    told = queued.aggregate(count=Count("pk"), oldest_at=Min("due_at", filter=Q(due_at__lte=now)))
    return Queue(count=told["count"], oldest_at=told["oldest_at"])


def states() -> list[StateFigures]:
    """One row for each state, also for those that no job is in."""
    counted = OcrJob.objects.order_by().values_list("state").annotate(count=Count("pk"), oldest_at=Min("created_at"))
    rows = {state: (count, oldest_at) for state, count, oldest_at in counted}
    told = ((state, str(label), *rows.get(state, (0, None))) for state, label in OcrJob.State.choices)
    return [StateFigures(state=state, label=label, count=count, oldest_at=at) for state, label, count, at in told]


def pending_bank_changes() -> int:
    """Changes of bank details that were asked for and that nobody has decided on."""
    return BankDetailsChange.objects.filter(decision=BankDetailsChange.Decision.PENDING).count()


def blockers() -> list[tuple[str, int]]:
    """Blockers of drafts that wait, with the number of jobs each holds up, the most frequent first."""
    counted: Counter[str] = Counter()
    jobs = OcrJob.objects.filter(transfer__status=Transfer.Status.DRAFT)
    for codes, count in jobs.order_by().values_list("transfer__blockers").annotate(count=Count("pk")):
        for code in set(codes):
            counted[code] += count
    return counted.most_common()


def weeks(*, now: datetime) -> list[WeekFigures]:
    """The last weeks with any documents, the oldest first."""
    since = period(now=now)
    read: Counter[datetime] = Counter()
    straight: Counter[datetime] = Counter()
    false: Counter[datetime] = Counter()
    counted = (
        first_runs(since=since)
        .annotate(week=TruncWeek("ended_at"), is_clear=_is_clear(), was_corrected=_was_corrected(CHANGED))
        .annotate(was_wrong=_was_corrected(WRONG), was_rejected=_was_rejected(), was_left_alone=_was_left_alone())
        .order_by()
        .values_list("week", "is_clear", "was_corrected", "was_wrong", "was_rejected", "was_left_alone")
        .annotate(count=Count("pk"))
    )
    for week, is_clear, was_corrected, was_wrong, was_rejected, was_left_alone, count in counted:
        read[week] += count
        straight[week] += count if is_clear and was_left_alone and not was_corrected and not was_rejected else 0
        false[week] += count if is_clear and (was_wrong or was_rejected) else 0
    decided, fields, corrected = _values_by_week(since=since)
    return [
        WeekFigures(
            week=week,
            read=read[week],
            straight_through=straight[week],
            false_successes=false[week],
            decided=decided[week],
            fields=fields[week],
            corrected_fields=corrected[week],
        )
        for week in sorted(read)
    ]


def false_successes(*, now: datetime) -> list[Incident]:
    """The newest jobs of the period that would have been paid wrongly, `SHOWN_INCIDENTS` at most."""
    passed = falsely_passed_runs(since=period(now=now))
    newest = OcrJob.objects.filter(pk__in=passed.values("job")).order_by("-created_at")
    jobs = list(newest.select_related("upload", "customer")[:SHOWN_INCIDENTS])
    by_job: dict[UUID, list[OcrCorrection]] = {job.pk: [] for job in jobs}
    for correction in OcrCorrection.objects.filter(WRONG, job__in=list(by_job)):
        by_job[correction.job_id].append(correction)
    rejections = dict(_rejections().filter(job__in=list(by_job)).values_list("job", "reason"))
    return [Incident(job=job, corrections=by_job[job.pk], rejection=rejections.get(job.pk, "")) for job in jobs]


def first_runs(*, since: datetime | None = None, until: datetime | None = None) -> QuerySet[OcrRun]:
    """The first finished run of every job; of those first read since then, and before `until`, where it is said."""
    finished = OcrRun.objects.filter(outcome=OcrRun.Outcome.FINISHED, blockers__isnull=False)
    earlier = finished.filter(job=OuterRef("job"), pk__lt=OuterRef("pk"))
    first = finished.filter(~Exists(earlier))
    first = first if since is None else first.filter(ended_at__gte=since)
    return first if until is None else first.filter(ended_at__lt=until)


def straight_through_runs(*, since: datetime | None = None) -> QuerySet[OcrRun]:
    """The first runs of the jobs that went straight through."""
    return _clear_runs(since=since).filter(_was_left_alone(), ~_was_corrected(CHANGED), ~_was_rejected())


def falsely_passed_runs(*, since: datetime | None = None) -> QuerySet[OcrRun]:
    """The first runs of the jobs that are false successes."""
    return _clear_runs(since=since).filter(_was_corrected(WRONG) | _was_rejected())


def decided_jobs() -> QuerySet[OcrJob]:
    """Jobs whose values a person has looked at: put right, or paid."""
    corrected = Exists(OcrCorrection.objects.filter(job=OuterRef("pk")))
    return OcrJob.objects.filter(Q(transfer__status=Transfer.Status.SUPERSEDED) | corrected)


def corrected_fields(*, now: datetime) -> list[tuple[str, int, int]]:
    """For each field: its name, how often people decided on a document that gave it or should have, and how often they
    put it right; the most corrected first."""
    since = period(now=now)
    corrected = Counter(target for _, target in _corrections(since=since))
    given = Counter(_given(since=since).values_list("name", flat=True))
    names = [(name, given[name], corrected[name]) for name in given.keys() | corrected.keys()]
    return sorted(names, key=lambda row: (-row[2], row[0]))


def processing_times() -> Times:
    """Seconds of work on a document, over the newest runs that read one."""
    newest = OcrRun.objects.filter(outcome=OcrRun.Outcome.FINISHED, from_stage="read").order_by("-id")
    return _times(sum(seconds.values()) for seconds in newest.values_list("seconds", flat=True)[:TIMED_RUNS])


def waiting_times() -> Times:
    """Seconds from the arrival of a document to its result, over the newest that were read at the first attempt."""
    earlier = OcrRun.objects.filter(job=OuterRef("job"), pk__lt=OuterRef("pk"))
    newest = OcrRun.objects.filter(~Exists(earlier), outcome=OcrRun.Outcome.FINISHED).order_by("-id")
    spans = newest.values_list("job__created_at", "ended_at")[:TIMED_RUNS]
    return _times((ended - created).total_seconds() for created, ended in spans if ended)


def _times(seconds: Iterable[float]) -> Times:
    measured = sorted(seconds)
    if len(measured) < 2:
        return Times(
            median=measured[0] if measured else None, p95=measured[0] if measured else None, count=len(measured)
        )
    cuts = quantiles(measured, n=20, method="inclusive")
    return Times(median=cuts[9], p95=cuts[18], count=len(measured))


def _clear_runs(*, since: datetime | None) -> QuerySet[OcrRun]:
    return first_runs(since=since).filter(blockers=[])


def _is_clear() -> Case:
    return Case(When(blockers=[], then=Value("yes")), default=Value(""), output_field=CharField())


def _was_corrected(condition: Q) -> Exists:
    return Exists(OcrCorrection.objects.filter(condition, job=OuterRef("job")))


def _was_rejected() -> Exists:
    return Exists(_rejections().filter(job=OuterRef("job")))


def _was_left_alone() -> Exists:
    """The draft is, or was finalised, as the document gave it."""
    drafts = Transfer.objects.filter(ocr_job=OuterRef("job"), edited_at__isnull=True)
    return Exists(drafts.exclude(status=Transfer.Status.CANCELLED))


def _rejections() -> QuerySet[OcrReviewDecision]:
    return OcrReviewDecision.objects.filter(decision=OcrReviewDecision.Decision.REJECTED)


def _corrections(*, since: datetime) -> QuerySet[OcrCorrection, Any]:
    """One row for each value of a decided document that was put right, however many attempts it took."""
    return (
        OcrCorrection.objects.filter(CHANGED, target__in=FieldName.values, job__in=_decided(since=since))
        .order_by()
        .values_list("job", "target")
        .distinct()
    )


def _given(*, since: datetime) -> QuerySet[OcrField]:
    """The values of decided documents: those that stand there, and those that people emptied."""
    emptied = OcrCorrection.objects.filter(job=OuterRef("job"), target=OuterRef("name"))
    given = Q(value__isnull=False) | Exists(emptied)
    return OcrField.objects.filter(given, job__in=_decided(since=since)).order_by()


def _decided(*, since: datetime) -> QuerySet[OcrJob]:
    return decided_jobs().filter(pk__in=first_runs(since=since).values("job"))


def _values_by_week(*, since: datetime) -> tuple[Counter[datetime], Counter[datetime], Counter[datetime]]:
    """The decided documents by week, their values, and those put right."""
    first = first_runs(since=since).filter(job__in=decided_jobs()).annotate(week=TruncWeek("ended_at")).order_by()
    emptied = OcrCorrection.objects.filter(job=OuterRef("job"), target=OuterRef("job__fields__name"))
    given = Count("job__fields", filter=Q(job__fields__value__isnull=False) | Q(Exists(emptied)))
    counted = list(first.values_list("week").annotate(decided=Count("pk", distinct=True), fields=given))
    corrections = _corrections(since=since)
    week_of = dict(first.filter(job__in=corrections.values("job")).values_list("job", "week"))
    return (
        Counter({week: decided for week, decided, _ in counted}),
        Counter({week: fields for week, _, fields in counted}),
        Counter(week_of[job] for job, _ in corrections),
    )
