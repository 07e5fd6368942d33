"""`make audit`: known vulnerabilities of everything that is locked.

Exit 0: everything was looked up and nothing is open. 1: something is open, or an exception has expired. 3: not
everything could be looked up, which is said loudly, because "nothing was found" would be a lie. With
AUDIT_MAY_BE_UNREACHABLE=1 that is 0, and is said as loudly.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from benchmarks.supply.licences import ROOT

TOOL = ROOT / ".venv-supply/bin/pip-audit"
EXCEPTIONS = ROOT / "benchmarks/supply/exceptions.toml"
LOCKS = ("requirements-telemetry.lock", "requirements-tesseract.lock", "requirements-easyocr.lock")
SERVICES = ("pypi", "osv")
NOT_CHECKED = 3
MOST_NAMED = 12
OPTIONS = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]


@dataclass(frozen=True, slots=True)
class Vulnerability:
    package: str
    version: str
    ids: frozenset[str]
    fixed_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a service answered; `unchecked` names packages that it knows nothing of."""

    checked: frozenset[str]
    unchecked: frozenset[str]
    vulnerabilities: tuple[Vulnerability, ...]


def main() -> int:
    exceptions = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8")).get("exception", [])
    reports = [asked for lock in LOCKS if (asked := ask(lock)) is not None]
    lines, code = judged(reports, locks=len(LOCKS), exceptions=exceptions, today=datetime.now(tz=UTC).date())
    print("\n".join(lines))
    if code == NOT_CHECKED and os.environ.get("AUDIT_MAY_BE_UNREACHABLE") == "1":
        return 0
    return code


def ask(lock: str) -> Report | None:
    """The first service that knows the packages; None when none can be asked."""
    found = None
    for service in SERVICES:
        asked = subprocess.run(  # noqa: S603 - our own tool, with our own arguments
            [str(TOOL), "--requirement", lock, "--vulnerability-service", service, *OPTIONS],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        report = read(asked.stdout)
        if report is not None and not report.unchecked:
            return report
        found = found or report
    return found


def read(output: str) -> Report | None:
    """pip-audit's JSON; None where it ended before it had any."""
    try:
        told: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        return None
    return Report(
        checked=frozenset(each["name"] for each in told if "skip_reason" not in each),
        unchecked=frozenset(each["name"] for each in told if "skip_reason" in each),
        vulnerabilities=tuple(
            Vulnerability(
                package=each["name"],
                version=each["version"],
                ids=frozenset({known["id"], *known.get("aliases", [])}),
                fixed_in=tuple(known.get("fix_versions", [])),
            )
            for each in told
            for known in each.get("vulns", [])
        ),
    )


def judged(
    reports: Iterable[Report], *, locks: int, exceptions: Sequence[Mapping[str, Any]], today: date
) -> tuple[list[str], int]:
    """What to print, and the exit code. An exception holds up to and including its day."""
    reports = list(reports)
    unchecked: frozenset[str] = frozenset().union(*(each.unchecked for each in reports))
    checked: frozenset[str] = frozenset().union(*(each.checked for each in reports)) - unchecked
    held = {(each["package"], each["id"]) for each in exceptions if _day(each) >= today}
    open_ones = sorted(
        {
            (found.package, found.version, ", ".join(sorted(found.ids)), ", ".join(found.fixed_in) or "nothing yet")
            for report in reports
            for found in report.vulnerabilities
            if not any((found.package, each) in held for each in found.ids)
        }
    )
    lines = [f"VULNERABLE: {name} {version}: {ids}; fixed in {fixed}" for name, version, ids, fixed in open_ones]
    if lines:
        lines.append(f"Upgrade (make lock UPGRADE=1), or say why it does no harm in {EXCEPTIONS.relative_to(ROOT)}.")
    lines += [f"EXPIRED: the exception {each['id']} of {each['package']}" for each in exceptions if _day(each) < today]
    code = 1 if lines else 0
    if len(reports) < locks or unchecked:
        lines.append(
            f"NOT CHECKED: {_named(unchecked)}. No service ({', '.join(SERVICES)}) says anything of them from here; "
            "run make audit where one can be reached. This is no word on whether they are vulnerable."
        )
        code = code or NOT_CHECKED
    lines.append(f"{len(checked)} packages were looked up, {len(open_ones)} known vulnerabilities are open.")
    return lines, code


def _named(packages: frozenset[str]) -> str:
    if len(packages) > MOST_NAMED:
        return f"{len(packages)} packages"
    return ", ".join(sorted(packages)) or "everything"


def _day(exception: Mapping[str, Any]) -> date:
    until: date = exception["until"]
    return until


if __name__ == "__main__":
    sys.exit(main())
