"""`manage.py verify_audit`: whether the audit trail is as it was written."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.audit.verifying import TrailBroken, verify_trail


class Command(BaseCommand):
    help = "Walks the audit trail and fails with the first entry that was changed, removed or slipped in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="HASH",
            help="a hash that this command printed before: the trail must still hold the entry with it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        expected: str | None = options["expect"]
        try:
            walked = verify_trail(expected=expected.strip().lower() if expected else None, progress=self._progress)
        except TrailBroken as broken:
            raise CommandError(f"The audit trail is broken. {broken} See docs/audit.md for what to do.") from broken
        if walked.noted is not None:
            self.stdout.write(
                f"The noted hash is that of entry {walked.noted}; {walked.entries - walked.noted} followed."
            )
        self.stdout.write(f"The audit trail is whole: {walked.entries} entries. Note the hash of the newest elsewhere:")
        self.stdout.write(walked.head)

    def _progress(self, walked: int, of: int) -> None:
        self.stderr.write(f"{walked} of {of} entries")
