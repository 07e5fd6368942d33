"""The licences of the packages, as their own metadata tell them, and which of them ask something of our own code."""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-telemetry.lock"  # of the container image
NOT_HERE = "not installed on this machine"

PERMISSIVE = re.compile(
    r"\b(?:(?:MIT|BSD|Apache|ISC|0BSD|Zlib|CC0|PSF|Python Software Foundation|Unlicense|HPND)\b|SIL OFL|OFL-)",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"GPL|\bMPL|Mozilla|EUPL|CDDL|\bEPL|OSL|SSPL|Commons Clause|Business Source", re.IGNORECASE)

# Looked at one by one, and found to be usable. README's chapter on licences says what follows for operators.
KNOWN = {
    "pymupdf": "AGPL-3.0 or commercial: what README's chapter on licences is about",
    "psycopg": "LGPL-3.0: used unchanged, as a library that anybody can replace",
    "psycopg-binary": "LGPL-3.0: the same",
    "psycopg-pool": "LGPL-3.0: the same",
    "python-stdnum": "LGPL-2.1: used unchanged, as a library that anybody can replace",
    "certifi": "MPL-2.0: its files stay under it, ours are not touched",
    "tqdm": "MPL-2.0 and MIT: the same; RapidOCR brings it",
}


def locked(lock: Path = LOCK) -> dict[str, str]:
    """Package → version of the lock file, those for other machines included."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def licence_of(name: str) -> str:
    """What the installed package says of its licence: the expression (PEP 639), else the field and the classifiers."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return NOT_HERE
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classifiers = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License ::")]
    field = metadata["License"].strip().split("\n", 1)[0][:80] if "License" in metadata else ""
    return "; ".join(filter(None, [field, *(each.rsplit(" :: ", 1)[-1] for each in classifiers)])) or "none stated"


def problem_with(licence: str) -> str | None:
    """Why somebody has to look at the licence; None where it asks for no more than a notice."""
    # A dual licence is a choice only where an "or" stands between: of an expression joined by "and", each part holds.
    if any(PERMISSIVE.search(choice) and not COPYLEFT.search(choice) for choice in re.split(r"\bOR\b", licence)):
        return None
    return "copyleft or restricted" if COPYLEFT.search(licence) else "no licence that is known to be permissive"
