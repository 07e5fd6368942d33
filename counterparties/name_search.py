"""Counterparties by name key, equal or similar, among a million as among ten.

Few names are simply all compared. Among many, pieces of the name are looked for in an index of trigrams (pg_trgm on
PostgreSQL, FTS5 on SQLite), by the same probes on both; what has them is compared letter by letter.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_
from uuid import UUID

from django.db import connection
from django.db.models import Q
from rapidfuzz import fuzz, process

from counterparties.models import Counterparty
from counterparties.name_index import names_with
from counterparties.name_probes import Probe, probes
from counterparties.name_sample import samples
from counterparties.names import similarity

Named = tuple[UUID, tuple[str, ...]]

_FEW = 1_000
_MOST_COMPARED = 8_000
_MOST_COMPARED_CLOSELY = 200
# Less alike than this, a person would not take one for the other; and nobody looks at more than these.
_LEAST_SIMILARITY = 0.6
_MOST_SIMILAR = 60


def ids_of_equal_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties whose legal name or alias has this key."""
    if not key:
        return []
    active = Counterparty.objects.of([customer_id]).filter(active=True)
    named = list(active.filter(name_key=key).order_by("id").values_list("id", flat=True)[:most])
    return list(dict.fromkeys([*named, *_ids_of_equal_aliases(customer_id, key, most)]))[:most]


def ids_of_similar_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties with the most similar legal name or alias, the most similar first."""
    if not key.strip():
        return []
    named = _few_names(customer_id)
    if named is None:
        asked = probes(key=key, sample=samples.of(customer_id))
        named = _names_with(customer_id, asked) if asked else []
    return _most_similar(key, named, most)


def _ids_of_equal_aliases(customer_id: UUID, key: str, most: int) -> list[UUID]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = names_with(cursor=cursor, customer_id=customer_id, probes=[(f"|{key}|",)], most=_MOST_COMPARED)
        return sorted(id_ for id_, names in found if key in names[1:])[:most]
    called = Counterparty.objects.of([customer_id]).filter(
        active=True, alias_keys__gt="", alias_keys__contains=f"|{key}|"
    )
    return list(called.order_by("id").values_list("id", flat=True)[:most])


def _few_names(customer_id: UUID) -> list[Named] | None:
    """All active counterparties with their names; None when the customer has more than a few."""
    if samples.kept(customer_id):
        return None
    rows = Counterparty.objects.of([customer_id]).filter(active=True)
    named = _named(rows.values_list("id", "name_key", "alias_keys")[: _FEW + 1])
    return named if len(named) <= _FEW else None


def _names_with(customer_id: UUID, asked: Iterable[Probe]) -> list[Named]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            return names_with(cursor=cursor, customer_id=customer_id, probes=asked, most=_MOST_COMPARED)
    rows = Counterparty.objects.of([customer_id]).filter(active=True).values_list("id", "name_key", "alias_keys")
    named = rows.filter(_any_of(asked, "name_key"))[:_MOST_COMPARED]
    # The first condition lets the smaller index, of rows with aliases only, be used.
    called = rows.filter(_any_of(asked, "alias_keys"), alias_keys__gt="")[:_MOST_COMPARED]
    return _named([*named, *called])


def _any_of(asked: Iterable[Probe], column: str) -> Q:
    return reduce(or_, (reduce(and_, (Q(**{f"{column}__contains": piece}) for piece in probe)) for probe in asked))


def _named(rows: Iterable[tuple[UUID, str, str]]) -> list[Named]:
    return [(id_, (name, *(alias for alias in aliases.split("|") if alias))) for id_, name, aliases in rows]


def _most_similar(key: str, named: Iterable[Named], most: int) -> list[UUID]:
    """By `similarity` to the most similar name of each; the many are first thinned out by a quicker measure."""
    choices = {(id_, place): name for id_, names in named for place, name in enumerate(names)}
    if len(choices) > _MOST_COMPARED_CLOSELY:
        thinned = process.extract(key, choices, scorer=fuzz.token_sort_ratio, limit=_MOST_COMPARED_CLOSELY)
        choices = {place: name for name, _, place in thinned}
    best: dict[UUID, float] = {}
    for (id_, _), name in choices.items():
        best[id_] = max(best.get(id_, 0.0), similarity(one=key, other=name))
    ranked = sorted((-alike, id_) for id_, alike in best.items() if alike >= _LEAST_SIMILARITY)
    return [id_ for _, id_ in ranked[: min(most, _MOST_SIMILAR)]]
