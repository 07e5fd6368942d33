"""`manage.py export_payments`: finalised transfers as a payment file for the bank."""

import os
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from customers.selection import CustomerNotChosen, choose_customer
from transfers.exporting import Exported, UnknownExport, export_payments
from transfers.pain001 import PaymentUnfit


class Command(BaseCommand):
    help = (
        "Writes one ISO 20022 file (pain.001.001.09) for the finalised transfers of a customer, grouped by account, "
        "currency and day. A transfer is written once: those in a file before are left out, also when their file was "
        "fetched over the API. What was written, when and by whom is kept; the back office shows it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customer", required=True, metavar="ID_OR_NAME", help="whose transfers they are")
        parser.add_argument("--out", type=Path, metavar="FILE.xml", help="a file that does not exist yet")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="paid on this day at the latest"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be written; nothing is")
        parser.add_argument(
            "--again",
            nargs="?",
            const="",
            metavar="MESSAGE_ID",
            help="those of earlier files as well, or only of the one with this message id: it did not reach the bank",
        )
        parser.add_argument("--by", default="export_payments", metavar="USER", help="who answers for the file")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path | None = options["out"]
        if out is None and not options["dry_run"]:
            raise CommandError("Name the file to write with --out, or look first with --dry-run.")
        file = _File(out or Path())
        try:
            exported = export_payments(
                customer=choose_customer(options["customer"]),
                until=options["until"],
                again=options["again"],
                by=options["by"],
                now=timezone.now(),
                write=None if options["dry_run"] else file.write,
            )
        except (CustomerNotChosen, UnknownExport, PaymentUnfit) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            file.take_back()
            raise CommandError(f"{out} could not be written, and nothing was exported: {error.strerror}.") from error
        except BaseException:
            file.take_back()
            raise
        self._tell(exported, mark="Dry run, nothing written: " if options["dry_run"] else "")

    def _tell(self, exported: Exported, *, mark: str) -> None:
        for one in exported.left_out:
            self.stderr.write(f"left out {one.transfer_id}: {one.reason}")
        if exported.over_api:
            self.stderr.write(
                f"left out {exported.over_api} that were fetched over the API; "
                "if one never reached the bank, write it with --again and its message id, which the back office shows"
            )
        if exported.file is None:
            self.stdout.write(f"{mark}no transfer is waiting to be exported.")
            return
        groups = Counter((one.payer.iban, one.currency, one.execution_date) for one in exported.payments)
        for (iban, currency, day), number in sorted(groups.items()):
            total = sum(
                one.amount
                for one in exported.payments
                if (one.payer.iban, one.currency, one.execution_date) == (iban, currency, day)
            )
            self.stdout.write(f"{day} from {iban}: {number} of {total:f} {currency}")
        self.stdout.write(
            f"{mark}{exported.file.number_of_payments} payments, control sum {exported.file.control_sum:f}, "
            f"message id {exported.message_id}."
        )


class _File:
    """A file that nobody else may read, and that is never written over one that is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_ours = False

    def write(self, content: bytes) -> str:
        """The file's name, once its bytes are on the disk."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.is_ours = True
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return self.path.name[:255]

    def take_back(self) -> None:
        """No file may stay of which no row tells."""
        if self.is_ours:
            self.path.unlink(missing_ok=True)
