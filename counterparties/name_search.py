"""Counterparties by name key, equal or similar, among a million as among ten.

Few names are simply all compared. Among many, pieces of the name are looked for in an index of pieces (GIN on
PostgreSQL, FTS5 on SQLite), by the same probes on both; what has them is compared letter by letter.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection
from rapidfuzz import fuzz, process

from counterparties.look_ups import LookUp, found_by, stored_id
from counterparties.models import Counterparty
from counterparties.name_index import equal_aliases, names_with
from counterparties.name_pieces import LONGEST, name_pieces
from counterparties.name_probes import Probe, probes
from counterparties.name_sample import samples
from counterparties.names import similarity

Named = tuple[UUID, tuple[str, ...]]

NAME = "name"
_ACTIVE = "SELECT id FROM counterparties_counterparty WHERE customer_id = %s AND active"

# As the index of migration 0013 has them: each customer's pieces bear a mark, and so are its own.
_PIECES = "paydraft_name_pieces(customer_id, name_pieces)"

_FEW = 1_000
_MOST_COMPARED = 5_000
_MOST_COMPARED_CLOSELY = 200
# Less alike than this, a person would not take one for the other; and nobody looks at more than these.
_LEAST_SIMILARITY = 0.6
_MOST_SIMILAR = 60


def equal_names(*, customer_id: UUID, key: str, most: int) -> Iterator[LookUp]:
    """The look-ups of the active counterparties whose legal name or alias has this key."""
    tenant = stored_id(customer_id)
    yield LookUp(NAME, f"{_ACTIVE} AND name_key = %s", (tenant, key), most)
    if connection.vendor == "sqlite":
        yield LookUp(NAME, *equal_aliases(customer_id=customer_id, key=key), most)
    else:
        # An equal name has all the same pieces; the first condition lets the index of rows with aliases be used too.
        called = f"{_ACTIVE} AND alias_keys > '' AND {_PIECES} @> %s AND alias_keys LIKE %s"
        held = _marked(customer_id, name_pieces(key).split())
        yield LookUp(NAME, called, (tenant, held, f"%|{_literal(key)}|%"), most)


def ids_of_equal_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties whose legal name or alias has this key."""
    if not key:
        return []
    return found_by(equal_names(customer_id=customer_id, key=key, most=most)).get(NAME, [])[:most]


def ids_of_similar_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties with the most similar legal name or alias, the most similar first."""
    if not key.strip():
        return []
    named = _few_names(customer_id)
    if named is None:
        asked = probes(key=key, sample=samples.of(customer_id))
        named = _names_with(customer_id, asked) if asked else []
    return _most_similar(key, named, most)


def ids_of_names_beginning(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties of which a name has a word that begins with each word of the key: what somebody types
    before the name is complete. Those whose legal name itself begins so come first."""
    words = key.split()
    if not words:
        return []
    named = _few_names(customer_id)
    if named is None:
        beginnings = tuple(dict.fromkeys(word[:LONGEST] for word in words if len(word) >= LONGEST))
        named = _names_with(customer_id, [beginnings]) if beginnings else _beginning(customer_id, key, most)
    found = [(id_, names) for id_, names in named if any(_begins(name, words) for name in names)]
    found.sort(key=lambda each: (not each[1][0].startswith(key), each[1][0]))
    return [id_ for id_, _ in found[:most]]


def _begins(name: str, words: Iterable[str]) -> bool:
    return all(any(each.startswith(word) for each in name.split()) for word in words)


def _beginning(customer_id: UUID, key: str, most: int) -> list[Named]:
    """Of words too short for the index the whole name has to begin with them."""
    rows = Counterparty.objects.of([customer_id]).filter(active=True, name_key__startswith=key).order_by("name_key")
    return _named(rows.values_list("id", "name_key", "alias_keys")[:most])


def _literal(text: str) -> str:
    """For LIKE."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _few_names(customer_id: UUID) -> list[Named] | None:
    """All active counterparties with their names; None when the customer has more than a few."""
    if samples.kept(customer_id):
        return None
    rows = Counterparty.objects.of([customer_id]).filter(active=True)
    named = _named(rows.values_list("id", "name_key", "alias_keys")[: _FEW + 1])
    return named if len(named) <= _FEW else None


def _names_with(customer_id: UUID, asked: Sequence[Probe]) -> list[Named]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = names_with(cursor=cursor, customer_id=customer_id, probes=asked, most=_MOST_COMPARED)
            return [(id_, tuple(names[1:-1].split("|"))) for id_, names in found]
        alone = [probe[0] for probe in asked if len(probe) == 1]
        together = [list(probe) for probe in asked if len(probe) > 1]
        has = [f"{_PIECES} && %s", *[f"{_PIECES} @> %s"] * len(together)]
        # The marks keep customers apart already. Were the customer asked for inside as well, the database would rather
        # read all rows of one that has not very many, and cut each into its pieces once for every probe.
        cursor.execute(
            "SELECT id, name_key, alias_keys FROM (SELECT id, customer_id, name_key, alias_keys"  # noqa: S608
            f" FROM counterparties_counterparty WHERE active AND ({' OR '.join(has)}) LIMIT %s) AS found"
            " WHERE customer_id = %s",
            [*(_marked(customer_id, probe) for probe in (alone, *together)), _MOST_COMPARED, customer_id],
        )
        return _named(cursor.fetchall())


def _marked(customer_id: UUID, pieces: Iterable[str]) -> list[str]:
    return [f"{str(customer_id)[:8]}{piece}" for piece in pieces]


def _named(rows: Iterable[tuple[UUID, str, str]]) -> list[Named]:
    return [(id_, (name, *(alias for alias in aliases.split("|") if alias))) for id_, name, aliases in rows]


def _most_similar(key: str, named: Iterable[Named], most: int) -> list[UUID]:
    """By `similarity` to the most similar name of each; the many are first thinned out by quicker measures."""
    choices = {(id_, place): name for id_, names in named for place, name in enumerate(names)}
    if len(choices) > _MOST_COMPARED_CLOSELY:
        # Neither alone: with a wrong first letter a word is sorted elsewhere.
        thinned = [
            each
            for scorer in (fuzz.ratio, fuzz.token_sort_ratio)
            for each in process.extract(key, choices, scorer=scorer, limit=_MOST_COMPARED_CLOSELY // 2)
        ]
        choices = {place: name for name, _, place in thinned}
    best: dict[UUID, float] = {}
    for (id_, _), name in choices.items():
        best[id_] = max(best.get(id_, 0.0), similarity(one=key, other=name))
    ranked = sorted((-alike, id_) for id_, alike in best.items() if alike >= _LEAST_SIMILARITY)
    return [id_ for _, id_ in ranked[: min(most, _MOST_SIMILAR)]]
