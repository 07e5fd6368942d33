"""The figures on the back office's front page, each counted from rows that the service itself has written."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from ocr import figures
from ocr.approval import reject
from ocr.back_office.dashboard import dashboard
from ocr.changed_accounts import ask_for_read_account
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrRun
from ocr.processing import process_job
from ocr.review import ask_again, correct
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.jobs import paying_customer, read_job
from tests.ledger import SUPPLIERS_IBAN, suppliers_account
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer
from transfers.writing import edit_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew(empty_cache: Callable[[], None]) -> Callable[[], None]:
    return empty_cache


@pytest.fixture
def customer() -> Customer:
    return paying_customer()


def corrected(job: OcrJob, target: str, after: str) -> None:
    correct(job=job, target=target, after=after, by="anna")
    ask_again(job=job, from_stage="match", by="anna", is_announced=False)
    process_job(job.pk)


def passed(job: OcrJob) -> None:
    """As if nothing had blocked the draft of the job's first run."""
    OcrRun.objects.filter(job=job).update(blockers=[])


def rejected(job: OcrJob, reason: str) -> None:
    job.refresh_from_db()
    reject(job_id=job.pk, seen=version_of(job), reason=reason, by="anna", now=timezone.now())


def this_week() -> figures.WeekFigures:
    (week,) = figures.weeks(now=timezone.now())
    return week


def test_jobs_are_counted_by_state_with_the_oldest(customer: Customer) -> None:
    first = accept_document(customer=customer, content=invoice_pdf(), file_name="a.pdf", by="test")
    accept_document(customer=customer, content=invoice_pdf(), file_name="b.pdf", by="test")
    by_state = {row.state: row for row in figures.states()}
    assert by_state["queued"].count == 2
    assert by_state["queued"].oldest_at == first.created_at
    assert (by_state["failed"].count, by_state["failed"].oldest_at) == (0, None)


def test_each_blocker_counts_the_drafts_it_holds_up(customer: Customer) -> None:
    read_job(customer, iban="DE89370400440532013000")
    read_job(customer, iban="DE89370400440532013000")
    assert dict(figures.blockers())["bank_details_changed"] == 2


def test_a_document_that_nothing_blocked_and_nobody_corrected_went_straight_through(customer: Customer) -> None:
    passed(read_job(customer))
    read_job(customer, iban="DE89370400440532013000")
    week = this_week()
    assert (week.read, week.straight_through, week.false_successes) == (2, 1, 0)


def test_a_value_put_right_on_an_unblocked_draft_is_a_false_success(customer: Customer) -> None:
    job = read_job(customer)
    passed(job)
    corrected(job, "total", "1.00")
    week = this_week()
    assert (week.straight_through, week.false_successes) == (0, 1)
    [incident] = figures.false_successes(now=timezone.now())
    assert (incident.job.pk, [each.target for each in incident.corrections]) == (job.pk, ["total"])


def test_what_a_person_rejected_did_not_go_straight_through_but_passed_falsely(customer: Customer) -> None:
    job = read_job(customer)
    passed(job)
    rejected(job, "Paid already.")
    week = this_week()
    assert (week.read, week.straight_through, week.false_successes) == (1, 0, 1)
    [incident] = figures.false_successes(now=timezone.now())
    assert (incident.job.pk, incident.corrections, incident.rejection) == (job.pk, [], "Paid already.")


def test_what_somebody_changed_or_cancelled_through_the_api_did_not_go_straight_through(customer: Customer) -> None:
    jobs = [read_job(customer) for _ in range(3)]
    for job in jobs:
        passed(job)
    edited, cancelled, _ = (Transfer.objects.get(ocr_job=job).pk for job in jobs)
    now = timezone.now()
    edit_draft(
        transfer_id=edited, source=None, destination=None, settled=(), fields={"reference": "R1"}, by="key", now=now
    )
    cancel_transfer(transfer_id=cancelled, by="key", now=now)
    week = this_week()
    assert (week.read, week.straight_through, week.false_successes) == (3, 1, 0)
    [run] = figures.straight_through_runs()
    assert run.job_id == jobs[2].pk


def test_what_was_blocked_and_then_rejected_is_no_false_success(customer: Customer) -> None:
    rejected(read_job(customer, iban="DE89370400440532013000"), "Forged.")
    week = this_week()
    assert (week.straight_through, week.false_successes) == (0, 0)


