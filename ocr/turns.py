"""Whose turn it is: the customers whose jobs wait, the one with the least work in hand first.

A job may be claimed from a moment on: a queued one from `due_at`, its place in its customer's line; a running one from
the end of its lease, when its worker is taken for dead. The index `job_line` holds that moment for each customer, so
that a look costs a few index probes for each customer that waits, however long the lines are.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from ocr.models import OcrJob

# So many customers are looked at for one claim; the next claim looks further round the ring.
MOST_CUSTOMERS = 50

# By how much the clocks of two machines may differ: a worker whose clock is behind must find what was just queued.
CLOCKS_APART = timedelta(minutes=1)

NOBODY = UUID(int=0)

# As in the index, word by word: SQLite uses a partial index only for a condition that it finds again in the query.
_UNENDED = "state IN ('queued', 'running')"
_SINCE = "COALESCE(lease_expires_at, due_at)"
_CLAIMABLE = f"{_UNENDED} AND {_SINCE} <= %(now)s AND attempts < %(most_attempts)s"
# Ordered as the index is, and bounded from below even where nothing is left out: whatever PostgreSQL believes about the
# length of the line, following the index is then its cheapest way.
_NEXT = (
    f"SELECT customer_id FROM ocr_ocrjob WHERE customer_id > {{before}} AND {_CLAIMABLE}"  # noqa: S608
    f" ORDER BY customer_id, {_SINCE} LIMIT 1"
)
_FIRST = _NEXT.format(before="%(nobody)s")

# From one customer to the next by one index probe each, and from the last to the first again: UNION ends the round
# where it began. Counting comes last, for those few alone.
_IN_TURN = f"""
WITH RECURSIVE ring(customer_id) AS (
    SELECT COALESCE(({_NEXT.format(before="%(served)s")}), ({_FIRST}))
    UNION
    SELECT COALESCE(({_NEXT.format(before="ring.customer_id")}), ({_FIRST})) FROM ring WHERE customer_id IS NOT NULL
), waiting AS (
    SELECT customer_id FROM ring WHERE customer_id IS NOT NULL LIMIT {MOST_CUSTOMERS}
)
SELECT customer_id FROM waiting ORDER BY (
    SELECT COUNT(*) FROM ocr_ocrjob AS busy
    WHERE busy.customer_id = waiting.customer_id AND {_UNENDED} AND {_SINCE} > %(now)s AND busy.state = 'running'
), customer_id <= %(served)s, customer_id
"""  # noqa: S608
_HEAD = f"SELECT id FROM ocr_ocrjob WHERE customer_id = %(customer)s AND {_CLAIMABLE} ORDER BY {_SINCE} LIMIT 1"  # noqa: S608


def place_in_line(now: datetime) -> datetime:
    """The `due_at` of a job that is asked for now: behind those asked for before, and due by every worker's clock."""
    return now - CLOCKS_APART


def customers_in_turn(*, served: UUID, now: datetime) -> list[UUID]:
    """The customers with a job that may be claimed: those with the fewest running jobs first, among these the next ones
    after `served`, in the order of their ids and round again. At most `MOST_CUSTOMERS`."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_TURN, {**_moment(now), "served": _stored_id(served), "nobody": _stored_id(NOBODY)})
        return [_id(row[0]) for row in cursor.fetchall()]


def lock_head(*, customer_id: UUID, now: datetime) -> UUID | None:
    """The customer's job that has waited longest, locked until the end of the transaction; None when there is none, or
    others are at all of them. On SQLite the transaction itself is the lock."""
    locking = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD + locking, {**_moment(now), "customer": _stored_id(customer_id)})
        row = cursor.fetchone()
    return _id(row[0]) if row else None


def _moment(now: datetime) -> dict[str, Any]:
    return {"now": connection.ops.adapt_datetimefield_value(now), "most_attempts": settings.JOB_MAX_ATTEMPTS}


def _stored_id(value: UUID) -> Any:
    return OcrJob._meta.pk.get_db_prep_value(value, connection)


def _id(stored: UUID | str) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)
