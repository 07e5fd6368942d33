"""What names are like in a customer's books: enough of them to tell which pieces of a name are rare there."""

import json
import threading
import time
from uuid import UUID

from django.db import connection

from counterparties.models import Counterparty
from counterparties.name_index import pieces_from_everywhere, size_of_books
from counterparties.name_probes import NameSample

_SIZE = 4_000
_LARGE = 50_000
_KEPT_SECONDS = 600.0
_MOST_KEPT = 32


class NameSamples:
    """The samples of the last customers asked for, each kept for ten minutes: rarity changes slowly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[UUID, tuple[float, NameSample]] = {}

    def of(self, customer_id: UUID) -> NameSample:
        """The kept sample, or a new one."""
        if sample := self.kept(customer_id):
            return sample
        sample = _draw(customer_id)
        with self._lock:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[customer_id] = (time.monotonic() + _KEPT_SECONDS, sample)
        return sample

    def kept(self, customer_id: UUID) -> NameSample | None:
        """The sample where there is a fresh one: only books with many names are sampled."""
        with self._lock:
            until, sample = self._kept.get(customer_id, (0.0, None))
        return sample if time.monotonic() < until else None

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


def _draw(customer_id: UUID) -> NameSample:
    """The newest of middling books, which an index gives at once; of large ones, where a whole import of one kind of
    firms may be the newest, some from everywhere."""
    rows = Counterparty.objects.of([customer_id])
    names = list(rows.order_by("-created_at").values_list("name_pieces", flat=True)[:_SIZE])
    if len(names) < _SIZE:
        return NameSample.of(names, total=len(names))
    total = max(_about(customer_id), _SIZE)
    return NameSample.of((total >= _LARGE and _from_everywhere(customer_id, total)) or names, total=total)


def _about(customer_id: UUID) -> int:
    """How many there are, as the database reckons without counting: a million would take it a sixth of a second."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            return size_of_books(cursor=cursor, customer_id=customer_id)
    plan = Counterparty.objects.of([customer_id]).order_by().explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])


def _from_everywhere(customer_id: UUID, total: int) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return pieces_from_everywhere(cursor=cursor, customer_id=customer_id, every=total // _SIZE)
        cursor.execute(
            "SELECT name_pieces FROM counterparties_counterparty TABLESAMPLE SYSTEM (%s)"
            " WHERE customer_id = %s LIMIT %s",
            [100 * _SIZE / total, customer_id, 2 * _SIZE],
        )
        return [pieces for (pieces,) in cursor.fetchall()]


samples = NameSamples()
