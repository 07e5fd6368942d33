"""Which services the tests may use, and what happens when one is missing.

A test marked `easyocr` is left out where EasyOCR is not installed: it takes gigabytes, and has a command of its own.
A test marked `postgres`, `redis`, `browser`, `tesseract` or `object_storage` is skipped with one line that tells how to
get the service; with `REQUIRE_SERVICES=1` it fails instead, so that a build cannot grow green by losing its database.
"""

import os
import re
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from ocr.reading.engines.tesseract_engine import LANGUAGES, installed_languages

ROOT = Path(__file__).resolve().parent.parent
REDIS_DATABASE = 15  # the last of the sixteen that Redis has by default: nobody's first choice; and those before it
OWNER = "paydraft:tests"  # the key by which such a database is known
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

MARKERS = {
    "postgres": "needs PostgreSQL: DATABASE_URL=postgresql://… make test",
    "redis": "needs Redis: REDIS_URL=redis://… make test",
    "browser": "needs Chromium: apt install chromium",
    "tesseract": "needs Tesseract: apt install tesseract-ocr-deu tesseract-ocr-eng tesseract-ocr-fra",
    "object_storage": "needs a server that speaks S3, OpenStack Swift: make object-storage",
}
# An environment of its own: the server shares nothing with the service but the protocol.
OBJECT_STORAGE_PYTHON = ROOT / ".venv-swift/bin/python"


def setting_variables() -> set[str]:
    """The names of all environment variables that the service reads, as they stand in the source of `config`."""
    read = re.compile(
        r"""(?:_text\(|_flag\(|_number\(|_choice\(|_rate\(|environ\.get\(|environ\[)\s*["']([A-Z][A-Z0-9_]*)["']"""
    )
    modules = (ROOT / "config").rglob("*.py")
    return {name for module in modules for name in read.findall(module.read_text(encoding="utf-8"))}


def own_redis_database(url: str, *, process: str = "") -> str:
    """The same server, in the database that belongs to the tests; `process` is `gw1` for the second of several."""
    number = int(process.removeprefix("gw") or 0)
    return urlsplit(url)._replace(path=f"/{REDIS_DATABASE - number}").geturl()


def claim_redis(url: str) -> bool:
    """Empties the tests' own database; False, and nothing is emptied, where it holds the keys of somebody else."""
    with redis.Redis.from_url(url) as client:
        if client.dbsize() and not client.exists(OWNER):
            return False
    empty_redis(url)
    return True


def empty_redis(url: str) -> None:
    """Leaves in the database only that it is the tests'."""
    with redis.Redis.from_url(url) as client, client.pipeline(transaction=True) as both:
        both.flushdb().set(OWNER, "the tests flush this database").execute()


def missing(marker: str, *, environment: Mapping[str, str] = os.environ) -> str | None:
    """Why a test with this marker cannot run here, with the way to change that; None when it can."""
    if marker == "postgres" and not environment.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://")):
        return MARKERS[marker]
    if marker == "redis" and not environment.get("REDIS_URL"):
        return MARKERS[marker]
    if marker == "browser" and not any(map(shutil.which, BROWSERS)):
        return MARKERS[marker]
    if marker == "tesseract" and (find_spec("tesserocr") is None or len(installed_languages()) < len(LANGUAGES)):
        return MARKERS[marker]
    if marker == "object_storage" and not OBJECT_STORAGE_PYTHON.exists():
        return MARKERS[marker]
    return None


def is_left_out(item: pytest.Item) -> bool:
    """Whether the test is for `make test-easyocr` alone."""
    return item.get_closest_marker("easyocr") is not None and find_spec("easyocr") is None


def demand_services(item: pytest.Item) -> None:
    """Skips the test, or fails it under `REQUIRE_SERVICES=1`, when a service that it is marked with is missing."""
    for marker in MARKERS:
        reason = missing(marker) if item.get_closest_marker(marker) else None
        if reason is None:
            continue
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"REQUIRE_SERVICES=1, but {item.name} {reason}", pytrace=False)
        pytest.skip(reason)
