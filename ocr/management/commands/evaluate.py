"""How right the fields of the jobs are that people have reviewed."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.selection import CustomerNotChosen, choose_customer
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.tables import acceptance_table, fields_table
from ocr.reviewed import reviewed_jobs, scored_job


class Command(BaseCommand):
    help = (
        "Extracts the fields of all reviewed jobs again and compares them with what people decided: corrections are "
        "the truth, and values that stood uncorrected when the draft was finalised count as right. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customer", metavar="ID|NAME", help="only this customer's jobs")
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="created on this day or later"
        )
        parser.add_argument("--values", action="store_true", help="show values beside the jobs and fields that are off")
        parser.add_argument("--json", action="store_true", help="one JSON object a job instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        documents = list(self._scored(options))
        if not documents:
            raise CommandError(
                "No job has been reviewed yet: correct a field in the back office, or finalise a draft that is right."
            )
        if options["json"]:
            for document in documents:
                self.stdout.write(json.dumps(_row(document, shows_values=options["values"]), ensure_ascii=False))
            return
        self.stdout.write("\n".join(_mistakes(documents, shows_values=options["values"])))
        self.stdout.write(f"\n{len(documents)} reviewed jobs\n")
        self.stdout.write(fields_table(documents))
        self.stdout.write(acceptance_table(documents))

    def _scored(self, options: dict[str, Any]) -> Iterator[ScoredDocument]:
        jobs = reviewed_jobs()
        if options["since"]:
            jobs = jobs.filter(created_at__gte=datetime.combine(options["since"], time.min, tzinfo=UTC))
        if options["customer"]:
            try:
                jobs = jobs.filter(customer=choose_customer(options["customer"]))
            except CustomerNotChosen as error:
                raise CommandError(str(error)) from error
        total = jobs.count()
        for number, job in enumerate(jobs.iterator(chunk_size=100), start=1):
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\033[K{number}/{total}")
            if document := scored_job(job):
                yield document
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")


def _mistakes(documents: list[ScoredDocument], *, shows_values: bool) -> Iterator[str]:
    for document in documents:
        for field in document.fields:
            if field.outcome == "right":
                continue
            mark = " in a job that passed" if document.is_false_success and field.outcome == "wrong" else ""
            values = f": {field.value!r}, decided {' or '.join(map(repr, field.truth)) or 'empty'}"
            yield (
                f"{document.subject.id} {field.name} {field.outcome} ({field.mistake}){mark}"
                f"{values if shows_values else ''}"
            )


def _row(document: ScoredDocument, *, shows_values: bool) -> dict[str, Any]:
    fields: dict[str, dict[str, Any]] = {}
    for field in document.fields:
        fields[field.name] = {"outcome": field.outcome, "mistake": field.mistake, "confidence": field.confidence}
        if shows_values:
            fields[field.name] |= {"value": field.value, "truth": list(field.truth)}
    return {
        "job": document.subject.id,
        "documents": document.subject.segment,
        "accepted": document.is_accepted,
        "false_success": document.is_false_success,
        "counts": dict(Counter(field.outcome for field in document.fields)),
        "fields": fields,
    }
