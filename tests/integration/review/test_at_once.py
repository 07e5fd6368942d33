"""Several people decide about one job in the same moment: one of them does, the others are told."""

from functools import partial

import pytest
from django.utils import timezone

from ocr.approval import approve, reject
from ocr.models import OcrCorrection, OcrJob, OcrReviewDecision
from ocr.onlookers import look_at
from ocr.review import Correction, correct_and_match, match_again
from ocr.versions import version_of
from tests.at_once import at_once
from tests.integration.review.jobs import a_job
from tests.ledger import a_customer, own_account, suppliers_account
from transfers.models import Transfer


@pytest.fixture
def committed_job(transactional_db: None) -> OcrJob:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return a_job(customer)


def test_of_two_corrections_at_once_one_is_saved_and_the_other_told(committed_job: OcrJob) -> None:
    seen = version_of(committed_job)
    outcomes = at_once(
        *(
            partial(
                correct_and_match,
                job_id=committed_job.pk,
                corrections=[Correction("total", f"{amount}.00")],
                seen=seen,
                by=name,
            )
            for name, amount in (("anna", 1200), ("berta", 1300), ("cleo", 1400))
        )
    )

    told = [each for each in outcomes if isinstance(each, Exception)]
    assert len(told) == 2
    stored = OcrCorrection.objects.get()
    job = OcrJob.objects.get(pk=committed_job.pk)
    assert (job.state, job.result["total"]) == ("finished", stored.after)


def test_a_job_is_approved_or_rejected_but_never_both(committed_job: OcrJob) -> None:
    seen, now = version_of(committed_job), timezone.now()

    outcomes = at_once(
        partial(approve, job_id=committed_job.pk, seen=seen, by="anna", now=now),
        partial(reject, job_id=committed_job.pk, seen=seen, reason="no", by="berta", now=now),
        partial(approve, job_id=committed_job.pk, seen=seen, by="cleo", now=now),
        partial(match_again, job_id=committed_job.pk, seen=seen, by="dora"),
    )

    [done] = [place for place, each in enumerate(outcomes) if not isinstance(each, Exception)]
    ended = OcrReviewDecision.objects.filter(job=committed_job).count()
    assert ended == (0 if done == 3 else 1)  # where matching was first, nobody has seen what it gave
    pending = Transfer.objects.filter(status="pending").count()
    cancelled = Transfer.objects.filter(status="cancelled").count()
    assert pending + cancelled == ended


def test_onlookers_who_come_at_once_are_all_noted(committed_job: OcrJob) -> None:
    now = timezone.now()

    outcomes = at_once(*(partial(look_at, job=committed_job, by=name, now=now) for name in ("anna", "anna", "berta")))

    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert sorted(committed_job.onlookers.values_list("name", flat=True)) == ["anna", "berta"]
