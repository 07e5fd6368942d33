"""The service's own settings, kept away from the developer's data and from variables meant for a running service.

Of the environment only `DATABASE_URL` and `REDIS_URL` choose where the tests run. The data directory is a temporary
one; Redis is used in a numbered database of the tests' own. Where several processes run the tests, each has its own.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.services import own_redis_database, setting_variables

KEPT = {"DATABASE_URL", "REDIS_URL"}
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")  # gw0, gw1 …; empty where one process runs all tests


def _own_directory() -> str:
    """A directory that goes when the test run ends; processes that the tests start share it."""
    if shared := os.environ.get("PAYDRAFT_TESTS_DIR"):
        own = Path(shared)
        if PROCESS and own.name != PROCESS:
            own = own / PROCESS
            own.mkdir(exist_ok=True)
            os.environ["PAYDRAFT_TESTS_DIR"] = str(own)
        return str(own)
    made = tempfile.mkdtemp(prefix="paydraft-tests-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    os.environ["PAYDRAFT_TESTS_DIR"] = made
    return made


for variable in setting_variables() - KEPT:
    os.environ.pop(variable, None)
os.environ["PAYDRAFT_DATA_DIR"] = _own_directory()
if (database := urlsplit(os.environ.get("DATABASE_URL", ""))).scheme in {"postgres", "postgresql"}:
    os.environ["TENANT_DATABASE_ROLE"] = f"{database.username or 'paydraft'}_tenant"  # made by .ci/run, or by `migrate`
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = own_redis_database(os.environ["REDIS_URL"], process=PROCESS)

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in the service: an in-memory database knows neither WAL nor two writers that wait for each other.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # operators' passwords, made for each test anew
API_FAILURE_RATE_LIMIT = None  # the suite fails on purpose, thousands of times and always from the same address
