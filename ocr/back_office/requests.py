"""What every address of the review page shares: who may, which job, what was sent, and what is answered when not.

Errors are JSON with one sentence for the person at the screen: `{"error": code, "message": …, "details": {…}}`.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from counterparties.bank_changes import ChangeRefused
from counterparties.parts import AlreadyExists, CounterpartyInactive
from ocr.approval import NotReviewable, NotSettled, ReasonMissing, ReviewEnded
from ocr.checked_values import CorrectionRejected
from ocr.models import OcrJob
from ocr.new_payees import EnteredByApprover
from ocr.page_images import PageMissing
from ocr.review import JobRejected, JobStillRunning
from ocr.versions import ChangedMeanwhile, Version, VersionUnknown, version_from
from transfers.finalizing import FinalizeBlocked, NotADraft

MOST_BYTES = 64 * 1024

Handler = Callable[..., HttpResponseBase]

_STATUSES: tuple[tuple[type[Exception], int, str], ...] = (
    (CorrectionRejected, 400, "value_rejected"),
    (ReasonMissing, 400, "reason_missing"),
    (VersionUnknown, 400, "version_unknown"),
    (ChangedMeanwhile, 409, "changed_meanwhile"),
    (ReviewEnded, 409, "review_ended"),
    (NotReviewable, 409, "not_reviewable"),
    (NotSettled, 409, "not_settled"),
    (JobRejected, 409, "review_ended"),
    (JobStillRunning, 409, "not_reviewable"),
    (FinalizeBlocked, 409, "blocked"),
    (EnteredByApprover, 409, "second_person_needed"),
    (NotADraft, 409, "review_ended"),
    (ChangeRefused, 409, "change_refused"),
    (CounterpartyInactive, 409, "counterparty_inactive"),
    (AlreadyExists, 409, "already_exists"),
    (PageMissing, 404, "page_missing"),
)
_HANDLED = tuple(kind for kind, _, _ in _STATUSES)


class BadRequest(ValueError):
    """What was sent is not what the page sends; the message says what to do."""


def of_job(*, method: str, permission: str = "ocr.view_ocrjob") -> Callable[[Handler], Callable[..., HttpResponseBase]]:
    """The view of a handler that is given the job. Whoever may not look at jobs may do nothing else with them."""

    def decorate(handler: Handler) -> Callable[..., HttpResponseBase]:
        @wraps(handler)
        def view(request: HttpRequest, job_id: UUID, **rest: Any) -> HttpResponseBase:
            if request.method != method and not (method == "GET" and request.method == "HEAD"):
                answer = refusal(405, "method_not_allowed", f"This address takes {method} only; reload the page.")
                answer["Allow"] = method
                return answer
            if not may_look(request) or not request.user.has_perm(permission):
                what = permission.rpartition(".")[2].replace("_", " ").removesuffix(" ocrjob")
                return refusal(403, "forbidden", f"You may not {what} jobs; ask an administrator for that right.")
            jobs = OcrJob.objects.select_related("customer", "upload", "counterparty", "account", "transfer")
            job = jobs.filter(pk=job_id).first()
            if job is None:
                return refusal(404, "not_found", "There is no such job; go back to the list.")
            try:
                return handler(request, job, **rest)
            except BadRequest as error:
                return refusal(400, "bad_request", str(error))
            except ValidationError as error:
                return refusal(400, "value_rejected", " ".join(error.messages), details=_by_field(error))
            except _HANDLED as error:
                return _answer_to(error)

        return view

    return decorate


def may_look(request: HttpRequest) -> bool:
    return request.user.has_perm("ocr.view_ocrjob") or request.user.has_perm("ocr.change_ocrjob")


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest."""
    try:
        is_large = int(request.headers.get("Content-Length") or 0) > MOST_BYTES
        body = None if is_large else json.loads(request.body)
    except ValueError as error:
        raise BadRequest("What came is no JSON; reload the page.") from error
    if is_large:
        raise BadRequest("That is far too much for one change; take less of the page.")
    if not isinstance(body, dict):
        raise BadRequest("What came is no JSON object; reload the page.")
    return body


def text_of(body: dict[str, Any], name: str, *, most: int = 4000) -> str:
    """A text of the body, empty where it is left out. Raises BadRequest."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise BadRequest(f"{name} has to be a text of at most {most} characters.")
    return value


def seen_version(body: dict[str, Any]) -> Version:
    """The version that the page showed. Raises VersionUnknown."""
    return version_from(text_of(body, "version"))


def refusal(status: int, error: str, message: str, *, details: dict[str, Any] | None = None) -> JsonResponse:
    return answer({"error": error, "message": message, "details": details or {}}, status=status)


def answer(data: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """JSON that no cache keeps."""
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store"})


def person(request: HttpRequest) -> str:
    return request.user.get_username()


def _answer_to(error: Exception) -> HttpResponse:
    status, code = next((status, code) for kind, status, code in _STATUSES if isinstance(error, kind))
    details = getattr(error, "details", {})
    if isinstance(error, ChangedMeanwhile):
        details = {"changes": error.changes}
    return refusal(status, code, str(error), details=details)


def _by_field(error: ValidationError) -> dict[str, Any]:
    return dict(error.message_dict) if hasattr(error, "error_dict") else {}
