"""The rule of tests that need a service: skipped with a way to get it, or failed where services are required."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from django.conf import settings

from tests.services import OWNER, ROOT, claim_redis, missing, own_redis_database

TEST_THAT_NEEDS_ALL_SERVICES = """
import pytest

@pytest.mark.postgres
def test_of_postgres(): pass

@pytest.mark.redis
def test_of_redis(): pass

def test_of_nothing(): pass
"""


def run_without_services(directory: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (directory / "test_needy.py").write_text(TEST_THAT_NEEDS_ALL_SERVICES, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    options: list[str | Path] = [
        "-c",
        ROOT / "pyproject.toml",
        "--rootdir",
        ROOT,
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, directory / "test_needy.py"],
        cwd=ROOT,
        env={**inherited, "REQUIRE_SERVICES": "0", **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_a_missing_service_skips_its_tests_and_says_how_to_get_it(tmp_path: Path) -> None:
    run = run_without_services(tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed, 2 skipped" in run.stdout
    assert "DATABASE_URL=postgresql://… make test" in run.stdout
    assert "REDIS_URL=redis://… make test" in run.stdout


def test_a_missing_service_fails_the_build_that_requires_services(tmp_path: Path) -> None:
    run = run_without_services(tmp_path, REQUIRE_SERVICES="1")

    assert run.returncode == 1, run.stdout + run.stderr
    assert "1 passed, 2 errors" in run.stdout
    assert "REQUIRE_SERVICES=1, but test_of_postgres needs PostgreSQL" in run.stdout


def test_sqlite_is_no_postgresql() -> None:
    assert missing("postgres", environment={"DATABASE_URL": "sqlite:///x.sqlite3"})
    assert missing("postgres", environment={"DATABASE_URL": "postgresql://127.0.0.1/paydraft"}) is None


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/15"),
        ("redis://:secret@cache.example:6380", "redis://:secret@cache.example:6380/15"),
    ],
)
def test_the_tests_keep_to_a_redis_database_of_their_own(given: str, own: str) -> None:
    assert own_redis_database(given) == own


def test_each_process_that_runs_tests_has_a_redis_database_of_its_own() -> None:
    processes = ["gw0", "gw1", "gw2", "gw3"]

    assert len({own_redis_database("redis://127.0.0.1:6379/0", process=process) for process in processes}) == 4


def test_the_tests_keep_off_the_data_of_a_service_that_runs_from_this_tree() -> None:
    assert settings.DATA_DIR != ROOT / "var"
    assert not settings.DATA_DIR.is_relative_to(ROOT)
    assert settings.STORAGES["default"]["OPTIONS"]["location"].is_relative_to(settings.DATA_DIR)


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_database_is_postgresql_where_it_is_said_to_be() -> None:
    from django.db import connection  # the connection exists only within a test

    with connection.cursor() as cursor:
        cursor.execute("select version()")
        assert cursor.fetchone()[0].startswith("PostgreSQL")


@pytest.mark.redis
def test_the_broker_is_the_tests_own_redis_database(redis_database: str) -> None:
    assert redis_database == own_redis_database(redis_database, process=os.environ.get("PYTEST_XDIST_WORKER", ""))
    assert redis_database == settings.CELERY_BROKER_URL


@pytest.mark.redis
def test_the_keys_of_somebody_else_are_left_alone(redis_database: str) -> None:
    with redis.Redis.from_url(redis_database) as client:
        client.delete(OWNER)
        client.set("celery", "a message that waits")

        assert not claim_redis(redis_database)
        assert client.get("celery") == b"a message that waits"

        client.set(OWNER, "")
        assert claim_redis(redis_database)
        assert client.keys() == [OWNER.encode()]


@pytest.mark.redis
def test_an_emptied_cache_leaves_the_database_known_as_the_tests(
    redis_database: str, empty_cache: Callable[[], None]
) -> None:
    empty_cache()

    with redis.Redis.from_url(redis_database) as client:
        assert client.exists(OWNER)
