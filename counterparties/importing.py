"""Counterparties from a file into a customer's books: what is missing is added, what is there is never overwritten.

A row means the counterparty of the same legal name whose VAT and registration numbers do not contradict it; several
rows of one counterparty add their accounts, contacts, addresses and aliases. What a person deactivated stays so. A new
account of a counterparty that was on file with one before is asked for, and waits until a person confirms it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.db import DataError, IntegrityError, connection, reset_queries, transaction
from django.utils import timezone

from counterparties.bulk_writing import refresh_statistics
from counterparties.csv_rows import ImportRow, Rejection, read_rows
from counterparties.entries import IMPORTED, Effect, Entries
from counterparties.onboarding import Onboarding, onboarding
from customers.audit.recording import record
from customers.models import Customer

# A batch holds SQLite's one lock for as long as it is written, here about a second.
_BATCH = 1_000
_SQLITE_CACHE_KIB = 65_536
Batch = Sequence[ImportRow | Rejection]


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
    *,
    customer: Customer,
    lines: Iterable[str],
    by: str,
    listener: Listener,
    counts: ImportCounts | None = None,
    dry_run: bool = False,
) -> ImportCounts:
    """Imports CSV lines batch by batch, each batch in one transaction; with `dry_run` nothing of it stays.

    `counts`, if given, is what comes back and goes along, so that it tells what is stored when an exception ends the
    import. Raises UnreadableFile when the header does not do. The format is described in `counterparties.csv_rows`.
    """
    rows = read_rows(lines=lines, customer=customer, on_unknown_columns=listener.on_unknown_columns)
    counts = ImportCounts() if counts is None else counts
    if not dry_run:
        try:
            with onboarding(by=by) as first, _room():
                _import_batches(customer, rows, first, listener, counts)
        finally:
            _record(counts, customer=customer, by=by)
        return counts
    with transaction.atomic():
        with onboarding(by=by) as first:
            _import_batches(customer, rows, first, listener, counts)
        transaction.set_rollback(True)
    return counts


def _record(counts: ImportCounts, *, customer: Customer, by: str) -> None:
    """One entry of the audit trail for the whole import, also for one that broke off: each batch is stored by then."""
    told = {"created": counts.created, "updated": counts.updated, "asked": counts.asked}
    if any(told.values()):
        record(action="counterparties.imported", by=by, subject=customer, customer_id=customer.pk, detail=told)


def _import_batches(
    customer: Customer,
    rows: Iterator[ImportRow | Rejection],
    first: Onboarding,
    listener: Listener,
    counts: ImportCounts,
) -> None:
    """Each batch is read while the one before is written: one waits for the database, the other needs none."""
    counted_at = 0
    with ThreadPoolExecutor(1, thread_name_prefix="import-reader") as reader:
        coming = reader.submit(_batch, rows)
        while batch := coming.result():
            coming = reader.submit(_batch, rows)
            _import_batch(customer, batch, first, listener, counts)
            if counts.created > 4 * counted_at:
                counted_at = counts.created
                refresh_statistics(IMPORTED)


def _batch(rows: Iterator[ImportRow | Rejection]) -> Batch:
    return list(islice(rows, _BATCH))


def _import_batch(
    customer: Customer, batch: Batch, first: Onboarding, listener: Listener, counts: ImportCounts
) -> None:
    """Enters the rows together. When the database refuses one of them, because somebody else has entered the same just
    now, they are entered one by one, and that one is rejected with the database's words."""
    try:
        outcomes, asked = _enter(customer, batch, first)
    except (IntegrityError, DataError) as error:
        if len(batch) > 1:
            for row in batch:
                _import_batch(customer, [row], first, listener, counts)
            return
        outcomes, asked = [Rejection(batch[0].line, f"the database refused it ({_first_line(error)})")], 0
    counts.asked += asked
    for outcome in outcomes:
        if isinstance(outcome, Rejection):
            counts.rejected += 1
            listener.on_rejected(outcome)
        elif outcome == "created":
            counts.created += 1
        elif outcome == "updated":
            counts.updated += 1
        else:
            counts.unchanged += 1
    # With DEBUG, Django would keep the last nine thousand statements, each as long as a batch.
    reset_queries()
    if listener.on_progress:
        listener.on_progress(counts)


def _enter(customer: Customer, batch: Batch, first: Onboarding) -> tuple[list[Effect | Rejection], int]:
    """What became of each row, and how many changes of bank details were asked for; all of it stays, or nothing."""
    with transaction.atomic():
        _wait_for_other_imports(customer)
        sound = [row for row in batch if isinstance(row, ImportRow)]
        entries = Entries(customer=customer, rows=sound, onboarding=first, now=timezone.now())
        outcomes = [row if isinstance(row, Rejection) else entries.enter(row) for row in batch]
        asked = entries.save()
        if connection.vendor == "postgresql":
            # In a dry run, checks that wait for the end of its one transaction would pile up in the server's memory.
            connection.check_constraints()
        return outcomes, asked


def _wait_for_other_imports(customer: Customer) -> None:
    """Until the end of the transaction no other import enters rows for this customer: two that bring the same new
    counterparty would both find nothing on file. On SQLite each transaction waits for the one before as it is."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [customer.id.int >> 65])


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


@contextmanager
def _room() -> Iterator[None]:
    """On SQLite, memory for the pages that a long import comes back to: its two megabytes hold no index of a million.
    What it is given is a bound, and taken back at the end."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        [before] = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = {-_SQLITE_CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")
