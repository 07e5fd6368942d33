"""What every test can count on. The settings of the tests, and the way they keep off your data, are in `settings`."""

import os
from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import DjangoDbBlocker

from tests import processes, services
from tests.migrated_rows import groups_as_migrated, keep_groups
from tests.triggers import empty_trails

# How fast examples are drawn and run says something of the machine and its other work, nothing of the code. A build
# says the same of the same code each time; EXPLORE=1 draws examples that nobody has tried.
examples.register_profile(
    "paydraft",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("EXPLORE") != "1",
)
examples.load_profile("paydraft")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.register(processes)
    parser.addoption("--canaries", type=int, default=200, help="how many values test_redaction.py plants")


def pytest_configure(config: pytest.Config) -> None:
    for name, reason in services.MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {reason}")
    config.addinivalue_line("markers", "easyocr: runs where EasyOCR is installed: make test-easyocr")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if services.is_left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not services.is_left_out(item)]
        said = f"{len(left_out)} tests of EasyOCR were left to `make test-easyocr`"
        config.stash.setdefault(processes.SUMMARY, []).append(said)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Claims the tests' Redis databases, so that nobody's keys are flushed by mistake."""
    if not settings.REDIS_URL:
        return
    names = [f"gw{number}" for number in range(session.config.getoption("numprocesses", None) or 0)]
    urls = [services.own_redis_database(settings.REDIS_URL, process=name) for name in names] or [settings.REDIS_URL]
    for url in urls:
        try:
            is_claimed = services.claim_redis(url)
        except redis.ConnectionError as error:
            pytest.exit(f"REDIS_URL is set, but no Redis answers there: {error}", 3)
        if not is_claimed:
            pytest.exit(f"{url} holds keys that are not the tests': empty that database.", 3)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    services.demand_services(item)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        keep_groups(groups_as_migrated())


@pytest.fixture(autouse=True)
def _trails_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite is emptied row by row after a test that commits, which the trails do not allow."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server", "committed"} & set(request.fixturenames)
    if not commits and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")  # which is emptied after what follows here
    yield
    empty_trails()


@pytest.fixture
def redis_database() -> Iterator[str]:
    """The URL of the tests' own Redis database, without a message in it. Mark the test with `redis`."""
    url: str = settings.REDIS_URL
    services.empty_redis(url)
    yield url
    services.empty_redis(url)


@pytest.fixture
def empty_cache() -> Iterator[Callable[[], None]]:
    """The cache with nothing in it; what it gives back empties it once more."""

    def empty() -> None:
        cache.clear()  # which on Redis takes all keys, that by which the database is known as the tests' among them
        if settings.REDIS_URL:
            services.empty_redis(settings.REDIS_URL)

    empty()
    yield empty
    empty()
