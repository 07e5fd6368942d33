"""Writing the audit trail: called where something is decided, inside the transaction that carries it out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from customers.audit.chain import FIRST, content_hash, entry_hash
from customers.audit.models import AuditEntry, AuditHead

LONGEST_TEXT = 200
MOST_ITEMS = 100


def record(
    *,
    action: str,
    by: str,
    subject: models.Model,
    customer_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    named: str | None = None,
) -> AuditEntry:
    """The new entry of the trail. Call it in the transaction of what it tells, so that neither stands alone.

    `action` is a short code such as `transfer.finalized`; `by` is a login name, `key:<prefix>` or a command's name;
    `named` is what to call the subject where its own text is not for the trail. Never hand in a secret or a whole
    document: texts are cut to 200 characters and lists to 100 items. The time is the clock's, no caller's.
    """
    said: dict[str, Any] = {
        "recorded_at": timezone.now(),
        "actor": _text(by),
        "action": action,
        "customer_id": customer_id,
        "subject_type": subject._meta.label_lower,
        "subject_id": "" if subject.pk is None else _text(str(subject.pk)),
        "subject": _text(str(subject) if named is None else named),
        "detail": plain(detail or {}),
    }
    entry = AuditEntry(**said, content_hash=content_hash(**said))
    if connection.vendor == "postgresql":
        # Sealed when the transaction is committed: the lock on the head is then held for a moment only, and comes after
        # every other one, so that no two writers can wait for each other.
        entry.save(force_insert=True)
        return entry
    # SQLite has one writer at a time, from the beginning of its transaction on.
    with transaction.atomic():
        head, _ = AuditHead.objects.get_or_create(pk=1, defaults={"hash": FIRST})
        entry.number, entry.previous_hash = head.number + 1, head.hash
        entry.hash = entry_hash(number=entry.number, previous_hash=head.hash, content_hash=entry.content_hash)
        entry.save(force_insert=True)
    return entry


def changes(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """`{name: {"before": …, "after": …}}` of what differs, for an entry's detail."""
    return {
        name: {"before": before.get(name), "after": after[name]} for name in after if before.get(name) != after[name]
    }


def plain(value: Any) -> Any:
    """The value as JSON that both databases give back as it was: no float, no NUL, nothing long."""
    if isinstance(value, Mapping):
        return {_text(str(name)): plain(inner) for name, inner in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        return [plain(inner) for inner in list(value)[:MOST_ITEMS]]
    if value is None or isinstance(value, (bool, int)):
        return value
    return _text(str(value))


def _text(text: str) -> str:
    # PostgreSQL stores neither NUL nor half a surrogate pair.
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_TEXT]
