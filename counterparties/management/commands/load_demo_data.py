"""`manage.py load_demo_data`: everything needed to send the sample invoices through the service."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from counterparties.csv_file import CsvFile, UnreadableFile
from counterparties.csv_rows import Rejection
from counterparties.demo import DemoDataUnreadable, load_customer, read_demo_customer
from counterparties.importing import ImportCounts, Listener, import_lines
from customers.demo_access import ADMIN, demo_admin, demo_key
from customers.models import Customer

_BY = "load_demo_data"


class Command(BaseCommand):
    help = (
        "Creates the demonstration's customer with its suppliers, an API key and the superuser 'admin'. "
        "Done again it changes nothing and shows the same key and password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the access data as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        samples = settings.BASE_DIR / "samples"
        try:
            customer = load_customer(described=read_demo_customer(samples / "customer.json"), by=_BY)
            counts = self._import(customer, samples / "counterparties.csv")
        except (DemoDataUnreadable, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        password_file = settings.DATA_DIR / "demo-admin-password"
        access = {
            "customer_id": str(customer.id),
            "customer_name": customer.legal_name,
            "api_key": demo_key(customer=customer, path=settings.DATA_DIR / "demo-api-key", by=_BY, now=timezone.now()),
            "admin_user": ADMIN,
            "admin_password": demo_admin(password_file),
        }
        if access["admin_password"] is None:
            self.stderr.write(f"There is a user 'admin' whose password is not the one in {password_file}; it stays so.")
        if options["json"]:
            self.stdout.write(json.dumps(access))
            return
        self.stdout.write(f"Suppliers: {counts.created} created, {counts.updated + counts.unchanged} there before.")
        for name, value in access.items():
            self.stdout.write(f"{name}: {value or 'not known here'}")

    def _import(self, customer: Customer, path: Path) -> ImportCounts:
        with CsvFile(path) as file:
            return import_lines(
                customer=customer, lines=file.lines, by=_BY, listener=Listener(on_rejected=self._report)
            )

    def _report(self, rejection: Rejection) -> None:
        self.stderr.write(f"counterparties.csv, line {rejection.line}: {rejection.reason}")
