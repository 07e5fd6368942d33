"""Transfers as payments that a message can carry: names, accounts and addresses as they are on file."""

from collections.abc import Iterable
from datetime import date

from counterparties.models import Address, Counterparty
from customers.sentences import Sentence
from transfers.models import Transfer
from transfers.pain001 import Holder, Payment, PaymentUnfit, Place, check_payment
from transfers.references import REFERENCE_NOT_PAYABLE, ReferenceUnfit, payment_reference


class NotFinalised(Exception):
    """Only a finalised transfer that was not cancelled is paid."""


class PayeeChanged(Exception):
    """Payee, or one of the two accounts, are no longer what the transfer was finalised with."""


def payment_of(transfer: Transfer, *, today: date) -> Payment:
    """The finalised transfer as a payment; a day that has passed becomes `today`.

    Raises NotFinalised, PayeeChanged and PaymentUnfit.
    """
    if transfer.status != Transfer.Status.PENDING:
        raise NotFinalised(
            Sentence(
                "The transfer is {status}; there is a payment file of pending transfers only.", status=transfer.status
            )
        )
    _check_parties(transfer)
    payment = _payment(transfer, day=max(transfer.requested_execution_date or today, today))
    check_payment(payment)
    return payment


def unpayable(draft: Transfer) -> list[str]:
    """The blocker that keeps a draft from being carried by any payment message, as far as its values are known."""
    is_complete = draft.source_account and draft.destination_iban and draft.currency and (draft.amount_minor or 0) > 0
    try:
        if is_complete:
            check_payment(_payment(draft, day=draft.requested_execution_date or date.min))
        else:
            payment_reference(reference=draft.reference, iban=draft.destination_iban, currency=draft.currency)
    except PaymentUnfit as unfit:
        return [unfit.blocker]
    except ReferenceUnfit:
        return [REFERENCE_NOT_PAYABLE]
    return []


def _payment(transfer: Transfer, *, day: date) -> Payment:
    source = transfer.source_account
    if source is None or transfer.amount_minor is None:  # the database holds both for every pending transfer
        raise ValueError(f"Transfer {transfer.pk} is not complete.")
    return Payment(
        payment_id=transfer.pk.hex,
        payer=Holder(
            name=source.counterparty.legal_name,
            iban=source.iban,
            bic=source.bic,
            place=_place(source.counterparty),
        ),
        payee=Holder(
            name=transfer.destination_name,
            iban=transfer.destination_iban,
            bic=transfer.destination_bic,
            place=_place(transfer.destination_counterparty),
        ),
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        reference=transfer.reference,
        execution_date=day,
    )


def _check_parties(transfer: Transfer) -> None:
    """A file may be fetched weeks after the transfer was finalised, and what was found out since counts."""
    source = transfer.source_account
    if source is None or not source.active or not source.counterparty.active:
        raise PayeeChanged(Sentence("The account to pay from was deactivated since; cancel the transfer."))
    payee, account = transfer.destination_counterparty, transfer.destination_account
    if payee is None or not payee.active:
        raise PayeeChanged(
            Sentence("The counterparty was deactivated since; cancel the transfer, or activate it again.")
        )
    if account is None or not account.active or account.iban != transfer.destination_iban:
        raise PayeeChanged(Sentence("The bank account was changed or deactivated since; cancel the transfer."))


def _place(counterparty: Counterparty | None) -> Place | None:
    """The preferred address, else the newest; None when it has no city, without which a bank refuses it."""
    addresses: Iterable[Address] = counterparty.addresses.all() if counterparty else ()
    active = [address for address in addresses if address.active and address.city]
    if not active:
        return None
    return Place(street=active[0].street, zip=active[0].zip, city=active[0].city, country=active[0].country)
