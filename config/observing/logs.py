"""The log of every process: where it goes, how a line looks, and who may say what."""

import logging
import threading
from typing import Any

from customers.telemetry.log_lines import OWN

FORMATTERS = {
    "line": "customers.telemetry.log_lines.LineFormatter",
    "json": "customers.telemetry.log_lines.JsonFormatter",
}

log = logging.getLogger(__name__)


def logging_settings(*, level: str, log_format: str) -> dict[str, Any]:
    """Django's LOGGING. `DEBUG` is for our own loggers: what libraries say at that level quotes whole requests."""
    others = "INFO" if level == "DEBUG" else level
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {name: {"()": path} for name, path in FORMATTERS.items()},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": log_format}},
        "root": {"handlers": ["stderr"], "level": others},
        "loggers": {
            **{name: {"level": level} for name in sorted(OWN)},
            "django": {"handlers": [], "level": others},  # else a second line, in Django's own way, when DEBUG is set
            "django.request": {"level": "ERROR"},
            # Two lines for every message, of which most say only that the sweeper looked.
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "opentelemetry": {"level": "CRITICAL"},  # a line for every batch that no one takes; `tracing` says it once
            "axes": {"level": "WARNING"},  # else a line for every command, and four for every login
        },
    }


def log_what_threads_raise() -> None:
    """Python would print an exception that ends a thread with its message, and a message that cannot be formatted with
    all its values."""
    logging.raiseExceptions = False
    threading.excepthook = _log_thread


def _log_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None and not isinstance(what.exc_value, SystemExit):
        log.error(
            "the thread %s ended with an error",
            what.thread.name if what.thread else "",
            exc_info=(what.exc_type, what.exc_value, what.exc_traceback),
        )
