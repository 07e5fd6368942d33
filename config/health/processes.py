"""Who does the work that a web process accepts: seen lately in production, threads of this process when embedded.

A worker gives its sign of life when it runs one of the sweeps that beat sends every few seconds.
"""

import threading
import time

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from config.embedded_threads import BEAT, DOCUMENTS, WEBHOOKS
from config.health.needs import OK
from customers.telemetry.counting import sightings
from ocr.models import OcrJob

COMMANDS = {
    "worker": "celery -A config worker --queues celery",
    "webhook_worker": "celery -A config worker --queues webhooks --pool threads",
    "beat": "celery -A config beat",
}
THREADS = {"worker": DOCUMENTS, "webhook_worker": WEBHOOKS, "beat": BEAT}
CONSEQUENCES = {
    "worker": "documents are accepted and wait",
    "webhook_worker": "webhooks wait",
    "beat": "forgotten and abandoned jobs wait, and nothing is purged",
}
SWEEPS_MISSED = 6
LEAST_SECONDS = 30.0


def worker() -> str:
    return _found("worker") if settings.EMBEDDED or not _a_document_is_being_read() else OK


def webhook_worker() -> str:
    return _found("webhook_worker")


def beat() -> str:
    return _found("beat")


def _found(process: str) -> str:
    if settings.EMBEDDED:
        return _thread_found(process)
    try:
        seen = sightings()
    except (RedisError, OSError):
        return "Not known while Redis does not answer."
    now = time.time()
    patience = max(LEAST_SECONDS, SWEEPS_MISSED * settings.SWEEP_INTERVAL.total_seconds())
    if _is_fresh(seen.get(process), now=now, seconds=patience):
        return OK
    if process != "beat" and not _is_fresh(seen.get("beat"), now=now, seconds=patience):
        return "Not known while no beat runs, which makes it give signs of life; see beat."
    since = f"for {round(now - seen[process])} seconds" if process in seen else "yet"
    return f"No {process} was seen {since}: {CONSEQUENCES[process]}. Start one: {COMMANDS[process]}"


def _is_fresh(at: float | None, *, now: float, seconds: float) -> bool:
    return at is not None and now - at <= seconds


def _thread_found(process: str) -> str:
    if any(thread.name == THREADS[process] for thread in threading.enumerate()):
        return OK
    return (
        f"This process has no thread for it: {CONSEQUENCES[process]}. Start the service anew, with make serve or "
        "gunicorn -c config/gunicorn.py config.wsgi; its log says why a thread ended."
    )


def _a_document_is_being_read() -> bool:
    """A worker that is at a long document runs no sweep, but renews the lease of its job."""
    try:
        return OcrJob.objects.filter(state=OcrJob.State.RUNNING, lease_expires_at__gt=timezone.now()).exists()
    except DatabaseError:
        return False
