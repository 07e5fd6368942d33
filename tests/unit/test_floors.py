"""The floors of `make coverage` fail when something is not run, and name it."""

from typing import Any

from tests.floors import KEY_MODULES, below_the_floors, table
from tests.services import ROOT


def file(*, lines: int = 100, run: int = 100, missing: tuple[int, ...] = (), branches: int = 0) -> dict[str, Any]:
    summary = {"num_statements": lines, "covered_lines": run, "num_branches": 20, "covered_branches": 20 - branches}
    return {
        "summary": summary,
        "missing_lines": list(missing),
        "missing_branches": [[number, number + 1] for number in range(branches)],
    }


WHOLE = {name: file() for name in KEY_MODULES}


def test_what_is_run_whole_meets_every_floor() -> None:
    assert below_the_floors(WHOLE) == []


def test_a_branch_of_a_key_module_that_no_test_takes_is_named() -> None:
    (said,) = below_the_floors({**WHOLE, "ocr/claims.py": file(branches=1)})

    assert said.startswith("ocr/claims.py has to be run whole")
    assert "0->1" in said


def test_a_line_of_a_key_module_that_no_test_runs_is_named() -> None:
    (said,) = below_the_floors({**WHOLE, "customers/keys.py": file(run=99, missing=(17,))})

    assert "lines 17" in said


def test_a_key_module_that_nobody_counted_is_named() -> None:
    (said,) = below_the_floors({name: each for name, each in WHOLE.items() if name != "ocr/claims.py"})

    assert said.startswith("ocr/claims.py was not counted")


def test_too_many_lines_and_branches_elsewhere_that_no_test_runs_are_told() -> None:
    lines, branches = below_the_floors({**WHOLE, "ocr/other.py": file(lines=1000, run=800, branches=20)})

    assert "of all lines" in lines
    assert "of all branches" in branches


def test_the_table_has_a_line_for_each_room_and_each_key_module() -> None:
    shown = table(WHOLE)

    assert all(name in shown for name in (*KEY_MODULES, "config", "all"))


def test_the_key_modules_are_there() -> None:
    assert [name for name in KEY_MODULES if not (ROOT / name).exists()] == []
