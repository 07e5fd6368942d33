"""`manage.py remove_leftovers`: removes stored files that no document refers to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from invoices.leftovers import KEPT_FOR, TooManyLeftovers, remove_leftovers
from invoices.uploads import StorageUnavailable


class Command(BaseCommand):
    help = (
        "Removes the stored files that no document has referred to for a day: what is left of requests that died "
        "before they were answered. Without --yes it prints how many there are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="remove them; nothing brings them back")
        parser.add_argument("--force", action="store_true", help="also when they are suspiciously many")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            left = remove_leftovers(now=timezone.now(), is_forced=options["force"], is_look=not options["yes"])
        except (TooManyLeftovers, StorageUnavailable) as error:
            raise CommandError(str(error)) from error
        hours = KEPT_FOR.total_seconds() / 3600
        self.stdout.write(
            f"{left.found} of {left.files} stored files have had no document for {hours:.0f} hours or longer; "
            f"{left.removed} were removed."
        )
        if not options["yes"] and left.found:
            self.stdout.write("Run it with --yes to remove them; nothing brings them back.")
