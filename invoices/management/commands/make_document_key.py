"""`manage.py make_document_key`: a new key for DOCUMENT_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from invoices.document_keys import new_key


class Command(BaseCommand):
    help = "Prints a new key for DOCUMENT_KEYS, once. Who loses it loses every document that it encrypted."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_key())
        self.stderr.write(
            "Put it first in DOCUMENT_KEYS, and keep a copy where neither the documents nor their backup are: "
            "without it they cannot be read again, by anybody."
        )
