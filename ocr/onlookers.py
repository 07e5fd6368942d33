"""Who else has a job's page open. Nobody is kept out by it: what two people save at once is told by versions."""

from datetime import datetime, timedelta

from ocr.models import OcrJob, OcrJobOnlooker

STILL_THERE = timedelta(seconds=40)
"""The page says every fifteen seconds that it is open."""
_FORGOTTEN = timedelta(days=1)


def look_at(*, job: OcrJob, by: str, now: datetime) -> list[OcrJobOnlooker]:
    """Notes that this person looks at the job, and gives the others who do, the first one first."""
    onlookers = OcrJobOnlooker.objects.filter(job=job)
    onlookers.filter(seen_at__lt=now - _FORGOTTEN).delete()
    # Who went away and comes back looks since now.
    onlookers.filter(name=by, seen_at__lt=now - STILL_THERE).update(since=now)
    OcrJobOnlooker.objects.update_or_create(
        job=job, name=by, defaults={"seen_at": now}, create_defaults={"since": now, "seen_at": now}
    )
    return list(onlookers.filter(seen_at__gte=now - STILL_THERE).exclude(name=by))


def look_away(*, job: OcrJob, by: str) -> None:
    """This person has left the job's page."""
    OcrJobOnlooker.objects.filter(job=job, name=by).delete()
