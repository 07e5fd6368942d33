"""What a second look at a job would change, for a person to read."""

from ocr.evidence import recipient_match, result_of
from ocr.models import OcrJob
from ocr.processing import Processed

Snapshot = dict[str, str | None]


def snapshot_of(job: OcrJob) -> Snapshot:
    """What the job says now: result, match and blockers, by name."""
    return {
        "state": job.state,
        **job.result,
        "counterparty_match": job.counterparty_match,
        "recipient_match": job.recipient_match,
        "counterparty_id": _text(job.counterparty_id),
        "cp_account_id": _text(job.account_id),
        "blockers": _blockers(job.transfer.blockers if job.transfer else []),
    }


def snapshot_of_processed(processed: Processed) -> Snapshot:
    """What the job would say after this run."""
    settled = processed.settled
    return {
        "state": OcrJob.State.FINISHED,
        **result_of(settled.fields),
        "counterparty_match": settled.match.counterparty,
        "recipient_match": recipient_match(settled.match),
        "counterparty_id": _text(settled.match.counterparty_id),
        "cp_account_id": _text(settled.match.account_id),
        "blockers": _blockers(settled.draft.blockers),
    }


def difference(*, before: Snapshot, after: Snapshot) -> list[str]:
    """A line for each name whose value changes, empty when nothing does."""
    names = dict.fromkeys([*before, *after])
    return [
        f"{name}: {before.get(name) or '—'} → {after.get(name) or '—'}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def _blockers(blockers: list[str] | tuple[str, ...]) -> str | None:
    return ", ".join(blockers) or None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
