"""How the database goes about the look-ups: its own account of each statement."""

from collections.abc import Iterable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.ledger.filling import Asked
from counterparties.candidates import find_candidates

_EXPLAINED = ("IBAN", "VAT number", "e-mail address", "name, exact", "name, one typo")
_LONGEST_LINE = 160
_FETCHING = "FROM counterparties_address"


def plans(asked: Iterable[Asked]) -> dict[str, str]:
    """For one question of each kind, the plans of the statements that look for candidates; not of those that fetch
    their accounts, contacts and addresses."""
    first: dict[str, Asked] = {}
    for each in asked:
        first.setdefault(each.question.kind, each)
    return {kind: _explained(first[kind]) for kind in _EXPLAINED if kind in first}


def _explained(asked: Asked) -> str:
    with CaptureQueriesContext(connection) as queries:
        find_candidates(customer_id=asked.customer_id, evidence=asked.question.evidence)
    explain = "EXPLAIN (ANALYZE, BUFFERS)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    told = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if _FETCHING in query["sql"]:
                break
            if query["sql"].startswith("SELECT"):
                cursor.execute(f"{explain} {query['sql']}")
                told.append("\n".join(str(row[-1])[:_LONGEST_LINE] for row in cursor.fetchall()))
    return "\n\n".join(told)
