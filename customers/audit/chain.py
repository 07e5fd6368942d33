"""What an entry's hashes are made of. Pure.

An entry's content is hashed as canonical JSON (RFC 8259 with sorted keys and no spaces), and the entry's own hash is
over its number, the hash of the entry before it, and that of its content: whoever changes, removes or slips in an entry
has to make all later ones anew. `customers/migrations/0006_audit_trail.py` computes the same on PostgreSQL.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

FIRST = "0" * 64  # what the first entry follows


def content_hash(
    *,
    recorded_at: datetime,
    actor: str,
    action: str,
    customer_id: UUID | None,
    subject_type: str,
    subject_id: str,
    subject: str,
    detail: Mapping[str, Any],
) -> str:
    """SHA-256 of what an entry says, 64 hexadecimal digits; `detail` is JSON without floats."""
    content = {
        "recorded_at": recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "action": action,
        "customer_id": str(customer_id) if customer_id else None,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "subject": subject,
        "detail": detail,
    }
    return _sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def entry_hash(*, number: int, previous_hash: str, content_hash: str) -> str:
    """The hash of the entry with this number, which the next one names."""
    return _sha256(f"{number} {previous_hash} {content_hash}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
