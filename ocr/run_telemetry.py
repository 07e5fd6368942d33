"""What a run of a job leaves in log, figures and trace: a line for each stage, how it ended, and what came out."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from customers.telemetry.counting import count, observe
from customers.telemetry.metrics import BLOCKERS, FIRST_DRAFTS, MATCHES, RUNS, STAGES
from customers.telemetry.spans import note, span

log = logging.getLogger(__name__)


@contextmanager
def watched_stage(name: str) -> Iterator[None]:
    """Measures the stage, and says so also when it fails."""
    started = time.perf_counter()
    outcome = "failed"
    try:
        with span(f"stage {name}"):
            yield
        outcome = "done"
    finally:
        seconds = time.perf_counter() - started
        observe(STAGES, seconds=seconds, stage=name)
        milliseconds = round(seconds * 1000)
        log.info(
            "stage %s %s in %s ms",
            name,
            outcome,
            milliseconds,
            extra={"fields": {"stage": name, "outcome": outcome, "milliseconds": milliseconds}},
        )


def tell_end(*, outcome: str, reason: str = "") -> None:
    """The run ended: `finished`, `failed` for good, `retried`, `postponed`, or `lost` to another worker.

    `reason` is a code or the type of an error.
    """
    count(RUNS, outcome=outcome, reason=reason)
    note(outcome=outcome, reason=reason)
    log.info(
        "run %s%s", outcome, f": {reason}" if reason else "", extra={"fields": {"outcome": outcome, "reason": reason}}
    )


def tell_result(*, counterparty: str, account: str, first_blockers: Sequence[str] | None) -> None:
    """What the run made of the payee; `first_blockers` are those of a document's first draft, None for a later one."""
    count(MATCHES, subject="counterparty", outcome=counterparty)
    count(MATCHES, subject="account", outcome=account)
    if first_blockers is None:
        return
    count(FIRST_DRAFTS, blocked="yes" if first_blockers else "no")
    for blocker in first_blockers:
        count(BLOCKERS, blocker=blocker)
