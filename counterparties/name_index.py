"""The index of pieces that SQLite looks names up by, and the triggers that keep it in step with the counterparties.

PostgreSQL has its own (migration 0013). SQLite loses the triggers of a table whenever a migration alters that table,
because Django then builds it anew: so `put_up` is called after every run of `migrate`, and repairs what is missing.

Each customer's names lie side by side: the upper half of a row's number is that of the customer's books, and a look-up
reads one stretch of the index, however many customers there are.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from counterparties.name_pieces import name_pieces
from counterparties.name_probes import Probe

# Of a customer's numbers, the last.
_LAST = 0xFFFFFFFF
_TABLE = "counterparties_counterparty"
_NEW_ROW = """
    INSERT INTO counterparty_name_books (customer_id)
        SELECT new.customer_id WHERE new.active AND NOT EXISTS (
            SELECT 1 FROM counterparty_name_books WHERE customer_id = new.customer_id);
    INSERT INTO counterparty_names (id, counterparty_id, names, pieces)
        SELECT coalesce((SELECT max(id) FROM counterparty_names
                         WHERE id BETWEEN books.number << 32 AND (books.number << 32) + 4294967295),
                        books.number << 32) + 1,
               new.id, '|' || new.name_key || coalesce(nullif(new.alias_keys, ''), '|'), new.name_pieces
        FROM counterparty_name_books AS books WHERE books.customer_id = new.customer_id AND new.active;
"""
_OLD_ROW = "DELETE FROM counterparty_names WHERE counterparty_id = old.id;"
_TRIGGERS = {
    "counterparty_name_added": f"AFTER INSERT ON {_TABLE} BEGIN {_NEW_ROW} END",
    "counterparty_name_removed": f"AFTER DELETE ON {_TABLE} BEGIN {_OLD_ROW} END",
    "counterparty_name_changed": f"""
        AFTER UPDATE OF id, customer_id, name_key, alias_keys, name_pieces, active ON {_TABLE}
        WHEN (old.id, old.customer_id, old.name_key, old.alias_keys, old.name_pieces, old.active)
            IS NOT (new.id, new.customer_id, new.name_key, new.alias_keys, new.name_pieces, new.active)
        BEGIN {_OLD_ROW} {_NEW_ROW} END""",
    "counterparty_name_indexed": """
        AFTER INSERT ON counterparty_names
        BEGIN INSERT INTO counterparty_name_pieces (rowid, pieces) VALUES (new.id, new.pieces); END""",
    "counterparty_name_unindexed": """
        AFTER DELETE ON counterparty_names
        BEGIN INSERT INTO counterparty_name_pieces (counterparty_name_pieces, rowid, pieces)
            VALUES ('delete', old.id, old.pieces); END""",
}
_TABLES = (
    "CREATE TABLE IF NOT EXISTS counterparty_name_books"
    " (number INTEGER PRIMARY KEY, customer_id char(32) NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS counterparty_names"
    " (id INTEGER PRIMARY KEY, counterparty_id char(32) NOT NULL UNIQUE, names text NOT NULL,"
    " pieces text NOT NULL)",
    # Only whether a piece is there is asked, not where. Keys have no signs, so what is not ASCII is a letter.
    "CREATE VIRTUAL TABLE IF NOT EXISTS counterparty_name_pieces USING fts5"
    " (pieces, content='counterparty_names', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)",
)
_FILL = (
    "DELETE FROM counterparty_names",
    "DELETE FROM counterparty_name_books",
    "INSERT INTO counterparty_name_books (customer_id)"
    " SELECT DISTINCT customer_id FROM counterparties_counterparty WHERE active",
    """INSERT INTO counterparty_names (id, counterparty_id, names, pieces)
        SELECT (books.number << 32) + row_number() OVER (PARTITION BY books.number ORDER BY row.created_at, row.id),
               row.id, '|' || row.name_key || coalesce(nullif(row.alias_keys, ''), '|'), row.name_pieces
        FROM counterparties_counterparty AS row
        JOIN counterparty_name_books AS books ON books.customer_id = row.customer_id
        WHERE row.active""",
    "INSERT INTO counterparty_name_pieces (counterparty_name_pieces) VALUES ('rebuild')",
)


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Makes index and triggers where one of them is missing, and fills the index anew; elsewhere than on SQLite, or
    while the counterparties have no pieces of names yet, does nothing."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        present = _names_in_schema(cursor)
        cursor.execute("SELECT 1 FROM pragma_table_info(%s) WHERE name = 'name_pieces'", [_TABLE])
        if cursor.fetchone() is None or _TRIGGERS.keys() <= present:
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
) -> list[tuple[UUID, str]]:
    """The active counterparties of the customer of which the names hold all pieces of any probe, and these names
    between bars, the legal name first."""
    first, last = _stretch(cursor, customer_id)
    asked = " OR ".join(f"({_conjunction(probe)})" for probe in probes)
    cursor.execute(
        "SELECT counterparty_id, names.names FROM counterparty_name_pieces AS found"
        " JOIN counterparty_names AS names ON names.id = found.rowid"
        " WHERE counterparty_name_pieces MATCH %s AND found.rowid BETWEEN %s AND %s LIMIT %s",
        [asked, first, last, most],
    )
    return [(UUID(id_), names) for id_, names in cursor.fetchall()]


def size_of_books(*, cursor: CursorWrapper, customer_id: UUID) -> int:
    """How many names of the customer were ever entered, as good as: those removed at the end do not count."""
    first, last = _stretch(cursor, customer_id)
    cursor.execute("SELECT max(id) FROM counterparty_names WHERE id BETWEEN %s AND %s", [first, last])
    return int(cursor.fetchone()[0] or first) - first


def pieces_from_everywhere(*, cursor: CursorWrapper, customer_id: UUID, every: int) -> list[str]:
    """The pieces of one in `every` so many of the customer's names."""
    first, last = _stretch(cursor, customer_id)
    cursor.execute(
        "WITH RECURSIVE chosen(id) AS (SELECT %s UNION ALL SELECT id + %s FROM chosen WHERE id < ("
        "SELECT max(id) FROM counterparty_names WHERE id BETWEEN %s AND %s))"
        " SELECT names.pieces FROM chosen JOIN counterparty_names AS names ON names.id = chosen.id",
        [first + 1, every, first, last],
    )
    return [pieces for (pieces,) in cursor.fetchall()]


