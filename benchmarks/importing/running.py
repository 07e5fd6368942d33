"""Files of growing length into one database, each for a customer of its own, and each a second time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.importing.measuring import Taken, take
from benchmarks.ledger.csv_books import write_csv
from counterparties.models import Counterparty
from customers.models import Customer


class NotEmpty(Exception):
    """There are counterparties in the database already."""


def run(*, sizes: Sequence[int], seed: int, kept: Path) -> Iterator[Taken]:
    """What each import took, as soon as it has ended. Files that were written before are taken again.

    Raises NotEmpty and ImportFailed.
    """
    call_command("migrate", verbosity=0)
    name = str(connection.settings_dict["NAME"])
    if Counterparty.objects.exists():
        raise NotEmpty(f"{name} has counterparties already: remove it, or name an empty database with --database.")
    for rows in sizes:
        path = kept / f"suppliers-{rows}-{seed}.csv"
        if not path.exists():
            write_csv(path, rows=rows, seed=seed)
        customer = Customer.objects.create(legal_name=f"Importer of {rows}")
        database = _database()
        connection.close()
        for what in ("new", "again"):
            yield take(path=path, customer_id=str(customer.pk), database=database, what=what, rows=rows)


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}"
