"""`manage.py backup_documents`: copies every stored document into a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.document_copies import copy_out
from invoices.stored_files import NotEncryptable, documents_storage

TOLD_EVERY = 1000


class Command(BaseCommand):
    help = (
        "Copies every stored document into a folder, from whichever storage is configured and as it is stored: "
        "encrypted documents stay encrypted. A folder with an earlier copy gets what is new. Copy the database first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            storage = documents_storage()
        except NotEncryptable as error:
            raise CommandError(str(error)) from error
        try:
            copied = copy_out(storage, folder=folder, progress=self._progress)
        except Exception as error:
            raise CommandError(f"The copy is not complete: {storage.reason(error)} Run it again.") from error
        self.stdout.write(f"{copied.done} files were copied to {folder}; {copied.before} were there already.")

    def _progress(self, done: int) -> None:
        if done % TOLD_EVERY == 0:
            self.stderr.write(f"{done} copied")
