"""`/healthz`: the process is up. `/readyz`: everything it needs is there, each named."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError

from config.celery import app
from ocr.reading.engine_report import engine_report

log = logging.getLogger(__name__)

PROBE_NAME = "readyz-probe"


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when all checks say "ok", else 503; each failing check says what to look at."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "broker": _broker,
        "storage": _storage,
        "ocr_models": _ocr_models,
    }
    results = {name: check() for name, check in checks.items()}
    is_ready = all(result == "ok" for result in results.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": results}, status=200 if is_ready else 503
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("readyz: database: %s", type(error).__name__)
        return "The database does not answer; look at DATABASE_URL and at the database itself."
    return "ok"


def _broker() -> str:
    if settings.EMBEDDED:
        return "ok"
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, OSError) as error:
        log.warning("readyz: broker: %s", type(error).__name__)
        return "Redis does not answer; look at REDIS_URL. Jobs are accepted and wait meanwhile."
    return "ok"


def _storage() -> str:
    try:
        default_storage.exists(PROBE_NAME)
    except Exception as error:  # noqa: BLE001 - each storage backend raises errors of its own library
        log.warning("readyz: storage: %s", type(error).__name__)
        return "The document storage does not answer; look at STORAGE_URL."
    return "ok"


def _ocr_models() -> str:
    report = engine_report(settings.OCR_ENGINE)
    return "ok" if report.is_ready else report.message
