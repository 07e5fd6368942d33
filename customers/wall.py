"""The second wall between tenants: what an API request asks of PostgreSQL, it asks as a role that row-level security
holds to the rows of its key's customers.

The first wall is `TenantQuerySet.of`. A query that goes around it finds nothing of anybody else: the role owns no
table, and the policies of the migrations `row_security` say whose each row is (`customers.row_security`).
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

# In one statement: there is no moment at which one of them holds without the others.
_SET = """SELECT set_config('role', %s, false), set_config('paydraft.customer_ids', %s, false),
                 set_config('paydraft.api_key', %s, false)"""


class WallMissing(Exception):
    """The request was not carried out, since the role that `TENANT_DATABASE_ROLE` names cannot be taken."""


class NobodyAsks(Exception):
    """A request without a usable key came to where the database is asked."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """As whom the database is asked; the owner of the tables is held to nothing."""

    role: str = "none"
    customer_ids: str = ""
    api_key_id: str = ""


_OWNER = _Asking()
_asking: ContextVar[_Asking] = ContextVar("asking", default=_OWNER)


@contextmanager
def behind_wall(*, customer_ids: Collection[UUID], api_key_id: UUID | None) -> Iterator[None]:
    """Within it this thread's connection sees the rows of these customers alone, and what the key itself has stored.

    Does nothing on SQLite, nor without `TENANT_DATABASE_ROLE`. Enter it outside of transactions. Raises `WallMissing`.
    """
    role = settings.TENANT_DATABASE_ROLE
    if not role or connection.vendor != "postgresql":
        yield
        return
    ids = ",".join(sorted(map(str, customer_ids)))
    before = _asking.set(_Asking(role=role, customer_ids=ids, api_key_id=str(api_key_id or "")))
    try:
        _put_up(role)
        yield
    finally:
        _asking.reset(before)
        _take_down()


def without_database() -> AbstractContextManager[None]:
    """Within it nothing is asked of the database, of whatever kind that is. Raises `NobodyAsks` where it would be."""
    return connection.execute_wrapper(_refuse)


def hold_new_connection(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Django's signal of a connection that was opened, also in the middle of a request: the same holds on it."""
    if connection.alias != DEFAULT_DB_ALIAS or _asking.get() == _OWNER:
        return
    try:
        _ask_as(connection, _asking.get())
    except DatabaseError:
        connection.close()  # or the next query would be the owner's
        raise


def _refuse(*_: Any) -> NoReturn:
    raise NobodyAsks("This request names no key, so it is nobody's: only requests with a key may ask the database.")


def _put_up(role: str) -> None:
    connection.close_if_health_check_failed()  # as every query of Django's does
    try:
        if connection.connection is None:
            connection.ensure_connection()
        else:
            _ask_as(connection, _asking.get())
    except OperationalError:
        raise  # the database is gone, not the role
    except DatabaseError as error:
        raise WallMissing(
            f"The role {role!r} that TENANT_DATABASE_ROLE names cannot be taken, so no API request is answered: run"
            " `manage.py prepare_tenant_role`."
        ) from error


def _take_down() -> None:
    """Whoever uses the connection next asks as before; a connection that cannot be brought to that is closed."""
    if connection.connection is None:
        return
    try:
        _ask_as(connection, _asking.get())
    except DatabaseError as error:
        log.warning("closing a connection that could not be taken from a tenant: %s", type(error).__name__)
        connection.close()


def _ask_as(wrapper: Any, asking: _Asking) -> None:
    # Past Django's cursor, which refuses everything in a transaction that failed, and counts the queries of a request.
    with wrapper.wrap_database_errors, wrapper.connection.cursor() as cursor:
        cursor.execute(_SET, [asking.role, asking.customer_ids, asking.api_key_id])
