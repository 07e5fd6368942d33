"""`manage.py encrypt_documents`: encrypts stored documents with the first key of DOCUMENT_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.encrypted_storage import EncryptedStorage, current_keys
from invoices.stored_files import NotEncryptable, documents_storage, encrypt_all, keys_of_documents
from ocr.page_images import forget_other_pages

TOLD_EVERY = 500


class Command(BaseCommand):
    help = (
        "Encrypts with the first key of DOCUMENT_KEYS the documents that were stored before there was one, or with an "
        "older key. Without --yes it says how many. It may run while the service does, be cut off and be run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="encrypt them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            storage = documents_storage()
            if options["yes"]:
                self._encrypt(storage)
            else:
                self._survey(storage)
        except NotEncryptable as error:
            raise CommandError(f"Nothing is encrypted: {error}") from error
        except CommandError:
            raise
        except Exception as error:
            raise CommandError(
                f"{storage.reason(error)} What is done is done; run it again, and it goes on from there."
            ) from error

    def _survey(self, storage: EncryptedStorage) -> None:
        first = current_keys().first
        for key_id, count in sorted(keys_of_documents(storage).items(), key=lambda item: item[0] or ""):
            if key_id is None:
                how = "stored as they are"
            elif first is not None and key_id == first.id:
                how = f"encrypted with the first key, {key_id}"
            elif current_keys().has(key_id):
                how = f"encrypted with an older key, {key_id}"
            else:
                how = f"encrypted with the key {key_id}, which DOCUMENT_KEYS does not have"
            self.stdout.write(f"{count} documents are {how}.")
        self.stdout.write("Nothing was changed. Run it with --yes to encrypt what the first key has not encrypted.")

    def _encrypt(self, storage: EncryptedStorage) -> None:
        result = encrypt_all(storage, progress=self._progress)
        forget_other_pages()
        self.stdout.write(f"{result.done} documents were encrypted with the first key; {result.before} were so before.")
        for name, key_id in result.locked.items():
            self.stdout.write(f"left: {name} needs the key {key_id}, which DOCUMENT_KEYS does not have")
        for name in result.damaged:
            self.stdout.write(f"left: {name} is damaged; `manage.py verify_documents` says whose it is")
        if result.locked or result.damaged:
            left = len(result.locked) + len(result.damaged)
            raise CommandError(f"{left} documents stay as they are; keep the older keys in DOCUMENT_KEYS.")
        self.stdout.write("No document needs an older key any more.")

    def _progress(self, done: int) -> None:
        if done % TOLD_EVERY == 0:
            self.stderr.write(f"{done} encrypted")
