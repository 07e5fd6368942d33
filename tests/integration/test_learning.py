"""What a corrected and approved job teaches, and how it fares on the supplier's next documents."""

from collections.abc import Sequence

import pymupdf
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.models import Counterparty
from counterparties.onboarding import open_onboarding
from customers.models import Customer
from ocr.approval import approve
from ocr.learning import revoke_hint
from ocr.models import HintUse, OcrJob, SupplierHint
from ocr.review import Correction, correct_and_match
from ocr.versions import version_of
from tests.documents import INVOICE_LINES
from tests.jobs import paying_customer, read_job
from tests.ledger import SUPPLIERS_IBAN, a_customer, an_account, own_account, suppliers_account

pytestmark = pytest.mark.django_db

Lines = Sequence[tuple[float, float, float, str]]
NUMBER = "Invoice number: INV-2026-0417"


@pytest.fixture
def customer() -> Customer:
    return paying_customer()


def pdf(lines: Lines) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        for x, y, size, text in lines:
            page.insert_text((x, y), text, fontsize=size)
        content: bytes = document.tobytes(no_new_id=True)
        return content


def oddly_numbered(number: str, *, down: int = 0) -> Lines:
    """The supplier's bill with its number under a name that no lexicon knows."""
    return [(x, y + down, size, text.replace(NUMBER, f"Timber slip: {number}")) for x, y, size, text in INVOICE_LINES]


def read(customer: Customer, lines: Lines) -> OcrJob:
    return read_job(customer, pdf(lines))


def corrected(job: OcrJob, *corrections: Correction) -> OcrJob:
    return correct_and_match(job_id=job.pk, corrections=corrections, seen=version_of(job), by="anna")


def approved(job: OcrJob) -> None:
    """With whatever else might block it out of the way."""
    assert job.transfer is not None
    job.transfer.blockers = []
    job.transfer.save()
    approve(job_id=job.pk, seen=version_of(job), by="anna", now=timezone.now())


def taught(customer: Customer) -> SupplierHint:
    job = read(customer, oddly_numbered("TS/2026/101"))
    assert job.result["invoice_number"] is None
    approved(corrected(job, Correction("invoice_number", "TS/2026/101")))
    return SupplierHint.objects.get()


def test_a_correction_that_is_approved_finds_the_value_on_the_next_document(customer: Customer) -> None:
    hint = taught(customer)
    assert (hint.field, hint.data["said"]) == ("invoice_number", "behind “timber slip”")
    assert (hint.learnt_by, hint.learnt_from is not None) == ("anna", True)
    job = read(customer, oddly_numbered("TS/2026/118", down=40))
    field = job.fields.get(name="invoice_number")
    assert (field.value, field.source, field.checks_passed) == ("TS/2026/118", "text", ["hint"])
    assert "earlier document of this supplier" in field.note
    assert "hints" in job.runs.get().seconds


def test_what_was_corrected_and_not_approved_teaches_nothing(customer: Customer) -> None:
    job = read(customer, oddly_numbered("TS/2026/101"))
    corrected(job, Correction("invoice_number", "TS/2026/101"))
    assert not SupplierHint.objects.exists()


def test_another_supplier_and_another_customer_learn_nothing_from_it(customer: Customer) -> None:
    taught(customer)
    other = a_customer("Birkwood Mills Ltd")
    own_account(other, "DE75512108001245126199", is_primary=True)
    suppliers_account(other, is_primary=True)
    assert read(other, oddly_numbered("TS/2026/118")).result["invoice_number"] is None


def test_a_hint_is_right_where_its_value_is_approved(customer: Customer) -> None:
    taught(customer)
    approved(read(customer, oddly_numbered("TS/2026/118")))
    hint = SupplierHint.objects.get()
    assert (hint.right, hint.wrong) == (1, 0)
    assert HintUse.objects.get().was_right is True


def test_a_hint_that_fails_twice_in_a_row_is_suspended(customer: Customer) -> None:
    taught(customer)
    for number in (118, 119):
        job = read(customer, oddly_numbered(f"TS/2026/{number}"))
        assert job.result["invoice_number"] == f"TS/2026/{number}"
        corrected(job, Correction("invoice_number", f"0{number}"))
    hint = SupplierHint.objects.get(data__said="behind “timber slip”")
    assert (hint.state, hint.right, hint.wrong) == ("suspended", 0, 2)
    assert read(customer, oddly_numbered("TS/2026/120")).result["invoice_number"] is None


