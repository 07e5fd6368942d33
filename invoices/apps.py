from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.files.storage import default_storage

from invoices.storages import problem_of


class InvoicesConfig(AppConfig):
    name = "invoices"

    def ready(self) -> None:
        # It asks the storage, for which no other command should have to wait: `manage.py check --deploy`.
        register(documents_can_be_stored_and_read, "documents", deploy=True)


def documents_can_be_stored_and_read(**_: Any) -> list[CheckMessage]:
    """The storage answers, and no document in it needs a key that we do not have."""
    problem = problem_of(default_storage)
    return [Error(problem, id="invoices.E001")] if problem else []
