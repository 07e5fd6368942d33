"""`python -m tests.schemas.upgrading 2.0.0`, on an empty database that DATABASE_URL names: brings the schema of that
version forward to the newest with a row in every table, and prints as JSON what was lost or left empty."""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from counterparties.names import alias_keys, name_key

Table = dict[str, dict[str, Any]]

LOST = "nothing"
# What migrations derive anew from the rest of the row, in place of keeping it: 0004 and 0012 of counterparties, and
# 0011 of ocr, from the seller's name among the job's fields.
DERIVED: dict[str, Callable[[dict[str, Any]], str]] = {
    "counterparties_counterparty.name_key": lambda row: name_key(row["legal_name"]),
    "counterparties_counterparty.alias_keys": lambda row: alias_keys(
        legal_name=row["legal_name"], aliases=json.loads(row["aliases"])
    ),
    "ocr_ocrjob.seller_key": lambda row: row["seller_key"].removesuffix(" pty"),
}


def run(version: str) -> dict[str, list[str]]:
    from tests.schemas import APPS, released
    from tests.schemas.populating import populate

    executor = MigrationExecutor(connection)
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in APPS]
    apps = executor.migrate([*released()[version].items(), *others]).apps
    with transaction.atomic():
        populate(apps)
    before = rows_of(apps)
    call_command("migrate", verbosity=0, interactive=False)
    after = {table: rows_of_table(table) for table in before}
    with redirect_stdout(sys.stderr):
        call_command("verify_audit", verbosity=0)
    return {**_compared(before, after), "empty": _empty(before), "tables": sorted(before)}


def _compared(before: dict[str, Table], after: dict[str, Table]) -> dict[str, list[str]]:
    """What is no longer there as it was, and which columns a migration derived anew, as it says."""
    lost, moved = [], set()
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table].get(key, {})
            for column, value in row.items():
                if now.get(column, LOST) == value:
                    continue
                derive = DERIVED.get(f"{table}.{column}")
                if derive and now.get(column) == derive(row):
                    moved.add(f"{table}.{column}")
                else:
                    lost.append(f"{table} {key} {column}: {value!r} became {now.get(column, LOST)!r}")
    return {"lost": lost, "moved": sorted(moved)}


def _empty(before: dict[str, Table]) -> list[str]:
    """The columns that no row fills, and the tables without a row: nothing can be seen to get lost there."""
    empty = [table for table, rows in before.items() if not rows]
    for table, rows in before.items():
        for column in {column: None for row in rows.values() for column in row}:
            if all(row[column] in (None, "", "[]", "{}") for row in rows.values()):
                empty.append(f"{table}.{column}")
    return empty


def rows_of(apps: StateApps) -> dict[str, Table]:
    from tests.schemas import APPS

    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: rows_of_table(model._meta.db_table)
        for model in models
        if model._meta.app_label in APPS and not model._meta.proxy
    }


def rows_of_table(table: str) -> Table:
    """The rows as they stand in the database, by primary key."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, map(plain, values), strict=True)) for values in cursor.fetchall()]
    return {str(row[key]): row for row in rows}


def plain(value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, sort_keys=True)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(run(sys.argv[1])))  # noqa: T201 - whoever started us reads it
