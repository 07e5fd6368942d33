"""How a value in a payment code becomes a candidate."""

from dataclasses import replace

from ocr.extraction.fields import Candidate, FieldName
from ocr.reading.document import CodeWitness

Claim = tuple[FieldName, Candidate]

# A shade below an e-invoice: the code says what to pay, the e-invoice what the invoice amounts to.
STATED = 0.97
PROBABLE = 0.85
FAILED = 0.4


def claim(
    *,
    name: FieldName,
    value: str,
    witness: CodeWitness,
    raw: str = "",
    confidence: float = STATED,
    passed: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
) -> Claim:
    """A candidate at the place of the code; a failed check takes the confidence away."""
    candidate = Candidate(
        value=value,
        raw=raw or value,
        source="qr",
        confidence=FAILED if failed else confidence,
        page=witness.page,
        box=witness.box,
        checks_passed=passed,
        checks_failed=failed,
    )
    return name, candidate


def derived(*, claim: Claim) -> Claim:
    """The same claim as one that was computed from what the code states."""
    name, candidate = claim
    return name, replace(candidate, source="derived")
