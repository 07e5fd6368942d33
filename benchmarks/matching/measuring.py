"""Puts the questions to a database and notes what came back and how long it took."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection

from benchmarks.ledger.filling import Asked
from benchmarks.ledger.queries import Answer
from counterparties.candidates import counterparty_rows, find_candidates, ids_of_candidates
from counterparties.matching import match_payee

_WARMING_UP = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question. `is_candidate` says whether all that may be meant were among the candidates.

    Times are in milliseconds from the question on: until the look-ups were done, until the candidates were there with
    all that is known of them, and until the decision. The processor's are until the candidates were there, of this
    process and the database's.
    """

    kind: str
    answer: Answer
    is_right: bool
    is_candidate: bool
    look_up_milliseconds: float
    milliseconds: float
    decision_milliseconds: float
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
    # The two halves of `find_candidates`.
    ids = ids_of_candidates(customer_id=asked.customer_id, evidence=question.evidence)
    looked_up = time.perf_counter()
    candidates = counterparty_rows(customer_id=asked.customer_id, counterparty_ids=ids)
    fetched, processor = time.perf_counter(), _processor_seconds() - processor
    match = match_payee(evidence=question.evidence, candidates=candidates)
    decided = time.perf_counter()
    right = {UUID(id_) for id_ in question.right}
    is_right = match.counterparty == question.answer
    if question.answer == "found":
        is_right = is_right and match.counterparty_id in right
    return Reply(
        kind=question.kind,
        answer=match.counterparty,
        is_right=is_right,
        is_candidate=right <= {row.id for row in candidates},
        look_up_milliseconds=(looked_up - started) * 1000,
        milliseconds=(fetched - started) * 1000,
        decision_milliseconds=(decided - started) * 1000,
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
