"""What the service is made of: no licence slips in, and an audit that could ask nobody does not say "none found"."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.supply.audit import Report, judged, read
from benchmarks.supply.licences import KNOWN, NOT_HERE, ROOT, licence_of, locked, problem_with

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize("lock", ["requirements-telemetry.lock", "requirements-tesseract.lock"])
def test_every_package_of_the_service_has_a_permissive_licence_or_was_looked_at(lock: str) -> None:
    problems = {
        name: f"{licence_of(name)}: {problem}"
        for name in locked(ROOT / lock)
        if name not in KNOWN and licence_of(name) != NOT_HERE and (problem := problem_with(licence_of(name)))
    }

    assert problems == {}


def test_packages_that_were_looked_at_still_have_the_licence_that_was_found() -> None:
    found = {name: licence_of(name) for name in KNOWN}

    assert {name for name, licence in found.items() if problem_with(licence) is None} == set()
    for name, why in KNOWN.items():
        family = why.split("-", 1)[0].strip()
        stated = found[name].replace("AFFERO GPL", "AGPL")
        assert family in stated, (name, found[name])


@pytest.mark.parametrize(
    ("licence", "is_fine"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("MPL-2.0 AND MIT", False),
        ("GPL-3.0-or-later", False),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("BSD-3-Clause AND AGPL-3.0-only", False),
        ("SSPL-1.0", False),
        ("Proprietary", False),
        ("none stated", False),
        ("SIL OFL V1.1", True),
    ],
)
def test_a_licence_is_permissive_only_if_every_part_of_a_choice_is(licence: str, is_fine: bool) -> None:
    assert (problem_with(licence) is None) is is_fine


def told(*vulnerabilities: str, skipped: bool = False) -> Report:
    known = [{"id": each, "aliases": [f"ALIAS-{each}"], "fix_versions": ["2.0"]} for each in vulnerabilities]
    rows: list[dict[str, Any]] = [{"name": "django", "version": "1.0", "vulns": known}]
    if skipped:
        rows.append({"name": "celery", "skip_reason": "Dependency not found on PyPI"})
    report = read(json.dumps({"dependencies": rows, "fixes": []}))
    assert report is not None
    return report


def excepted(until: date, id_: str = "CVE-1") -> dict[str, Any]:
    return {"package": "django", "id": id_, "until": until, "reason": "never called"}


@pytest.mark.parametrize(
    ("reports", "exceptions", "code", "said"),
    [
        ([told()], [], 0, "1 packages were looked up, 0 known"),
        ([told("CVE-1")], [], 1, "VULNERABLE: django 1.0: ALIAS-CVE-1, CVE-1; fixed in 2.0"),
        ([told("CVE-1")], [excepted(TODAY)], 0, "0 known vulnerabilities are open"),
        ([told("CVE-1")], [excepted(TODAY, "ALIAS-CVE-1")], 0, "0 known vulnerabilities are open"),
        ([told("CVE-1")], [excepted(date(2026, 5, 31))], 1, "EXPIRED: the exception CVE-1 of django"),
        ([told("CVE-1", "CVE-2")], [excepted(TODAY)], 1, "VULNERABLE: django 1.0: ALIAS-CVE-2, CVE-2"),
        ([told(skipped=True)], [], 3, "NOT CHECKED: celery"),
        ([told("CVE-1", skipped=True)], [], 1, "NOT CHECKED: celery"),
        ([], [], 3, "NOT CHECKED: everything"),
    ],
)
def test_an_audit_is_clean_only_if_everything_was_looked_up(
    reports: list[Report], exceptions: list[dict[str, Any]], code: int, said: str
) -> None:
    lines, found = judged(reports, locks=1, exceptions=exceptions, today=TODAY)

    assert (found, said in "\n".join(lines)) == (code, True), lines


def test_a_tool_that_broke_off_has_checked_nothing(tmp_path: Path) -> None:
    assert read("Traceback (most recent call last):") is None
    assert judged([], locks=3, exceptions=[], today=TODAY)[1] == 3
