"""How the work goes, in figures: what waits, what passed without a person, and what people had to put right.

Straight through is a document whose first draft nothing blocked and which nobody corrected. A false success is one
whose first draft nothing blocked although a person later put another value in the place of one of its own: money could
have gone wrong.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncWeek

from counterparties.bank_details_change import BankDetailsChange
from ocr.models import OcrCorrection, OcrField, OcrJob, OcrRun
from transfers.models import Transfer

WEEKS = 12
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

    `fields` and `corrected_fields` count the values of those that a person has decided on.
    """

    week: datetime
    read: int
    straight_through: int
    false_successes: int
    fields: int
    corrected_fields: int


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, as a median and the value that one of twenty exceeds; None before anything was measured."""

    median: float | None
    p95: float | None
    count: int


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
    """Blockers of drafts that wait, with the number of drafts each blocks, the most frequent first."""
    counted: Counter[str] = Counter()
    drafts = Transfer.objects.filter(status=Transfer.Status.DRAFT, ocr_job_id__isnull=False)
    for codes, count in drafts.order_by().values_list("blockers").annotate(count=Count("pk")):
        for code in codes:
            counted[code] += count
    return counted.most_common()


def weeks(*, now: datetime) -> list[WeekFigures]:
    """The last weeks with any documents, the oldest first."""
    since = now - timedelta(weeks=WEEKS)
    read: Counter[datetime] = Counter()
    straight: Counter[datetime] = Counter()
    false: Counter[datetime] = Counter()
    counted = (
        _first_runs(since=since)
        .annotate(week=TruncWeek("ended_at"), is_clear=_is_clear(), was_corrected=_was_corrected(CHANGED))
        .annotate(was_wrong=_was_corrected(WRONG))
        .order_by()
        .values_list("week", "is_clear", "was_corrected", "was_wrong")
        .annotate(count=Count("pk"))
    )
    for week, is_clear, was_corrected, was_wrong, count in counted:
        read[week] += count
        straight[week] += count if is_clear and not was_corrected else 0
        false[week] += count if is_clear and was_wrong else 0
    fields, corrected = _fields_by_week(since=since)
    return [
        WeekFigures(
            week=week,
            read=read[week],
            straight_through=straight[week],
            false_successes=false[week],
            fields=fields[week],
            corrected_fields=corrected[week],
        )
        for week in sorted(read)
    ]


def false_successes(*, now: datetime) -> list[tuple[OcrJob, list[OcrCorrection]]]:
    """The jobs of the last weeks that would have been paid wrongly, newest first, each with what was put right."""
    passed = falsely_passed_jobs(since=now - timedelta(weeks=WEEKS))
    jobs = OcrJob.objects.filter(pk__in=passed.values("job"))
    by_job: dict[UUID, list[OcrCorrection]] = {}
    for correction in OcrCorrection.objects.filter(WRONG, job__in=jobs):
        by_job.setdefault(correction.job_id, []).append(correction)
    return [(job, by_job[job.pk]) for job in jobs.select_related("upload", "customer").order_by("-created_at")[:20]]


def straight_through_jobs(*, since: datetime | None = None) -> QuerySet[OcrRun]:
    """The first runs of the jobs that went straight through."""
    return _clear_runs(since=since).filter(~_was_corrected(CHANGED))


def falsely_passed_jobs(*, since: datetime | None = None) -> QuerySet[OcrRun]:
    """The first runs of the jobs that are false successes."""
    return _clear_runs(since=since).filter(_was_corrected(WRONG))


def corrected_fields(*, now: datetime) -> list[tuple[str, int, int]]:
    """For each field: its name, how often people decided on a document that gave it or should have, and how often they
    put it right; the most corrected first."""
    since = now - timedelta(weeks=WEEKS)
    corrected = Counter(_corrections(since=since).values_list("target", flat=True))
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


def _first_runs(*, since: datetime | None) -> QuerySet[OcrRun]:
    """The first finished run of every job that was first read since then."""
    finished = OcrRun.objects.filter(outcome=OcrRun.Outcome.FINISHED, blockers__isnull=False)
    earlier = finished.filter(job=OuterRef("job"), pk__lt=OuterRef("pk"))
    first = finished.filter(~Exists(earlier))
    return first if since is None else first.filter(ended_at__gte=since)


def _clear_runs(*, since: datetime | None) -> QuerySet[OcrRun]:
    return _first_runs(since=since).filter(blockers=[])


def _is_clear() -> Case:
    return Case(When(blockers=[], then=Value("yes")), default=Value(""), output_field=CharField())


def _was_corrected(condition: Q) -> Exists:
    return Exists(OcrCorrection.objects.filter(condition, job=OuterRef("job")))


def _corrections(*, since: datetime) -> QuerySet[OcrCorrection, Any]:
    """One row for each value of a decided document that was put right, however many attempts it took."""
    return (
        OcrCorrection.objects.filter(CHANGED, job__in=_decided(since=since))
        .order_by()
        .values("job", "target")
        .distinct()
    )


def _given(*, since: datetime) -> QuerySet[OcrField]:
    """The values of decided documents: those that stand there, and those that people emptied."""
    emptied = OcrCorrection.objects.filter(job=OuterRef("job"), target=OuterRef("name"))
    given = Q(value__isnull=False) | Exists(emptied)
    return OcrField.objects.filter(given, job__in=_decided(since=since)).order_by()


def _decided(*, since: datetime) -> QuerySet[OcrJob]:
    """Jobs whose values a person has looked at: put right, or paid."""
    corrected = Exists(OcrCorrection.objects.filter(job=OuterRef("pk")))
    return OcrJob.objects.filter(Q(transfer__status=Transfer.Status.SUPERSEDED) | corrected, created_at__gte=since)


def _fields_by_week(*, since: datetime) -> tuple[Counter[datetime], Counter[datetime]]:
    given = _given(since=since).annotate(week=TruncWeek("job__created_at")).values_list("week").annotate(Count("pk"))
    corrected = (
        _corrections(since=since).annotate(week=TruncWeek("job__created_at")).values_list("week", "job", "target")
    )
    return Counter(dict(given)), Counter(week for week, _, _ in corrected)
