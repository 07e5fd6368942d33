"""The database schemas of released versions, and the way from each of them to the newest."""

import json
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

FOLDER = Path(__file__).parent
APPS = ("customers", "counterparties", "invoices", "transfers", "ocr")


def released() -> dict[str, dict[str, str]]:
    """The last migration of each of our apps, by version."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def newest() -> dict[str, str]:
    """The last migration of each of our apps in this tree."""
    return dict(sorted(node for node in MigrationLoader(connection).graph.leaf_nodes() if node[0] in APPS))
