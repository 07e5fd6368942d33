"""What names are like in a customer's books: enough of them to tell which pieces of a name are rare there."""

import threading
import time
from uuid import UUID

from counterparties.models import Counterparty
from counterparties.name_probes import NameSample

_SIZE = 4_000
_KEPT_SECONDS = 600.0
_MOST_KEPT = 64


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
    """The newest, which an index gives at once; a whole import of one kind of firms may be over-represented."""
    rows = Counterparty.objects.of([customer_id])
    names = tuple(rows.order_by("-created_at").values_list("name_key", flat=True)[:_SIZE])
    return NameSample(names=names, total=len(names) if len(names) < _SIZE else rows.count())


samples = NameSamples()
