"""The role as which API requests ask PostgreSQL: made, and granted what has a policy (`customers.row_security`)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from customers.row_security import POLICY

Grants = set[tuple[str, str]]  # table and statement

_WANTED = """SELECT tablename, cmd FROM pg_policies
WHERE schemaname = current_schema() AND starts_with(policyname, %s)"""
_GRANTED = """SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)
WHERE relnamespace = current_schema()::regnamespace AND grantee = %s::regrole"""
_FOUND = """SELECT rolsuper OR rolbypassrls OR EXISTS (
  SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND pg_has_role(r.oid, relowner, 'MEMBER'))
FROM pg_roles r WHERE rolname = %s"""


class RoleNotPrepared(Exception):
    """The database does not let this user do it; the message holds the SQL for an administrator of the database."""


def prepare_role(role: str) -> list[str]:
    """Makes the role where it is missing, lets this user take it, and grants it what has a policy, and only that.

    Returns what was done; nothing when all was there. Raises `RoleNotPrepared`.
    """
    done: list[str] = []
    try:
        with transaction.atomic():
            _make(done, role)
            _grant(done, role)
    except DatabaseError as error:
        user = _row("SELECT current_user")[0]
        statements = [
            sql.SQL("CREATE ROLE {} NOLOGIN;").format(sql.Identifier(role)),
            sql.SQL("GRANT {} TO {};").format(sql.Identifier(role), sql.Identifier(user)),
        ]
        raise RoleNotPrepared(
            f"{str(error).strip()}\nAn administrator of the database has to run this, without the first line where the"
            " role is there. Then run `manage.py prepare_tenant_role` as the owner of the tables.\n"
            f"{_text(statements)}"
        ) from error
    return done


def problem_of_role() -> str | None:
    """Why the wall does not stand although `TENANT_DATABASE_ROLE` asks for it, with what to do; None when it stands."""
    role = settings.TENANT_DATABASE_ROLE
    if not role or connection.vendor != "postgresql":
        return None
    found = _row(_FOUND, role)
    if not found or not _can_be_taken(role):
        what = "cannot be taken" if found else "does not exist"
        return f"The role {role!r} that TENANT_DATABASE_ROLE names {what}: run `manage.py prepare_tenant_role`."
    if found[0]:
        return (
            f"The role {role!r} that TENANT_DATABASE_ROLE names is not held by row-level security, because it is a"
            " superuser, bypasses it or may act for the owner of the tables: name a role that does nothing else."
        )
    if _wanted() != _granted(role):
        return f"What the role {role!r} may do is not what the API does: run `manage.py prepare_tenant_role`."
    return None


def _make(done: list[str], role: str) -> None:
    try:
        with transaction.atomic():
            if not _row(_FOUND, role):
                _run(done, sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
            if not _can_be_taken(role):
                _run(done, sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    except DatabaseError:
        if not _can_be_taken(role):  # nobody else has made it at the same time
            raise


def _grant(done: list[str], role: str) -> None:
    wanted, granted = _wanted(), _granted(role)
    schema, name = sql.Identifier(_row("SELECT current_schema()")[0]), sql.Identifier(role)
    if not _row("SELECT has_schema_privilege(%s, current_schema(), 'USAGE')", role)[0]:
        _run(done, sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, name))
    for clause, difference in (
        ("REVOKE {} ON {} FROM {}", granted - wanted),
        ("GRANT {} ON {} TO {}", wanted - granted),
    ):
        for table, privileges in _by_table(difference):
            _run(done, sql.SQL(clause).format(sql.SQL(", ".join(privileges)), sql.Identifier(table), name))


def _by_table(grants: Grants) -> Iterable[tuple[str, list[str]]]:
    tables: dict[str, list[str]] = defaultdict(list)
    for table, privilege in sorted(grants):
        tables[table].append(privilege)
    return tables.items()


def _wanted() -> Grants:
    """The statements for which a table has a policy of ours are those that the API makes on it."""
    return _rows(_WANTED, f"{POLICY}_")


def _granted(role: str) -> Grants:
    return _rows(_GRANTED, _text([sql.Identifier(role)]))


def _can_be_taken(role: str) -> bool:
    """Tried, since before PostgreSQL 16 and since then the catalogue says it in different words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [role])
            cursor.execute("SELECT set_config('role', 'none', true)")
    except DatabaseError:
        return False
    return True


def _run(done: list[str], statement: sql.Composed) -> None:
    text = _text([statement])
    with connection.cursor() as cursor:
        cursor.execute(text)
    done.append(text)


def _row(query: str, *parameters: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()


def _rows(query: str, *parameters: str) -> Grants:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return set(cursor.fetchall())


def _text(statements: Iterable[sql.Composable]) -> str:
    return "\n".join(statement.as_string(connection.connection) for statement in statements)
