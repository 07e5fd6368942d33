"""One bill is paid once: two drafts at the same moment, and bills that were read by an earlier release."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from ocr.models import OcrField, OcrJob
from tests.integration.test_transfers_finalizing import at_the_same_time
from tests.ledger import a_customer, a_draft, an_upload
from transfers.exporting import export_payments, hand_out
from transfers.finalizing import FinalizeBlocked, cancel_transfer, finalize_transfer, open_blockers
from transfers.models import Transfer
from transfers.writing import NothingToSettle, edit_draft

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BILL = {"invoice_number": "INV-2026-0417", "number_key": "1NV20260417", "issue_date": date(2026, 2, 20)}


def second_draft(first: Transfer, **changes: Any) -> Transfer:
    """Another document's draft for the same payee."""
    values = {field.attname: getattr(first, field.attname) for field in Transfer._meta.concrete_fields}
    values |= {"id": None, "ocr_job_id": None, "upload_id": an_upload(first.customer, content=b"%PDF-1.7 copy").pk}
    return Transfer.objects.create(**{name: value for name, value in values.items() if name != "id"} | changes)


@pytest.mark.django_db(transaction=True)
def test_two_drafts_of_one_bill_that_are_finalised_at_once_give_one_payment() -> None:
    first = a_draft(a_customer(), **BILL)
    drafts = [first, *(second_draft(first) for _ in range(3))]

    outcomes = at_the_same_time(
        *[lambda draft=draft: finalize_transfer(transfer_id=draft.pk, by="person", now=NOW) for draft in drafts]
    )

    assert Transfer.objects.filter(status="pending").count() == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, FinalizeBlocked)]
    assert [outcome.blockers for outcome in refused] == [("duplicate_invoice",)] * 3


@pytest.mark.django_db(transaction=True)
def test_two_bills_of_one_payee_are_both_paid() -> None:
    first = a_draft(a_customer(), **BILL)
    other = second_draft(first, invoice_number="INV-2026-0418", number_key="1NV20260418")

    at_the_same_time(
        *[lambda draft=draft: finalize_transfer(transfer_id=draft.pk, by="person", now=NOW) for draft in (first, other)]
    )

    assert Transfer.objects.filter(status="pending").count() == 2


def taken_out_and_cancelled(draft: Transfer, *, channel: str) -> Transfer:
    """The payment of the draft, cancelled after its file was handed out."""
    pending = finalize_transfer(transfer_id=draft.pk, by="person", now=NOW)
    if channel == "api":
        hand_out(transfer_id=pending.pk, again=False, is_look=False, by="key", now=NOW)
    else:
        export_payments(
            customer=draft.customer, until=None, again=None, by="person", now=NOW, write=lambda _: "bank.xml"
        )
    return cancel_transfer(transfer_id=pending.pk, by="person", now=NOW + MINUTE)


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["api", "command"])
def test_a_bill_whose_payment_file_is_out_is_not_paid_again_unseen(channel: str) -> None:
    first = a_draft(a_customer(), **BILL)
    again, of_document = second_draft(first), second_draft(first, upload_id=first.upload_id, number_key="")
    taken_out_and_cancelled(first, channel=channel)

    for draft in (again, of_document):
        with pytest.raises(FinalizeBlocked) as refused:
            finalize_transfer(transfer_id=draft.pk, by="person", now=NOW + MINUTE)
        assert refused.value.blockers == ("payment_file_out",)

    edit_draft(
        transfer_id=again.pk,
        source=None,
        destination=None,
        settled=["payment_file_out"],
        fields={},
        by="person",
        now=NOW + 2 * MINUTE,
    )
    paid = finalize_transfer(transfer_id=again.pk, by="person", now=NOW + 2 * MINUTE)
    assert paid.status == "pending"
    # What somebody looked into was that file; the next one is another question.
    hand_out(transfer_id=paid.pk, again=False, is_look=False, by="key", now=NOW)
    cancel_transfer(transfer_id=paid.pk, by="person", now=NOW + 3 * MINUTE)
    third = second_draft(first, settled_blockers=Transfer.objects.get(pk=again.pk).settled_blockers)
    assert open_blockers(third) == ("payment_file_out",)


@pytest.mark.django_db
def test_a_payment_that_was_cancelled_before_any_file_leaves_the_bill_free() -> None:
    first = a_draft(a_customer(), **BILL)
    again, other = second_draft(first), second_draft(first, invoice_number="2", number_key="2", upload_id=None)
    cancel_transfer(transfer_id=finalize_transfer(transfer_id=first.pk, by="person", now=NOW).pk, by="person", now=NOW)

    assert open_blockers(again) == ()
    taken_out_and_cancelled(again, channel="api")
    assert open_blockers(other) == ()
    with pytest.raises(NothingToSettle):
        edit_draft(
            transfer_id=other.pk,
            source=None,
            destination=None,
            settled=["payment_file_out"],
            fields={},
            by="a",
            now=NOW,
        )


@pytest.mark.django_db
def test_bills_that_were_read_before_are_found_by_number_and_day() -> None:
    draft = a_draft(a_customer())
    assert draft.upload is not None
    job = OcrJob.objects.create(
        pk=draft.ocr_job_id, customer=draft.customer, upload=draft.upload, invoice_number="INV-2026-0417"
    )
    OcrField.objects.create(job=job, name="issue_date", value="2026-02-20", source="text")
    pending = finalize_transfer(transfer_id=draft.pk, by="person", now=NOW)
    by_hand = second_draft(draft, status="draft")

    import_module("ocr.migrations.0004_bills_of_earlier_transfers").fill(apps, None)

    for transfer in (draft, pending):
        transfer.refresh_from_db()
        assert {name: getattr(transfer, name) for name in BILL} == BILL
    by_hand.refresh_from_db()
    assert (by_hand.number_key, by_hand.issue_date) == ("", None)
