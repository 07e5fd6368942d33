"""From a document to payee and account with the ledger and people's earlier decisions, and the check of the holder."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counterparties.models import Counterparty, CounterpartyAccount
from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.representation import job_evidence
from ocr.review import ask_again, correct
from tests.documents import INVOICE_LINES, invoice_pdf
from tests.ledger import SUPPLIERS_IBAN, a_customer, own_account, suppliers_account
from transfers.finalizing import cancel_transfer, finalize_transfer

pytestmark = pytest.mark.django_db

PRINTED_NAME = INVOICE_LINES[0][3]


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    return customer


def under_another_name(account: CounterpartyAccount, name: str = "Zobel Holding SE") -> Counterparty:
    supplier = account.counterparty
    supplier.legal_name = name
    supplier.save()
    return supplier


def processed(customer: Customer, *, iban: str = SUPPLIERS_IBAN) -> OcrJob:
    job = accept_document(customer=customer, content=invoice_pdf(iban=iban), file_name="bill.pdf", by="test")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def matched_again(job: OcrJob) -> OcrJob:
    ask_again(job=job, from_stage="match", by="anna")
    process_job(job.pk)
    job.refresh_from_db()
    return job


def codes(job: OcrJob) -> list[str]:
    return [reason["code"] for reason in job.match_candidates.order_by("rank")[0].reasons]


# --- the holder of the account --------------------------------------------------------------------------------------


def test_the_payee_is_compared_with_the_holder_of_the_account(customer: Customer) -> None:
    suppliers_account(customer)
    job = processed(customer)
    check = job_evidence(job)["match"]["name_check"]
    assert (check["answer"], check["holder"], check["asked"]) == ("match", PRINTED_NAME, "ledger")
    assert job.transfer is not None
    assert job.transfer.blockers == []


def test_another_holder_blocks_the_draft_until_a_person_decides(customer: Customer) -> None:
    supplier = under_another_name(suppliers_account(customer))
    job = processed(customer)

    assert job.recipient_match == "found"
    assert job_evidence(job)["match"]["name_check"]["answer"] == "no_match"
    assert "payee_name_differs" in [warning["code"] for warning in job.warnings]
    assert job.transfer is not None
    assert job.transfer.blockers == ["payee_name_differs"]

    correct(job=job, target="counterparty_id", after=str(supplier.pk), by="anna", reason="trades under that name")
    job = matched_again(job)
    assert job_evidence(job)["match"]["name_check"]["answer"] == "no_match"
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    assert job.transfer.blockers == []


def test_a_service_s_no_blocks_also_what_the_ledger_calls_a_match(customer: Customer, settings: Settings) -> None:
    settings.PAYEE_VERIFIER = "tests.unit.counterparties.test_verification.Always"
    suppliers_account(customer)
    job = processed(customer)
    assert job_evidence(job)["match"]["name_check"]["asked"] == "always"
    assert job.transfer is not None
    assert job.transfer.blockers == ["payee_name_differs"]


def test_without_an_account_there_is_no_holder_to_compare(customer: Customer) -> None:
    suppliers_account(customer, iban="DE89370400440532013000")
    job = processed(customer)
    assert (job.counterparty_match, job.account_id) == ("found", None)
    assert job_evidence(job)["match"]["name_check"] is None


def test_the_job_s_page_shows_reasons_weights_and_the_check_of_the_holder(
    customer: Customer, admin_client: Client
) -> None:
    under_another_name(suppliers_account(customer))
    job = processed(customer)
    page = admin_client.get(reverse("admin:ocr_ocrjob_change", args=[job.pk])).content.decode()
    assert "Account holder: <b>no_match</b>" in page
    assert "+0.60 iban_exact" in page
    assert "-0.10 name_differs" in page


# --- what people decided --------------------------------------------------------------------------------------------


def decided(customer: Customer, supplier: Counterparty) -> OcrJob:
    job = processed(customer)
    correct(job=job, target="counterparty_id", after=str(supplier.pk), by="anna", reason="")
    return matched_again(job)


def test_a_decision_finds_the_next_document_of_the_same_seller(customer: Customer) -> None:
    supplier = under_another_name(suppliers_account(customer, iban="DE89370400440532013000"))
    first = processed(customer)
    assert first.counterparty_match == "not_found"

    correct(job=first, target="counterparty_id", after=str(supplier.pk), by="anna", reason="")
    matched_again(first)
    second = processed(customer)

    assert (second.counterparty_match, second.counterparty_id) == ("found", supplier.pk)
    assert {"confirmed_name", "confirmed_details"} <= set(codes(second))
    # Whoever it is: an IBAN that only documents named is still nobody's account.
    assert second.account_id is None
    assert second.transfer is not None
    assert "bank_details_changed" in second.transfer.blockers


def test_a_decision_taken_back_and_one_of_another_customer_say_nothing(customer: Customer) -> None:
    supplier = under_another_name(suppliers_account(customer, iban="DE89370400440532013000"))
    job = decided(customer, supplier)
    stranger = a_customer("Somebody Else Ltd")
    own_account(stranger, iban="DE02300209000106531065")
    assert processed(stranger).counterparty_match == "not_found"

    correct(job=job, target="counterparty_id", after=None, by="anna", reason="wrong")
    assert processed(customer).counterparty_match == "not_found"


def test_a_decision_for_a_counterparty_that_was_deactivated_finds_nobody(customer: Customer) -> None:
    supplier = under_another_name(suppliers_account(customer, iban="DE89370400440532013000"))
    decided(customer, supplier)
    supplier.active = False
    supplier.save()
    assert processed(customer).counterparty_match == "not_found"


def test_what_was_paid_tells_twins_apart_until_the_payment_is_cancelled(customer: Customer) -> None:
    paid = suppliers_account(customer).counterparty
    job = processed(customer)
    assert job.transfer is not None
    payment = finalize_transfer(transfer_id=job.transfer.pk, by="anna", now=timezone.now())
    twin = Counterparty.objects.create(customer=customer, legal_name=PRINTED_NAME)

    later = processed(customer, iban="DE02300209000106531065")
    assert (later.counterparty_match, later.counterparty_id) == ("found", paid.pk)
    assert twin.pk in {candidate.counterparty_id for candidate in later.match_candidates.all()}

    cancel_transfer(transfer_id=payment.pk, by="anna", now=timezone.now())
    assert processed(customer, iban="DE02300209000106531065").counterparty_match == "ambiguous"


# --- matching again ---------------------------------------------------------------------------------------------------


def test_matching_again_keeps_what_the_document_said_of_the_seller(customer: Customer) -> None:
    job = processed(customer)
    before = (job.seller_key, job.seller_contacts)
    suppliers_account(customer)
    job = matched_again(job)
    assert (job.seller_key, job.seller_contacts) == before == ("hollow oak timber", before[1])
    assert job.recipient_match == "found"
    assert job.name_check is not None


def test_matching_again_leaves_a_decided_payee_and_follows_the_ledger_in_the_rest(customer: Customer) -> None:
    chosen = Counterparty.objects.create(customer=customer, legal_name="Zobel Holding SE")
    job = decided(customer, chosen)
    suppliers_account(customer)
    job = matched_again(job)
    assert job.counterparty_id == chosen.pk
    assert job.account_id is None
    assert {candidate.legal_name for candidate in job.match_candidates.all()} >= {PRINTED_NAME}


def test_a_decided_account_answers_who_and_where_and_the_check_of_the_holder(customer: Customer) -> None:
    account = suppliers_account(customer, iban="DE89370400440532013000")
    under_another_name(account)
    job = processed(customer)
    correct(job=job, target="cp_account_id", after=str(account.pk), by="anna", reason="asked them")
    job = matched_again(job)
    assert (job.counterparty_id, job.account_id) == (account.counterparty_id, account.pk)
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    assert (job.transfer.destination_iban, job.transfer.blockers) == (account.iban, [])


def test_confirming_the_assumed_account_answers_its_blocker(customer: Customer) -> None:
    account = suppliers_account(customer, is_primary=True)
    job = processed(customer)
    correct(job=job, target="iban", after=None, by="anna", reason="there is none on the paper")
    job = matched_again(job)
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    assert (job.account_id, job.transfer.blockers) == (account.pk, ["account_assumed"])

    correct(job=job, target="cp_account_id", after=str(account.pk), by="anna", reason="")
    job = matched_again(job)
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    assert (job.account_id, job.transfer.blockers) == (account.pk, [])


def test_each_run_keeps_what_blocked_its_own_draft(customer: Customer) -> None:
    suppliers_account(customer, is_primary=True)
    job = processed(customer, iban="DE89370400440532013000")
    correct(job=job, target="iban", after=SUPPLIERS_IBAN, by="anna")
    job = matched_again(job)
    first, second = job.runs.order_by("id")
    assert "bank_details_changed" in (first.blockers or [])
    assert "bank_details_changed" not in (second.blockers or [])
    assert job.transfer is not None
    assert second.blockers == job.transfer.blockers
