"""What the list of jobs can be narrowed down to."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone

from ocr import figures
from ocr.back_office.briefly import briefly, field_in_words
from ocr.models import FieldName, FieldSource, OcrCorrection, OcrField, OcrJob
from ocr.review_queue import KINDS
from transfers.models import Transfer

SUPPLIERS = 20
LOOKED_AT = 2000  # the newest jobs, whose warnings and suppliers are offered
KIND_NAMES = {
    "risky": "money could go astray",
    "blocked": "something blocks the draft",
    "unread": "could not be read",
    "warned": "there are warnings",
    "ready": "only the approval is missing",
}
CONFIDENCES = ("0.5", "0.8", "0.95")


class JobFilter(admin.SimpleListFilter):
    """A filter with choices of its own. A value that is none of its own, typed into the address, finds nothing."""

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset if value is None else self.choose(queryset, value)


class BlockerFilter(JobFilter):
    title = "what blocks the draft"
    parameter_name = "blocker"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("none", "nothing"), *((code, f"{briefly(code)} ({count})") for code, count in figures.blockers())]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        drafts = jobs.filter(transfer__status=Transfer.Status.DRAFT)
        if value == "none":
            return drafts.filter(transfer__blockers=[])
        return _holding(drafts, column="transfer__blockers", code=value)


class KindFilter(JobFilter):
    """Of jobs in the review queue, which know their rank."""

    title = "why it waits"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return list(KIND_NAMES.items())

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        return jobs.filter(KINDS[value]) if value in KINDS else jobs.none()


class WarningFilter(JobFilter):
    title = "warning"
    parameter_name = "warning"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        newest = OcrJob.objects.exclude(warnings=[]).order_by("-created_at").values_list("warnings", flat=True)
        codes = Counter(code for rows in newest[:LOOKED_AT] for code in {row["code"] for row in rows})
        return [("none", "none"), *((code, briefly(code)) for code, _ in codes.most_common())]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        return jobs.filter(warnings=[]) if value == "none" else _holding(jobs, column="warnings", code=value)


class SupplierFilter(JobFilter):
    title = "supplier"
    parameter_name = "supplier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        newest = OcrJob.objects.filter(counterparty__isnull=False).order_by("-created_at").values("pk")[:LOOKED_AT]
        rows = (
            OcrJob.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
            .order_by()
            .values_list("counterparty", "counterparty__legal_name")
            .annotate(count=Count("pk"))
            .order_by("-count", "counterparty__legal_name")
        )
        return [("none", "not found"), *((str(pk), f"{name} ({count})") for pk, name, count in rows[:SUPPLIERS])]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        if value == "none":
            return jobs.filter(counterparty__isnull=True)
        try:
            return jobs.filter(counterparty=UUID(value))
        except ValueError:
            return jobs.none()


class ConfidenceFilter(JobFilter):
    """By the least sure of a document's values."""

    title = "least sure value"
    parameter_name = "confidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(bound, f"below {bound}") for bound in CONFIDENCES]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        if value not in CONFIDENCES:
            return jobs.none()
        return jobs.filter(Exists(OcrField.objects.filter(job=OuterRef("pk"), confidence__lt=float(value))))


class SourceFilter(JobFilter):
    """By where any of a document's values comes from."""

    title = "source of a value"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [(source, str(label)) for source, label in FieldSource.choices]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        return jobs.filter(Exists(OcrField.objects.filter(job=OuterRef("pk"), source=value)))


class CorrectedFilter(JobFilter):
    title = "corrected"
    parameter_name = "corrected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("yes", "anything"), ("no", "nothing"), *((name, field_in_words(name)) for name in FieldName.values)]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        corrections = OcrCorrection.objects.filter(figures.CHANGED, job=OuterRef("pk"))
        if value == "no":
            return jobs.filter(~Exists(corrections))
        return jobs.filter(Exists(corrections if value == "yes" else corrections.filter(target=value)))


class PassedFilter(JobFilter):
    """By how the first draft came out; `figures` says what the words mean."""

    title = "first draft"
    parameter_name = "passed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("straight", "went straight through"), ("falsely", "false success")]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        chosen = {"straight": figures.straight_through_runs, "falsely": figures.falsely_passed_runs}.get(value)
        return jobs.none() if chosen is None else jobs.filter(pk__in=chosen().values("job"))


class DecidedFilter(JobFilter):
    """By whether a person has looked at the values; `figures` says what that means."""

    title = "decided on by a person"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("yes", "corrected or paid"), ("no", "neither")]

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        decided = figures.decided_jobs().values("pk")
        return {"yes": jobs.filter(pk__in=decided), "no": jobs.exclude(pk__in=decided)}.get(value, jobs.none())


class FirstReadFilter(JobFilter):
    """By the days between which a document was first read, the last one among them: `2026-05-04..2026-05-10`."""

    title = "first read"
    parameter_name = "first_read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        today = timezone.localdate()
        offered = {
            days(since=today - timedelta(days=today.weekday())): "this week",
            days(since=figures.period(now=timezone.now()).date()): f"the last {figures.WEEKS} weeks",
        }
        asked = request.GET.get(self.parameter_name, "")
        between = _between(asked)
        if between is not None:
            offered.setdefault(asked, " to ".join(f"{day:%Y-%m-%d}" for day in between if day))
        return list(offered.items())

    def choose(self, jobs: QuerySet[OcrJob], value: str) -> QuerySet[OcrJob]:
        between = _between(value)
        if between is None:
            return jobs.none()
        since, last = between
        until = None if last is None else _midnight(last + timedelta(days=1))
        return jobs.filter(pk__in=figures.first_runs(since=_midnight(since), until=until).values("job"))


def days(*, since: date, last: date | None = None) -> str:
    """What `FirstReadFilter` takes: from `since` to `last`, or to today."""
    return f"{since:%Y-%m-%d}..{last:%Y-%m-%d}" if last else f"{since:%Y-%m-%d}.."


def _between(said: str) -> tuple[date, date | None] | None:
    """None where it is no such span."""
    since, dots, last = said.partition("..")
    try:
        between = date.fromisoformat(since), date.fromisoformat(last) if last else None
    except ValueError:
        return None
    return between if dots and between[1] != date.max else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _holding(jobs: QuerySet[OcrJob], *, column: str, code: str) -> QuerySet[OcrJob]:
    """Those whose list of codes holds this one. Asked as text: SQLite cannot be asked what a JSON list contains."""
    text = f"{column}_text".replace("__", "_")
    return jobs.annotate(**{text: Cast(column, TextField())}).filter(**{f"{text}__contains": f'"{code}"'})
