"""The review queue in the back office, what is done to several jobs at once, and what each group of people may do."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from ocr.approval import reject
from ocr.intake import accept_document
from ocr.models import OcrJob, OcrReviewDecision
from ocr.review_queue import waiting_by_kind
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.jobs import paying_customer, read_job

pytestmark = pytest.mark.django_db

QUEUE = "admin:ocr_waitingjob_changelist"
OTHER_IBAN = "DE89370400440532013000"


@pytest.fixture
def customer() -> Customer:
    return paying_customer()


def clear(job: OcrJob) -> OcrJob:
    """The job with nothing in the way of its draft."""
    assert job.transfer is not None
    job.transfer.blockers = []
    job.transfer.save()
    OcrJob.objects.filter(pk=job.pk).update(warnings=[])
    job.refresh_from_db()
    return job


def blocked_by(job: OcrJob, *codes: str) -> OcrJob:
    assert job.transfer is not None
    job.transfer.blockers = list(codes)
    job.transfer.save()
    return job


def warned(job: OcrJob) -> OcrJob:
    OcrJob.objects.filter(pk=job.pk).update(warnings=[{"code": "overdue", "message": "Late.", "field": "due_date"}])
    return job


def member(group: str, name: str = "anna") -> Client:
    user: User = get_user_model().objects.create_user(name, password="secret", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, **filters: str) -> list[Any]:
    answer = client.get(reverse(QUEUE), filters)
    assert answer.status_code == 200
    return [job.pk for job in answer.context["cl"].result_list]


def act(client: Client, action: str, *jobs: OcrJob, **fields: str) -> str:
    body = {"action": action, "_selected_action": [str(job.pk) for job in jobs], **fields}
    return client.post(reverse(QUEUE), body, follow=True).text


class TestTheQueue:
    def test_jobs_at_risk_come_first_and_the_oldest_among_equals(self, customer: Customer) -> None:
        ready = clear(read_job(customer))
        newer = clear(read_job(customer))
        risky = read_job(customer, iban=OTHER_IBAN)
        OcrJob.objects.filter(pk=ready.pk).update(created_at=timezone.now() - timedelta(days=2))
        assert listed(member("Viewer")) == [risky.pk, ready.pk, newer.pk]

    def test_what_is_decided_or_still_running_is_not_in_it(self, customer: Customer) -> None:
        rejected = read_job(customer)
        reject(job_id=rejected.pk, seen=version_of(rejected), reason="not ours", by="anna", now=timezone.now())
        accept_document(customer=customer, content=invoice_pdf(), file_name="b.pdf", by="test")
        assert listed(member("Viewer")) == []

    def test_each_row_says_why_it_waits(self, customer: Customer) -> None:
        read_job(customer, iban=OTHER_IBAN)
        clear(read_job(customer))
        page = member("Viewer").get(reverse(QUEUE)).text
        assert 'class="queue-reason queue-risk" title="The bank details differ' in page
        assert "nothing blocks it: approve" in page

    def test_it_can_be_narrowed_to_what_its_jobs_wait_for(self, customer: Customer) -> None:
        jobs = {
            "risky": read_job(customer, iban=OTHER_IBAN),
            "blocked": blocked_by(clear(read_job(customer)), "amount_missing"),
            "unread": read_job(customer, b"%PDF-1.4 nothing more"),
            "warned": warned(clear(read_job(customer))),
            "ready": clear(read_job(customer)),
        }
        anna = member("Viewer")
        assert {kind: listed(anna, kind=kind) for kind in jobs} == {kind: [job.pk] for kind, job in jobs.items()}
        assert waiting_by_kind() == dict.fromkeys(jobs, 1)
        assert listed(anna, kind="no such kind") == []

    def test_each_row_says_in_words_why_it_waits_how_much_and_whose_it_is(self, customer: Customer) -> None:
        job = blocked_by(clear(read_job(customer)), "billed_to_someone_else")
        OcrJob.objects.filter(pk=job.pk).update(assigned_to="berta")
        page = member("Viewer").get(reverse(QUEUE)).text
        assert ">billed to someone else</span>" in page
        assert ">1,190.00 EUR</td>" in page
        assert '<td class="field-whose">berta</td>' in page

    def test_it_can_be_narrowed_to_my_own(self, customer: Customer) -> None:
        mine, free = read_job(customer), read_job(customer)
        OcrJob.objects.filter(pk=mine.pk).update(assigned_to="anna")
        anna = member("Reviewer")
        assert listed(anna, whose="mine") == [mine.pk]
        assert listed(anna, whose="free") == [free.pk]
        assert listed(anna, whose="others") == []

    @pytest.mark.parametrize(("assignee", "told"), [("anna", ">yours<"), ("ben", ">assigned to ben<")])
    def test_the_review_says_whose_the_job_is(self, customer: Customer, assignee: str, told: str) -> None:
        job = read_job(customer)
        anna, review = member("Reviewer"), reverse("admin:ocr_ocrjob_review", args=[job.pk])
        assert "summary-whose" not in anna.get(review).text
        OcrJob.objects.filter(pk=job.pk).update(assigned_to=assignee)
        assert told in anna.get(review).text

    def test_a_page_of_it_takes_as_many_queries_for_one_job_as_for_many(
        self, customer: Customer, django_assert_max_num_queries: Any
    ) -> None:
        anna = member("Viewer")
        for _ in range(8):
            read_job(customer)
        with django_assert_max_num_queries(25):
            listed(anna)


class TestSeveralAtOnce:
    def test_what_nothing_blocks_is_approved_and_the_rest_is_told_of(self, customer: Customer) -> None:
        ready, blocked = clear(read_job(customer)), read_job(customer, iban=OTHER_IBAN)
        page = act(member("Approver"), "approve_clear", ready, blocked)
        assert "1 approved; the transfers are pending." in page
        assert "1 left alone: 1: blocked by" in page
        assert "bank_details_changed" in page
        assert OcrReviewDecision.objects.get().job_id == ready.pk
        assert list(OcrJob.objects.filter(transfer__status="draft").values_list("pk", flat=True)) == [blocked.pk]
        assert LogEntry.objects.get().get_change_message() == "Approved."

    def test_one_that_was_decided_meanwhile_is_left_alone(self, customer: Customer) -> None:
        job = clear(read_job(customer))
        approver = member("Approver")
        page = approver.get(reverse(QUEUE)).text
        assert str(job.pk) in page
        reject(job_id=job.pk, seen=version_of(job), reason="not ours", by="ben", now=timezone.now())
        body = {"action": "approve_clear", "_selected_action": [str(job.pk)]}
        answer = approver.post(reverse("admin:ocr_ocrjob_changelist"), body, follow=True).text
        assert "1 left alone: 1: decided before." in answer

    def test_jobs_are_given_to_a_person_and_taken_back(self, customer: Customer) -> None:
        job = read_job(customer)
        anna = member("Reviewer")
        assert "1 jobs are anna&#x27;s now." in act(anna, "assign_to", job, assignee="anna")
        assert OcrJob.objects.get().assigned_to == "anna"
        act(anna, "assign_to", job, assignee="")
        assert OcrJob.objects.get().assigned_to == ""

    def test_they_are_not_given_to_somebody_unknown(self, customer: Customer) -> None:
        job = read_job(customer)
        assert "now." not in act(member("Reviewer"), "assign_to", job, assignee="mallory")
        assert OcrJob.objects.get().assigned_to == ""

    def test_they_are_processed_again_after_a_look_at_the_difference(self, customer: Customer) -> None:
        job = read_job(customer)
        anna = member("Reviewer")
        assert "What would become different" in act(anna, "process_again", job)
        act(anna, "process_again", job, confirmed="1", from_stage="extract")
        assert OcrJob.objects.get().state == "queued"


class TestGroups:
    @pytest.mark.parametrize(
        ("group", "offered"),
        [
            ("Viewer", set()),
            ("Reviewer", {"assign_to", "process_again", "ask_for_account"}),
            ("Approver", {"assign_to", "process_again", "ask_for_account", "approve_clear"}),
            ("Administrator", {"assign_to", "process_again", "ask_for_account", "approve_clear"}),
        ],
    )
    def test_each_is_offered_what_it_may_do(self, customer: Customer, group: str, offered: set[str]) -> None:
        read_job(customer)
        form = member(group).get(reverse(QUEUE)).context["action_form"]
        actions = {name for name, _ in form.fields["action"].choices if name} if form else set()
        assert actions == offered

    def test_a_reviewer_cannot_approve_by_asking_all_the_same(self, customer: Customer) -> None:
        job = clear(read_job(customer))
        act(member("Reviewer"), "approve_clear", job)
        assert not OcrReviewDecision.objects.exists()

    def test_only_administrators_see_logins_and_keys(self) -> None:
        for group, status in (("Viewer", 403), ("Approver", 403), ("Administrator", 200)):
            client = member(group, name=group.lower())
            for page in ("auth/user", "customers/apikey", "otp_totp/totpdevice", "axes/accesslog"):
                assert (group, page, client.get(f"/admin/{page}/").status_code) == (group, page, status)

    def test_a_reviewer_asks_for_an_account_and_only_an_approver_decides(self) -> None:
        assert Group.objects.get(name="Reviewer").permissions.filter(codename="add_bankdetailschange").exists()
        assert not Group.objects.get(name="Reviewer").permissions.filter(codename="decide_bankdetailschange").exists()
        assert Group.objects.get(name="Approver").permissions.filter(codename="decide_bankdetailschange").exists()
