"""What a web process must have to accept a document and to keep it, and what stands in for it being read."""

from functools import cache

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from kombu.exceptions import OperationalError

from config.celery import app
from customers.wall_role import problem_of_role
from invoices.storages import problem_of
from ocr.reading.engine_report import engine_report

OK = "ok"
NOT_KNOWN = "Not known while the database does not answer."


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer; look at DATABASE_URL and at the database itself."
    return OK


def migrations() -> str:
    try:
        missing = _missing_migrations()
    except DatabaseError:
        return NOT_KNOWN
    if not missing:
        return OK
    counts = {app_label: sum(each == app_label for each, _ in missing) for app_label, _ in missing}
    told = ", ".join(f"{number} of {app_label}" for app_label, number in counts.items())
    return f"Migrations are not applied: {told}; run: python manage.py migrate"


def tenant_wall() -> str:
    try:
        return problem_of_role() or OK
    except DatabaseError:
        return NOT_KNOWN


def broker() -> str:
    if settings.EMBEDDED:
        return OK
    try:
        with app.connection_for_write(connect_timeout=1) as link:
            link.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, OSError):
        return "Redis does not answer; look at REDIS_URL. Jobs are accepted and wait meanwhile."
    return OK


def storage() -> str:
    return problem_of(default_storage) or OK


def ocr_models() -> str:
    report = engine_report(settings.OCR_ENGINE)
    return OK if report.is_ready else report.message


def _missing_migrations() -> list[tuple[str, str]]:
    """(app, name) of what this code brings and the database has not. One query as long as none is missing."""
    if _migrations_of_this_code() <= MigrationRecorder(connection).applied_migrations().keys():
        return []
    # Squashed ones count as applied where those that they replace are: the executor knows.
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _ in plan]


@cache
def _migrations_of_this_code() -> set[tuple[str, str]]:
    return set(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)
