"""`manage.py import_counterparties`: suppliers from a CSV file."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counterparties.csv_rows import COLUMNS, Rejection, UnreadableFile, open_lines
from counterparties.importing import ImportCounts, Listener, import_lines
from customers.selection import CustomerNotChosen, choose_customer

_ROWS_BETWEEN_REPORTS = 10_000
_LONGEST_NAME = 150


class Command(BaseCommand):
    help = (
        "Imports counterparties from a CSV file: UTF-8; commas, semicolons or tabs; columns named in the first line. "
        f"Columns: {', '.join(COLUMNS)}; only legal_name is required. Several rows of one counterparty add accounts. "
        "What is on file is completed, never overwritten, so that the file can be imported again. A new account of a "
        "counterparty that had one before waits until a second person confirms it in the back office."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--customer", required=True, metavar="ID_OR_NAME", help="whose counterparties they are")
        parser.add_argument("--dry-run", action="store_true", help="check and count only; nothing is stored")
        parser.add_argument(
            "--by",
            default="import_counterparties",
            type=_person,
            metavar="USER",
            help="who answers for the file, by the name of the back office: changes of bank details are asked for in "
            "this name, and nobody confirms their own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._reported = 0
        self._started = time.monotonic()
        try:
            counts = import_lines(
                customer=choose_customer(options["customer"]),
                lines=open_lines(options["file"]),
                by=options["by"],
                listener=Listener(
                    on_rejected=self._report_rejected,
                    on_unknown_columns=self._report_unknown_columns,
                    on_progress=self._report_progress,
                ),
                dry_run=options["dry_run"],
            )
        except (CustomerNotChosen, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        if self.stderr.isatty():
            self.stderr.write("")
        mark = "Dry run, nothing stored: " if options["dry_run"] else ""
        self.stdout.write(f"{mark}{_summary(counts)}")

    def _report_rejected(self, rejection: Rejection) -> None:
        self.stderr.write(f"line {rejection.line}: {rejection.reason}")

    def _report_unknown_columns(self, names: list[str]) -> None:
        self.stderr.write(f"Ignored columns: {', '.join(names)}. Known are {', '.join(COLUMNS)}.")

    def _report_progress(self, counts: ImportCounts) -> None:
        """On a terminal one line that is written over, with how many rows a second; elsewhere a line now and then."""
        if self.stderr.isatty():
            rate = counts.rows / max(time.monotonic() - self._started, 0.001)
            self.stderr.write(f"\r… {_summary(counts)} {rate:,.0f} rows a second ", ending="")
            self.stderr.flush()
        elif counts.rows // _ROWS_BETWEEN_REPORTS > self._reported:
            self._reported = counts.rows // _ROWS_BETWEEN_REPORTS
            self.stderr.write(f"… {_summary(counts)}")


def _person(name: str) -> str:
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise ArgumentTypeError(f"give the name of a user of the back office, of at most {_LONGEST_NAME} characters")
    return name.strip()


def _summary(counts: ImportCounts) -> str:
    return (
        f"{counts.rows} rows: {counts.created} created, {counts.updated} updated, "
        f"{counts.unchanged} unchanged, {counts.rejected} rejected."
        + (f" {counts.asked} changes of bank details wait for a second person to confirm them." if counts.asked else "")
    )