def test_all_false_successes_are_counted_and_the_newest_listed(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SHOWN_INCIDENTS", 1)
    for _ in range(2):
        job = read_job(customer)
        passed(job)
        rejected(job, "Paid already.")
    board = dashboard()
    assert board["incident_count"] == 2
    assert [each["job"].pk for each in board["incidents"]] == [job.pk]


def test_the_choice_of_another_payee_is_no_corrected_value(customer: Customer) -> None:
    job = read_job(customer)
    corrected(job, "counterparty_id", str(suppliers_account(customer, "DE89370400440532013000").counterparty_id))
    week = this_week()
    assert (week.decided, week.corrected_fields) == (1, 0)
    assert [name for name, given, right in figures.corrected_fields(now=timezone.now()) if right] == []


def test_what_waits_to_be_processed_is_counted_with_the_oldest(customer: Customer) -> None:
    now = timezone.now()
    assert figures.queue(now=now) == figures.Queue(count=0, oldest_at=None)
    for name in ("a.pdf", "b.pdf"):
        job = accept_document(customer=customer, content=invoice_pdf(), file_name=name, by="test")
        OcrJob.objects.filter(pk=job.pk).update(due_at=now - timedelta(minutes=7 if name == "a.pdf" else 5))
    assert figures.queue(now=now) == figures.Queue(count=2, oldest_at=now - timedelta(minutes=7))


def test_a_value_added_where_none_was_given_is_no_false_success(customer: Customer) -> None:
    job = read_job(customer)
    passed(job)
    corrected(job, "customer_email", "bills@example.com")
    week = this_week()
    assert (week.straight_through, week.false_successes) == (0, 0)


def test_confirming_a_value_as_it_stands_corrects_nothing(customer: Customer) -> None:
    job = read_job(customer)
    passed(job)
    corrected(job, "iban", SUPPLIERS_IBAN)
    assert this_week().straight_through == 1


def test_a_blocked_draft_that_is_put_right_is_no_false_success(customer: Customer) -> None:
    job = read_job(customer, iban="DE89370400440532013000")
    corrected(job, "iban", SUPPLIERS_IBAN)
    assert this_week().false_successes == 0


def test_values_are_judged_only_where_a_person_has_decided(customer: Customer) -> None:
    read_job(customer)
    assert this_week().fields == 0
    job = read_job(customer)
    given = job.fields.exclude(value=None).count()
    corrected(job, "total", "1.00")
    corrected(job, "total", "2.00")
    week = this_week()
    assert (week.fields, week.corrected_fields) == (given, 1)
    assert figures.corrected_fields(now=timezone.now())[0] == ("total", 1, 1)


def test_each_value_that_was_put_right_counts_once_for_each_document(customer: Customer) -> None:
    for _ in range(2):
        job = read_job(customer)
        for target, after in (("total", "1.00"), ("invoice_number", "R-1"), ("total", "2.00")):
            corrected(job, target, after)
    assert this_week().corrected_fields == 4
    put_right = {name: right for name, _, right in figures.corrected_fields(now=timezone.now()) if right}
    assert put_right == {"total": 2, "invoice_number": 2}


def test_weeks_end_where_the_period_begins(customer: Customer) -> None:
    job = read_job(customer)
    long_ago = timezone.now() - timedelta(weeks=figures.WEEKS + 1)
    OcrRun.objects.filter(job=job).update(ended_at=long_ago)
    assert figures.weeks(now=timezone.now()) == []


def test_times_are_those_of_the_newest_runs(customer: Customer) -> None:
    assert figures.processing_times() == figures.Times(median=None, p95=None, count=0)
    for _ in range(3):
        read_job(customer)
    for run, seconds in zip(OcrRun.objects.all(), (1.0, 2.0, 9.0), strict=True):
        OcrRun.objects.filter(pk=run.pk).update(seconds={"read": seconds / 2, "match": seconds / 2})
    times = figures.processing_times()
    assert (times.median, times.count) == (2.0, 3)
    assert times.p95 == pytest.approx(8.3)
    assert figures.waiting_times().count == 3


def test_the_front_page_shows_the_figures_with_the_way_to_the_jobs(
    customer: Customer, client: Client, counted_anew: Callable[[], None]
) -> None:
    client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
    job = read_job(customer, iban="DE89370400440532013000")
    ask_for_read_account(job=job, by="ben", now=timezone.now())
    counted_anew()
    page = client.get("/admin/").text
    assert figures.pending_bank_changes() == 1
    assert "/admin/counterparties/bankdetailschange/?decision__exact=pending" in page
    assert "/admin/ocr/ocrjob/?blocker=bank_details_changed" in page
    assert "/admin/ocr/waitingjob/?kind=risky" in page


def test_a_draft_that_was_paid_counts_as_decided(customer: Customer) -> None:
    job = read_job(customer)
    assert job.transfer is not None
    job.transfer.blockers = []
    job.transfer.save()
    finalize_transfer(transfer_id=job.transfer.pk, by="anna", now=timezone.now())
    week = this_week()
    assert week.fields > 0
    assert week.corrected_fields == 0


def test_who_may_not_see_jobs_sees_no_figures(client: Client) -> None:
    clerk = get_user_model().objects.create_user("carl", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_customer"))
    client.force_login(clerk)
    assert 'class="board"' not in client.get("/admin/").text
