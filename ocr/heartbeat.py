"""Keeps a claim's lease from running out while its work goes on, so that leases can be short and rescue quick.

What this process works on when it has to stop is put back, so that no stop counts as an attempt at the document.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import Error, connection

from customers.clock import shared_time
from customers.telemetry.context import within
from ocr.claims import Claim, ClaimLost, postpone_claim, renew_claim

log = logging.getLogger(__name__)

# How soon a renewal that failed is tried again: after an outage the living must be there before the sweeper.
_AGAIN_SECONDS = 0.25

_held: dict[UUID, Claim] = {}  # by token, of this process


@contextmanager
def kept_alive(claim: Claim) -> Iterator[None]:
    """Renews the lease every third of its length, from a thread of its own, for as long as the block runs.

    At most for `JOB_LONGEST`: work that never ends must lose its claim some day.
    """
    done = threading.Event()
    thread = threading.Thread(target=within(_beat), args=(claim, done), name=f"heartbeat-{claim.job_id}", daemon=True)
    thread.start()
    _held[claim.token] = claim
    try:
        yield
    finally:
        _held.pop(claim.token, None)
        done.set()
        thread.join(1.0)


def put_held_back() -> int:
    """Puts back what this process works on, as though it had not begun; the number of jobs. For its last moment: what
    still goes on finds its claim lost, and writes nothing."""
    done = 0
    for claim in list(_held.values()):
        try:
            postpone_claim(claim=claim, now=shared_time())
        except ClaimLost:
            continue
        except Error as error:
            log.warning("job %s is left to the sweeper: %s", claim.job_id, type(error).__name__)
            continue
        log.info("job %s is put back, for this process has to stop", claim.job_id)
        done += 1
    return done


def _beat(claim: Claim, done: threading.Event) -> None:
    rhythm = pause = settings.JOB_LEASE.total_seconds() / 3
    ends_at = time.monotonic() + settings.JOB_LONGEST.total_seconds()
    try:
        while not done.wait(pause) and time.monotonic() < ends_at:
            try:
                if not renew_claim(claim=claim, now=shared_time()):
                    return
                pause = rhythm
            except Error as error:
                log.warning("job %s: the lease could not be renewed: %s", claim.job_id, type(error).__name__)
                connection.close()
                pause = min(rhythm, _AGAIN_SECONDS)
    finally:
        connection.close()
