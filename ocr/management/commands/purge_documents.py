"""`manage.py purge_documents`: deletes documents that are older than their customer keeps them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.selection import CustomerNotChosen, choose_customer
from ocr.retention import customers_with_period, due, kept_since, purge


class Command(BaseCommand):
    help = (
        "Deletes documents, and what was read of them, after the months for which their customer keeps them. What is "
        "still open stays, and so do payments and the audit trail. Without --yes it prints what would go."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customer", metavar="ID|NAME", help="only this customer's documents")
        parser.add_argument("--yes", action="store_true", help="delete them; nothing brings them back")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        customers = customers_with_period().order_by("legal_name", "pk")
        if options["customer"]:
            try:
                customers = customers.filter(pk=choose_customer(options["customer"]).pk)
            except CustomerNotChosen as error:
                raise CommandError(str(error)) from error
        if not customers:
            raise CommandError(
                "Nothing is deleted: no such customer has a number of months that documents are kept. Set it in the "
                "back office, on the customer's page."
            )
        failed = 0
        for customer in customers:
            expected = due(customer=customer, now=now)
            name = f"{customer} (before {kept_since(customer=customer, now=now):%Y-%m-%d})"
            kept = f"{expected.kept} are kept, for something about them is open."
            if not options["yes"]:
                size = f"{expected.content_length / 1_000_000:.1f} MB"
                self.stdout.write(f"{name}: {expected.documents} documents of {size} would be deleted; {kept}")
                continue
            purged = purge(customer=customer, by="purge_documents", now=now, progress=self._progress)
            failed += purged.failed
            self.stdout.write(f"{name}: {purged.documents} documents are deleted; {kept}")
        if not options["yes"]:
            self.stdout.write("Nothing was deleted. Run it with --yes to delete them; nothing brings them back.")
        if failed:
            raise CommandError(f"The storage did not delete {failed} documents, which stay whole; run it again.")

    def _progress(self, done: int) -> None:
        self.stderr.write(f"{done} deleted")
