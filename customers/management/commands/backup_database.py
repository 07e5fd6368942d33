"""`manage.py backup_database`: a copy of the SQLite database, taken while the service runs."""

import os
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = (
        "Copies the SQLite database into a file, as it is at one moment, while the service goes on. Of PostgreSQL, "
        "pg_dump makes the copy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="replaced when it is there")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if connection.vendor != "sqlite":
            raise CommandError(
                f'The database is PostgreSQL; copy it with `pg_dump --format custom --file {file} "$DATABASE_URL"`.'
            )
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._copy_to(draft)
            draft.replace(file)
        except (OSError, sqlite3.Error) as error:
            draft.unlink(missing_ok=True)
            raise CommandError(f"The database was not copied to {file}: {error}") from error
        self.stdout.write(f"The database was copied to {file}, {file.stat().st_size} bytes.")

    def _copy_to(self, draft: Path) -> None:
        """In one step, which writers neither wait for nor disturb: SQLite's WAL keeps what they write apart."""
        connection.ensure_connection()
        with closing(sqlite3.connect(draft)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        with connection.cursor() as cursor:  # of a connection that knows the functions of the constraints
            cursor.execute("ATTACH DATABASE %s AS copy", [str(draft)])
            cursor.execute("PRAGMA copy.integrity_check")
            (verdict,) = cursor.fetchone()
            cursor.execute("DETACH DATABASE copy")
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"the copy is damaged, and so may be the database ({verdict})")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