def _stretch(cursor: CursorWrapper, customer_id: UUID) -> tuple[int, int]:
    """The first and the last number that the customer's names can have; an empty one without books."""
    cursor.execute("SELECT number FROM counterparty_name_books WHERE customer_id = %s", [customer_id.hex])
    books = cursor.fetchone()
    first = books[0] << 32 if books else 0
    return first, first + _LAST if books else -1


def equal_aliases(*, customer_id: UUID, key: str) -> tuple[str, tuple[str, ...]]:
    """The SELECT, with its parameters, of the ids of active counterparties of the customer that have an alias of this
    key, and another legal name."""
    books = "(SELECT number FROM counterparty_name_books WHERE customer_id = %s)"
    select = (
        "SELECT names.counterparty_id AS id FROM counterparty_name_pieces AS found"  # noqa: S608
        " JOIN counterparty_names AS names ON names.id = found.rowid"
        f" WHERE counterparty_name_pieces MATCH %s AND found.rowid BETWEEN {books} << 32"
        f" AND ({books} << 32) + {_LAST} AND instr(names.names, %s) > 1"
    )
    asked = f"|{key}|"
    return select, (_conjunction(name_pieces(key).split()), customer_id.hex, customer_id.hex, asked)


def _conjunction(probe: Iterable[str]) -> str:
    return " AND ".join(f'"{piece}"' for piece in probe)


def _names_in_schema(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT name FROM sqlite_master")
    return {row[0] for row in cursor.fetchall()}
