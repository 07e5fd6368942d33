"""`manage.py import_counterparties`: suppliers from a CSV file."""

import shutil
import signal
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import DatabaseError

from counterparties.csv_file import CsvFile, UnreadableFile
from counterparties.csv_rows import COLUMNS, Rejection
from counterparties.importing import ImportCounts, Listener, import_lines
from customers.selection import CustomerNotChosen, choose_customer

_ROWS_BETWEEN_REPORTS = 10_000
_SECONDS_BETWEEN_DRAWINGS = 0.2
_BAR = 20
_LONGEST_NAME = 150
_STOPPED_BY_A_SIGNAL = 130


class Command(BaseCommand):
    help = (
        "Imports counterparties from a CSV file: UTF-8; commas, semicolons or tabs; columns named in the first line. "
        f"Columns: {', '.join(COLUMNS)}; only legal_name is required. Several rows of one counterparty add accounts. "
        "What is on file is completed, never overwritten, so that the file can be imported again. A new account of a "
        "counterparty that had one before waits until a second person confirms it in the back office."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="or - for standard input")
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
        counts = ImportCounts()
        try:
            customer = choose_customer(options["customer"])
            with CsvFile(options["file"]) as file, _interrupted_by_sigterm():
                progress = _Progress(self.stderr, share=lambda: file.share)

                def report_rejected(rejection: Rejection) -> None:
                    progress.clear()
                    self.stderr.write(f"line {rejection.line}: {rejection.reason}")

                import_lines(
                    customer=customer,
                    lines=file.lines,
                    by=options["by"],
                    listener=Listener(
                        on_rejected=report_rejected,
                        on_unknown_columns=self._report_unknown_columns,
                        on_progress=progress.show,
                    ),
                    counts=counts,
                    dry_run=options["dry_run"],
                )
                progress.clear()
        except (CustomerNotChosen, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError(_stopped("Stopped", counts, options), returncode=_STOPPED_BY_A_SIGNAL) from error
        except DatabaseError as error:
            raise CommandError(_stopped(f"The database failed ({str(error).strip()})", counts, options)) from error
        mark = "Dry run, nothing stored: " if options["dry_run"] else ""
        self.stdout.write(f"{mark}{_summary(counts)}")

    def _report_unknown_columns(self, names: list[str]) -> None:
        self.stderr.write(f"Ignored columns: {', '.join(names)}. Known are {', '.join(COLUMNS)}.")


class _Progress:
    """On a terminal one line that is drawn over, with the share of the file that is read, rows a second and the time
    left; elsewhere a line at each tenth of a long file."""

    def __init__(self, stream: OutputWrapper, *, share: Callable[[], float]) -> None:
        self._stream = stream
        self._share = share
        self._is_terminal = stream.isatty()
        self._started = time.monotonic()
        self._drawn_at = 0.0
        self._tenths = 0
        self._rows = 0

    def show(self, counts: ImportCounts) -> None:
        share, now = self._share(), time.monotonic()
        if self._is_terminal and now - self._drawn_at > _SECONDS_BETWEEN_DRAWINGS:
            self._drawn_at = now
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r\x1b[K{self._line(counts, share)[:width]}", ending="")
            self._stream.flush()
        elif not self._is_terminal and self._is_due(counts, share):
            self._tenths, self._rows = int(share * 10), counts.rows
            self._stream.write(f"… {share:.0%}, {_summary(counts)}")

    def clear(self) -> None:
        """The line is gone, and another can be written."""
        if self._is_terminal:
            self._stream.write("\r\x1b[K", ending="")

    def _is_due(self, counts: ImportCounts, share: float) -> bool:
        return int(share * 10) > self._tenths and counts.rows - self._rows >= _ROWS_BETWEEN_REPORTS

    def _line(self, counts: ImportCounts, share: float) -> str:
        seconds = max(time.monotonic() - self._started, 0.001)
        left = f", {_duration(seconds / share - seconds)} left" if share else ""
        bar = "█" * round(share * _BAR)
        effects = f"{counts.created:,} created, {counts.updated:,} updated, {counts.rejected:,} rejected"
        return f"{share:4.0%} {bar:░<{_BAR}} {counts.rows:,} rows, {counts.rows / seconds:,.0f}/s{left}; {effects}"


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """The signal with which services are stopped ends the import as Ctrl-C does: in order, and with a word."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _person(name: str) -> str:
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise ArgumentTypeError(f"give the name of a user of the back office, of at most {_LONGEST_NAME} characters")
    return name.strip()


def _stopped(why: str, counts: ImportCounts, options: dict[str, Any]) -> str:
    if options["dry_run"]:
        return f"{why}. It was a dry run, nothing is stored."
    return (
        f"{why}. Stored until then: {_summary(counts)} Import the whole file again: what is stored is left as it is, "
        "and the rest is added."
    )


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _summary(counts: ImportCounts) -> str:
    return (
        f"{counts.rows} rows: {counts.created} created, {counts.updated} updated, "
        f"{counts.unchanged} unchanged, {counts.rejected} rejected."
        + (f" {counts.asked} changes of bank details wait for a second person to confirm them." if counts.asked else "")
    )
