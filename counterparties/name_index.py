"""The index of trigrams that SQLite searches names by, and the triggers that keep it in step with the counterparties.

PostgreSQL has its own (migration 0003). SQLite loses the triggers of a table whenever a migration alters that table,
because Django then builds it anew: so `put_up` is called after every run of `migrate`, and repairs what is missing.

Each customer's names lie side by side: the upper half of a row's number is that of the customer's books, and a look-up
reads one stretch of the index, however many customers there are.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from counterparties.name_probes import Probe, trigrams

_TABLE = "counterparties_counterparty"
_NEW_ROW = """
    INSERT INTO counterparty_name_books (customer_id)
        SELECT new.customer_id WHERE new.active AND NOT EXISTS (
            SELECT 1 FROM counterparty_name_books WHERE customer_id = new.customer_id);
    INSERT INTO counterparty_names (id, counterparty_id, names)
        SELECT coalesce((SELECT max(id) FROM counterparty_names
                         WHERE id BETWEEN books.number << 32 AND (books.number << 32) + 4294967295),
                        books.number << 32) + 1,
               new.id, '|' || new.name_key || coalesce(nullif(new.alias_keys, ''), '|')
        FROM counterparty_name_books AS books WHERE books.customer_id = new.customer_id AND new.active;
"""
_OLD_ROW = "DELETE FROM counterparty_names WHERE counterparty_id = old.id;"
_TRIGGERS = {
    "counterparty_name_added": f"AFTER INSERT ON {_TABLE} BEGIN {_NEW_ROW} END",
    "counterparty_name_removed": f"AFTER DELETE ON {_TABLE} BEGIN {_OLD_ROW} END",
    "counterparty_name_changed": f"""
        AFTER UPDATE OF id, customer_id, name_key, alias_keys, active ON {_TABLE}
        WHEN (old.id, old.customer_id, old.name_key, old.alias_keys, old.active)
            IS NOT (new.id, new.customer_id, new.name_key, new.alias_keys, new.active)
        BEGIN {_OLD_ROW} {_NEW_ROW} END""",
    "counterparty_name_indexed": """
        AFTER INSERT ON counterparty_names
        BEGIN INSERT INTO counterparty_name_trigrams (rowid, names) VALUES (new.id, new.names); END""",
    "counterparty_name_unindexed": """
        AFTER DELETE ON counterparty_names
        BEGIN INSERT INTO counterparty_name_trigrams (counterparty_name_trigrams, rowid, names)
            VALUES ('delete', old.id, old.names); END""",
}
_TABLES = (
    "CREATE TABLE IF NOT EXISTS counterparty_name_books"
    " (number INTEGER PRIMARY KEY, customer_id char(32) NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS counterparty_names"
    " (id INTEGER PRIMARY KEY, counterparty_id char(32) NOT NULL UNIQUE, names text NOT NULL)",
    # Only whether a trigram is there is asked, not where: without places the index is a third as large.
    "CREATE VIRTUAL TABLE IF NOT EXISTS counterparty_name_trigrams USING fts5"
    " (names, content='counterparty_names', content_rowid='id', tokenize='trigram', detail='none', columnsize=0)",
)
_FILL = (
    "DELETE FROM counterparty_names",
    "DELETE FROM counterparty_name_books",
    "INSERT INTO counterparty_name_books (customer_id)"
    " SELECT DISTINCT customer_id FROM counterparties_counterparty WHERE active",
    """INSERT INTO counterparty_names (id, counterparty_id, names)
        SELECT (books.number << 32) + row_number() OVER (PARTITION BY books.number ORDER BY row.created_at, row.id),
               row.id, '|' || row.name_key || coalesce(nullif(row.alias_keys, ''), '|')
        FROM counterparties_counterparty AS row
        JOIN counterparty_name_books AS books ON books.customer_id = row.customer_id
        WHERE row.active""",
    "INSERT INTO counterparty_name_trigrams (counterparty_name_trigrams) VALUES ('rebuild')",
)


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Makes index and triggers where one of them is missing, and fills the index anew; elsewhere than on SQLite, or
    while there are no counterparties' tables, does nothing."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        present = _names_in_schema(cursor)
        if _TABLE not in present or _TRIGGERS.keys() <= present:
            return
        take_down(cursor)
        for statement in (*_TABLES, *_FILL):
            cursor.execute(statement)
        for name, definition in _TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER {name} {definition}")


def take_down(cursor: CursorWrapper) -> None:
    """Drops the triggers: rows can then be loaded in bulk until `put_up` fills the index in one go."""
    for name in _TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def names_with(
    *, cursor: CursorWrapper, customer_id: UUID, probes: Iterable[Probe], most: int
) -> list[tuple[UUID, tuple[str, ...]]]:
    """The active counterparties of the customer of which the names, legal name first, hold all pieces of any probe."""
    cursor.execute("SELECT number FROM counterparty_name_books WHERE customer_id = %s", [customer_id.hex])
    books = cursor.fetchone()
    if books is None:
        return []
    first = books[0] << 32
    asked = " OR ".join(f"({_conjunction(probe)})" for probe in probes)
    cursor.execute(
        "SELECT counterparty_id, names.names FROM counterparty_name_trigrams AS found"
        " JOIN counterparty_names AS names ON names.id = found.rowid"
        " WHERE counterparty_name_trigrams MATCH %s AND found.rowid BETWEEN %s AND %s LIMIT %s",
        [asked, first, first + 0xFFFFFFFF, most],
    )
    return [(UUID(id_), tuple(names[1:-1].split("|"))) for id_, names in cursor.fetchall()]


def _conjunction(probe: Probe) -> str:
    quoted = (part.replace('"', '""') for piece in probe for part in trigrams(piece))
    return " AND ".join(dict.fromkeys(f'"{part}"' for part in quoted))


def _names_in_schema(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master")
    return {row[0] for row in cursor.fetchall()}
