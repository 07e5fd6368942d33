"""Which state of a job a person has seen, and what others have changed since.

A version names the newest correction, the newest run that ended, the decision, and when the draft was last written:
told by the rows themselves, so that no writer can forget to count it up.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max

from ocr.models import OcrCorrection, OcrJob, OcrReviewDecision, OcrRun
from transfers.models import Transfer

_FORM = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class VersionUnknown(ValueError):
    """What was sent names no version."""


class ChangedMeanwhile(Exception):
    """Somebody else changed the job since it was looked at; `changes` tells who did what, a sentence each."""

    def __init__(self, changes: list[str]) -> None:
        self.changes = changes or ["The job was processed again."]
        super().__init__(f"Nothing was saved, for this has changed meanwhile: {' '.join(self.changes)} Look again.")


@dataclass(frozen=True, slots=True)
class Version:
    """`correction` and `run` are ids, `decided` is 1 once the review has ended, `drafted` in microseconds."""

    correction: int
    run: int
    decided: int
    drafted: int

    def __str__(self) -> str:
        return f"{self.correction}.{self.run}.{self.decided}.{self.drafted}"


def version_from(text: str) -> Version:
    """The inverse of `str`. Raises VersionUnknown."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise VersionUnknown("The request does not say which state of the job it saw; reload the page.")
    return Version(*map(int, match.groups()))


def version_of(job: OcrJob) -> Version:
    """The version of the job as its rows stand now."""
    ended = OcrRun.objects.filter(job=job).exclude(outcome=OcrRun.Outcome.RUNNING)
    drafted = (
        Transfer.objects.filter(ocr_job_id=job.pk, supersedes__isnull=True)
        .values_list("modified_at", flat=True)
        .first()
    )
    return Version(
        correction=OcrCorrection.objects.filter(job=job).aggregate(newest=Max("id"))["newest"] or 0,
        run=ended.aggregate(newest=Max("id"))["newest"] or 0,
        decided=int(OcrReviewDecision.objects.filter(job=job).exists()),
        drafted=_microseconds(drafted) if drafted else 0,
    )


def check_version(*, job: OcrJob, seen: Version) -> None:
    """Raises ChangedMeanwhile unless this is how the job stands; call it while the job's row is locked."""
    if version_of(job) != seen:
        raise ChangedMeanwhile(changes_since(job=job, seen=seen))


def changes_since(*, job: OcrJob, seen: Version) -> list[str]:
    """Who did what to the job since that version, a sentence each, in the order in which it happened."""
    told: list[tuple[datetime, str]] = []
    for each in OcrCorrection.objects.filter(job=job, id__gt=seen.correction):
        what = f"{each.get_target_display().lower()} from {each.before or 'empty'} to {each.after or 'empty'}"
        if each.target in {"counterparty_id", "cp_account_id"}:
            what = f"the {each.get_target_display()}"
        told.append((each.corrected_at, f"{each.corrected_by} corrected {what} at {_time(each.corrected_at)}."))
    ended = OcrRun.objects.filter(job=job, id__gt=seen.run).exclude(outcome=OcrRun.Outcome.RUNNING)
    for run in ended:
        when = run.ended_at or run.started_at
        told.append((when, f"The job was processed again for {run.asked_by or 'the service'} at {_time(when)}."))
    decision = OcrReviewDecision.objects.filter(job=job).first()
    if decision and not seen.decided:
        what = f"{decision.decided_by} {decision.decision} it at {_time(decision.decided_at)}."
        told.append((decision.decided_at, what))
    draft = Transfer.objects.filter(ocr_job_id=job.pk, supersedes__isnull=True).first()
    if draft and not told and _microseconds(draft.modified_at) != seen.drafted:
        who = draft.modified_by or "somebody"
        told.append((draft.modified_at, f"{who} changed the draft transfer at {_time(draft.modified_at)}."))
    return [sentence for _, sentence in sorted(told)]


def _microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
