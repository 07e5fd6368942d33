"""The first `make` on a strange machine: which Python is taken, and what is said when none will do."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.services import ROOT

# An interpreter of which only three things are asked: its version, whether it can make environments, and to make one.
INTERPRETER = """#!/bin/sh
case "$*" in
  *version_info*) echo {version} ;;
  *ensurepip*) exit {cannot_make_environments} ;;
  --version) echo Python {version} ;;
  "-m venv "*) echo "made by {name}" ;;
esac
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    directory = tmp_path / "bin"
    directory.mkdir()
    (directory / "rm").symlink_to(shutil.which("rm") or "/bin/rm")
    return directory


def install(path: Path, name: str, version: str, *, can_make_environments: bool = True) -> None:
    script = INTERPRETER.format(name=name, version=version, cannot_make_environments=int(not can_make_environments))
    (path / name).write_text(script, encoding="utf-8")
    (path / name).chmod(0o755)


def make_environment(path: Path, *, asked: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ROOT / ".ci" / "environment", asked, path.parent / "venv"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_the_newest_suitable_python_is_taken(path: Path) -> None:
    install(path, "python3", "3.11")
    install(path, "python3.11", "3.11")
    install(path, "python3.13", "3.13")

    assert "made by python3.13" in make_environment(path).stdout


def test_a_python_too_new_for_the_locked_packages_is_passed_over(path: Path) -> None:
    install(path, "python3", "3.15")
    install(path, "python3.12", "3.12")

    assert "made by python3.12" in make_environment(path).stdout


def test_a_python_that_cannot_make_environments_is_passed_over_for_one_that_can(path: Path) -> None:
    install(path, "python3.13", "3.13", can_make_environments=False)
    install(path, "python3.11", "3.11")

    assert "made by python3.11" in make_environment(path).stdout


def test_a_missing_venv_module_is_told_with_the_package_that_has_it(path: Path) -> None:
    install(path, "python3", "3.11", can_make_environments=False)

    made = make_environment(path)

    assert made.returncode == 1
    assert "sudo apt install python3-venv" in made.stderr


def test_an_old_python_is_told_with_the_versions_that_will_do(path: Path) -> None:
    install(path, "python3", "3.9")

    made = make_environment(path)

    assert made.returncode == 1
    assert "needs Python 3.11 to 3.14, and only python3 (3.9) was found" in made.stderr


def test_no_python_at_all_is_told_with_the_way_to_get_one(path: Path) -> None:
    made = make_environment(path)

    assert made.returncode == 1
    assert "python3 was not found" in made.stderr
    assert "sudo apt install python3 python3-venv" in made.stderr


def test_the_python_that_is_asked_for_is_taken_before_a_newer_one(path: Path) -> None:
    install(path, "python3.13", "3.13")
    install(path, "python3.11", "3.11")

    assert "made by python3.11" in make_environment(path, asked="python3.11").stdout
