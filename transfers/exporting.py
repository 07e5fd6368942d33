"""Payment files out of the house: each transfer once, and a row that says when and to whom."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from customers.audit.recording import MOST_ITEMS, record
from customers.models import Customer
from customers.sentences import Sentence
from transfers.models import ExportedTransfer, PaymentExport, Transfer
from transfers.pain001 import Payment, PaymentFile, PaymentUnfit, payment_file
from transfers.payments import PayeeChanged, payment_of

Channel = PaymentExport.Channel


class AlreadyExported(Exception):
    """The transfer is in a payment file that somebody took out before."""


class UnknownExport(Exception):
    """No payment file of this customer has the message id."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A transfer that was not written, and why, as a sentence."""

    transfer_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, or would be; `file` is None when there was nothing to write. `over_api` are those that were
    fetched one by one before, and hence not written."""

    file: PaymentFile | None
    message_id: str
    payments: tuple[Payment, ...]
    left_out: tuple[LeftOut, ...]
    over_api: int = 0


@transaction.atomic
def hand_out(*, transfer_id: UUID, again: bool, is_look: bool, by: str, now: datetime) -> PaymentFile:
    """The payment file of one finalised transfer; the first time it is noted. It has the same message id every time.

    `is_look`: nobody gets the bytes, and nothing is noted.

    Raises AlreadyExported when a file of many has the transfer and `again` is not set, NotFinalised, PayeeChanged,
    PaymentUnfit and `Transfer.DoesNotExist`.
    """
    transfer = _locked(Transfer.objects.filter(pk=transfer_id)).get()
    payment = payment_of(transfer, today=timezone.localdate(now))
    before = list(ExportedTransfer.objects.filter(transfer=transfer).select_related("export"))
    elsewhere = [one.export for one in before if one.export.channel != Channel.API]
    if elsewhere and not again:
        raise AlreadyExported(
            Sentence(
                "The transfer is in the payment file {message_id}, written by {exported_by} on "
                "{exported_at}; ask with again=true only if that file did not reach the bank.",
                message_id=elsewhere[0].message_id,
                exported_by=elsewhere[0].exported_by,
                exported_at=elsewhere[0].exported_at.date(),
            )
        )
    file = payment_file(payments=[payment], message_id=transfer.pk.hex, created_at=transfer.created_at)
    if not is_look and len(elsewhere) == len(before):
        _note(
            transfers=[transfer],
            file=file,
            message_id=transfer.pk.hex,
            channel=Channel.API,
            again={one.transfer_id for one in before},
            by=by,
            now=now,
        )
    return file


@transaction.atomic
def export_payments(
    *,
    customer: Customer,
    until: date | None,
    again: str | None,
    by: str,
    now: datetime,
    write: Callable[[bytes], str] | None,
) -> Exported:
    """One payment file for the customer's pending transfers that are in none yet, those to be paid `until` a day.

    `again` takes those of files before as well: of the one with this message id, of all for "". `write` stores the
    bytes and hands back the file's name; None is a dry run. When it fails, nothing is noted. What cannot be paid is
    left out with its reason. Raises UnknownExport, PaymentUnfit when the sum is beyond one file, and what `write` does.
    """
    transfers = list(_locked(_to_export(customer=customer, until=until, again=again)))
    # Asked once they are locked: another export may have taken them while this one waited.
    before = set(ExportedTransfer.objects.filter(transfer__in=transfers).values_list("transfer_id", flat=True))
    if again is None:
        transfers = [transfer for transfer in transfers if transfer.pk not in before]
    payments, left_out = _payable(transfers, today=timezone.localdate(now))
    message_id = uuid4().hex
    file: PaymentFile | None = None
    if payments:
        file = payment_file(payments=list(payments.values()), message_id=message_id, created_at=now)
    if file is not None and write is not None:
        export = _note(
            transfers=list(payments),
            file=file,
            message_id=message_id,
            channel=Channel.COMMAND,
            again=before,
            by=by,
            now=now,
        )
        export.file_name = write(file.content)
        export.save(update_fields=["file_name"])
    return Exported(
        file=file,
        message_id=message_id,
        payments=tuple(payments.values()),
        left_out=left_out,
        over_api=_fetched_only(customer=customer, until=until).count() if again is None else 0,
    )


def _payable(transfers: Iterable[Transfer], *, today: date) -> tuple[dict[Transfer, Payment], tuple[LeftOut, ...]]:
    """What can be paid, in the given order, and what cannot."""
    payments, left_out = {}, []
    for transfer in transfers:
        try:
            payments[transfer] = payment_of(transfer, today=today)
        except (PayeeChanged, PaymentUnfit) as error:
            left_out.append(LeftOut(transfer_id=transfer.pk, reason=str(error)))
    return payments, tuple(left_out)


def _to_export(*, customer: Customer, until: date | None, again: str | None) -> QuerySet[Transfer]:
    transfers = Transfer.objects.of([customer.pk]).filter(status=Transfer.Status.PENDING)
    if until is not None:
        transfers = transfers.filter(requested_execution_date__lte=until)
    if again is None:
        return transfers.filter(~Exists(ExportedTransfer.objects.filter(transfer=OuterRef("pk"))))
    if again:
        export = PaymentExport.objects.of([customer.pk]).filter(message_id=again).first()
        if export is None:
            raise UnknownExport(f"No payment file of {customer} has the message id {again}; see the back office.")
        return transfers.filter(exports__export=export)
    return transfers


def _fetched_only(*, customer: Customer, until: date | None) -> QuerySet[Transfer]:
    """The pending transfers of which somebody has the single file, and which no file of many has."""
    of_many = ExportedTransfer.objects.filter(transfer=OuterRef("pk"), export__channel=Channel.COMMAND)
    single = ExportedTransfer.objects.filter(transfer=OuterRef("pk"), export__channel=Channel.API)
    return _to_export(customer=customer, until=until, again="").filter(Exists(single), ~Exists(of_many))


def _locked(transfers: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """Two exports at once must not both find a transfer in no file."""
    return (
        transfers.select_for_update(of=("self",))
        .select_related("source_account__counterparty", "destination_counterparty", "destination_account")
        .prefetch_related("source_account__counterparty__addresses", "destination_counterparty__addresses")
        .order_by("created_at", "pk")
    )


def _note(
    *,
    transfers: Sequence[Transfer],
    file: PaymentFile,
    message_id: str,
    channel: PaymentExport.Channel,
    again: Collection[UUID],
    by: str,
    now: datetime,
) -> PaymentExport:
    export = PaymentExport.objects.create(
        customer_id=transfers[0].customer_id,
        message_id=message_id,
        channel=channel,
        sha256=hashlib.sha256(file.content).hexdigest(),
        number_of_payments=file.number_of_payments,
        control_sum=file.control_sum,
        exported_at=now,
        exported_by=by,
    )
    ExportedTransfer.objects.bulk_create(
        ExportedTransfer(export=export, transfer=transfer, is_again=transfer.pk in again) for transfer in transfers
    )
    _record(export, transfers=transfers, by=by)
    return export


def _record(export: PaymentExport, *, transfers: Sequence[Transfer], by: str) -> None:
    """As many entries as it takes to name all transfers of the file."""
    told = ("message_id", "channel", "sha256", "number_of_payments", "control_sum")
    detail = {name: getattr(export, name) for name in told}
    for first in range(0, len(transfers), MOST_ITEMS):
        record(
            action="transfer.exported",
            by=by,
            subject=export,
            customer_id=export.customer_id,
            detail={**detail, "transfers": [transfer.pk for transfer in transfers[first : first + MOST_ITEMS]]},
        )
