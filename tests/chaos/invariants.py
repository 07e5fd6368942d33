"""What has to hold after any run, whatever broke: each check says what it found to be otherwise."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.observed import JobRow, Observed

MOST_ATTEMPTS = 3
STATUS_OF = {"finished": 200, "failed": 422}


@dataclass(frozen=True, slots=True)
class Violation:
    """`kind` is the invariant's name, `text` what breaks it."""

    kind: str
    text: str


def violations(seen: Observed) -> list[Violation]:
    """Everything that is not as it has to be; empty when all is well."""
    return [Violation(kind, text) for kind, check in CHECKS.items() for text in check(seen)]


def _lost(seen: Observed) -> Iterator[str]:
    for sent in seen.sent:
        for job_id in sent.job_ids:
            if job_id not in seen.jobs:
                yield f"document {sent.document.number}: 202 named the job {job_id}, which is nowhere"


def _stuck(seen: Observed) -> Iterator[str]:
    for sent in seen.sent:
        row = seen.jobs.get(sent.job_ids[0])
        if row is not None and (row.state not in STATUS_OF or sent.end != STATUS_OF[row.state]):
            yield f"job {row.id} is {row.state}; its client was answered {sent.end or 'no end'}"


def _doubled(seen: Observed) -> Iterator[str]:
    for sent in seen.sent:
        if len(set(sent.job_ids)) != 1:
            yield f"document {sent.document.number} became the jobs {', '.join(sent.job_ids)}"
    named = {job_id for sent in seen.sent for job_id in sent.job_ids}
    for job_id in seen.jobs.keys() - named:
        yield f"job {job_id} was made beside the one that a client was told of"
    uploads = Counter(row.upload_id for row in seen.jobs.values())
    for upload_id in seen.upload_files:
        if uploads[upload_id] != 1:
            yield f"upload {upload_id} belongs to {uploads[upload_id]} jobs"
    drafts = Counter(upload_id for _, upload_id in seen.transfers)
    for row in seen.jobs.values():
        expected = 1 if row.state == "finished" else 0
        if drafts[row.upload_id] != expected:
            yield f"job {row.id} is {row.state} and has {drafts[row.upload_id]} drafts"


def _ended_twice(seen: Observed) -> Iterator[str]:
    """Written by the database itself: a late write that changes an ended job shows here, also when it repeats it."""
    ends = Counter(str(end.job_id) for end in seen.ends)
    for job_id, row in seen.jobs.items():
        if row.state in STATUS_OF and ends[job_id] != 1:
            yield f"job {job_id} came to {ends[job_id]} ends"


def _files(seen: Observed) -> Iterator[str]:
    named = set(seen.upload_files.values())
    for file in sorted(seen.files - named):
        yield f"file {file} belongs to no upload"
    for upload_id, file in seen.upload_files.items():
        if file not in seen.files:
            yield f"upload {upload_id} has no file {file}"


def _attempts(seen: Observed) -> Iterator[str]:
    runs = Counter(run.job_id for run in seen.runs)
    for row in seen.jobs.values():
        most = max(row.attempts, runs[row.id])
        if most > MOST_ATTEMPTS:
            yield f"job {row.id} was tried {most} times"
    for run in seen.runs:
        if run.ended_at is None:
            yield f"job {run.job_id}: its run {run.attempt} never ended"


def _wrong_ends(seen: Observed) -> Iterator[str]:
    for sent in seen.sent:
        row = seen.jobs.get(sent.job_ids[0])
        if row is None:
            continue
        if row.state == "finished" and not sent.document.is_fine:
            yield f"job {row.id} finished, although nobody can read its document ({sent.document.kind})"
        if row.state == "failed" and sent.document.is_fine and not is_failed_by_faults(row, seen):
            yield f"job {row.id} failed ({row.failure_code}) with a document that is fine ({sent.document.kind})"


def is_failed_by_faults(row: JobRow, seen: Observed) -> bool:
    """Whether each of the attempts, or both readers of one, were struck: then the job could not know better."""
    struck = strikes_at(row.id, seen)
    needed = 2 if row.failure_code == "reader_crashed" else MOST_ATTEMPTS
    return row.failure_code in {"reader_crashed", "processing_crashed"} and struck >= needed


def strikes_at(job_id: str, seen: Observed) -> int:
    """How many faults struck the worker that held the job, or what all workers stand on, while it was held."""
    claims = [claim for claim in seen.claims if str(claim.job_id) == job_id]
    ends = [end.at.timestamp() for end in seen.ends if str(end.job_id) == job_id]
    until = [*(claim.at.timestamp() for claim in claims[1:]), max(ends, default=float("inf"))]
    strikes = set()
    for claim, end in zip(claims, until, strict=False):
        for number, fault in enumerate(seen.struck):
            is_near = fault.worker in (claim.worker, "") and fault.kind != "messages delivered again"
            if is_near and fault.began <= end and fault.ended >= claim.at.timestamp():
                strikes.add(number)
    return len(strikes)


def _webhooks(seen: Observed) -> Iterator[str]:
    events = Counter(told.job_id for told in seen.told)
    for row in seen.jobs.values():
        if row.state in STATUS_OF and events[row.id] != 1:
            yield f"job {row.id} ended, and {events[row.id]} events tell of it"
    for told in seen.told:
        if not told.received:
            yield f"event {told.message_id} of job {told.job_id} never came ({told.state})"
        if any(path != seen.paths[told.customer_id] for path in told.received):
            yield f"event {told.message_id} of customer {told.customer_id} came to {', '.join(set(told.received))}"


def _strangers(seen: Observed) -> Iterator[str]:
    for job_id in seen.strangers_seen:
        yield f"job {job_id} was shown to another customer's key"
    for customer_id, listed in seen.listed.items():
        own = {row.id for row in seen.jobs.values() if row.customer_id == customer_id}
        if listed != own:
            yield f"the list of customer {customer_id} lacks {len(own - listed)} jobs, and has {len(listed - own)} more"


def _refused(seen: Observed) -> Iterator[str]:
    """Redis may be away: documents are taken all the same."""
    for outage in seen.struck:
        if not outage.kind.startswith("Redis down"):
            continue
        others = [fault for fault in seen.struck if fault is not outage and _can_refuse(fault.kind)]
        for sent in seen.sent:
            for each in sent.tries[:1]:  # a later one may meet with the key of the first, which broke otherwise
                is_within = outage.began <= each.began and each.ended <= outage.ended
                is_clean = not any(f.began - 5 <= each.ended and each.began <= f.ended + 5 for f in others)
                if is_within and is_clean and each.status != 202:
                    yield f"document {sent.document.number} was answered {each.status} while Redis was down"


def _can_refuse(kind: str) -> bool:
    return kind.startswith(("web", "deploy of the web", "PostgreSQL", "database", "disk", "storage"))


def _audit(seen: Observed) -> Iterator[str]:
    if seen.audit_problem:
        yield seen.audit_problem


CHECKS: dict[str, Callable[[Observed], Iterator[str]]] = {
    "lost": _lost,
    "stuck": _stuck,
    "doubled": _doubled,
    "ended more than once": _ended_twice,
    "files": _files,
    "attempts": _attempts,
    "wrong end": _wrong_ends,
    "webhooks": _webhooks,
    "somebody else's": _strangers,
    "refused without Redis": _refused,
    "audit trail": _audit,
}
