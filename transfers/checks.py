"""Whether a transfer could be paid as things are now: nothing missing, accounts still true, not paid before."""

from uuid import UUID

from counterparties.models import Counterparty, CounterpartyAccount
from transfers.drafting import SourceAccount, missing_blockers
from transfers.duplicates import DUPLICATE_INVOICE, likeness
from transfers.history import bill_of
from transfers.models import Transfer
from transfers.payments import unpayable


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
    return [*_missing(draft), *unpayable(draft), *no_longer_true(draft), *_paid_already(draft)]


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


def _paid_already(draft: Transfer) -> list[str]:
    """The same bill may have been paid through another document since the draft was written, or this very moment."""
    if draft.destination_counterparty_id is None:
        return []
    paid = Transfer.objects.filter(customer=draft.customer_id, status=Transfer.Status.PENDING).exclude(supersedes=draft)
    if draft.upload and paid.filter(upload__customer=draft.customer_id, upload__sha256=draft.upload.sha256).exists():
        return [DUPLICATE_INVOICE]
    if not draft.number_key:
        return []
    same = paid.filter(number_key=draft.number_key, destination_counterparty=draft.destination_counterparty_id)
    bill = bill_of(draft)
    return [DUPLICATE_INVOICE] if any(likeness(one=bill, other=bill_of(each)) == "number" for each in same) else []


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
