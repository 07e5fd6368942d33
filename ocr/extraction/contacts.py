"""E-mail addresses and web names, and how a value that stands somewhere on the page is held."""

import re
from dataclasses import dataclass

from ocr.extraction.checks import email_of
from ocr.extraction.evidence import Evidence
from ocr.extraction.lines import Segment
from ocr.reading.document import Box

_EMAIL = re.compile(r"[\w.+'&-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|www\.)?([a-z0-9-]{2,}(?:\.[a-z0-9-]+)*\.[a-z]{2,14})(?![\w@])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """A value where it stands. `proven` is False where only its form, not its check digits, could be confirmed,
    `repaired` True where the check digits prove that an engine took one or two digits for letters."""

    value: str
    raw: str
    segment: Segment
    start: int
    end: int
    proven: bool = True
    labelled: bool = False
    of_buyer: bool = False
    repaired: bool = False

    @property
    def box(self) -> Box:
        return self.segment.span_box(start=self.start, end=self.end)


def find_emails(evidence: Evidence) -> list[Printed]:
    """All e-mail addresses, in reading order."""
    found = []
    for segment in evidence.sheet.segments:
        if "@" not in segment.text:
            continue
        for match in _EMAIL.finditer(segment.text):
            if value := email_of(re.sub(r"\s", "", match.group())):
                found.append(Printed(value, match.group(), segment, match.start(), match.end()))
    return found


def web_names(evidence: Evidence) -> list[str]:
    """The names within the document's domains: `acme` of `www.acme.example` and of `info@acme.example`."""
    return [name for segment in evidence.sheet.segments for name in domains_in(segment)]


def domains_in(segment: Segment) -> list[str]:
    """The same for one segment."""
    if "." not in segment.text:
        return []
    parts = [match.group(1).lower().split(".") for match in _WEB.finditer(segment.text.replace("@", " "))]
    return [each[-2] for each in parts if len(each) >= 2 and len(each[-2]) > 2]
