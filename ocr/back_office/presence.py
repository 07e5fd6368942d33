"""Who else looks at the job, and what has changed since the page was shown."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ocr.back_office.requests import answer, of_job, person, seen_version, sent
from ocr.models import OcrJob
from ocr.onlookers import look_at, look_away
from ocr.versions import changes_since, version_of


@of_job(method="POST")
def looking(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Says that the page is open, or with `leaving` that it closes."""
    body = sent(request)
    seen = seen_version(body)
    if body.get("leaving") is True:
        look_away(job=job, by=person(request))
        return answer({"others": [], "changes": [], "state": job.state})
    others = look_at(job=job, by=person(request), now=timezone.now())
    changes = changes_since(job=job, seen=seen) if version_of(job) != seen else []
    return answer(
        {
            "others": [f"{each.name} is looking at this job since {each.since:%H:%M} UTC." for each in others],
            "changes": changes,
            "state": job.state,
        }
    )
