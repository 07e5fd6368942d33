"""`manage.py verify_documents`: whether every document is there as it was sent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.stored_files import NotEncryptable, documents_storage, strays, verify_all

TOLD_EVERY = 1000
SAID = {
    "missing": "the file is gone",
    "altered": "the file is not what was sent",
    "locked": "the file is encrypted with a key that DOCUMENT_KEYS does not have",
}


class Command(BaseCommand):
    help = (
        "Reads every stored document, holds it against the SHA-256 in its row, and fails when one is gone, altered or "
        "encrypted with a key that is missing. Names the files that belong to no document."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            storage = documents_storage()
        except NotEncryptable as error:
            raise CommandError(str(error)) from error
        self._read = bad = left = 0
        try:
            for name in strays(storage):
                left += 1
                self.stdout.write(f"stray: {name} belongs to no document")
            for finding in verify_all(storage, progress=self._progress):
                bad += 1
                said = SAID[finding.problem]
                self.stdout.write(f"{finding.problem}: upload {finding.upload_id}: {said} ({finding.name})")
        except Exception as error:
            raise CommandError(f"{storage.reason(error)} Run it again.") from error
        self.stdout.write(f"{self._read} documents were read; {bad} are not as they were sent.")
        if left:
            self.stdout.write(f"{left} files belong to no document; `manage.py remove_leftovers` removes old ones.")
        if bad:
            raise CommandError(
                f"{bad} documents are not as they were sent: bring them back with `manage.py restore_documents`, or "
                "add the missing key to DOCUMENT_KEYS. docs/backup.md says how."
            )

    def _progress(self, done: int) -> None:
        self._read = done
        if done % TOLD_EVERY == 0:
            self.stderr.write(f"{done} read")
