"""The list of jobs: narrowing it down, and processing what is chosen again after a look at the difference."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.models import Counterparty
from customers.audit.models import AuditEntry
from customers.models import Customer
from ocr.approval import reject
from ocr.intake import accept_document
from ocr.models import OcrField, OcrJob, OcrRun
from ocr.processing import process_job
from ocr.review import ask_again, correct
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.jobs import paying_customer, read_job
from tests.ledger import SUPPLIERS_IBAN

pytestmark = pytest.mark.django_db

OTHER_IBAN = "DE89370400440532013000"


@pytest.fixture
def customer() -> Customer:
    return paying_customer()


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
    return client


def listed(operator: Client, **filters: str) -> set[Any]:
    answer = operator.get(reverse("admin:ocr_ocrjob_changelist"), filters)
    assert answer.status_code == 200
    return {job.pk for job in answer.context["cl"].result_list}


def choose(operator: Client, *jobs: OcrJob, **fields: str) -> Any:
    body = {"action": "process_again", "_selected_action": [str(job.pk) for job in jobs], **fields}
    return operator.post(reverse("admin:ocr_ocrjob_changelist"), body, follow=True)


class TestNarrowingDown:
    def test_by_what_blocks_the_draft(self, operator: Client, customer: Customer) -> None:
        clear, changed = read_job(customer), read_job(customer, iban=OTHER_IBAN)
        assert clear.transfer is not None
        clear.transfer.blockers = []
        clear.transfer.save()
        assert listed(operator, blocker="bank_details_changed") == {changed.pk}
        assert listed(operator, blocker="none") == {clear.pk}
        assert listed(operator, blocker='x" OR 1=1') == set()

    def test_by_warning(self, operator: Client, customer: Customer) -> None:
        plain, changed = read_job(customer), read_job(customer, iban=OTHER_IBAN)
        OcrJob.objects.filter(pk=plain.pk).update(warnings=[])
        page = operator.get(reverse("admin:ocr_ocrjob_changelist")).text
        assert "?warning=bank_details_changed" in page
        assert listed(operator, warning="bank_details_changed") == {changed.pk}
        assert listed(operator, warning="none") == {plain.pk}

    def test_by_supplier(self, operator: Client, customer: Customer) -> None:
        theirs, nobodys = read_job(customer), read_job(customer)
        OcrJob.objects.filter(pk=nobodys.pk).update(
            counterparty=None, account=None, counterparty_match="not_found", recipient_match="not_found"
        )
        supplier = Counterparty.objects.get(is_own=False)
        page = operator.get(reverse("admin:ocr_ocrjob_changelist")).text
        assert f"?supplier={supplier.pk}" in page
        assert listed(operator, supplier=str(supplier.pk)) == {theirs.pk}
        assert listed(operator, supplier="none") == {nobodys.pk}
        assert listed(operator, supplier="Hollow Oak") == set()

    def test_by_the_least_sure_value(self, operator: Client, customer: Customer) -> None:
        sure, unsure = read_job(customer), read_job(customer)
        OcrField.objects.exclude(value=None).update(confidence=0.99)
        OcrField.objects.filter(job=unsure, name="total").update(confidence=0.6)
        assert listed(operator, confidence="0.8") == {unsure.pk}
        assert listed(operator, confidence="0.5") == set()
        assert listed(operator, confidence="2") == set()
        assert sure.pk in listed(operator)

    def test_by_the_source_of_a_value(self, operator: Client, customer: Customer) -> None:
        job = read_job(customer)
        assert listed(operator, source="text") == {job.pk}
        assert listed(operator, source="qr") == set()

    def test_by_what_was_corrected(self, operator: Client, customer: Customer) -> None:
        right, wrong = read_job(customer), read_job(customer)
        correct(job=wrong, target="total", after="1.00", by="anna")
        correct(job=right, target="iban", after=SUPPLIERS_IBAN, by="anna")  # as it stood
        assert listed(operator, corrected="yes") == {wrong.pk}
        assert listed(operator, corrected="total") == {wrong.pk}
        assert listed(operator, corrected="iban") == set()
        assert listed(operator, corrected="no") == {right.pk}

    def test_by_how_the_first_draft_came_out(self, operator: Client, customer: Customer) -> None:
        straight, falsely, blocked = read_job(customer), read_job(customer), read_job(customer, iban=OTHER_IBAN)
        OcrRun.objects.exclude(job=blocked).update(blockers=[])
        correct(job=falsely, target="total", after="1.00", by="anna")
        ask_again(job=falsely, from_stage="match", by="anna", is_announced=False)
        process_job(falsely.pk)
        assert listed(operator, passed="straight") == {straight.pk}
        assert listed(operator, passed="falsely") == {falsely.pk}
        assert listed(operator, passed="otherwise") == set()


class TestProcessingAgain:
    def test_the_difference_is_shown_and_nothing_is_done_yet(self, operator: Client, customer: Customer) -> None:
        job = read_job(customer)
        correct(job=job, target="total", after="1.00", by="anna")
        page = choose(operator, job).text
        assert f"total: {job.result['total']} → 1.00" in page
        job.refresh_from_db()
        assert (job.state, job.runs.count()) == ("finished", 1)

    @pytest.mark.parametrize("stage", ["extract", "match"])
    def test_once_confirmed_the_jobs_are_queued_from_the_chosen_stage(
        self, operator: Client, customer: Customer, stage: str
    ) -> None:
        jobs = [read_job(customer), read_job(customer)]
        page = choose(operator, *jobs, from_stage=stage, confirmed="1").text
        assert "2 jobs are being processed again" in page
        assert set(OcrJob.objects.values_list("state", "from_stage")) == {("queued", stage)}

    def test_jobs_that_still_run_are_told_of_and_left_alone(self, operator: Client, customer: Customer) -> None:
        ended = read_job(customer)
        queued = accept_document(customer=customer, content=invoice_pdf(), file_name="b.pdf", by="test")
        assert "1 of the selected jobs are still queued" in choose(operator, ended, queued).text
        assert "1 jobs are still running and were left alone" in choose(operator, ended, queued, confirmed="1").text

    def test_those_that_were_rejected_or_deleted_are_told_of_as_such(
        self, operator: Client, customer: Customer
    ) -> None:
        ended, rejected, purged = read_job(customer), read_job(customer), read_job(customer)
        reject(job_id=rejected.pk, seen=version_of(rejected), reason="not ours", by="ben", now=timezone.now())
        OcrJob.objects.filter(pk=purged.pk).update(purged_at=timezone.now())

        look = choose(operator, ended, rejected, purged).text
        done = choose(operator, ended, rejected, purged, confirmed="1").text

        assert look.count('<th scope="row">') == 1
        assert "1 of the selected jobs were rejected and will be left alone" in look
        assert "The documents of 1 of the selected jobs were deleted" in look
        assert "1 jobs were rejected and were left alone" in done
        assert "1 jobs were left alone, for their documents were deleted" in done
        assert "still running" not in done
        assert "1 jobs are being processed again" in done

    def test_more_jobs_than_a_form_has_fields_for_are_handed_on(
        self, operator: Client, customer: Customer, settings: Any
    ) -> None:
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 12
        jobs = [read_job(customer) for _ in range(12)]
        for job in jobs[:3]:
            correct(job=job, target="total", after="1.00", by="anna")
        chosen = {"select_across": "1", "index": "0"}

        page = choose(operator, jobs[0], **chosen).text
        sent = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
        answer = operator.post(
            reverse("admin:ocr_ocrjob_changelist"), sent | {"from_stage": "match", "confirmed": "1"}, follow=True
        )

        assert len(sent) < 6
        assert "12 jobs are being processed again" in answer.text
        recorded = AuditEntry.objects.filter(action="admin.action").latest("pk").detail
        assert (recorded["number"], set(recorded["rows"])) == (12, {str(job.pk) for job in jobs})

    def test_too_many_are_refused_with_their_number(
        self, operator: Client, customer: Customer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ocr.back_office.reprocessing.MOST_AT_ONCE", 1)
        page = choose(operator, read_job(customer), read_job(customer), confirmed="1").text
        assert "2 jobs are chosen, and at most 1 are processed again at once" in page
        assert not OcrJob.objects.filter(state="queued").exists()

    def test_ids_that_are_none_choose_nothing(self, operator: Client, customer: Customer) -> None:
        job = read_job(customer)
        choose(operator, job, confirmed="1", chosen=f"{job.pk} or 1=1")
        assert OcrJob.objects.get().state == "finished"

    def test_a_document_that_is_gone_is_named_and_the_others_are_shown(
        self, operator: Client, customer: Customer
    ) -> None:
        whole, broken = read_job(customer), read_job(customer)
        broken.reading.delete()
        broken.upload.file.delete(save=False)
        page = choose(operator, whole, broken, from_stage="extract").text
        assert page.count('class="job-bad"') == 1

    def test_an_unknown_stage_is_refused(self, operator: Client, customer: Customer) -> None:
        job = read_job(customer)
        assert "Choose from which stage" in choose(operator, job, from_stage="pay", confirmed="1").text
        assert OcrJob.objects.get().state == "finished"

    def test_who_may_only_look_cannot_ask(self, client: Client, customer: Customer) -> None:
        job = read_job(customer)
        viewer = get_user_model().objects.create_user("carl", is_staff=True)
        viewer.user_permissions.add(Permission.objects.get(codename="view_ocrjob"))
        client.force_login(viewer)
        choose(client, job, confirmed="1")
        assert OcrJob.objects.get().state == "finished"
