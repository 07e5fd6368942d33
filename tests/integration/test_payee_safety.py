"""Redirected payments through the whole pipeline: what is said, what blocks, and what answers it."""

from typing import Any

import pymupdf
import pytest
from django.utils import timezone

from counterparties.bank_changes import AskedAccount, Origin, ask_for_change, confirm_change
from counterparties.bank_details_change import BankDetailsChange
from counterparties.models import Contact, Counterparty
from customers.models import Customer
from ocr.intake import accept_document
from ocr.models import OcrJob
from ocr.processing import process_job
from ocr.review import ask_again, correct
from tests.documents import INVOICE_LINES
from tests.ledger import SUPPLIERS_BIC, SUPPLIERS_IBAN, a_customer, own_account, suppliers_account
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

ABROAD = "LT601010012345678901"
ATTACKERS = "DE02500105170137075030"


@pytest.fixture
def customer() -> Customer:
    customer = a_customer()
    own_account(customer, is_primary=True)
    account = suppliers_account(customer, is_primary=True)
    Contact.objects.create(counterparty=account.counterparty, type="email", value="accounts@hollowoak.example")
    return customer


def supplier(customer: Customer) -> Counterparty:
    return Counterparty.objects.get(customer=customer, is_own=False)


def invoice(replaced: dict[str, str], *, unseen: str = "") -> bytes:
    """The invented invoice with some of its words replaced, and with words in white."""
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        # None of the fonts that every PDF reader brings has Cyrillic letters.
        page.insert_font(fontname="sans", fontbuffer=pymupdf.Font("notos").buffer)
        for x, y, size, text in INVOICE_LINES:
            for old, new in replaced.items():
                text = text.replace(old, new)
            page.insert_text((x, y), text, fontsize=size, fontname="sans")
        page.insert_text((72, 700), unseen, fontsize=8, color=(1, 1, 1))
        content: bytes = pdf.tobytes(no_new_id=True)
        return content


def processed(customer: Customer, content: bytes) -> OcrJob:
    job = accept_document(customer=customer, content=content, file_name="bill.pdf", by="test")
    process_job(job.pk)
    return OcrJob.objects.get(pk=job.pk)


def again(job: OcrJob, from_stage: str = "match") -> OcrJob:
    ask_again(job=job, from_stage=from_stage, by="test", is_announced=False)
    process_job(job.pk)
    return OcrJob.objects.get(pk=job.pk)


def codes(job: OcrJob) -> set[str]:
    return {warning["code"] for warning in job.warnings}


def warning(job: OcrJob, code: str) -> dict[str, Any]:
    return next(each for each in job.warnings if each["code"] == code)


def draft_of(job: OcrJob) -> Transfer:
    assert job.transfer is not None
    job.transfer.refresh_from_db()
    return job.transfer


def test_the_supplier_itself_at_its_own_account_raises_nothing(customer: Customer) -> None:
    job = processed(customer, invoice({}))
    assert codes(job) <= {"overdue"}
    assert draft_of(job).blockers == []


@pytest.mark.parametrize("stage", ["match", "extract", "read"])
def test_a_new_account_abroad_is_explained_and_stays_so_on_every_reprocessing(customer: Customer, stage: str) -> None:
    job = processed(customer, invoice({SUPPLIERS_IBAN: ABROAD, f"BIC: {SUPPLIERS_BIC}": "pay by transfer"}))
    for _ in range(2):
        assert "another country, LT" in warning(job, "bank_details_changed")["message"]
        assert warning(job, "bank_details_changed")["field"] == "iban"
        assert "iban_country_mismatch" in codes(job)
        assert "bank_details_changed" in draft_of(job).blockers
        assert draft_of(job).destination_iban == ""
        job = again(job, stage)


def test_once_two_people_have_put_the_account_on_file_it_is_silent(customer: Customer) -> None:
    job = processed(customer, invoice({SUPPLIERS_IBAN: ABROAD, f"BIC: {SUPPLIERS_BIC}": "pay by transfer"}))
    change = ask_for_change(
        customer_id=customer.pk,
        counterparty_id=supplier(customer).pk,
        account=AskedAccount(iban=ABROAD, currency="EUR"),
        origin=Origin(source=BankDetailsChange.Source.OCR, source_id=job.pk, document_says=ABROAD),
        by="pat",
        now=timezone.now(),
    )
    assert "bank_details_changed" in codes(again(job))
    confirm_change(change_id=change.pk, by="kim", now=timezone.now(), verification="Rang the known number.")
    process_job(job.pk)  # the confirmation has queued it
    job.refresh_from_db()
    assert not codes(job) & {"bank_details_changed", "iban_country_mismatch"}
    assert draft_of(job).destination_iban == ABROAD


@pytest.mark.parametrize("imitation", ["Hollow Oak Tirnber Ltd", "Hоllow Oak Timber Ltd"])
def test_a_name_that_imitates_the_supplier_blocks_until_the_payee_is_chosen(customer: Customer, imitation: str) -> None:
    job = processed(customer, invoice({"Hollow Oak Timber Ltd": imitation, SUPPLIERS_IBAN: ATTACKERS}))
    assert "lookalike_name" in codes(job)
    assert "lookalike_name" in draft_of(job).blockers

    correct(job=job, target="counterparty_id", after=str(supplier(customer).pk), by="pat")
    job = again(job)
    assert "lookalike_name" not in codes(job)
    assert "bank_details_changed" in draft_of(job).blockers


def test_a_mail_domain_that_imitates_the_suppliers_blocks(customer: Customer) -> None:
    job = processed(customer, invoice({"@hollowoak.": "@hol1owoak.", SUPPLIERS_IBAN: ATTACKERS}))
    assert warning(job, "lookalike_domain")["field"] == "seller_email"
    assert {"lookalike_domain", "bank_details_changed"} <= set(draft_of(job).blockers)


def test_nobody_elses_supplier_can_be_imitated(customer: Customer) -> None:
    stranger = a_customer()
    own_account(stranger, is_primary=True)
    job = processed(
        stranger, invoice({"Hollow Oak Timber Ltd": "Hollow Oak Tirnber Ltd", "@hollowoak.": "@hol1owoak."})
    )
    assert not codes(job) & {"lookalike_name", "lookalike_domain", "bank_details_changed"}


def test_the_payers_own_account_is_said_once(customer: Customer) -> None:
    job = processed(customer, invoice({SUPPLIERS_IBAN: "DE02100500000054540402"}))
    assert [each["code"] for each in job.warnings].count("iban_is_own_account") == 1
    assert "iban_is_own_account" in draft_of(job).blockers


@pytest.mark.parametrize("stage", ["extract", "match"])
def test_an_account_in_white_letters_blocks_until_a_person_confirms_the_one_that_is_seen(
    customer: Customer, stage: str
) -> None:
    job = processed(customer, invoice({}, unseen=f"IBAN: {ATTACKERS}"))
    assert warning(job, "hidden_text")["field"] == "iban"
    assert draft_of(job).blockers == ["hidden_text"]
    assert draft_of(again(job, stage)).blockers == ["hidden_text"]

    correct(job=job, target="iban", after=SUPPLIERS_IBAN, by="pat")
    job = again(job, stage)
    assert "hidden_text" not in codes(job)
    assert (draft_of(job).blockers, draft_of(job).destination_iban) == ([], SUPPLIERS_IBAN)
