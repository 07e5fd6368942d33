"""Whether the seller collects the amount: a page that says so must not be paid a second time."""

import re
from collections.abc import Iterable

from customers.sentences import Sentence
from ocr.extraction.bank import PrintedIban
from ocr.extraction.evidence import Evidence
from ocr.extraction.fields import DocumentWarning

_DEBITED = re.compile(
    r"preleve|addebit|abgebucht|eingezogen|abbuch|lastschrift|debit|incass|afgeschreven|domicili|inkas"
)
"""In the name of a date: `prélevé le` is a due date on which nothing is left to do."""


def debit_warning(*, evidence: Evidence, printed: Iterable[PrintedIban]) -> DocumentWarning | None:
    """A warning `direct_debit` where the page names the account that will be debited, or says in one line that an
    amount or a date belongs to a debit; None where it only mentions the word."""
    if not any(each.debited for each in printed) and not _announces(evidence):
        return None
    message = Sentence(
        "The document says that the amount will be debited; make sure that it is not paid a second time."
    )
    return DocumentWarning("direct_debit", message, "total")


def _announces(evidence: Evidence) -> bool:
    for label in evidence.labels.of("debit", "due_date"):
        if "debit" not in label.kinds and not _DEBITED.search(label.phrase):
            continue
        segment = label.segment
        dated = bool(evidence.dates_by_segment.get(segment.index))
        priced = any(figure.money for figure in evidence.figures_by_segment.get(segment.index, ()))
        if dated or priced:
            return True
    return False
