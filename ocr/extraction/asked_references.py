"""References that the document asks to quote by name only: its own number, the customer's, or the one right above."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr.extraction.evidence import Evidence, Spot, after_label, candidate
from ocr.extraction.fields import Candidate
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import Line, fold

_QUOTE = re.compile(
    r"angeben|angabe|verwendungszweck|vermerken|quote|mention|reference|rappel|indiquer|communication|indicare|causale|"
    r"indicar|concepto|vermeld|kenmerk|tytul|uvád|uveď|ange\b|oppgi|angiv|geben sie",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"rechnungs?-?\s?(?:nummer|nr)|invoice\s(?:number|no)|num[eé]ro\s(?:de\s)?(?:la\s)?facture|n°\s?(?:de\s)?facture|"
    r"numero\s(?:di\s)?fattura|n[uú]mero\sde\sfactura|factuurnummer|numer\sfaktury|faktur[ae]n(?:umme)?r",
    re.IGNORECASE,
)
_PAYING = re.compile(
    r"zahl|uberw|ueberw|einzahl|\bpay|remit|transfer|regl|virement|paiement|versement|pagament|bonifico|transferencia|"
    r"\bpago|betal|overma|overschr|przelew|plat|innbetal|indbetal|overfor",
)
_CUSTOMER = re.compile(
    r"kunde?n?-?\s?(?:nummer|nr)|mitglieds-?\s?(?:nummer|nr)|customer\s(?:number|no|id)|account\snumber|member\snumber|"
    r"(?:n°|num[eé]ro)\s?(?:de\s)?client|codice\scliente|n[uú]mero\sde\scliente|(?:klant|debiteuren|lid)nummer|"
    r"numer\sklienta|kundnummer|kundenummer|medlemsnummer",
    re.IGNORECASE,
)
_CUSTOMERS = re.compile(r"kund|kd|mitglied|member|customer|client|account|klant|debit|klient|medlem|lid")
_BARE_REQUEST = re.compile(
    r"\W*(?:\w+\W+){0,7}(?:angeben|anzugeben|vermerken|quote|indiquer|rappeler|indicare|indicar|vermelden|podac|uvest)"
    r"\W*(?:\w+\W*){0,3}"
)
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{2,24}[A-Za-z0-9]")
_LAST_NUMBER = re.compile(
    r"(?:nr|no|n°|nummer|number|num[eé]ro|numero|[:#])[.:]?\s*(?P<value>[\w][\w./-]{3,24})\s*$", re.I
)
_ABOVE = 2.2
"""Heights of a line between a number and the request to quote it."""


def asked_references(*, evidence: Evidence, invoice_numbers: Sequence[Candidate]) -> list[Candidate]:
    """What a sentence asks to quote when paying; empty where none does, or where it names what is not printed."""
    found = list(_above_request(evidence))
    if found:
        return found
    if invoice_numbers and (line := _asks_for(evidence, _NUMBER)):
        number = invoice_numbers[0]
        confidence = min(0.85, number.confidence)
        checks = ("asked_for",)
        return [replace(number, source="derived", raw=line, confidence=confidence, checks_passed=checks)]
    if _asks_for(evidence, _CUSTOMER):
        values = {each.value: each for each in _customer_numbers(evidence)}
        return list(values.values()) if len(values) == 1 else []
    return []


def _asks_for(evidence: Evidence, number: re.Pattern[str]) -> str | None:
    """The line that asks to quote such a number when paying, `bitte bei Zahlung Rechnungsnummer angeben`."""
    for line in evidence.sheet.lines:
        text = line.text
        if not (20 <= len(text) <= 300 and _QUOTE.search(text) and number.search(text)):
            continue
        if number is _NUMBER or (_PAYING.search(fold(text)) and not _NUMBER.search(text)):
            return text
    return None


def _customer_numbers(evidence: Evidence) -> Iterator[Candidate]:
    for label in evidence.labels.of("other_number"):
        if not label.opens or not _CUSTOMERS.search(label.phrase):
            continue
        for place in after_label(sheet=evidence.sheet, labels=evidence.labels, label=label, columns=1):
            text = place.segment.text
            match = _VALUE.search(text, place.start)
            if match and any(map(str.isdigit, match.group())) and not text[place.start : match.start()].strip(" .:#"):
                found = Spot(place.segment, match.start(), match.end())
                yield candidate(
                    value=match.group(), raw=match.group(), placed=found, confidence=0.84, checks=("asked_for",)
                )
                break


def _above_request(evidence: Evidence) -> Iterator[Candidate]:
    """`Vertrag Nr. 4711` over `(bei Zahlung bitte angeben)`: it means what it stands under."""
    lines = evidence.sheet.lines
    for line, above in zip(lines[1:], lines, strict=False):
        text = fold(line.text)
        if line.page != above.page or not _is_bare_request(line, text):
            continue
        segment, first = above.segments[0], line.segments[0]
        if first.box.y0 - segment.box.y1 > _ABOVE * segment.height or abs(first.box.x0 - segment.box.x0) > 40:
            continue
        match = _LAST_NUMBER.search(segment.text)
        if match and any(map(str.isdigit, match["value"])):
            found = Spot(segment, match.start("value"), match.end("value"))
            yield candidate(
                value=match["value"], raw=match["value"], placed=found, confidence=0.85, checks=("asked_for",)
            )


def _is_bare_request(line: Line, text: str) -> bool:
    if len(line.segments) > 1 or any(map(str.isdigit, text)) or _NUMBER.search(text) or _CUSTOMER.search(text):
        return False
    return bool(_PAYING.search(text) and _BARE_REQUEST.fullmatch(text))


def names_no_value(label: Label) -> bool:
    """Whether the label ends a request that stands alone, `(bei Zahlung bitte angeben)`: what it asks for stands above
    it, and not below."""
    text = fold(label.segment.text)
    return (
        label.closes
        and not text.rstrip().endswith(":")
        and bool(_PAYING.search(text) and _BARE_REQUEST.fullmatch(text))
    )
