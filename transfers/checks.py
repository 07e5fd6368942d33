"""Whether a transfer could be paid as things are now: nothing missing, accounts still true, not paid before."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.dateparse import parse_datetime

from counterparties.models import Counterparty, CounterpartyAccount
from transfers.drafting import SourceAccount, missing_blockers
from transfers.duplicates import DUPLICATE_INVOICE, likeness
from transfers.history import bill_of
from transfers.models import ExportedTransfer, Transfer
from transfers.payments import unpayable

PAYMENT_FILE_OUT = "payment_file_out"
FROM_OTHER_PAYMENTS = frozenset({DUPLICATE_INVOICE, PAYMENT_FILE_OUT})
"""What other payments say of a draft: asked anew whenever it matters, for they come and go without it."""


def blockers_of(draft: Transfer) -> list[str]:
    """What stands against paying the draft's values now; what was found in its document is the draft's own to say.

    Call it inside a transaction: the payee is locked while its payments are compared, so that two finalisations of one
    payee wait for each other.
    """
    if draft.destination_counterparty_id is not None:
        Counterparty.objects.select_for_update().filter(pk=draft.destination_counterparty_id).first()
    return current_blockers(draft)


def current_blockers(draft: Transfer) -> list[str]:
    """As `blockers_of`, to look at: nothing is locked, and another payment may come in between."""
    return [*_missing(draft), *unpayable(draft), *no_longer_true(draft), *from_other_payments(draft)]


def no_longer_true(draft: Transfer) -> list[str]:
    """What has changed since the draft was written: it may be weeks old, and money leaves on its word."""
    blockers = []
    if draft.destination_counterparty_id is not None:
        payee = Counterparty.objects.filter(pk=draft.destination_counterparty_id, customer=draft.customer_id).first()
        if payee is None or not payee.active:
            blockers.append("counterparty_inactive")
        elif payee.is_own:
            blockers.append("iban_is_own_account")
    if draft.destination_account_id is not None:
        blockers += _account_blockers(draft=draft, account_id=draft.destination_account_id)
    if draft.source_account_id is not None and not _is_own_account(draft=draft, account_id=draft.source_account_id):
        blockers.append("source_account_missing")
    return blockers


def _missing(draft: Transfer) -> list[str]:
    return missing_blockers(
        amount_minor=draft.amount_minor,
        currency=draft.currency,
        source=SourceAccount(counterparty_id=draft.source_counterparty_id, account_id=draft.source_account_id),
        destination_counterparty_id=draft.destination_counterparty_id,
        destination_account_id=draft.destination_account_id,
    )


def from_other_payments(draft: Transfer) -> list[str]:
    """The same bill may have been paid through another document since the draft was written, or this very moment; or a
    bank may be about to pay it, whatever has become of the payment here since its file went out."""
    if draft.destination_counterparty_id is None:
        return []
    others = Transfer.objects.filter(customer=draft.customer_id).exclude(supersedes=draft)
    if _pay_the_same_bill(draft, others.filter(status=Transfer.Status.PENDING)):
        return [DUPLICATE_INVOICE]
    out = others.filter(
        Exists(ExportedTransfer.objects.filter(transfer=OuterRef("pk"))), status=Transfer.Status.CANCELLED
    )
    looked_into = [parse_datetime(each["at"]) for each in draft.settled_blockers if each["code"] == PAYMENT_FILE_OUT]
    if latest := max(filter(None, looked_into), default=None):
        out = out.filter(cancelled_at__gt=latest)
    return [PAYMENT_FILE_OUT] if _pay_the_same_bill(draft, out) else []


def _pay_the_same_bill(draft: Transfer, others: QuerySet[Transfer]) -> bool:
    if draft.upload and others.filter(upload__customer=draft.customer_id, upload__sha256=draft.upload.sha256).exists():
        return True
    if not draft.number_key:
        return False
    same = others.filter(number_key=draft.number_key, destination_counterparty=draft.destination_counterparty_id)
    bill = bill_of(draft)
    return any(likeness(one=bill, other=bill_of(each)) == "number" for each in same)


def _account_blockers(*, draft: Transfer, account_id: UUID) -> list[str]:
    account = CounterpartyAccount.objects.filter(
        pk=account_id, counterparty=draft.destination_counterparty_id, active=True
    ).first()
    if account is None:
        return ["account_inactive"]
    blockers = []
    if (account.iban, account.bic) != (draft.destination_iban, draft.destination_bic):
        blockers.append("bank_details_changed")
    if CounterpartyAccount.objects.filter(
        customer=draft.customer_id, counterparty__is_own=True, iban=account.iban, active=True
    ).exists():
        blockers.append("iban_is_own_account")
    return blockers


def _is_own_account(*, draft: Transfer, account_id: UUID) -> bool:
    return CounterpartyAccount.objects.filter(
        pk=account_id,
        counterparty=draft.source_counterparty_id,
        counterparty__customer=draft.customer_id,
        counterparty__is_own=True,
        counterparty__active=True,
        active=True,
    ).exists()
