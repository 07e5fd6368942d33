"""What people decide about a job: corrections from the page, approving, rejecting, and what comes next."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ocr.approval import NotReviewable, ReasonMissing, ReviewEnded, approve, reject
from ocr.changed_accounts import has_changed_account
from ocr.checked_values import CorrectionRejected, checked_correction
from ocr.corrections import Place
from ocr.intake import accept_document
from ocr.models import OcrCorrection, OcrJob, OcrReviewDecision
from ocr.onlookers import STILL_THERE, look_at, look_away
from ocr.processing import process_job
from ocr.reading.document import Box
from ocr.review import (
    Correction,
    JobRejected,
    ask_again,
    correct_and_match,
    match_again,
    payee_corrections,
)
from ocr.review_queue import BLOCKED, READY, RISKY, next_job, reasons, waiting
from ocr.versions import ChangedMeanwhile, Version, VersionUnknown, version_from, version_of
from tests.documents import invoice_pdf
from tests.ledger import OWN_IBAN, SUPPLIERS_IBAN, a_customer, own_account, suppliers_account
from transfers.finalizing import FinalizeBlocked, finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

UNKNOWN_IBAN = "DE89370400440532013000"


@pytest.fixture
def customer() -> Any:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


def a_job(customer: Any, *, iban: str = SUPPLIERS_IBAN, content: bytes | None = None) -> OcrJob:
    content = content or invoice_pdf(iban=iban)
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="mailbox")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def save(job: OcrJob, *corrections: Correction, by: str = "anna", seen: Version | None = None) -> OcrJob:
    return correct_and_match(job_id=job.pk, corrections=corrections, seen=seen or version_of(job), by=by)


def confirmed(job: OcrJob) -> OcrJob:
    """The job with every value confirmed that its draft is blocked by."""
    asked = [each["field"] for each in job.warnings if each["field"]]
    rows = {row.name: row.value for row in job.fields.all()}
    return save(job, *(Correction(name, rows[name]) for name in asked)) if asked else job


def approved(job: OcrJob, by: str = "berta") -> Transfer:
    return approve(job_id=job.pk, seen=version_of(job), by=by, now=timezone.now())


def test_a_value_taken_from_the_page_keeps_its_place_through_every_later_run(customer: Any) -> None:
    place = Place(page=1, box=Box(480, 350, 520, 362), raw="1,190.00")

    job = save(a_job(customer), Correction("total", "1,190.00", place))

    for stage in (None, "extract"):
        if stage:
            ask_again(job=job, from_stage=stage, by="test")
            process_job(job.pk)
        total = job.fields.get(name="total")
        assert (total.value, total.raw, total.source) == ("1190.00", "1,190.00", "operator")
        assert (total.page, total.box) == (1, [480, 350, 520, 362])


def test_a_confirmed_value_keeps_the_place_where_the_machine_read_it(customer: Any) -> None:
    job = a_job(customer)
    before = job.fields.get(name="invoice_number")

    save(job, Correction("invoice_number", before.value))

    after = job.fields.get(name="invoice_number")
    assert (after.value, after.source, after.page, after.box) == (before.value, "operator", before.page, before.box)
    assert before.box


def test_a_value_of_three_decimals_stays_what_it_is_when_it_is_confirmed(customer: Any) -> None:
    """On a document that writes decimals with a comma, `1.234` printed anew would be a thousand."""
    job = a_job(customer)
    job.fields.filter(name="total").update(value="1.234", runners_up=[{"value": "5.678", "raw": "5,678"}])

    for known in ("1.234", "5.678"):
        assert checked_correction(job=job, target="total", after=known) == known


def test_corrections_are_saved_together_or_not_at_all(customer: Any) -> None:
    job = a_job(customer)

    with pytest.raises(CorrectionRejected, match="check digits"):
        save(job, Correction("invoice_number", "4711"), Correction("iban", "DE02120300000000202052"))

    assert not OcrCorrection.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.invoice_number) == ("finished", "INV-2026-0417")


@pytest.mark.parametrize(
    ("target", "after", "said"),
    [
        ("shoe_size", "44", "nothing that can be corrected"),
        ("counterparty_id", "Hollow Oak", "no id"),
        ("cp_account_id", "00000000-0000-4000-8000-000000000000", "no such active bank account"),
        ("total", "lots", "no number"),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(customer: Any, target: str, after: str, said: str) -> None:
    with pytest.raises(CorrectionRejected, match=said):
        save(a_job(customer), Correction(target, after))


def test_nothing_to_save_is_refused(customer: Any) -> None:
    with pytest.raises(CorrectionRejected, match="nothing to save"):
        save(a_job(customer))


def test_a_counterparty_of_another_customer_cannot_be_chosen(customer: Any) -> None:
    stranger = suppliers_account(a_customer("Somebody Else GmbH"), UNKNOWN_IBAN)

    with pytest.raises(CorrectionRejected, match="no such active counterparty"):
        save(a_job(customer), Correction("counterparty_id", str(stranger.counterparty_id)))


def test_the_second_of_two_people_is_told_what_the_first_one_did(customer: Any) -> None:
    job = a_job(customer)
    seen = version_of(job)
    save(job, Correction("total", "1200.00"), by="anna")

    with pytest.raises(ChangedMeanwhile) as told:
        save(job, Correction("total", "1300.00"), by="berta", seen=seen)

    assert "anna corrected total from 1190.00 to 1200.00" in str(told.value)
    assert [each.after for each in OcrCorrection.objects.all()] == ["1200.00"]
    with pytest.raises(ChangedMeanwhile, match="anna"):
        reject(job_id=job.pk, seen=seen, reason="no", by="berta", now=timezone.now())
    with pytest.raises(ChangedMeanwhile, match="anna"):
        match_again(job_id=job.pk, seen=seen, by="berta")


def test_a_draft_that_was_changed_meanwhile_is_not_approved_unseen(customer: Any) -> None:
    job = confirmed(a_job(customer))
    seen = version_of(job)
    assert job.transfer is not None
    job.transfer.amount_minor, job.transfer.modified_by = 999_00, "key:erp"
    job.transfer.save()

    with pytest.raises(ChangedMeanwhile, match="key:erp changed the draft transfer"):
        approve(job_id=job.pk, seen=seen, by="berta", now=timezone.now())


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.-4", "1.2.3.4\n", "a.b.c.d", "٣.1.1.1"])
def test_a_version_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(VersionUnknown, match="reload the page"):
        version_from(text)


def test_approving_finalises_the_draft_and_says_who(customer: Any) -> None:
    job = confirmed(a_job(customer))

    pending = approved(job)

    decision = OcrReviewDecision.objects.get(job=job)
    assert (pending.status, pending.supersedes_id, pending.created_by) == ("pending", job.transfer_id, "berta")
    assert (decision.decision, decision.decided_by) == ("approved", "berta")


def test_a_blocked_draft_is_not_approved(customer: Any) -> None:
    job = a_job(customer, iban=UNKNOWN_IBAN)

    with pytest.raises(FinalizeBlocked) as blocked:
        approved(job)

    assert "bank_details_changed" in blocked.value.blockers
    assert not OcrReviewDecision.objects.exists()


def test_rejecting_needs_a_reason_and_cancels_the_draft(customer: Any) -> None:
    job = a_job(customer)
    with pytest.raises(ReasonMissing):
        reject(job_id=job.pk, seen=version_of(job), reason="  ", by="anna", now=timezone.now())

    reject(job_id=job.pk, seen=version_of(job), reason="An advertisement.", by="anna", now=timezone.now())

    decision = OcrReviewDecision.objects.get(job=job)
    assert (decision.decision, decision.decided_by, decision.reason) == ("rejected", "anna", "An advertisement.")
    assert Transfer.objects.get(ocr_job_id=job.pk).status == "cancelled"
    with pytest.raises(ReviewEnded, match=r"anna rejected this .*: An advertisement\."):
        save(job, Correction("total", "1.00"))
    with pytest.raises(ReviewEnded):
        approved(job)
    with pytest.raises(JobRejected, match="anna rejected"):
        ask_again(job=job, from_stage="read", by="key:erp")


def test_a_draft_that_was_finalised_elsewhere_ends_the_review(customer: Any) -> None:
    job = confirmed(a_job(customer))
    assert job.transfer_id
    finalize_transfer(transfer_id=job.transfer_id, by="key:erp", now=timezone.now())

    with pytest.raises(ReviewEnded, match="key:erp finalised the draft"):
        approved(job)
    assert not waiting().exists()


def test_a_document_that_cannot_be_read_is_rejected_and_never_approved(customer: Any) -> None:
    job = a_job(customer, content=b"%PDF-1.4\ncut off")
    assert job.state == "failed"

    with pytest.raises(NotReviewable, match="nothing to approve"):
        approved(job)
    with pytest.raises(CorrectionRejected, match="could not be read"):
        save(job, Correction("total", "1.00"))
    assert reasons(job)[0].code == "failed"
    reject(job_id=job.pk, seen=version_of(job), reason="Unreadable.", by="anna", now=timezone.now())

    assert not waiting().exists()


def test_a_job_in_work_is_left_alone(customer: Any) -> None:
    job = a_job(customer)
    ask_again(job=job, from_stage="match", by="test")

    with pytest.raises(NotReviewable, match="processed just now"):
        save(job, Correction("total", "1.00"))


def test_another_payee_takes_back_the_account_that_was_chosen_before(customer: Any) -> None:
    job = a_job(customer)
    assert (job.account_id, job.counterparty_id) != (None, None)
    job = save(job, *payee_corrections(job=job, account_id=str(job.account_id)))
    assert job.transfer is not None
    assert "account_assumed" not in job.transfer.blockers

    chosen = payee_corrections(job=job, counterparty_id=str(job.counterparty_id))

    assert chosen == [Correction("counterparty_id", str(job.counterparty_id)), Correction("cp_account_id", None)]


def test_a_corrected_iban_that_is_on_file_of_nobody_is_a_changed_account(customer: Any) -> None:
    job = save(a_job(customer), Correction("iban", UNKNOWN_IBAN))

    assert has_changed_account(job)
    assert job.transfer is not None
    assert job.transfer.destination_iban == ""


def test_the_queue_has_what_is_at_risk_first_and_the_oldest_first_among_equals(customer: Any) -> None:
    ready = confirmed(a_job(customer))
    risky = a_job(customer, iban=UNKNOWN_IBAN)
    failed = a_job(customer, content=b"%PDF-1.4\ncut off")
    younger = a_job(customer, iban=OWN_IBAN)

    queue = list(waiting().values_list("pk", "rank"))

    assert queue == [(risky.pk, RISKY), (younger.pk, RISKY), (failed.pk, BLOCKED), (ready.pk, READY)]
    assert any(each.is_risk and each.code == "bank_details_changed" for each in reasons(risky))
    assert [each for each in reasons(ready) if each.code == "failed"] == []


def test_the_next_job_is_the_one_behind_and_at_the_end_the_first(customer: Any) -> None:
    now = timezone.now()
    assert next_job(after=None, by="anna", now=now) is None
    first = a_job(customer, iban=UNKNOWN_IBAN)
    second = a_job(customer, iban=OWN_IBAN)

    assert next_job(after=None, by="anna", now=now) == first
    assert next_job(after=first, by="anna", now=now) == second
    assert next_job(after=second, by="anna", now=now) == first
    reject(job_id=first.pk, seen=version_of(first), reason="no", by="anna", now=now)
    assert next_job(after=first, by="anna", now=now) == second
    assert next_job(after=second, by="anna", now=now) is None


def test_what_somebody_else_looks_at_comes_last(customer: Any) -> None:
    now = timezone.now()
    first = a_job(customer, iban=UNKNOWN_IBAN)
    second = a_job(customer, iban=OWN_IBAN)
    look_at(job=first, by="anna", now=now)

    assert next_job(after=None, by="berta", now=now) == second
    assert next_job(after=second, by="berta", now=now) == first
    assert next_job(after=None, by="anna", now=now) == first
    assert next_job(after=None, by="berta", now=now + 2 * STILL_THERE) == first


def test_what_is_assigned_to_somebody_else_comes_last(customer: Any) -> None:
    now = timezone.now()
    first = a_job(customer, iban=UNKNOWN_IBAN)
    second = a_job(customer, iban=OWN_IBAN)
    OcrJob.objects.filter(pk=first.pk).update(assigned_to="anna")

    assert next_job(after=None, by="berta", now=now) == second
    assert next_job(after=second, by="berta", now=now) == first
    assert next_job(after=None, by="anna", now=now) == first


def test_onlookers_are_those_who_have_the_page_open(customer: Any) -> None:
    now, job = timezone.now(), a_job(customer)

    assert look_at(job=job, by="anna", now=now) == []
    assert [each.name for each in look_at(job=job, by="berta", now=now)] == ["anna"]
    later = now + STILL_THERE / 2
    [seen] = look_at(job=job, by="berta", now=later)
    assert (seen.name, seen.since) == ("anna", now)
    look_away(job=job, by="anna")
    assert look_at(job=job, by="berta", now=later) == []
    back = later + timedelta(hours=1)
    assert look_at(job=job, by="anna", now=back) == []
    [seen] = look_at(job=job, by="berta", now=back)
    assert (seen.name, seen.since) == ("anna", back)
