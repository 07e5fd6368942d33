"""What a webhook tells: the types of events, and the body that is signed and sent."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import models


class EventType(models.TextChoices):
    """What happened. Names have full stops between levels, as the Standard Webhooks specification recommends."""

    JOB_FINISHED = "ocr_job.finished", "an OCR job finished"
    JOB_FAILED = "ocr_job.failed", "an OCR job failed for good"
    TRANSFER_FINALIZED = "transfer.finalized", "a transfer was finalised"
    TEST = "webhook.test", "a test"


# What an endpoint can be subscribed to; tests go to the one endpoint that is tested.
SUBSCRIBABLE = (EventType.JOB_FINISHED, EventType.JOB_FAILED, EventType.TRANSFER_FINALIZED)


def body_of(*, type_: str, at: datetime, data: Mapping[str, str | int | None]) -> str:
    """The JSON of an event: `type`, `timestamp` (UTC, when it happened) and `data`. Ids and states only: whoever
    receives it reads everything else from the API, with a key that may."""
    timestamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"type": type_, "timestamp": timestamp, "data": dict(data)}, separators=(",", ":"))
