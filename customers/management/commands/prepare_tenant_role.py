"""`manage.py prepare_tenant_role`: the role behind the second wall, made and granted what the API does."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from customers.wall_role import RoleNotPrepared, prepare_role


class Command(BaseCommand):
    help = (
        "Makes the PostgreSQL role that TENANT_DATABASE_ROLE names, and grants it what API requests do. Where this user"
        " of the database may not, it prints the SQL that an administrator has to run. `migrate` does the same."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.TENANT_DATABASE_ROLE
        if not role:
            raise CommandError("TENANT_DATABASE_ROLE is empty: name the role there, such as paydraft_tenant.")
        if connection.vendor != "postgresql":
            raise CommandError(
                "Row-level security is PostgreSQL's: set DATABASE_URL, or leave TENANT_DATABASE_ROLE out."
            )
        try:
            done = prepare_role(role)
        except RoleNotPrepared as refused:
            raise CommandError(str(refused)) from refused
        for statement in done:
            self.stdout.write(f"{statement};")
        self.stdout.write(f"The role {role} is ready; API requests see the rows of their key's customers only.")
