"""From an invoice with an unknown IBAN, through two people, to a draft that may be paid."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.bank_changes import ChangeRefused, confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from ocr.approval import reject
from ocr.changed_accounts import ask_for_read_account
from ocr.intake import accept_document
from ocr.models import OcrField, OcrJob
from ocr.processing import process_job
from ocr.review import JobStillRunning, correct
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account
from transfers.finalizing import finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

NEW_IBAN = "DE57900402617713500290"
JOBS = "/admin/ocr/ocrjob/"


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    suppliers_account(customer, is_primary=True)
    return customer


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    return processed(customer)


@pytest.fixture
def stranger() -> Customer:
    """Another customer with a supplier of the same name."""
    stranger = a_customer("Brindle & Co")
    suppliers_account(stranger, is_primary=True)
    return stranger


def processed(customer: Customer, iban: str = NEW_IBAN) -> OcrJob:
    job = accept_document(customer=customer, content=invoice_pdf(iban=iban), file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def operator(name: str, *permissions: str) -> Client:
    user = get_user_model().objects.create_user(name, password="a-long-password", is_staff=True)
    user.is_superuser = not permissions
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def codes(job: OcrJob) -> list[str]:
    return [warning["code"] for warning in job.warnings]


def page(client: Client, path: str, data: dict[str, str] | None = None) -> str:
    return client.post(path, data, follow=True).content.decode()


def asking(job: OcrJob) -> dict[str, str]:
    """What the button on the job's record sends."""
    return {"_ask_for_account": "1", "version": str(version_of(job))}


def test_the_whole_way_from_the_warning_to_the_payment(customer: Customer, job: OcrJob) -> None:
    anna, ben = operator("anna"), operator("ben")
    its_page = reverse("admin:ocr_ocrjob_change", args=[job.pk])
    assert "bank_details_changed" in codes(job)
    assert job.transfer is not None
    assert (job.account_id, job.transfer.destination_iban) == (None, "")
    assert "bank_details_changed" in job.transfer.blockers

    assert "Ask for this account" in anna.get(its_page).content.decode()
    assert "waits for a second person" in page(anna, its_page, asking(job))
    change = BankDetailsChange.objects.get()
    assert (change.iban, change.currency, change.source, change.source_id) == (NEW_IBAN, "EUR", "ocr", job.pk)
    assert (change.counterparty_id, change.customer_id, change.asked_by) == (job.counterparty_id, customer.pk, "anna")
    for said in ("bill.pdf", "INV-2026-0417", NEW_IBAN, "bank_details_changed"):
        assert said in change.document_says
    assert "has asked for" in page(anna, its_page, asking(job))

    decision = reverse("admin:counterparties_bankdetailschange_change", args=[change.pk])
    assert "a second person has to confirm" in page(anna, decision, {"decide": "confirm", "verification": "called"})
    assert not CounterpartyAccount.objects.filter(iban=NEW_IBAN).exists()
    assert reverse("admin:ocr_ocrjob_review", args=[job.pk]) in ben.get(decision).content.decode()
    page(ben, decision, {"decide": "confirm", "verification": "called the number on file"})

    process_job(job.pk)  # the confirmation has queued it
    job = OcrJob.objects.get(pk=job.pk)
    account = CounterpartyAccount.objects.get(iban=NEW_IBAN)
    assert (job.account_id, "bank_details_changed" in codes(job)) == (account.pk, False)
    assert job.transfer is not None
    assert (job.transfer.destination_iban, job.transfer.blockers) == (NEW_IBAN, [])
    assert finalize_transfer(transfer_id=job.transfer.pk, by="ben", now=timezone.now()).status == "pending"
    assert "bank_details_changed" not in codes(processed(customer))
    assert "Changed bank account" not in ben.get(its_page).content.decode()


def test_the_draft_is_never_given_an_account_that_waits_or_was_refused(customer: Customer, job: OcrJob) -> None:
    anna, ben = operator("anna"), operator("ben")
    page(anna, JOBS, {"action": "ask_for_account", "_selected_action": str(job.pk)})
    change = BankDetailsChange.objects.get()

    for words in (None, {"decide": "refuse", "reason": "they know nothing of it"}):
        if words:
            page(ben, reverse("admin:counterparties_bankdetailschange_change", args=[change.pk]), words)
        page(ben, JOBS, {"action": "process_again", "confirmed": "1", "_selected_action": str(job.pk)})
        process_job(job.pk)
        job = OcrJob.objects.get(pk=job.pk)
        assert "bank_details_changed" in codes(job)
        assert job.transfer is not None
        assert job.transfer.destination_iban == ""
    shown = anna.get(reverse("admin:ocr_ocrjob_change", args=[job.pk])).content.decode()
    assert "they know nothing of it" in shown