def test_a_right_one_between_two_wrong_ones_keeps_it(customer: Customer) -> None:
    taught(customer)
    corrected(read(customer, oddly_numbered("TS/2026/118")), Correction("invoice_number", "0118"))
    approved(read(customer, oddly_numbered("TS/2026/119")))
    corrected(read(customer, oddly_numbered("TS/2026/120")), Correction("invoice_number", "0120"))
    hint = SupplierHint.objects.get()
    assert (hint.state, hint.right, hint.wrong) == ("active", 1, 2)


def test_a_revoked_hint_is_not_tried_and_stays_revoked_when_it_is_shown_again(customer: Customer) -> None:
    hint = taught(customer)
    assert revoke_hint(hint_id=hint.pk, by="ben", now=timezone.now())
    job = read(customer, oddly_numbered("TS/2026/118"))
    assert job.result["invoice_number"] is None
    approved(corrected(job, Correction("invoice_number", "TS/2026/118")))
    assert SupplierHint.objects.get().state == "revoked"
    assert not revoke_hint(hint_id=hint.pk, by="anna", now=timezone.now())
    assert SupplierHint.objects.get().revoked_by == "ben"


def test_reprocessing_counts_a_hint_once_for_a_document(customer: Customer) -> None:
    taught(customer)
    job = read(customer, oddly_numbered("TS/2026/118"))
    corrected(job, Correction("reference", "RF18539007547034"))
    assert HintUse.objects.count() == 1
    approved(OcrJob.objects.get(pk=job.pk))
    assert SupplierHint.objects.get(field="invoice_number").right == 1


def renamed(name: str) -> Lines:
    """A bill without account, mail or anything else that tells who sent it but a trade name."""
    kept = [line for line in INVOICE_LINES if "IBAN" not in line[3] and "@" not in line[3]]
    return [(x, y, size, text.replace("Hollow Oak Timber Ltd", name)) for x, y, size, text in kept]


def test_the_name_that_a_chosen_supplier_goes_by_is_learnt_and_can_be_taken_back(customer: Customer) -> None:
    supplier = Counterparty.objects.get(is_own=False)
    job = read(customer, renamed("Brackwater Joinery GmbH"))
    assert (job.result["iban"], job.counterparty_match) == (None, "not_found")
    approved(corrected(job, Correction("counterparty_id", str(supplier.pk))))
    hint = SupplierHint.objects.get(kind="alias")
    assert hint.data["name"] == "Brackwater Joinery GmbH"

    job = read(customer, renamed("Brackwater Joinery GmbH"))
    assert (job.counterparty_match, job.counterparty_id) == ("found", supplier.pk)
    assert HintUse.objects.get(job=job, hint=hint).value == str(supplier.pk)

    revoke_hint(hint_id=hint.pk, by="ben", now=timezone.now())
    assert read(customer, renamed("Brackwater Joinery GmbH")).counterparty_match == "not_found"


def test_the_account_that_was_chosen_is_assumed_next_time_and_still_to_be_confirmed() -> None:
    customer = a_customer()
    own_account(customer, is_primary=True)
    primary = suppliers_account(customer, is_primary=True, onboarding=open_onboarding(by="test"))
    other = an_account(primary.counterparty, "DE89370400440532013000", currency="EUR")
    job = read(customer, renamed("Hollow Oak Timber Ltd"))
    assert job.account_id == primary.pk
    approved(corrected(job, Correction("cp_account_id", str(other.pk))))
    assert SupplierHint.objects.get(kind="account").key == str(other.pk)

    job = read(customer, renamed("Hollow Oak Timber Ltd"))
    assert job.account_id == other.pk
    assert job.transfer is not None
    assert "account_assumed" in job.transfer.blockers


class TestInTheBackOffice:
    @pytest.fixture
    def operator(self, client: Client) -> Client:
        client.force_login(get_user_model().objects.create_superuser("anna", "anna@example.com", "secret"))
        return client

    def test_the_supplier_s_page_lists_what_was_learnt_with_its_job(self, customer: Customer, operator: Client) -> None:
        hint = taught(customer)
        page = operator.get(reverse("admin:counterparties_counterparty_change", args=[hint.counterparty_id])).text
        assert "behind “timber slip”" in page
        assert reverse("admin:ocr_ocrjob_review", args=[hint.learnt_from_id]) in page
        assert reverse("admin:ocr_supplierhint_change", args=[hint.pk]) in page

    def test_a_hint_is_revoked_from_the_list_and_tells_by_whom(self, customer: Customer, operator: Client) -> None:
        hint = taught(customer)
        body = {"action": "revoke", "_selected_action": [str(hint.pk)]}
        page = operator.post(reverse("admin:ocr_supplierhint_changelist"), body, follow=True).text
        assert "1 hints are not tried any more." in page
        hint.refresh_from_db()
        assert (hint.state, hint.revoked_by) == ("revoked", "anna")
        assert SUPPLIERS_IBAN not in page
