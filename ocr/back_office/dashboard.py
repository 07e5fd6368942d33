"""What the back office's front page shows: `ocr.figures`, each with the way to the jobs behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from ocr import figures
from ocr.back_office.briefly import briefly, field_in_words
from ocr.back_office.charts import Bar, Line, Measured, bars, line, percent
from ocr.back_office.filters import KIND_NAMES, days
from ocr.models import OcrCorrection
from ocr.review_queue import waiting_by_kind

KEPT_SECONDS = 20
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that is read at a glance; `kind` is good, bad or empty.

    `count` is the number of jobs that `url` lists; None where the figure is no count of jobs.
    """

    name: str
    value: str
    note: str
    url: str
    count: int | None
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
    return {
        "tiles": _tiles(weeks, now=now),
        "waiting": _waiting(),
        "states": _states(),
        "blockers": _blockers(),
        "lines": _lines(weeks),
        "fields": _fields(now=now),
        "incidents": _incidents(now=now),
        "incident_count": sum(week.false_successes for week in weeks),
        "incidents_url": _period_url(now=now, passed="falsely"),
        "weeks": figures.WEEKS,
        "counted_at": now,
    }


def _period_url(*, now: datetime, **filters: str) -> str:
    return jobs_url(**filters, first_read=days(since=figures.period(now=now).date()))


def _tiles(weeks: list[figures.WeekFigures], *, now: datetime) -> list[Tile]:
    read = sum(week.read for week in weeks)
    straight = sum(week.straight_through for week in weeks)
    false = sum(week.false_successes for week in weeks)
    fields = sum(week.fields for week in weeks)
    corrected = sum(week.corrected_fields for week in weeks)
    decided = sum(week.decided for week in weeks)
    return [
        _queue(now=now),
        Tile("Documents read", str(read), f"in {figures.WEEKS} weeks", _period_url(now=now), read),
        Tile(
            "Straight through",
            percent(straight, read) if read else "—",
            f"{straight} of {read}: nothing blocked them, nobody changed or rejected them",
            _period_url(now=now, passed="straight"),
            straight,
        ),
        Tile(
            "False successes",
            str(false),
            "nothing blocked the draft, yet a person had to put it right or reject it",
            _period_url(now=now, passed="falsely"),
            false,
            "bad" if false else "good",
        ),
        Tile(
            "Values right",
            percent(fields - corrected, fields) if fields else "—",
            f"{corrected} of {fields} corrected; documents that people decided on: {decided}",
            _period_url(now=now, decided="yes"),
            decided,
        ),
        _seconds("Seconds of work", figures.processing_times(), "median and 95th percentile of a document"),
        _seconds("Seconds until the result", figures.waiting_times(), "from its arrival, the same"),
    ]


def _queue(*, now: datetime) -> Tile:
    queue = figures.queue(now=now)
    oldest = timesince(queue.oldest_at, now, depth=1) if queue.oldest_at else ""
    note = f"the oldest for {oldest}" if oldest else "documents that nobody has begun to read"
    return Tile("Waiting to be processed", str(queue.count), note, jobs_url(state__exact="queued"), queue.count)


def _seconds(name: str, times: figures.Times, note: str) -> Tile:
    value = "—" if times.median is None or times.p95 is None else f"{times.median:.1f} / {times.p95:.1f}"
    return Tile(name, value, note, jobs_url(), None)


def _waiting() -> list[Bar]:
    queue = reverse("admin:ocr_waitingjob_changelist")
    rows = [
        (KIND_NAMES[kind], count, f"{queue}?kind={kind}", "bad" if kind == "risky" else "")
        for kind, count in waiting_by_kind().items()
    ]
    asked = reverse("admin:counterparties_bankdetailschange_changelist") + "?decision__exact=pending"
    return bars([*rows, ("a changed account takes a second person", figures.pending_bank_changes(), asked, "")])


def _states() -> list[Bar]:
    return bars(
        [
            (row.label, row.count, jobs_url(state__exact=row.state), "bad" if row.state == "failed" else "")
            for row in figures.states()
        ]
    )


def _blockers() -> list[Bar]:
    counted = figures.blockers()[:MOST_BARS]
    return bars([(briefly(code), count, jobs_url(blocker=code), "") for code, count in counted])


def _lines(weeks: list[figures.WeekFigures]) -> list[Line]:
    def url(week: figures.WeekFigures, **filters: str) -> str:
        monday = week.week.date()
        return jobs_url(**filters, first_read=days(since=monday, last=monday + timedelta(days=6)))

    straight = [
        Measured(
            label=f"{week.week:%d %b}",
            part=week.straight_through,
            whole=week.read,
            count=week.straight_through,
            url=url(week, passed="straight"),
            detail=f"{week.straight_through} of {week.read} documents",
        )
        for week in weeks
    ]
    right = [
        Measured(
            label=f"{week.week:%d %b}",
            part=week.fields - week.corrected_fields,
            whole=week.fields,
            count=week.decided,
            url=url(week, decided="yes"),
            detail=f"{week.fields - week.corrected_fields} of {week.fields} values on {week.decided} documents",
        )
        for week in weeks
    ]
    return [line(name="Straight through", rows=straight), line(name="Values right", rows=right)]


def _fields(*, now: datetime) -> list[Bar]:
    rows = [row for row in figures.corrected_fields(now=now) if row[2]][:MOST_BARS]
    return bars(
        [
            (f"{field_in_words(name)}: {right} of {given}", right, _period_url(now=now, corrected=name), "")
            for name, given, right in rows
        ]
    )


def _incidents(*, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "job": incident.job,
            "url": reverse("admin:ocr_ocrjob_review", args=[incident.job.pk]),
            "told": [*map(_told, incident.corrections), *filter(None, [_rejected(incident.rejection)])],
        }
        for incident in figures.false_successes(now=now)
    ]


def _told(correction: OcrCorrection) -> str:
    what = field_in_words(correction.target)
    if correction.target in {"counterparty_id", "cp_account_id"}:  # whose values are ids
        return f"another {what}"
    return f"{what} {correction.before or '—'} → {correction.after or '—'}"


def _rejected(reason: str) -> str:
    return f"rejected: {reason}" if reason else ""
