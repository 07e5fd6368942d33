"""One path with all of its deaths, through the command that runs them all; and what it does with a wrong outcome."""

import subprocess
import sys
from typing import Any
from unittest.mock import MagicMock

import pytest

from tests.chaos.points import __main__ as command
from tests.chaos.points.names import ABOUT, kind_of
from tests.chaos.points.paths import PATHS
from tests.chaos.points.runner import chosen
from tests.chaos.points.table import page, summary, told_violations
from tests.services import ROOT


def test_a_webhook_survives_every_death() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.points", "--database", "sqlite", "--path", "webhook"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    _, points, tried, killed, recovered, *_ = done.stdout.splitlines()[1].split()[1:]
    assert int(points) == int(tried) == int(killed) == int(recovered) > 15


def order(**result: Any) -> dict[str, Any]:
    plain = {"path": "post", "points": 2, "tried": ["request: before SELECT a #1"], "killed": 1, "recovered": 1}
    return {"database": "sqlite", "one_in": 1, "results": [{**plain, "seconds": 1.0, "violations": {}, **result}]}


def test_a_violation_fails_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = order(recovered=0, violations={"request: before SELECT a #1": ["upload 1 has no file"]})
    for outcome, status in ((order(), 0), (wrong, 1)):
        monkeypatch.setattr(command, "_start", lambda *_, **__: (MagicMock(), None))
        monkeypatch.setattr(command, "_ended", lambda *_, said=outcome: said)
        monkeypatch.setattr(sys, "argv", ["points", "--database", "sqlite"])
        assert command.main() == status

    told = "sqlite, post, request: before SELECT a #1: upload 1 has no file"
    assert told_violations([wrong]) == [told]
    assert told in capsys.readouterr().out


def test_every_path_is_told_of() -> None:
    assert [path.name for path in PATHS] == list(ABOUT)


def test_a_share_of_the_points_is_the_same_for_a_seed_and_another_for_another() -> None:
    names = [str(number) for number in range(30)]

    assert chosen(names, one_in=1, seed=1) == names
    assert chosen(names, one_in=3, seed=1) == chosen(names, one_in=3, seed=1) != chosen(names, one_in=3, seed=2)
    assert len(chosen(names, one_in=3, seed=1)) == 10


@pytest.mark.parametrize(
    ("point", "kind"),
    [
        ("work: before SELECT ocr_ocrjob #3", "SQL statement"),
        ("work: after BEGIN #1", "SQL statement"),
        ("work: before the commit #1", "commit"),
        ("request: within the storage's save #1", "stored file"),
        ("request: after the message ocr.tasks.process #1", "message to the broker"),
        ("work: after an answer of the sandbox #2", "message to or answer of the reading child"),
        ("deliver: before the request of a webhook #1", "request or answer of a webhook"),
    ],
)
def test_points_are_counted_by_their_kind(point: str, kind: str) -> None:
    assert kind_of(point) == kind


def test_the_page_adds_up() -> None:
    both = [order(), {**order(points=3), "database": "postgresql"}]

    assert f"| post | {ABOUT['post']} | 2 | 1 | 1 | 3 | 1 | 1 |" in page(both)
    assert "| SQL statement | 1 | 1 |" in page(both)
    assert page(both).rstrip().endswith(": every point.")
    assert page([{**each, "one_in": 6} for each in both]).rstrip().endswith(": one point in 6 of each path.")
    assert len(summary(both).splitlines()) == 5
