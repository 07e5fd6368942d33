"""Corrections, the choice of payee and account, and matching again: saved, done, and shown as they then are."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from ocr.back_office.panels import panels
from ocr.back_office.requests import BadRequest, answer, of_job, person, seen_version, sent, text_of
from ocr.corrections import Place
from ocr.models import OcrJob
from ocr.reading.document import Box
from ocr.review import Correction, correct_and_match, match_again, payee_corrections

MOST_CORRECTIONS = 40
_FARTHEST = 20_000.0  # points; the largest sheet that a PDF knows has 14 400
_CHANGE = "ocr.change_ocrjob"


@of_job(method="GET")
def state(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """The panels as they are now."""
    return answer(panels(request, job))


@of_job(method="POST", permission=_CHANGE)
def correct(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Saves `corrections`, a list of `{target, text, page?, box?, raw?}`, and matches again."""
    body = sent(request)
    seen = seen_version(body)
    rows = body.get("corrections")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > MOST_CORRECTIONS:
        raise BadRequest("There is no list of corrections in what came; reload the page.")
    correct_and_match(
        job_id=job.pk,
        corrections=[_correction(row) for row in rows],
        seen=seen,
        by=person(request),
    )
    return answer(panels(request, job))


@of_job(method="POST", permission=_CHANGE)
def choose_payee(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Whom to pay (`counterparty_id`), and if it is said to which account (`cp_account_id`)."""
    body = sent(request)
    chosen = payee_corrections(
        job=job,
        counterparty_id=text_of(body, "counterparty_id", most=40) or None,
        account_id=text_of(body, "cp_account_id", most=40) or None,
    )
    correct_and_match(job_id=job.pk, corrections=chosen, seen=seen_version(body), by=person(request))
    return answer(panels(request, job))


@of_job(method="POST", permission=_CHANGE)
def again(request: HttpRequest, job: OcrJob) -> HttpResponse:
    """Matches again with the books as they are now; a document that could not be read is read again."""
    match_again(job_id=job.pk, seen=seen_version(sent(request)), by=person(request))
    return answer(panels(request, job))


def _correction(row: dict[str, Any]) -> Correction:
    return Correction(
        target=text_of(row, "target", most=40),
        after=text_of(row, "text") or None,
        place=_place(row),
        reason=text_of(row, "reason", most=500),
    )


def _place(row: dict[str, Any]) -> Place | None:
    page, box = row.get("page"), row.get("box")
    if page is None or box is None:
        return None
    is_box = isinstance(box, list) and len(box) == 4 and all(type(side) in {int, float} for side in box)
    if type(page) is not int or not 1 <= page <= 10_000 or not is_box:
        raise BadRequest("The place on the page is none; take the words again.")
    x0, y0, x1, y1 = (float(side) for side in box)
    if not (0 <= x0 <= x1 <= _FARTHEST and 0 <= y0 <= y1 <= _FARTHEST):
        raise BadRequest("The place is not on the page; take the words again.")
    return Place(page=page, box=Box(x0, y0, x1, y1), raw=text_of(row, "raw"))
