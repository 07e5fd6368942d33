"""Keeps a claim's lease from running out while its work goes on, so that leases can be short and rescue quick."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from ocr.claims import Claim, renew_claim

log = logging.getLogger(__name__)


@contextmanager
def kept_alive(claim: Claim) -> Iterator[None]:
    """Renews the lease every third of its length, from a thread of its own, for as long as the block runs.

    At most for `JOB_LONGEST`: work that never ends must lose its claim some day.
    """
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(claim, done), name=f"heartbeat-{claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(1.0)


def _beat(claim: Claim, done: threading.Event) -> None:
    pause = settings.JOB_LEASE.total_seconds() / 3
    try:
        for _ in range(int(settings.JOB_LONGEST.total_seconds() / pause)):
            if done.wait(pause):
                return
            try:
                if not renew_claim(claim=claim, now=timezone.now()):
                    return
            except Error as error:
                log.warning("job %s: the lease could not be renewed: %s", claim.job_id, type(error).__name__)
                connection.close()
    finally:
        connection.close()
