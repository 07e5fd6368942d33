"""Due dates in sentences: `Please pay 12.00 by 4 May 2026`, `bis 3.1. mit 2 % Skonto, bis 9.2. rein netto`."""

import re
from collections.abc import Iterator

from ocr.extraction.calendar_dates import PrintedDate
from ocr.extraction.evidence import Evidence
from ocr.extraction.lexicon import any_words
from ocr.extraction.lines import fold

_PAYING = re.compile(
    r"zahl|uberw|ueberw|begleich|faellig|fallig|\bpay|\bpaid|settle|remit|transfer|\bdue\b|payable|regl|virement|echeance|"
    r"verse|acquitt|pagar|pagament|bonifico|sald|abon|transferencia|vencim|betal|voldoe|overma|zaplat|zaplac|platn|uhrad|"
    r"splat|plat|przelew|forfald|forfall|liquida"
)
_CLAUSE = re.compile(r"[;:]|,(?!\d)|\s[-–—]\s|(?<!desc)(?<!dto)(?<!\bp)\.\s")
_DISCOUNT = re.compile(
    r"skonto|escompte|sconto|discount|korting|rabat|descuento|desconto|\bdesc\.|\bdto\.|sleva|upust|pronto"
)
_INSTALMENTS = re.compile(
    r"\braten?\b|teilzahlung|teilbetr|instalment|installment|echeances|fois|\brate\b|plazos|vencimientos|termijnen|"
    r"prestac|\brater\b|avdrag|delbetal|\bratach\b|\braty\b|splatk"
)
_BEFORE_DATE = 26
"""Characters before a date in which the word that makes it a limit must stand."""


def paying_dates(evidence: Evidence) -> Iterator[PrintedDate]:
    """The dates until which a sentence asks to pay, without those of a discount for paying early."""
    for printed in evidence.dates:
        text = printed.segment.text
        if _PAYING.search(fold(text)) and _is_limit(printed) and not _earns_discount(printed):
            yield printed


def asks_for_instalments(evidence: Evidence) -> bool:
    """Whether a sentence with two dates or more asks to pay in parts."""
    return any(
        len(dates) > 1 and _INSTALMENTS.search(text) and _PAYING.search(text)
        for dates in evidence.dates_by_segment.values()
        for text in (fold(dates[0].segment.text),)
    )


def _is_limit(printed: PrintedDate) -> bool:
    before = fold(printed.segment.text[max(0, printed.start - _BEFORE_DATE) : printed.start])
    words = re.findall(r"[^\W\d_]+", before)[-3:]
    return any(word in any_words("limits") for word in words)


def _earns_discount(printed: PrintedDate) -> bool:
    """Whether the clause of the date, from the mark before it to the one behind it, speaks of a discount."""
    text = fold(printed.segment.text)
    before = _CLAUSE.split(text[: printed.start])[-1]
    after = _CLAUSE.split(text[printed.end :])[0]
    return bool(_DISCOUNT.search(f"{before} {after}")) and "ohne" not in before
