"""`make bench`: what the service takes and costs in production's set-up, on PostgreSQL and Redis."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException
from pathlib import Path

from psycopg import Error

from benchmarks.ocr.report import machine
from benchmarks.service import load, parts
from benchmarks.service.client import Unanswered
from benchmarks.service.figures import Figure, Run, loop_seconds
from benchmarks.service.report import PARTS, chart, heading, page, parsed, stored, tables
from benchmarks.service.site import ROOT, Site, SiteRefused, site

_PAGE = ROOT / "docs" / "benchmarks.md"
_FOLDER = ROOT / "docs" / "benchmarks"
Part = Callable[[Site], list[Figure]]


def main() -> int:
    arguments = _arguments()
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not (database_url.startswith("postgres") and redis_url):
        print("Name the services: DATABASE_URL=postgresql://… REDIS_URL=redis://…/1 make bench", file=sys.stderr)
        return 2
    run = Run(
        machine=machine(),
        commit=_commit(),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        load=os.getloadavg()[0],
        loop=loop_seconds(),
        label=arguments.label,
    )
    print(heading(run), flush=True)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="paydraft-bench-") as directory:
        try:
            with site(database_url=database_url, redis_url=redis_url, directory=Path(directory)) as running:
                missed = _measure(running, run, arguments)
        except SiteRefused as error:
            print(error, file=sys.stderr)
            return 2
    print(f"\n{heading(run)}\n\n{tables(run)}")
    arguments.keep.mkdir(parents=True, exist_ok=True)
    name = f"{run.label or run.commit}.json"
    (arguments.keep / name).write_text(stored(run), encoding="utf-8")
    if arguments.write:
        _write(run, name)
    return 1 if missed else 0


def _measure(running: Site, run: Run, arguments: argparse.Namespace) -> int:
    """Runs the parts that were asked for into `run`; the number of those that could not be measured. One that fails
    leaves the others their turn."""
    failed = 0
    for name, part in _parts(arguments.documents, arguments.minutes, run).items():
        if name not in arguments.only:
            continue
        started = time.monotonic()
        print(f"{PARTS[name]} …", flush=True)
        try:
            run.figures += part(running)
        except (Unanswered, SiteRefused, OSError, HTTPException, Error) as error:
            print(f"  not measured: {error}", file=sys.stderr, flush=True)
            failed += 1
        print(f"  {time.monotonic() - started:.0f} s", flush=True)
    return failed


def _parts(kept: Path, minutes: float, run: Run) -> dict[str, Part]:
    def say(text: str) -> None:
        print(f"  {text}", flush=True)

    def sustained(running: Site) -> list[Figure]:
        figures, run.memory = load.sustained(running, minutes=minutes, kept=kept, say=say)
        return figures

    measured: dict[str, Part] = {
        name: partial(part, kept=kept, say=say)
        for name, part in (
            ("post", parts.posts),
            ("result", parts.results),
            ("pages", parts.pages),
            ("polls", parts.polls),
        )
    }
    return {
        **measured,
        "sustained": sustained,
        "costs": partial(load.costs, kept=kept, say=say),
        "flood": partial(load.fairness, kept=kept, say=say),
        "claims": partial(load.lines, say=say),
    }


def _write(run: Run, name: str) -> None:
    """The page with the charts. Figures of this run are kept beside those of earlier ones, which it is compared to."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    earlier = [parsed(path) for path in sorted(_FOLDER.glob("*.json")) if path.name != name]
    earlier = [each for each in earlier if each.label]
    (_FOLDER / name).write_text(stored(run), encoding="utf-8")
    if run.memory:
        (_FOLDER / "memory.svg").write_text(chart(run), encoding="utf-8")
    words = {
        name: Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
        for name in ("introduction", "changes")
    }
    _PAGE.write_text(page(**words, run=run, earlier=earlier), encoding="utf-8")
    print(f"Wrote {_PAGE.relative_to(ROOT)}.")


def _commit() -> str:
    asked = subprocess.run(
        ["git", "-c", "safe.directory=*", "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return names


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(PARTS), help=f"some parts: {','.join(PARTS)}")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long invoices are sent without a pause (1)")
    parser.add_argument("--label", default="", help="a name for this run, to compare later ones with")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--keep", type=Path, default=ROOT / "var" / "benchmarks", help="for figures")
    parser.add_argument(
        "--documents", type=Path, default=ROOT / "var" / "benchmarks" / "documents", help="for invented invoices"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
