"""`make fault-points`: kills the service at every point of every path, on SQLite and on PostgreSQL at once.

Ends with 1 where something was lost, doubled or left behind. `--write` writes `docs/fault-points.md`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.chaos.points.table import page, summary, told_violations
from tests.services import ROOT

DATABASES = ("sqlite", "postgresql")
# As `.ci/run` makes it, and as Debian's PostgreSQL trusts it.
SERVERS = (
    "postgresql://paydraft_ci:paydraft_ci@127.0.0.1:5432/paydraft_ci",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)
Order = dict[str, Any]


def main() -> int:
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="paydraft-points-") as folder:
        runs = [
            _start(
                database,
                folder=Path(folder),
                order={"database": database, "paths": asked.path, "one_in": asked.one_in, "seed": asked.seed},
                server=asked.server,
            )
            for database in asked.database or DATABASES
        ]
        try:
            orders = [_ended(process, order_file) for process, order_file in runs]
        finally:
            for process, _ in runs:
                process.terminate()
                process.wait()
    print(summary(orders))
    wrong = told_violations(orders)
    if wrong:
        print("\n".join(wrong))
    if asked.write:
        (ROOT / "docs/fault-points.md").write_text(page(orders), encoding="utf-8")
    return int(bool(wrong))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.points", description=__doc__)
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    parser.add_argument("--path", action="append", default=[], help="only this path; may be given several times")
    parser.add_argument("--one-in", type=int, default=1, help="of the points of each path, one in so many")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--server", default="", help="a PostgreSQL URL of a role that may create databases")
    parser.add_argument("--write", action="store_true", help="write docs/fault-points.md")
    asked = parser.parse_args()
    if asked.write and (asked.database or asked.path):
        parser.error("The page tells of every path on both databases; leave out what chooses among them.")
    return asked


def _start(database: str, *, folder: Path, order: Order, server: str) -> tuple["subprocess.Popen[bytes]", Path]:
    own = folder / database
    own.mkdir()
    order_file = own / "order.json"
    order_file.write_text(json.dumps(order))
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PAYDRAFT_TESTS_DIR": str(own),
    }
    if database == "postgresql":
        environment["DATABASE_URL"] = server or _server()
    command = [sys.executable, "-m", "tests.chaos.points.running", str(order_file)]
    return subprocess.Popen(command, cwd=ROOT, env=environment), order_file


def _ended(process: "subprocess.Popen[bytes]", order_file: Path) -> Order:
    if process.wait():
        sys.exit(
            f"The points of {json.loads(order_file.read_text())['database']} were not run; its error stands above."
        )
    return dict(json.loads(order_file.read_text()))


def _server() -> str:
    """The URL of `DATABASE_URL`, or of a PostgreSQL on this machine that lets us in."""
    for url in filter(None, (os.environ.get("DATABASE_URL", ""), *SERVERS)):
        if urlsplit(url).scheme.startswith("postgres") and _answers(url):
            return url
    sys.exit("No PostgreSQL lets us create databases; name one with --server postgresql://…")


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


if __name__ == "__main__":
    sys.exit(main())
