"""`manage.py reprocess_jobs`: ended jobs again, with the difference in print and people's words kept."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from counterparties.models import CounterpartyAccount
from customers.models import Customer
from ocr.checked_values import CorrectionRejected
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import correct
from tests.documents import encrypted_pdf, invoice_pdf
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    return customer


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    """A finished job whose supplier is not in the ledger."""
    return processed(customer, invoice_pdf())


def processed(customer: Customer, content: bytes) -> OcrJob:
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def reprocess(*arguments: str) -> str:
    out = StringIO()
    call_command("reprocess_jobs", *arguments, stdout=out)
    return out.getvalue()


def test_matching_again_after_an_import_finds_the_supplier(customer: Customer, job: OcrJob) -> None:
    account = suppliers_account(customer, is_primary=True)

    report = reprocess("--from-stage", "match")

    job.refresh_from_db()
    assert (job.state, job.account_id) == ("finished", account.pk)
    assert "recipient_match: not_found → found" in report
    assert report.endswith("1 jobs: 1 changed, 0 unchanged, 0 skipped.\n")
    transfer = Transfer.objects.get()
    assert (transfer.pk, transfer.destination_iban, transfer.blockers) == (job.transfer_id, SUPPLIERS_IBAN, [])


def test_a_dry_run_prints_the_same_and_changes_nothing(customer: Customer, job: OcrJob) -> None:
    suppliers_account(customer, is_primary=True)

    report = reprocess("--from-stage", "match", "--dry-run")

    assert "recipient_match: not_found → found" in report
    job.refresh_from_db()
    assert (job.recipient_match, job.runs.count()) == ("not_found", 1)
    assert Transfer.objects.get().destination_iban == ""


@pytest.mark.parametrize("stage", ["extract", "match"])
def test_corrections_survive(customer: Customer, job: OcrJob, stage: str) -> None:
    correct(job=job, target="total", after="1200.00", by="anna", reason="read from the paper")

    reprocess("--from-stage", stage)
    reprocess("--from-stage", stage)

    field = job.fields.get(name="total")
    assert (field.value, field.source) == ("1200.00", "operator")
    assert Transfer.objects.get().amount_minor == 120000
    [correction] = job.corrections.all()
    assert (correction.before, correction.after, correction.corrected_by) == ("1190.00", "1200.00", "anna")


def test_a_decided_counterparty_survives(customer: Customer, job: OcrJob) -> None:
    stranger = suppliers_account(customer, iban="DE75512108001245126199", is_primary=True)
    correct(job=job, target="counterparty_id", after=str(stranger.counterparty_id), by="anna")

    reprocess("--from-stage", "match")

    job.refresh_from_db()
    assert (job.counterparty_id, job.account_id) == (stranger.counterparty_id, None)
    assert "bank_details_changed" in Transfer.objects.get().blockers


def test_a_draft_that_a_person_edited_is_left_alone(customer: Customer, job: OcrJob) -> None:
    Transfer.objects.update(amount_minor=1, currency="EUR", edited_at=timezone.now(), edited_by="anna")
    suppliers_account(customer, is_primary=True)

    reprocess()

    assert Transfer.objects.get().amount_minor == 1


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("iban", "DE02120300000000202052"),
        ("bic", "NOTABIC"),
        ("total", "1,190 or 1,200"),
        ("total", "NaN"),
        ("due_date", "31.02.2026"),
        ("currency_code", "thalers"),
        ("counterparty_id", "00000000-0000-0000-0000-000000000000"),
        ("cp_account_id", "nonsense"),
    ],
)
def test_a_correction_that_fails_its_check_is_refused_with_advice(job: OcrJob, target: str, value: str) -> None:
    with pytest.raises(CorrectionRejected, match=r"\.$"):
        correct(job=job, target=target, after=value, by="anna")

    assert not job.corrections.exists()


def test_another_customers_counterparty_cannot_be_decided(job: OcrJob) -> None:
    foreign: CounterpartyAccount = suppliers_account(a_customer("Stranger AG"))

    for target, row in (("counterparty_id", foreign.counterparty), ("cp_account_id", foreign)):
        with pytest.raises(CorrectionRejected, match="no such active"):
            correct(job=job, target=target, after=str(row.pk), by="anna")


def test_jobs_are_chosen_by_status_customer_and_day(customer: Customer, job: OcrJob) -> None:
    failed = processed(a_customer("Stranger AG"), encrypted_pdf())

    assert reprocess("--status", "422", "--dry-run").startswith(f"{failed.pk} (skipped)")
    assert "1 jobs:" in reprocess("--customer", customer.legal_name)
    assert "1 jobs:" in reprocess(str(job.pk))
    assert "0 jobs:" in reprocess("--since", "2999-01-01")
    assert "2 jobs:" in reprocess("--dry-run")


def test_an_unknown_customer_is_said_with_those_that_exist(job: OcrJob) -> None:
    with pytest.raises(CommandError, match="Aldermoor Trading GmbH"):
        reprocess("--customer", "Nobody Ltd")
