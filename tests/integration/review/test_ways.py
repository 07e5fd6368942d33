"""What the review page offers for each blocker: what was read rightly is not confirmed, and what is edited stays."""

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from ocr.back_office.payment import WAYS, Way, payment_of
from ocr.models import OcrJob
from transfers.models import Transfer

pytestmark = pytest.mark.django_db


def draft_of(job: OcrJob) -> QuerySet[Transfer]:
    return Transfer.objects.filter(ocr_job_id=job.pk)


def ways(job: OcrJob, code: str) -> list[Way]:
    """Of this blocker alone."""
    draft_of(job).update(blockers=[code])
    payment = payment_of(OcrJob.objects.get(pk=job.pk))
    return list(next(each for each in payment.blockers if each.code == code).ways)


@pytest.mark.parametrize(
    "code", sorted(set(WAYS) - {"duplicate_invoice", "account_not_payable", "source_account_missing"})
)
def test_every_blocker_has_a_way_out(job: OcrJob, code: str) -> None:
    offered = ways(job, code)

    assert offered
    assert all(way.text for way in offered)


def test_what_people_do_with_a_payee_or_an_account_is_named_so(job: OcrJob) -> None:
    assert ways(job, "counterparty_not_found") == [Way("payee", "Choose the payee")]
    assert ways(job, "account_unknown") == [Way("account", "See the accounts")]
    # What was read rightly is no matter of confirming: the safe way comes first.
    assert ways(job, "bank_details_changed") == [Way("ask", "Ask for this account"), Way("account", "See the accounts")]
    assert ways(job, "credit_note") == [Way("reject", "Reject the document")]


def test_a_value_is_confirmed_looked_at_or_entered(job: OcrJob) -> None:
    assert ways(job, "amount_missing") == [Way("confirm", "Confirm Total", "total")]
    assert ways(job, "iban_is_own_account") == [Way("field", "Look at IBAN", "iban")]
    job.fields.filter(name="total").update(value=None, source="")
    assert ways(job, "amount_missing") == [Way("field", "Enter Total", "total")]


def test_own_accounts_are_entered_where_they_belong(job: OcrJob) -> None:
    own = draft_of(job).get().source_counterparty_id
    assert ways(job, "account_not_payable")[-1] == Way(
        "link", "Your own accounts", reverse("admin:counterparties_counterparty_change", args=[own])
    )
    draft_of(job).update(source_counterparty=None, source_account=None)
    assert ways(job, "source_account_missing") == [
        Way("link", "Enter your own counterparty", reverse("admin:counterparties_counterparty_add"))
    ]


def test_a_draft_edited_by_hand_is_settled_by_word_or_in_the_transfer(job: OcrJob) -> None:
    draft_of(job).update(edited_at=timezone.now(), edited_by="anna")

    assert ways(job, "bank_details_changed")[0].kind in {"settle", "link"}
    assert ways(job, "amount_missing") == [
        Way("link", "Open the transfer", reverse("admin:transfers_transfer_change", args=[job.transfer_id]))
    ]


@pytest.mark.parametrize(
    ("amount_minor", "currency", "shown"),
    [(119000, "EUR", "1,190.00 EUR"), (5, "XQX", "5 minor units of XQX"), (None, "EUR", "")],
)
def test_the_amount_is_shown_as_far_as_it_is_known(
    job: OcrJob, amount_minor: int | None, currency: str, shown: str
) -> None:
    draft_of(job).update(amount_minor=amount_minor, currency=currency, status="cancelled", cancelled_at=timezone.now())
    payment = payment_of(OcrJob.objects.get(pk=job.pk))

    assert (payment.amount, payment.is_open, payment.blockers) == (shown, False, ())


def test_without_a_draft_nothing_would_be_paid() -> None:
    payment = payment_of(OcrJob())

    assert (payment.draft, payment.amount, payment.is_open, payment.is_ready) == (None, "", False, False)
