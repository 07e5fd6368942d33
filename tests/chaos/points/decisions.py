"""Paths on which a person or a client decides about a job."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from customers.audit.models import AuditEntry
from ocr import approval, review
from ocr.models import OcrCorrection, OcrReviewDecision
from ocr.versions import version_of
from tests.chaos.points.documents import answered, client, finished, finished_with_total, job_of, same
from transfers.models import Transfer

Facts = dict[str, Any]
REFERENCE = "RF18539007547034"
BY = "anna"


def reviewed(facts: Facts) -> Facts:
    return finished(facts)


def approvable(facts: Facts) -> Facts:
    """A finished job whose draft nothing stands in the way of."""
    made = finished(facts)
    Transfer.objects.update(blockers=[])
    return {**made, "transfer_id": str(Transfer.objects.get().pk)}


def correct(facts: Facts) -> None:
    job = job_of(facts)
    said = [review.Correction("reference", REFERENCE)]
    review.correct_and_match(job_id=job.pk, corrections=said, seen=version_of(job), by=BY)


def correct_if_not_there(facts: Facts) -> None:
    if not OcrCorrection.objects.exists():
        correct(facts)


def corrected_once(facts: Facts) -> Iterator[str]:
    yield from finished_with_total(facts)
    if (made := OcrCorrection.objects.count()) != 1:
        yield f"the field was corrected {made} times"
    if (reference := Transfer.objects.get().reference) != REFERENCE:
        yield f"the draft has the reference {reference!r}"
    yield from _audited("job.corrected")


def approve(facts: Facts) -> None:
    job = job_of(facts)
    approval.approve(job_id=job.pk, seen=version_of(job), by=BY, now=timezone.now())


def approve_if_not_there(facts: Facts) -> None:
    if not OcrReviewDecision.objects.exists():
        approve(facts)


def approved_once(facts: Facts) -> Iterator[str]:
    yield from finalised_once(facts)
    if (decided := OcrReviewDecision.objects.count()) != 1:
        yield f"{decided} decisions were made"
    yield from _audited("job.approved")


def finalise(facts: Facts) -> None:
    answered(_finalised(facts), 200)


def finalise_twice(facts: Facts) -> None:
    same(_finalised(facts), _finalised(facts), status=200)


def finalised_once(facts: Facts) -> Iterator[str]:
    yield from finished_with_total(facts)
    statuses = sorted(Transfer.objects.values_list("status", flat=True))
    if statuses != ["pending", "superseded"]:
        yield f"the transfers are {statuses}"
    if (status := job_of(facts).upload.status) != "attached":
        yield f"the upload is {status}"
    yield from _audited("transfer.finalized")


def _finalised(facts: Facts) -> Any:
    place = f"/v2/transfers/{facts['transfer_id']}/finalize"
    return client(facts).post(place, {}, format="json", headers={"Idempotency-Key": "three"})


def _audited(action: str) -> Iterator[str]:
    if (entries := AuditEntry.objects.filter(action=action).count()) != 1:
        yield f"the trail holds {action} {entries} times"
