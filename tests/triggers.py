"""The database without some of its triggers, as its owner could have it; and trails that are emptied between tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TABLES = {
    "bank_change_never_deleted": "counterparties_bankdetailschange",
    "audit_entry_continues": "customers_auditentry",
    "audit_entry_stays": "customers_auditentry",
    "audit_entry_never_deleted": "customers_auditentry",
    "audit_entry_queued": "customers_auditentry",
    "audit_entry_sealed": "customers_auditentry",
    "audit_head_moves_on": "customers_audithead",
    "audit_head_never_deleted": "customers_audithead",
}


@contextmanager
def lifted(*triggers: str) -> Iterator[None]:
    """Without these triggers of `TABLES`."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in triggers:
                cursor.execute(f"ALTER TABLE {TABLES[name]} DISABLE TRIGGER {name}")
            yield
            for name in triggers:
                cursor.execute(f"ALTER TABLE {TABLES[name]} ENABLE TRIGGER {name}")
            return
        made: list[str] = []
        for name in triggers:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name])
            made += cursor.fetchone() or []
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        yield
        for sql in made:
            cursor.execute(sql)


def empty_trails() -> None:
    """Deletes what may not be deleted; PostgreSQL's TRUNCATE, with which its tests are cleared, needs no such help."""
    names = ("bank_change_never_deleted", "audit_entry_never_deleted", "audit_head_never_deleted")
    if connection.vendor == "sqlite":
        with lifted(*names), connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DELETE FROM {TABLES[name]}")  # noqa: S608
