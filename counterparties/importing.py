"""Counterparties from a file into a customer's books: what is missing is added, what is there is never overwritten.

A row means the counterparty of the same legal name whose VAT and registration numbers do not contradict it; several
rows of one counterparty add their accounts, contacts, addresses and aliases. What a person deactivated stays so. A new
account of a counterparty that was on file with one before is asked for, and waits until a person confirms it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from counterparties.csv_rows import ImportRow, Rejection, read_rows
from counterparties.entries import Entries
from counterparties.onboarding import Onboarding, onboarding
from customers.models import Customer

_BATCH = 500


@dataclass(slots=True)
class ImportCounts:
    """How many rows had which effect; their sum is the number of rows in the file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    # Changes of bank details that now wait for a person; their rows are counted above as well.
    asked: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.rejected


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told while an import goes on: of each rejected row, of columns nobody knows, and after each batch."""

    on_rejected: Callable[[Rejection], None]
    on_unknown_columns: Callable[[list[str]], None] | None = None
    on_progress: Callable[[ImportCounts], None] | None = None


def import_lines(
    *, customer: Customer, lines: Iterable[str], by: str, listener: Listener, dry_run: bool = False
) -> ImportCounts:
    """Imports CSV lines batch by batch, each batch in one transaction; with `dry_run` nothing of it stays.

    Raises UnreadableFile when the header does not do. The format is described in `counterparties.csv_rows`.
    """
    rows = read_rows(lines=lines, customer=customer, on_unknown_columns=listener.on_unknown_columns)
    counts = ImportCounts()
    if not dry_run:
        with onboarding(by=by) as first:
            _import_batches(customer, rows, first, listener, counts)
        return counts
    with transaction.atomic():
        with onboarding(by=by) as first:
            _import_batches(customer, rows, first, listener, counts)
        transaction.set_rollback(True)
    return counts


def _import_batches(
    customer: Customer,
    rows: Iterator[ImportRow | Rejection],
    first: Onboarding,
    listener: Listener,
    counts: ImportCounts,
) -> None:
    while batch := list(islice(rows, _BATCH)):
        with transaction.atomic():
            sound = [row for row in batch if isinstance(row, ImportRow)]
            entries = Entries(customer=customer, rows=sound, onboarding=first, now=timezone.now())
            for row in batch:
                outcome = row if isinstance(row, Rejection) else entries.enter(row)
                if isinstance(outcome, Rejection):
                    counts.rejected += 1
                    listener.on_rejected(outcome)
                elif outcome == "created":
                    counts.created += 1
                elif outcome == "updated":
                    counts.updated += 1
                else:
                    counts.unchanged += 1
            counts.asked += entries.save()
        if listener.on_progress:
            listener.on_progress(counts)
