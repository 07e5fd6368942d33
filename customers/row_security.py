"""What migrations say to PostgreSQL so that each tenant's rows are behind a wall; nothing on SQLite.

A table is walled by policies, one for each statement that the API makes on it. `customers.wall_role` grants the role of
the tenants what has a policy and nothing else: a new table is closed to the API until a migration says whose rows it
has. The owner of the tables, as whom everything but the API works, is not held: the look-ups of matching need indexes
that PostgreSQL does not use behind a policy.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.migrations import RunPython

# PostgreSQL wants UPDATE of whoever locks a row, and SELECT of whoever wants to know the number of a row it inserts.
CLOSED: tuple[str, ...] = ()
READ = ("SELECT",)
LOCK = (*READ, "UPDATE")
ADD = (*READ, "INSERT")
CHANGE = (*ADD, "UPDATE")
REPLACE = (*ADD, "DELETE")
ALL = (*CHANGE, "DELETE")

POLICY = "tenant"
_CLAUSES = {
    "SELECT": "USING ({rule})",
    "INSERT": "WITH CHECK ({rule})",
    "UPDATE": "USING ({rule}) WITH CHECK ({rule})",
    "DELETE": "USING ({rule})",
}


def of_customer(column: str = "customer_id") -> str:
    """The rule for a table that names the customer. The setting is read once a statement, not once a row."""
    return f"{column} = ANY ((SELECT paydraft_customers())::uuid[])"


def of_parent(parent: str, column: str) -> str:
    """The rule for a table whose rows belong to a row of `parent`, which has policies of its own."""
    return f"EXISTS (SELECT FROM {parent} AS parent WHERE parent.id = {column})"


def wall(tables: Mapping[str, tuple[Iterable[str], str]]) -> RunPython:
    """The operation that puts these tables behind the wall: their names, what the API does with them, and the rule."""

    def put_up(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, (commands, rule) in tables.items():
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", params=None)
            for command in commands:
                clause = _CLAUSES[command].format(rule=rule)
                name = f"{POLICY}_{command.lower()}"
                schema_editor.execute(f"CREATE POLICY {name} ON {table} FOR {command} {clause}", params=None)

    def take_down(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for table, (commands, _) in tables.items():
            for command in commands:
                schema_editor.execute(f"DROP POLICY {POLICY}_{command.lower()} ON {table}", params=None)
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)

    return RunPython(put_up, take_down)
