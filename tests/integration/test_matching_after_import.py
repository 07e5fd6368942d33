"""A file is imported, and jobs that were read before are matched again: the books count, and people's words more."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.bank_changes import confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Counterparty
from customers.models import Customer
from ocr.approval import reject
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import correct
from ocr.versions import version_of
from tests.documents import invoice_pdf
from tests.imports import import_file
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, own_account
from transfers.finalizing import cancel_transfer, finalize_transfer
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

SUPPLIER = "Hollow Oak Timber Ltd"
OTHER_IBAN = "DE89370400440532013000"
MatchAgain = Callable[[OcrJob], None]


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    return customer


@pytest.fixture
def bring(customer: Customer, tmp_path: Path) -> Callable[..., str]:
    """Imports rows of name, IBAN and BIC, and gives what the command said."""

    def bring(*rows: str) -> str:
        path = tmp_path / "suppliers.csv"
        path.write_text("\n".join(["legal_name,iban,bic", *rows, ""]), encoding="utf-8")
        out, err = import_file(customer=customer, path=path)
        assert err == ""
        return out

    return bring


@pytest.fixture
def job(customer: Customer) -> OcrJob:
    """A finished job whose supplier is not in the books yet."""
    job = accept_document(customer=customer, content=invoice_pdf(), file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    assert job.recipient_match == "not_found"
    return job


@pytest.fixture(params=["command", "admin"])
def match_again(request: pytest.FixtureRequest, client: Client) -> MatchAgain:
    """Both ways in which somebody who imported a file has the jobs matched again."""

    def by_command(job: OcrJob) -> None:
        call_command("reprocess_jobs", "--from-stage", "match", stdout=StringIO())

    def by_admin(job: OcrJob) -> None:
        client.force_login(get_user_model().objects.create_superuser("boss", "boss@example.com", "secret"))
        body = {"action": "process_again", "_selected_action": [str(job.pk)], "confirmed": "1", "from_stage": "match"}
        assert client.post(reverse("admin:ocr_ocrjob_changelist"), body).status_code == 302
        process_job(job.pk)

    return by_command if request.param == "command" else by_admin


def transfers() -> list[dict[str, Any]]:
    return [dict(row) for row in Transfer.objects.order_by("created_at", "id").values()]


def zobel(bring: Callable[..., str]) -> Counterparty:
    bring(f"Zobel AG,{OTHER_IBAN},")
    return Counterparty.objects.get(legal_name="Zobel AG")


def test_what_nobody_has_decided_follows_the_imported_file(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}", f"Zobel AG,{OTHER_IBAN},")
    match_again(job)
    job.refresh_from_db()
    supplier = Counterparty.objects.get(legal_name=SUPPLIER)
    assert (job.recipient_match, job.counterparty_id, job.account_id) == (
        "found",
        supplier.pk,
        supplier.accounts.get().pk,
    )
    draft = Transfer.objects.get()
    assert (draft.pk, draft.destination_account_id, draft.blockers) == (job.transfer_id, job.account_id, [])


def test_a_second_import_of_the_file_changes_no_job_any_more(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    rows = (f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}",)
    bring(*rows)
    match_again(job)
    before = [{**row, "modified_at": None} for row in transfers()]
    assert "1 unchanged" in bring(*rows)
    call_command("reprocess_jobs", "--from-stage", "match", stdout=(out := StringIO()))
    assert out.getvalue().endswith("1 jobs: 0 changed, 1 unchanged, 0 skipped.\n")
    assert [{**row, "modified_at": None} for row in transfers()] == before


def test_a_corrected_value_stays_while_the_payee_is_found(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    correct(job=job, target="total", after="1200.00", by="anna")
    correct(job=job, target="reference", after="KD 4711", by="anna")
    bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}")
    match_again(job)
    job.refresh_from_db()
    assert job.recipient_match == "found"
    draft = Transfer.objects.get()
    assert (draft.amount_minor, draft.reference, draft.destination_iban) == (120000, "KD 4711", SUPPLIERS_IBAN)
    assert {field.name: field.source for field in job.fields.filter(name="total")} == {"total": "operator"}
    assert set(job.corrections.values_list("target", "corrected_by")) == {("total", "anna"), ("reference", "anna")}


def test_a_chosen_payee_and_account_stay_although_the_file_brings_the_printed_ones(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    chosen = zobel(bring)
    correct(job=job, target="counterparty_id", after=str(chosen.pk), by="anna")
    correct(job=job, target="cp_account_id", after=str(chosen.accounts.get().pk), by="anna")
    bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}")
    match_again(job)
    job.refresh_from_db()
    assert (job.counterparty_id, job.account_id) == (chosen.pk, chosen.accounts.get().pk)
    assert Transfer.objects.get().destination_account_id == chosen.accounts.get().pk


def test_a_draft_that_a_person_edited_stays_as_it_is(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    payee = zobel(bring)
    Transfer.objects.update(
        destination_counterparty=payee,
        destination_account=payee.accounts.get(),
        settled_blockers=["bank_details_changed"],
        edited_at=timezone.now(),
        edited_by="anna",
    )
    kept = ("destination_counterparty_id", "destination_account_id", "amount_minor", "settled_blockers", "edited_by")
    before = Transfer.objects.values(*kept).get()
    bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}")
    match_again(job)
    assert Transfer.objects.values(*kept).get() == before
    job.refresh_from_db()
    assert job.recipient_match == "found"


@pytest.mark.parametrize("ending", ["finalised", "cancelled", "rejected"])
def test_what_was_ended_stays_ended_and_no_second_transfer_appears(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain, ending: str
) -> None:
    assert job.transfer_id is not None
    now = timezone.now()
    if ending == "finalised":
        bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}")
        call_command("reprocess_jobs", "--from-stage", "match", stdout=StringIO())
        finalize_transfer(transfer_id=job.transfer_id, by="anna", now=now)
    elif ending == "cancelled":
        cancel_transfer(transfer_id=job.transfer_id, by="anna", now=now)
    else:
        reject(job_id=job.pk, seen=version_of(job), reason="We ordered nothing there.", by="anna", now=now)
    before = transfers()
    bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}", f"Zobel AG,{OTHER_IBAN},")
    match_again(job)
    assert transfers() == before


def test_an_account_that_the_file_only_asks_for_is_paid_to_after_a_second_person_confirmed_it(
    job: OcrJob, bring: Callable[..., str], match_again: MatchAgain
) -> None:
    bring(f"{SUPPLIER},{OTHER_IBAN},")
    assert "1 changes of bank details wait" in bring(f"{SUPPLIER},{SUPPLIERS_IBAN},{SUPPLIERS_BIC}")
    match_again(job)
    job.refresh_from_db()
    assert (job.counterparty_match, job.recipient_match, job.account_id) == ("found", "not_found", None)
    assert "bank_details_changed" in Transfer.objects.get().blockers

    change = BankDetailsChange.objects.get()
    confirm_change(change_id=change.pk, by="ben", now=timezone.now(), verification="called the number on file")
    process_job(job.pk)  # the confirmation has queued it
    job.refresh_from_db()
    assert job.recipient_match == "found"
    assert Transfer.objects.get().destination_iban == SUPPLIERS_IBAN
