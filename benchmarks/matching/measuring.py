"""Puts the questions to a database and notes what came back and how long it took."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection

from benchmarks.ledger.filling import Asked
from benchmarks.ledger.queries import Answer
from counterparties.candidates import find_candidates
from counterparties.matching import match_payee

_WARMING_UP = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question. `is_candidate` says whether all that may be meant were among the candidates; times
    are in milliseconds, of the look-up alone; the processor's are of this process and the database's."""

    kind: str
    answer: Answer
    is_right: bool
    is_candidate: bool
    milliseconds: float
    processor_milliseconds: float


def put(*, asked: Sequence[Asked], on_answered: Callable[[int], None]) -> list[Reply]:
    """The replies in the order of the questions; some are asked once before, to warm up."""
    for each in asked[:: max(len(asked) // _WARMING_UP, 1)]:
        find_candidates(customer_id=each.customer_id, evidence=each.question.evidence)
    replies = []
    for each in asked:
        replies.append(_reply(each))
        on_answered(1)
    return replies


def _reply(asked: Asked) -> Reply:
    question = asked.question
    processor, started = _processor_seconds(), time.perf_counter()
    candidates = find_candidates(customer_id=asked.customer_id, evidence=question.evidence)
    seconds, processor = time.perf_counter() - started, _processor_seconds() - processor
    match = match_payee(evidence=question.evidence, candidates=candidates)
    right = {UUID(id_) for id_ in question.right}
    is_right = match.counterparty == question.answer
    if question.answer == "found":
        is_right = is_right and match.counterparty_id in right
    return Reply(
        kind=question.kind,
        answer=match.counterparty,
        is_right=is_right,
        is_candidate=right <= {row.id for row in candidates},
        milliseconds=seconds * 1000,
        processor_milliseconds=processor * 1000,
    )


def _processor_seconds() -> float:
    """Of this process, and of the server's where it runs on this machine (Linux)."""
    own = time.process_time()
    if connection.vendor != "postgresql":
        return own
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return own + (int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0.0)
