"""One go in which new counterparties come with their first bank accounts: an import, a request, a form.

What is entered in it needs no second person, for there is nothing yet that it could replace. Once it is closed, the
bank details of its counterparties are established: the database then asks for a confirmed change. One that was never
closed, because its process died, counts as closed after a day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils import timezone

LONGEST = timedelta(days=1)


class Onboarding(models.Model):
    """Open until `closed_at` is set; the database lets nobody open it again, nor move a counterparty into it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "id"]

    def __str__(self) -> str:
        return f"{self.opened_by}, {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.opened_at > timezone.now() - LONGEST

    def close(self) -> None:
        """From now on the bank details of its counterparties are established. Closing it twice changes nothing."""
        now = timezone.now()
        if Onboarding.objects.filter(pk=self.pk, closed_at=None).update(closed_at=now):
            self.closed_at = now


def open_onboarding(*, by: str) -> Onboarding:
    """A new one for the counterparties that are made next, each with `onboarding` set; the caller closes it.

    Its times are the clock's and no argument: the database compares them with its own.
    """
    return Onboarding.objects.create(opened_by=by, opened_at=timezone.now())


@contextmanager
def onboarding(*, by: str) -> Iterator[Onboarding]:
    """An onboarding that is closed at the end, however that comes. Enter it before the transaction that may fail."""
    opened = open_onboarding(by=by)
    try:
        yield opened
    finally:
        opened.close()
