"""`manage.py restore_documents`: brings documents back from a folder that `backup_documents` filled."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from invoices.document_copies import copy_back
from invoices.stored_files import NotEncryptable, documents_storage

TOLD_EVERY = 1000


class Command(BaseCommand):
    help = (
        "Copies documents from a folder that backup_documents filled into the configured storage: those that the "
        "database knows, and no purged ones. Restore the database first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--upload", type=UUID, metavar="ID", help="this document alone, whatever lies in its place")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder; name the one that backup_documents filled.")
        try:
            storage = documents_storage()
        except NotEncryptable as error:
            raise CommandError(str(error)) from error
        try:
            restored = copy_back(
                storage, folder=folder, upload_id=options["upload"] and str(options["upload"]), progress=self._progress
            )
        except Exception as error:
            raise CommandError(f"Not everything is restored: {storage.reason(error)} Run it again.") from error
        self.stdout.write(f"{restored.done} documents were restored; {restored.before} were there already.")
        for name in restored.locked:
            self.stdout.write(f"restored unread: {name} is encrypted with a key that DOCUMENT_KEYS does not have")
        for name in restored.missing:
            self.stdout.write(f"missing: {name} is neither in {folder} nor in the storage")
        for name in restored.altered:
            self.stdout.write(f"altered: {name} in {folder} is not what was sent, and was left there")
        if bad := len(restored.missing) + len(restored.altered):
            raise CommandError(f"{bad} documents could not be restored; look for them in an older backup.")
        if not (restored.done or restored.before):
            raise CommandError("The database knows none of these documents; restore the database first.")

    def _progress(self, done: int) -> None:
        if done and done % TOLD_EVERY == 0:
            self.stderr.write(f"{done} restored")
