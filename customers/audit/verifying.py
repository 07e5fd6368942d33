"""Walking the audit trail from its first entry to its head."""

from collections.abc import Callable
from dataclasses import dataclass

from customers.audit.chain import FIRST, content_hash, entry_hash
from customers.audit.models import AuditEntry, AuditHead

BATCH = 2000


class TrailBroken(Exception):
    """The trail is not what was written; the message names the first entry at which that shows."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How many entries there are and the newest one's hash; `noted` is the number of the entry with the expected hash,
    None when none was expected."""

    entries: int
    head: str
    noted: int | None = None


def verify_trail(*, expected: str | None = None, progress: Callable[[int, int], None] | None = None) -> Walked:
    """What was walked, up to the head as it was at the beginning. `expected` is a head's hash noted before.

    `progress` is told how many entries of how many were walked. Raises TrailBroken.
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(number=0, hash=FIRST)
    previous, noted = FIRST, 0 if expected == FIRST else None
    number = 0
    entries = AuditEntry.objects.filter(number__lte=head.number).order_by("number")
    for entry in entries.iterator(chunk_size=BATCH):
        number += 1
        check_entry(entry, number=number, previous_hash=previous)
        previous = entry.hash
        if expected == entry.hash:
            noted = number
        if progress is not None and (number % BATCH == 0 or number == head.number):
            progress(number, head.number)
    if number < head.number:
        raise TrailBroken(f"Entry {number + 1} is missing, and so are all up to {head.number}.")
    if previous != head.hash:
        raise TrailBroken(f"The head of the trail does not name entry {number}, which is its last.")
    _check_rest()
    if expected is not None and noted is None:
        raise TrailBroken(f"No entry has the hash {expected}: the trail was made anew since that was noted.")
    return Walked(entries=number, head=head.hash, noted=noted)


def check_entry(entry: AuditEntry, *, number: int, previous_hash: str) -> None:
    """Raises TrailBroken unless the entry is the one with this number, follows that hash, and says what was written."""
    when = f"{entry.recorded_at:%Y-%m-%d %H:%M} UTC"
    where = f"Entry {entry.number} (row {entry.pk}, {entry.action} by {entry.actor}, {when})"
    if entry.number != number:
        raise TrailBroken(f"Entry {number} is missing: the next one is entry {entry.number}, row {entry.pk}.")
    said = content_hash(
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        action=entry.action,
        customer_id=entry.customer_id,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject=entry.subject,
        detail=entry.detail,
    )
    if said != entry.content_hash:
        raise TrailBroken(f"{where} was changed: it does not say what was written.")
    if entry.previous_hash != previous_hash:
        raise TrailBroken(f"{where} does not follow the entry before it: that was changed, or this one slipped in.")
    if entry.hash != entry_hash(number=number, previous_hash=previous_hash, content_hash=said):
        raise TrailBroken(f"{where} was changed: its hash is not the one of what it says.")


def _check_rest() -> None:
    """No entry stands outside the chain. The entries are asked before the head, which only ever moves on."""
    newest = AuditEntry.objects.filter(number__isnull=False).order_by("-number").first()
    if stray := AuditEntry.objects.filter(number__isnull=True).order_by("pk").first():
        raise TrailBroken(f"Row {stray.pk} ({stray.action} by {stray.actor}) slipped in: it has no place in the chain.")
    head = AuditHead.objects.filter(pk=1).first()
    if newest is not None and newest.number is not None and newest.number > (head.number if head else 0):
        raise TrailBroken(f"Entry {newest.number} (row {newest.pk}) slipped in: the head of the trail is before it.")
