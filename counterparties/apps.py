from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from counterparties.name_index import put_up


class CounterpartiesConfig(AppConfig):
    name = "counterparties"

    def ready(self) -> None:
        post_migrate.connect(_put_up_name_index, sender=self)


def _put_up_name_index(using: str, **_: Any) -> None:
    put_up(connections[using])
