"""`manage.py create_api_key`: a new key, shown once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.keys import KeyNotIssued, issue_key
from customers.scopes import KNOWN_SCOPES, SCOPES
from customers.selection import CustomerNotChosen, choose_customer


class Command(BaseCommand):
    help = "Issues an API key and prints it once. Only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--customer",
            action="append",
            required=True,
            dest="customers",
            metavar="ID_OR_NAME",
            help="a customer the key may act for; repeat it for several",
        )
        parser.add_argument("--name", required=True, help="which program will use the key")
        parser.add_argument(
            "--scopes",
            nargs="+",
            default=list(SCOPES),
            metavar="SCOPE",
            help=f"default: {' '.join(SCOPES)}; known: {' '.join(sorted(KNOWN_SCOPES))}",
        )
        parser.add_argument("--expires-in-days", type=int, metavar="DAYS", help="default: never")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        days: int | None = options["expires_in_days"]
        try:
            key, plain = issue_key(
                name=options["name"],
                customers=[choose_customer(text) for text in options["customers"]],
                scopes=[scope for text in options["scopes"] for scope in text.replace(",", " ").split()],
                expires_at=None if days is None else now + timedelta(days=days),
                by="create_api_key",
                now=now,
            )
        except (KeyNotIssued, CustomerNotChosen) as error:
            raise CommandError(str(error)) from error
        until = f"until {key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else "until it is revoked"
        self.stderr.write(f"{key.name}: {', '.join(key.scopes)}, {until}. Keep the key, it is not shown again:")
        self.stdout.write(plain)