def test_a_document_without_a_changed_account_is_nothing_to_ask_for(customer: Customer) -> None:
    job = processed(customer, SUPPLIERS_IBAN)

    with pytest.raises(ChangeRefused, match=r"bill\.pdf names no changed account"):
        ask_for_read_account(job=job, by="anna", now=timezone.now())
    assert "names no changed account" in page(
        operator("anna"), JOBS, {"action": "ask_for_account", "_selected_action": str(job.pk)}
    )


def test_a_confirmation_has_every_document_matched_again_that_waits_for_the_account(
    customer: Customer, job: OcrJob, django_capture_on_commit_callbacks: Any
) -> None:
    second, edited, rejected, other = processed(customer), processed(customer), processed(customer), processed(customer)
    Transfer.objects.filter(ocr_job_id=edited.pk).update(edited_at=timezone.now(), edited_by="a program")
    reject(job_id=rejected.pk, seen=version_of(rejected), by="anna", reason="sent twice", now=timezone.now())
    OcrField.objects.filter(job=other, name="iban").update(value=SUPPLIERS_IBAN)
    change = ask_for_read_account(job=job, by="anna", now=timezone.now())

    with django_capture_on_commit_callbacks() as announced:
        confirm_change(change_id=change.pk, by="ben", now=timezone.now(), verification="called")

    queued = OcrJob.objects.filter(state=OcrJob.State.QUEUED)
    assert set(queued) == {job, second}
    assert {(each.from_stage, each.asked_by) for each in queued} == {("match", "ben")}
    assert len(announced) >= 2
    for each in (job, second):
        process_job(each.pk)
        each.refresh_from_db()
        assert each.transfer is not None
        assert (each.transfer.destination_iban, "bank_details_changed" in codes(each)) == (NEW_IBAN, False)


def test_a_document_in_hand_is_no_reason_against_a_confirmation(
    job: OcrJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def taken_up(**_: object) -> None:
        raise JobStillRunning("The job is still queued or running; ask again once it has ended.")

    monkeypatch.setattr("ocr.changed_accounts.ask_again", taken_up)
    change = ask_for_read_account(job=job, by="anna", now=timezone.now())

    with caplog.at_level("INFO"):
        confirmed = confirm_change(change_id=change.pk, by="ben", now=timezone.now(), verification="called")

    assert confirmed.decision == "confirmed"
    assert CounterpartyAccount.objects.filter(iban=NEW_IBAN, active=True).exists()
    assert f"Job {job.pk} is not matched again" in caplog.text


def test_customers_never_mix(customer: Customer, stranger: Customer, job: OcrJob) -> None:
    theirs = processed(stranger)
    change = ask_for_read_account(job=job, by="anna", now=timezone.now())

    confirm_change(change_id=change.pk, by="ben", now=timezone.now(), verification="called")

    assert [account.customer_id for account in CounterpartyAccount.objects.filter(iban=NEW_IBAN)] == [customer.pk]
    process_job(theirs.pk)
    theirs.refresh_from_db()
    assert (theirs.account_id, "bank_details_changed" in codes(theirs)) == (None, True)
    # Even if a job should ever point at another customer's counterparty.
    theirs.counterparty_id = job.counterparty_id
    with pytest.raises(ChangeRefused, match="no such counterparty of this customer"):
        ask_for_read_account(job=theirs, by="anna", now=timezone.now())
    assert Counterparty.objects.get(customer=stranger).bank_details_changes.count() == 0


def test_to_ask_takes_the_permission_to_ask(job: OcrJob) -> None:
    its_page = reverse("admin:ocr_ocrjob_change", args=[job.pk])
    looks = operator("lou", "view_ocrjob", "change_ocrjob")
    asks = operator("amy", "view_ocrjob", "add_bankdetailschange")

    assert "Ask for this account" not in looks.get(its_page).content.decode()
    assert looks.post(its_page, asking(job)).status_code == 403
    looks.post(JOBS, {"action": "ask_for_account", "_selected_action": str(job.pk)})
    assert not BankDetailsChange.objects.exists()
    assert asks.post(its_page, asking(job)).status_code == 302
    assert BankDetailsChange.objects.get().asked_by == "amy"


def test_the_record_asks_for_what_was_seen_and_while_the_review_is_open(job: OcrJob) -> None:
    anna, its_page = operator("anna"), reverse("admin:ocr_ocrjob_change", args=[job.pk])
    seen = asking(job)
    correct(job=job, target="total", after="1200.00", by="berta")
    assert "berta corrected total" in page(anna, its_page, seen)
    assert "which state of the job" in page(anna, its_page, {"_ask_for_account": "1"})

    reject(job_id=job.pk, seen=version_of(job), by="berta", reason="forged", now=timezone.now())

    assert "Ask for this account" not in anna.get(its_page).content.decode()
    for path, asked in (
        (its_page, asking(job)),
        (JOBS, {"action": "ask_for_account", "_selected_action": str(job.pk)}),
    ):
        assert '<li class="error">Berta rejected this on' in page(anna, path, asked)
    assert not BankDetailsChange.objects.exists()
