"""Counterparties by name key, equal or similar. PostgreSQL compares trigrams; elsewhere pieces of words must do."""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Length

from counterparties.models import Counterparty

# At pg_trgm's default of 0.3 a look-up among a million names takes four times as long and finds nothing more that
# could pass for the same name.
_NAME_THRESHOLD = 0.5
_ALIAS_THRESHOLD = 0.6
_PIECE = 4
_MOST_WORDS = 3


def ids_of_equal_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties whose legal name or alias has this key."""
    active = Counterparty.objects.of([customer_id]).filter(active=True)
    named = list(active.filter(name_key=key).order_by("id").values_list("id", flat=True)[:most])
    # The first condition lets the partial index on rows with aliases be used.
    called = active.filter(alias_keys__gt="", alias_keys__contains=f"|{key}|").order_by("id")
    return list(dict.fromkeys([*named, *called.values_list("id", flat=True)[:most]]))


def ids_of_similar_names(*, customer_id: UUID, key: str, most: int) -> list[UUID]:
    """The active counterparties with the most similar legal name or alias, the most similar first."""
    if connection.vendor == "postgresql":
        return _by_trigrams(customer_id, key, most)
    return _by_pieces(customer_id, key, most)


def _by_trigrams(customer_id: UUID, key: str, most: int) -> list[UUID]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true),"
            " set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(_NAME_THRESHOLD), str(_ALIAS_THRESHOLD)],
        )
        cursor.execute(
            "SELECT id, similarity(name_key, %(key)s) AS likeness FROM counterparties_counterparty"
            " WHERE customer_id = %(customer)s AND active AND name_key %% %(key)s"
            " UNION ALL"
            " SELECT id, word_similarity(%(key)s, alias_keys) FROM counterparties_counterparty"
            " WHERE customer_id = %(customer)s AND active AND alias_keys > '' AND %(key)s <%% alias_keys"
            " ORDER BY likeness DESC, id LIMIT %(most)s",
            {"key": key, "customer": customer_id, "most": most},
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def _by_pieces(customer_id: UUID, key: str, most: int) -> list[UUID]:
    """Names that share the beginning or the end of a longer word; one misread letter leaves one of the two."""
    words = sorted(key.split(), key=len, reverse=True)[:_MOST_WORDS]
    pieces = dict.fromkeys(piece for word in words for piece in (word[:_PIECE], word[-_PIECE:]))
    matches = [Q(name_key__contains=piece) | Q(alias_keys__contains=piece) for piece in pieces]
    any_match = Q()
    shared: Combinable = Value(0, output_field=IntegerField())
    for match in matches:
        any_match |= match
        shared = shared + Case(When(match, then=1), default=0, output_field=IntegerField())
    similar = (
        Counterparty.objects.of([customer_id])
        .filter(any_match, active=True)
        .annotate(shared=shared)
        .order_by("-shared", Length("name_key"), "id")
    )
    return list(similar.values_list("id", flat=True)[:most])
