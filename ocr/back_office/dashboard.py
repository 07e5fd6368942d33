"""What the back office's front page shows: `ocr.figures`, each with the way to the jobs behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from ocr import figures
from ocr.back_office.charts import Bar, Line, bars, line, percent
from ocr.review_queue import BLOCKED, READY, RISKY, WARNED, waiting_by_rank

RANKS = (
    (RISKY, "money could go astray"),
    (BLOCKED, "something blocks the draft"),
    (WARNED, "there are warnings"),
    (READY, "only the approval is missing"),
)
KEPT_SECONDS = 20
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that is read at a glance; `kind` is good, bad or empty."""

    name: str
    value: str
    note: str
    url: str
    kind: str = ""


def dashboard(*, now: datetime | None = None) -> dict[str, Any]:
    """The context of `admin/dashboard.html`; counted anew every twenty seconds at the most."""
    kept: dict[str, Any] | None = cache.get("back-office-dashboard")
    if kept is None:
        kept = _counted(now=now or timezone.now())
        cache.set("back-office-dashboard", kept, KEPT_SECONDS)
    return kept


def jobs_url(**filters: str) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse("admin:ocr_ocrjob_changelist") + query


def _counted(*, now: datetime) -> dict[str, Any]:
    weeks = figures.weeks(now=now)
    incidents = figures.false_successes(now=now)
    return {
        "tiles": _tiles(weeks),
        "waiting": _waiting(),
        "states": _states(now=now),
        "blockers": _blockers(),
        "lines": _lines(weeks),
        "fields": _fields(now=now),
        "incidents": [
            {"job": job, "url": reverse("admin:ocr_ocrjob_review", args=[job.pk]), "corrections": corrections}
            for job, corrections in incidents
        ],
        "weeks": figures.WEEKS,
        "counted_at": now,
    }


def _tiles(weeks: list[figures.WeekFigures]) -> list[Tile]:
    read = sum(week.read for week in weeks)
    straight = sum(week.straight_through for week in weeks)
    false = sum(week.false_successes for week in weeks)
    fields = sum(week.fields for week in weeks)
    corrected = sum(week.corrected_fields for week in weeks)
    work, waited = figures.processing_times(), figures.waiting_times()
    return [
        Tile("Documents read", str(read), f"in {figures.WEEKS} weeks", jobs_url(state__exact="finished")),
        Tile(
            "Straight through",
            percent(straight, read) if read else "—",
            f"{straight} of {read}: nothing blocked them, nobody corrected them",
            jobs_url(passed="straight"),
        ),
        Tile(
            "False successes",
            str(false),
            "nothing blocked the draft, yet a person had to put it right",
            jobs_url(passed="falsely"),
            "bad" if false else "good",
        ),
        Tile(
            "Values right",
            percent(fields - corrected, fields) if fields else "—",
            f"{corrected} of {fields} corrected, on documents that people decided on",
            jobs_url(corrected="yes"),
        ),
        Tile("Seconds of work", _seconds(work), "median and 95th percentile of a document", jobs_url()),
        Tile("Seconds until the result", _seconds(waited), "from its arrival, the same", jobs_url()),
    ]


def _seconds(times: figures.Times) -> str:
    return "—" if times.median is None or times.p95 is None else f"{times.median:.1f} / {times.p95:.1f}"


def _waiting() -> list[Bar]:
    url = reverse("admin:ocr_waitingjob_changelist")
    counted = waiting_by_rank()
    rows = [(name, counted[rank], url, "bad" if rank == RISKY else "") for rank, name in RANKS]
    asked = reverse("admin:counterparties_bankdetailschange_changelist") + "?decision__exact=pending"
    return bars([*rows, ("a changed account takes a second person", figures.pending_bank_changes(), asked, "")])


def _states(*, now: datetime) -> list[Bar]:
    rows = []
    for row in figures.states():
        age = f", oldest {timesince(row.oldest_at, now, depth=1)}" if row.oldest_at and row.state in OPEN else ""
        kind = "bad" if row.state == "failed" else ""
        rows.append((f"{row.label}{age}", row.count, jobs_url(state__exact=row.state), kind))
    return bars(rows)


OPEN = ("queued", "running")


def _blockers() -> list[Bar]:
    counted = figures.blockers()[:MOST_BARS]
    return bars([(code, count, jobs_url(blocker=code), "") for code, count in counted])


def _lines(weeks: list[figures.WeekFigures]) -> list[Line]:
    def url(week: datetime) -> str:
        return jobs_url(created_at__year=str(week.year), created_at__month=str(week.month))

    straight = [(f"{week.week:%d %b}", week.straight_through, week.read, url(week.week)) for week in weeks]
    right = [(f"{week.week:%d %b}", week.fields - week.corrected_fields, week.fields, url(week.week)) for week in weeks]
    return [line(name="Straight through", rows=straight), line(name="Values right", rows=right)]


def _fields(*, now: datetime) -> list[Bar]:
    rows = [row for row in figures.corrected_fields(now=now) if row[2]][:MOST_BARS]
    return bars([(f"{name}: {right} of {given}", right, jobs_url(corrected=name), "") for name, given, right in rows])
