"""Read documents and print what they say; no database, no server."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ocr.extraction.acceptance import accepted
from ocr.extraction.fields import RESULT_NAMES, InvoiceFields, KnownPayer
from ocr.extraction.thresholds import STRICTNESSES, Strictness
from ocr.intake import DocumentTooLarge, check_size
from ocr.pipeline import Stopwatch, extract, read, read_again
from ocr.readers import close_sandbox, current_sandbox
from ocr.reading.document import UnreadableDocument


class Command(BaseCommand):
    help = "Reads invoices (PDF, image, e-invoice XML) and prints the fields found, where from, and how sure."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="documents, or folders of documents")
        parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
        parser.add_argument(
            "--payer", action="append", default=[], metavar="NAME", help="the name of the paying company; repeatable"
        )
        parser.add_argument(
            "--strictness",
            choices=STRICTNESSES,
            default=settings.EXTRACTION_STRICTNESS,
            help="how sure a printed value must be to be given (the setting EXTRACTION_STRICTNESS)",
        )
        parser.add_argument(
            "--today", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD", help="for `overdue`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        payer = KnownPayer(names=tuple(options["payer"]))
        today = options["today"] or date.today()  # noqa: DTZ011 - the day where the person sits
        paths = list(_documents(options["files"]))
        failed = 0
        try:
            for number, path in enumerate(paths, start=1):
                self._progress(number, len(paths), path)
                found = extract_file(path=path, payer=payer, today=today, strictness=options["strictness"])
                failed += found["error"] is not None
                self.stdout.write(json.dumps(found, ensure_ascii=False) if options["json"] else _table(found))
        finally:
            self._progress_done()
            close_sandbox()
        if failed == len(paths):
            raise CommandError("None of the documents could be read; the reason stands with each of them.")

    def _progress(self, number: int, of: int, path: Path) -> None:
        if sys.stderr.isatty() and of > 1:
            sys.stderr.write(f"\r\033[K{number}/{of} {path.name}")
            sys.stderr.flush()

    def _progress_done(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")


def extract_file(*, path: Path, payer: KnownPayer, today: date, strictness: Strictness) -> dict[str, Any]:
    """What one document says, as a JSON-ready object; `error` is None unless it could not be read."""
    stopwatch = Stopwatch()
    try:
        content = path.read_bytes()
        check_size(len(content))
        sandbox = current_sandbox()
        document = read_again(
            content=content,
            document=read(content=content, read_document=sandbox.read, stopwatch=stopwatch).document,
            payer=payer,
            read_regions=sandbox.read_again,
            stopwatch=stopwatch,
        )
        fields = extract(document=document, payer=payer, today=today, strictness=strictness, stopwatch=stopwatch)
    except UnreadableDocument as error:
        return _row(path=path, fields=None, seconds=stopwatch.seconds, error=f"{error.code}: {error.message}")
    except DocumentTooLarge as error:
        return _row(path=path, fields=None, seconds=stopwatch.seconds, error=f"document_too_large: {error}")
    except OSError as error:
        return _row(path=path, fields=None, seconds=stopwatch.seconds, error=f"not_a_readable_file: {error.strerror}")
    return _row(path=path, fields=fields, seconds=stopwatch.seconds, error=None)


def _row(*, path: Path, fields: InvoiceFields | None, seconds: dict[str, float], error: str | None) -> dict[str, Any]:
    chosen = {one.name: one.chosen for one in fields.readings if one.chosen} if fields else {}
    value = {name: one.value for name, one in chosen.items()}.get
    return {
        "file": str(path),
        "result": {name: value(name) for name in RESULT_NAMES},
        "seller": {
            "name": value("seller_name"),
            "vat_id": value("seller_vat_id"),
            "email": value("seller_email"),
        },
        "sources": {name: one.source for name, one in chosen.items()},
        "confidence": {name: round(one.confidence, 4) for name, one in chosen.items()},
        "warnings": [
            {"code": one.code, "message": one.message, "field": one.field}
            for one in (fields.warnings if fields else ())
        ],
        "notes": [{"code": one.code, "message": one.message} for one in (fields.notes if fields else ())],
        "accepted": accepted(fields) if fields else False,
        "seconds": seconds,
        "error": error,
    }


def _documents(names: list[str]) -> list[Path]:
    paths: list[Path] = []
    for name in names:
        path = Path(name)
        paths += sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return paths


def _table(found: dict[str, Any]) -> str:
    lines = [found["file"]]
    if found["error"]:
        return "\n".join([*lines, f"  {found['error']}", ""])
    rows: list[tuple[str, str | None, str]] = [(name, found["result"][name], name) for name in RESULT_NAMES]
    rows += [(f"seller {name}", found["seller"][name], f"seller_{name}") for name in ("name", "vat_id", "email")]
    for label, value, name in rows:
        if value is None:
            lines.append(f"  {label:<21} —")
        else:
            lines.append(f"  {label:<21} {value:<40} {found['sources'][name]:<8} {found['confidence'][name]:.2f}")
    lines += [f"  ! {one['code']}: {one['message']}" for one in found["warnings"]]
    lines += [f"  · {one['message']}" for one in found["notes"]]
    verdict = "accepted: nothing in it asks for a person" if found["accepted"] else "a person should look at it"
    seconds = ", ".join(f"{stage} {spent:.3f} s" for stage, spent in found["seconds"].items())
    return "\n".join([*lines, f"  {verdict} ({seconds})", ""])
