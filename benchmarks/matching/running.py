"""One run over one database: filled where it is empty, asked, measured."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.management import call_command
from django.db import connection

from benchmarks.ledger.filling import Asked, fill, read_questions, write_questions
from benchmarks.ledger.progress import Progress
from benchmarks.matching.figures import by_kind, summary
from benchmarks.matching.measuring import Reply, put
from benchmarks.matching.plans import plans
from benchmarks.matching.report import Measured
from benchmarks.ocr.report import machine
from counterparties.models import Counterparty
from customers.models import Customer


class OtherLedger(Exception):
    """The database is filled with another ledger than the one that is to be asked, or what to ask it is not known."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of the ledger: counterparties of the large customer and of all others, how many those are, and its seed."""

    rows: int
    others: int
    customers: int
    seed: int


def run(*, size: Size, kept: Path, count: int, processes: int) -> Measured:
    """Asks `count` questions of each kind. Questions are kept beside the database that they were drawn for, in `kept`;
    raises OtherLedger when a filled database has none, or is not of this size."""
    call_command("migrate", verbosity=0)
    questions = kept / f"questions-{size.rows}-{size.others}-{size.customers}-{size.seed}.jsonl"
    if not Counterparty.objects.exists():
        asked = fill(
            rows=size.rows,
            others=size.others,
            customers=size.customers,
            seed=size.seed,
            count=count,
            processes=processes,
        )
        write_questions(questions, asked)
    if not questions.exists():
        raise OtherLedger(f"{questions} is missing; name an empty database with --database.")
    asked = _at_most(read_questions(questions), count)
    if (rows := _rows_of(asked[0].customer_id)) != size.rows:
        raise OtherLedger(f"The database holds {rows:,} counterparties; name an empty one with --database, or --keep.")
    with Progress(title="Asking", total=len(asked)) as progress:
        replies = put(asked=asked, on_answered=progress.advance)
    return _measured(asked, replies)


def _at_most(asked: Sequence[Asked], count: int) -> list[Asked]:
    times: dict[str, int] = defaultdict(int)
    kept = []
    for each in asked:
        times[each.question.kind] += 1
        if times[each.question.kind] <= count:
            kept.append(each)
    return kept


def _measured(asked: Sequence[Asked], replies: Sequence[Reply]) -> Measured:
    return Measured(
        database=_database(),
        machine=machine(),
        rows=_rows_of(asked[0].customer_id),
        all_rows=Counterparty.objects.count(),
        customers=Customer.objects.count(),
        load_average=os.getloadavg()[1],
        summary=summary(replies),
        kinds=by_kind(replies),
        plans=plans(asked),
    )


def _rows_of(customer_id: UUID) -> int:
    return Counterparty.objects.of([customer_id]).filter(is_own=False).count()


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"
