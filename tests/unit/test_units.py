"""The units for systemd run what the composition runs, and stop the way that lets a document in hand be finished."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from tests.services import ROOT

UNITS = {"web": "paydraft-web", "worker": "paydraft-worker", "webhooks": "paydraft-webhooks", "beat": "paydraft-beat"}
SECONDS = {"s": 1, "m": 60}


def unit(name: str) -> ConfigParser:
    parsed = ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read(ROOT / f"deploy/systemd/{name}.service", encoding="utf-8")
    return parsed


def options(command: str) -> set[str]:
    """What the command does, without what the two places say in their own ways."""
    words = re.sub(r"--(loglevel|hostname|concurrency) \S+", "", command).split()
    return {Path(words[0]).name, *words[1:]}


@pytest.mark.parametrize(("service", "name"), UNITS.items())
def test_a_unit_runs_what_the_composition_runs_and_is_given_as_long(service: str, name: str) -> None:
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"][service]
    found = unit(name)["Service"]

    command = composed.get("command", "gunicorn -c config/gunicorn.py config.wsgi")
    assert options(found["ExecStart"]) == options(command)
    assert found["KillMode"] == "mixed"
    assert composed["init"] is True
    if given := composed.get("stop_grace_period"):
        assert int(found["TimeoutStopSec"]) == int(given[:-1]) * SECONDS[given[-1]]


def test_there_is_a_unit_for_each_process_and_no_other() -> None:
    assert {path.stem for path in (ROOT / "deploy/systemd").iterdir()} == set(UNITS.values())
