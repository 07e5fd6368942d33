"""What every test can count on. The settings of the tests, and the way they keep off your data, are in `settings`."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests import services

# How fast examples are drawn and run says something of the machine and its other work, nothing of the code.
examples.register_profile("paydraft", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("paydraft")

OWNER = "paydraft:tests"
LEFT_OUT = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    for name, reason in services.MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {reason}")
    config.addinivalue_line("markers", "easyocr: runs where EasyOCR is installed: make test-easyocr")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if services.is_left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not services.is_left_out(item)]
        config.stash[LEFT_OUT] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if number := config.stash.get(LEFT_OUT, 0):
        terminalreporter.line(f"{number} tests of EasyOCR were left to `make test-easyocr`")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Claims the tests' Redis database, so that nobody's keys are flushed by mistake."""
    if not settings.REDIS_URL:
        return
    try:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            if client.dbsize() and not client.exists(OWNER):
                pytest.exit(f"{settings.REDIS_URL} holds keys that are not the tests': empty that database.", 3)
            _empty(client)
    except redis.ConnectionError as error:
        pytest.exit(f"REDIS_URL is set, but no Redis answers there: {error}", 3)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    services.demand_services(item)


@pytest.fixture
def redis_database() -> Iterator[str]:
    """The URL of the tests' own Redis database, without a message in it. Mark the test with `redis`."""
    url: str = settings.REDIS_URL
    with redis.Redis.from_url(url) as client:
        _empty(client)
        yield url
        _empty(client)


def _empty(client: "redis.Redis") -> None:
    client.flushdb()
    client.set(OWNER, "the tests flush this database")
