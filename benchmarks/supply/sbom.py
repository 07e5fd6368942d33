"""`make sbom`: the bill of materials of the container image's Python packages, as CycloneDX 1.6 in JSON.

Names, versions and hashes are those of the lock file; licences are added from the packages' own metadata. The same lock
and the same packages give the same file, byte for byte.
"""

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.supply.licences import LOCK, NOT_HERE, ROOT, licence_of

TOOL = ROOT / ".venv-supply/bin/cyclonedx-py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "sbom.cdx.json")
    out: Path = parser.parse_args().out
    bill = bill_of_materials()
    out.write_text(json.dumps(bill, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    components = bill["components"]
    licensed = sum("licenses" in each for each in components)
    print(f"{out}: {len(components)} components, {licensed} with a licence, {hashed(bill)} with hashes")


def bill_of_materials() -> dict[str, Any]:
    """As `cyclonedx-py` has it, with licences."""
    written = subprocess.run(  # noqa: S603 - our own tool, with our own arguments
        [TOOL, "requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "--of", "JSON", LOCK.name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    bill: dict[str, Any] = json.loads(written.stdout)
    for component in bill["components"]:
        licence = licence_of(component["name"])
        if licence != NOT_HERE:
            component["licenses"] = [{"license": {"name": licence}}]
    return bill


def hashed(bill: dict[str, Any]) -> int:
    """How many components have a hash, directly or with a file that they are distributed as."""
    return sum(
        bool(each.get("hashes") or any(reference.get("hashes") for reference in each.get("externalReferences", [])))
        for each in bill["components"]
    )


if __name__ == "__main__":
    main()
