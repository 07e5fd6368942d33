"""What `make coverage` demands: so many lines and branches of the whole service, and every branch where money, people's
keys and work that must happen once are decided. `python -m tests.floors` reads what the last run counted."""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from coverage import Coverage

LINES, BRANCHES = 95.0, 95.0
KEY_MODULES = (
    "config/api/authentication.py",
    "config/api/callers.py",
    "config/api/idempotency.py",
    "counterparties/account_comparison.py",
    "counterparties/comparison.py",
    "counterparties/matching.py",
    "counterparties/named_accounts.py",
    "counterparties/scoring.py",
    "customers/keys.py",
    "customers/stored_answers.py",
    "ocr/claims.py",
    "transfers/finalizing.py",
)


class Counted(NamedTuple):
    """How many lines and branches there are, and how many of them were run."""

    lines: int = 0
    lines_run: int = 0
    branches: int = 0
    branches_run: int = 0

    def __str__(self) -> str:
        return f"{percent(self.lines_run, self.lines):6.2f} %  {percent(self.branches_run, self.branches):6.2f} %"


def percent(run: int, of: int) -> float:
    return 100.0 * run / of if of else 100.0


def below_the_floors(files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A sentence for each floor that is not met, from the files of coverage's JSON report."""
    total = counted(files.values())
    short = []
    for what, run, of, floor in (
        ("lines", total.lines_run, total.lines, LINES),
        ("branches", total.branches_run, total.branches, BRANCHES),
    ):
        if percent(run, of) < floor:
            short.append(f"{percent(run, of):.2f} % of all {what} are run; it has to be {floor:.0f} %.")
    for name in KEY_MODULES:
        file = files.get(name)
        if file is None:
            short.append(f"{name} was not counted: run the whole suite, or take it off the list in tests/floors.py.")
        elif file["missing_lines"] or file["missing_branches"]:
            branches = ", ".join(f"{start}->{end}" for start, end in file["missing_branches"])
            lines = ", ".join(map(str, file["missing_lines"]))
            short.append(f"{name} has to be run whole; lines {lines or 'none'}, branches {branches or 'none'} are not.")
    return short


def counted(files: Any) -> Counted:
    summaries = [file["summary"] for file in files]
    return Counted(
        lines=sum(each["num_statements"] for each in summaries),
        lines_run=sum(each["covered_lines"] for each in summaries),
        branches=sum(each["num_branches"] for each in summaries),
        branches_run=sum(each["covered_branches"] for each in summaries),
    )


def table(files: Mapping[str, Mapping[str, Any]]) -> str:
    rooms = sorted({name.partition("/")[0] for name in files})
    rows = [(room, counted(file for name, file in files.items() if name.startswith(f"{room}/"))) for room in rooms]
    rows.append(("all", counted(files.values())))
    rows += [(name, counted([files[name]])) for name in KEY_MODULES if name in files]
    lines = "\n".join(f"{name:<40}{count}" for name, count in rows)
    return f"{'':<40}   lines  branches\n{lines}"


def main() -> int:
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(path))
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
    short = below_the_floors(files)
    sys.stdout.write("\n".join([table(files), *short, ""]))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
