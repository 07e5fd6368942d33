"""Look-ups by equality, put to the database together: one statement for everything that a document says.

Each look-up alone takes the database less time than the way there and back, and Django longer to word it than both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class LookUp:
    """A SELECT of one column, the ids of counterparties, at most `most`, the smallest first. What different look-ups
    of one `kind` find is found by that kind."""

    kind: str
    select: str
    parameters: tuple[Any, ...]
    most: int


def found_by(look_ups: Iterable[LookUp]) -> dict[str, list[UUID]]:
    """What each kind found, by look-up and id, each id once; a kind that found nothing is left out."""
    asked = list(look_ups)
    if not asked:
        return {}
    branches = (
        f"SELECT {place}, found.id FROM ({each.select} ORDER BY 1 LIMIT {each.most}) AS found"  # noqa: S608
        for place, each in enumerate(asked)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(branches), [value for each in asked for value in each.parameters])
        rows = sorted((place, read_id(id_)) for place, id_ in cursor.fetchall())
    found: dict[str, dict[UUID, None]] = defaultdict(dict)
    for place, id_ in rows:
        found[asked[place].kind][id_] = None
    return {kind: list(ids) for kind, ids in found.items()}


def stored_id(id_: UUID) -> UUID | str:
    """As Django stores it: without hyphens on SQLite, which has no type for it."""
    return id_ if connection.features.has_native_uuid_field else id_.hex


def read_id(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def one_of(values: Iterable[Any]) -> str:
    """The right side of `IN` for so many values."""
    return f"({', '.join('%s' for _ in values)})"
