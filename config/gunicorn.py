"""Gunicorn's configuration: one process of many threads when the worker is embedded, several processes otherwise."""

import logging
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.embedded import EmbeddedWorker

_embedded = not os.environ.get("REDIS_URL", "").strip()
_worker: "EmbeddedWorker | None" = None

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = 1 if _embedded else int(os.environ.get("WEB_PROCESSES") or 2)
threads = 16
timeout = 60
graceful_timeout = 30  # for requests, and 20 seconds of it for the document in hand (embedded.py)
keepalive = 5
control_socket_disable = True  # it would lie in the home directory, shared by every service of this user
accesslog = os.environ.get("ACCESS_LOG") or None
# Without the query and the headers, in which clients send anything.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'


def on_starting(server: Any) -> None:
    """Called at the start and at a reload, before anything is logged: Gunicorn's own lines look like all others."""
    from customers.telemetry.log_lines import JsonFormatter, LineFormatter

    is_json = os.environ.get("LOG_FORMAT", "").strip().lower() == "json"
    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(JsonFormatter() if is_json else LineFormatter())


on_reload = on_starting


def post_worker_init(worker: Any) -> None:
    """Called in the web process once the application is loaded."""
    global _worker
    if _embedded:
        from config.embedded import EmbeddedWorker  # needs Django, which is set up only now

        _worker = EmbeddedWorker()
        _worker.start()


def worker_exit(server: Any, worker: Any) -> None:
    """Called in the web process when it stops."""
    if _worker is not None:
        _worker.stop()
