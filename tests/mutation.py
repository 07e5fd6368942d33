"""What `make mutation` found: for each deciding module, how many of the small changes to its code the tests noticed.

`python -m tests.mutation` reads what `mutmut run` left in `mutants/`, and fails where it is less than the floor. What
survives is told in docs/mutation.md, with why; `mutmut show NAME` shows one.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.services import ROOT

FLOOR = 85.0
SURVIVED, UNTESTED = 0, 33  # as mutmut keeps the exit of the tests; any other one noticed the change
MUTANTS = ROOT / "mutants"


class Score(NamedTuple):
    """How many changes were made, and how many of them the tests noticed."""

    made: int
    noticed: int

    @property
    def percent(self) -> float:
        return 100.0 * self.noticed / self.made if self.made else 0.0


def score_of(exits: Mapping[str, int | None]) -> Score:
    """The score of a module from the exit of the tests for each change; one that was not tried yet counts for none."""
    tried = [code for code in exits.values() if code is not None]
    return Score(made=len(tried), noticed=sum(code not in (SURVIVED, UNTESTED) for code in tried))


def scores(folder: Path = MUTANTS) -> dict[str, Score]:
    """By module; those that were not changed are left out."""
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        score = score_of(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
        if score.made:
            found[str(path.relative_to(folder)).removesuffix(".meta")] = score
    return found


def report(found: Mapping[str, Score]) -> str:
    lines = [
        f"{name:<36}{score.noticed:>5} of {score.made:>4}  {score.percent:6.1f} %" for name, score in found.items()
    ]
    total = Score(sum(each.made for each in found.values()), sum(each.noticed for each in found.values()))
    return "\n".join([*lines, f"{'all':<36}{total.noticed:>5} of {total.made:>4}  {total.percent:6.1f} %", ""])


def main() -> int:
    found = scores()
    sys.stdout.write(report(found))
    low = [name for name, score in found.items() if score.percent < FLOOR]
    if low or not found:
        sys.stdout.write(f"Below {FLOOR:.0f} %: {', '.join(low) or 'nothing was tried'}; see `mutmut results`.\n")
    return 1 if low or not found else 0


if __name__ == "__main__":
    sys.exit(main())
