"""From the schema of every released version to the newest, with a row in every table and nothing lost."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from tests.running import measuring
from tests.schemas import APPS, released
from tests.services import ROOT

MOVED = {"0.1.0": ["counterparties_counterparty.alias_keys", "counterparties_counterparty.name_key"]}


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a service whose database has no table yet."""
    variables = {"PATH": os.environ["PATH"], "PAYDRAFT_DATA_DIR": str(tmp_path), **measuring()}
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield variables
        return
    name = f"paydraft_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {**variables, "DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize("version", released())
def test_an_upgrade_from_a_released_version_loses_nothing(version: str, empty_database: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.schemas.upgrading", version],
        cwd=ROOT,
        env={**empty_database, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found["lost"] == []
    assert found["empty"] == [], "fill these columns in tests/schemas/populating.py"
    assert {table.partition("_")[0] for table in found["tables"]} == set(APPS)
    assert found["moved"] == MOVED.get(version, [])


def test_every_version_of_the_changelog_has_its_schema() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    versions = {line[4:].partition("]")[0] for line in lines if line.startswith("## [")} - {"Unreleased"}

    assert versions <= set(released()), "record it: .venv/bin/python -m tests.schemas.recording VERSION"
