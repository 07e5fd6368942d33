"""The service's whole state, database and files, to be put down under a name and taken up again as often as wanted."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connections

FACTS, RECEIVED = "facts.json", "received.jsonl"
_SQLITE = "world.sqlite3"


class World:
    """What the processes of a point share. Nothing may be connected to the database while it is exchanged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live = folder / "live"
        self.uploads = Path(settings.DATA_DIR) / "uploads"

    @property
    def received(self) -> Path:
        """Where the receiver puts down what it is sent."""
        return self.live / RECEIVED

    @property
    def facts(self) -> dict[str, Any]:
        """What the preparation has put down: ids and keys."""
        return dict(json.loads((self.live / FACTS).read_text())) if (self.live / FACTS).exists() else {}

    def note(self, **facts: Any) -> None:
        (self.live / FACTS).write_text(json.dumps({**self.facts, **facts}))

    def keep(self, name: str) -> None:
        """Puts the state down under this name."""
        kept = self.folder / name
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.live, kept)
        if self.uploads.exists():
            shutil.copytree(self.uploads, kept / "uploads")
        self.keep_database(name)

    def take(self, name: str) -> None:
        """The state as it was put down under this name."""
        shutil.rmtree(self.live, ignore_errors=True)
        shutil.rmtree(self.uploads, ignore_errors=True)
        shutil.copytree(self.folder / name, self.live, ignore=shutil.ignore_patterns("uploads"))
        if (self.folder / name / "uploads").exists():
            shutil.copytree(self.folder / name / "uploads", self.uploads)
        self.take_database(name)

    def keep_database(self, name: str) -> None:
        raise NotImplementedError

    def take_database(self, name: str) -> None:
        raise NotImplementedError


class FileWorld(World):
    """SQLite: the database is one of the files of the state."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.live.mkdir(parents=True)
        connections.settings["default"]["NAME"] = str(self.live / _SQLITE)

    def keep_database(self, name: str) -> None:
        """It lies among the files."""

    def take_database(self, name: str) -> None:
        """It lies among the files."""


class ServerWorld(World):
    """PostgreSQL: a state is a database, and is taken up as a copy of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.live.mkdir(parents=True)
        self._url = str(settings.DATABASE_URL)
        self._prefix = f"{urlsplit(self._url).path[1:]}_{uuid4().hex[:8]}"
        self._kept: set[str] = set()
        self._live_database = f"{self._prefix}_live"
        self._ask(f'CREATE DATABASE "{self._live_database}"')
        connections.settings["default"]["NAME"] = self._live_database

    def keep_database(self, name: str) -> None:
        self._ask(f'CREATE DATABASE "{self._of(name)}" TEMPLATE "{self._live_database}"')
        self._kept.add(name)

    def take_database(self, name: str) -> None:
        self._drop(self._live_database)
        self._ask(f'CREATE DATABASE "{self._live_database}" TEMPLATE "{self._of(name)}"')

    def close(self) -> None:
        for database in (self._live_database, *map(self._of, self._kept)):
            self._drop(database)

    def _of(self, name: str) -> str:
        return f"{self._prefix}_{name}"

    def _drop(self, database: str) -> None:
        self._ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as server:
            server.execute(statement)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """An empty world on the database of the settings, without tables."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield FileWorld(folder)
        return
    served = ServerWorld(folder)
    try:
        yield served
    finally:
        served.close()
