"""Run ended jobs again from a stage on, and show what became different."""

import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from customers.models import Customer
from customers.selection import CustomerNotChosen, choose_customer
from invoices.uploads import StorageUnavailable, StoredDocumentMissing
from ocr.differences import difference, snapshot_of, snapshot_of_processed
from ocr.models import OcrJob, Stage
from ocr.processing import process_job, run
from ocr.reading.document import UnreadableDocument
from ocr.representation import STATES_OF_STATUS
from ocr.review import JobStillRunning, ask_again

ENDED = (OcrJob.State.FINISHED, OcrJob.State.FAILED)


class Command(BaseCommand):
    help = (
        "Processes ended jobs again and prints what became different. What operators corrected stays; "
        "a draft that a person has edited or finalised is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("jobs", nargs="*", type=UUID, metavar="JOB", help="job ids; all ended jobs if left out")
        parser.add_argument("--status", choices=["200", "422"], help="only finished (200) or failed (422) jobs")
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="created on this day or later"
        )
        parser.add_argument("--customer", metavar="ID|NAME", help="only this customer's jobs")
        parser.add_argument("--from-stage", choices=[Stage.EXTRACT, Stage.MATCH], default=Stage.EXTRACT)
        parser.add_argument("--dry-run", action="store_true", help="print the difference, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs = _selected(options)
        total = jobs.count()
        counts = {"changed": 0, "unchanged": 0, "skipped": 0}
        for number, job in enumerate(jobs.iterator(chunk_size=100), start=1):
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\033[K{number}/{total}")
                sys.stderr.flush()
            outcome, lines = _again(job=job, from_stage=options["from_stage"], is_dry_run=options["dry_run"])
            counts[outcome] += 1
            if lines:
                self.stdout.write("\n".join([f"{job.pk} ({outcome})", *(f"  {line}" for line in lines)]))
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
        summary = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        self.stdout.write(f"{total} jobs: {summary}{' (dry run, nothing was changed)' if options['dry_run'] else ''}.")


def _selected(options: dict[str, Any]) -> QuerySet[OcrJob]:
    jobs = (
        OcrJob.objects.filter(state__in=ENDED).select_related("customer", "upload", "transfer").order_by("created_at")
    )
    if not options["jobs"]:
        jobs = jobs.filter(purged_at=None)
    if options["jobs"]:
        jobs = jobs.filter(pk__in=options["jobs"])
    if options["status"]:
        jobs = jobs.filter(state__in=STATES_OF_STATUS[options["status"]])
    if options["since"]:
        jobs = jobs.filter(created_at__gte=datetime.combine(options["since"], time.min, tzinfo=UTC))
    if options["customer"]:
        jobs = jobs.filter(customer=_customer(options["customer"]))
    return jobs


def _customer(text: str) -> Customer:
    try:
        return choose_customer(text)
    except CustomerNotChosen as error:
        raise CommandError(str(error)) from error


def _again(*, job: OcrJob, from_stage: str, is_dry_run: bool) -> tuple[str, list[str]]:
    """`changed`, `unchanged` or `skipped`, and the lines that say what or why."""
    before = snapshot_of(job)
    try:
        if is_dry_run:
            after = snapshot_of_processed(run(job=job, from_stage=from_stage))
        else:
            ask_again(job=job, from_stage=from_stage, by="reprocess_jobs", is_announced=False)
            process_job(job.pk)
            after = snapshot_of(OcrJob.objects.select_related("transfer").get(pk=job.pk))
    except (JobStillRunning, UnreadableDocument, StoredDocumentMissing, StorageUnavailable) as error:
        return "skipped", [str(error)]
    lines = difference(before=before, after=after)
    return ("changed" if lines else "unchanged"), lines
