import logging
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from customers.any_case import search_in_any_case
from customers.wall import hold_new_connection
from customers.wall_role import RoleNotPrepared, prepare_role

log = logging.getLogger(__name__)


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.rights import connect

        connect()
        connection_created.connect(hold_new_connection)
        search_in_any_case()
        post_migrate.connect(_grant_what_was_migrated, sender=self)


def _grant_what_was_migrated(using: str, **_: Any) -> None:
    role = settings.TENANT_DATABASE_ROLE
    if not role or using != DEFAULT_DB_ALIAS or connections[using].vendor != "postgresql":
        return
    try:
        prepare_role(role)
    except RoleNotPrepared as refused:
        log.warning(
            "The second wall between tenants does not stand, and the API answers nothing until it does. %s", refused
        )
