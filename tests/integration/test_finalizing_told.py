"""What finalising and cancelling say: to whoever asked, to the audit trail, and to the customer's programs."""

import json
from datetime import UTC, date, datetime

import pytest

from customers.audit.models import AuditEntry
from customers.webhooks.endpoints import add_endpoint
from customers.webhooks.models import WebhookMessage
from tests.ledger import a_customer, a_draft
from transfers.finalizing import TOLD, FinalizeBlocked, NotADraft, cancel_transfer, finalize_transfer, open_blockers
from transfers.models import Transfer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def draft() -> Transfer:
    return a_draft(a_customer(), requested_execution_date=date(2026, 3, 30))


def finalised(transfer: Transfer) -> Transfer:
    return finalize_transfer(transfer_id=transfer.pk, by="anna", now=NOW)


def plain_values(transfer: Transfer) -> dict[str, object]:
    """What the trail holds of a transfer: numbers as they are, ids and days as text."""
    values = {name: getattr(transfer, name) for name in TOLD}
    return {name: value if value is None or isinstance(value, int) else str(value) for name, value in values.items()}


def test_a_blocked_draft_is_told_as_sentences_and_as_codes(draft: Transfer) -> None:
    Transfer.objects.filter(pk=draft.pk).update(blockers=["bank_details_changed"])

    with pytest.raises(FinalizeBlocked) as caught:
        finalised(draft)

    (told,) = caught.value.details["blockers"]
    assert told["code"] == "bank_details_changed"
    assert "bank" in told["message"]
    assert str(caught.value) == f"The transfer cannot be finalised yet. {told['message']}"


def test_what_stands_in_the_way_can_be_looked_at_and_is_what_finalising_says(draft: Transfer) -> None:
    assert open_blockers(draft) == ()
    draft.blockers = ["duplicate_invoice", "account_assumed"]
    draft.amount_minor = None
    draft.save()

    assert open_blockers(draft) == ("account_assumed", "amount_missing")
    with pytest.raises(FinalizeBlocked) as caught:
        finalised(draft)
    assert caught.value.blockers == open_blockers(draft)


def test_what_is_no_draft_is_told_with_what_can_be_done(draft: Transfer) -> None:
    pending = finalised(draft)

    with pytest.raises(NotADraft, match=r"^The transfer is pending; only a draft can be finalised\.$"):
        finalised(pending)
    with pytest.raises(NotADraft, match=r"^The draft has been finalised; cancel the transfer that superseded it\.$"):
        cancel_transfer(transfer_id=draft.pk, by="anna", now=NOW)


def test_both_decisions_stand_in_the_trail_with_all_that_was_paid(draft: Transfer) -> None:
    pending = finalised(draft)
    cancel_transfer(transfer_id=pending.pk, by="ben", now=NOW)
    cancel_transfer(transfer_id=pending.pk, by="ben", now=NOW)

    cancelled, finalized = AuditEntry.objects.filter(action__startswith="transfer.")
    assert (finalized.action, finalized.actor, cancelled.action, cancelled.actor) == (
        "transfer.finalized", "anna", "transfer.cancelled", "ben",
    )  # fmt: skip
    for entry in (finalized, cancelled):
        assert (entry.subject_id, entry.customer_id) == (str(pending.pk), draft.customer_id)
    assert finalized.detail == plain_values(pending)
    assert cancelled.detail == {"was": "pending", **plain_values(pending)}


def test_the_customer_s_programs_are_told_by_ids_and_when(draft: Transfer) -> None:
    customer = draft.customer
    add_endpoint(customer=customer, fields={"url": "https://hooks.example.com/"}, by="test", now=NOW)

    pending = finalised(draft)

    message = WebhookMessage.objects.get()
    assert (message.customer_id, message.type) == (customer.pk, "transfer.finalized")
    assert json.loads(message.body) == {
        "type": "transfer.finalized",
        "timestamp": "2026-03-02T09:00:00.000Z",
        "data": {
            "transfer_id": str(pending.pk),
            "customer_id": str(customer.pk),
            "supersedes_id": str(draft.pk),
            "upload_id": str(draft.upload_id),
            "ocr_job_id": str(draft.ocr_job_id),
            "status": "pending",
        },
    }
