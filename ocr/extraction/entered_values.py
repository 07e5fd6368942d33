"""What a person typed, or took from the page, as the value that extraction would give for it.

The same checks and number and date formats as on a printed page: `1.234,50 €` is 1234.50, `3. Mai 2026` is 2026-05-03,
and of a whole line the one IBAN in it is meant. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr.extraction import checks
from ocr.extraction.calendar_dates import DayOrder, find_dates
from ocr.extraction.currency_signs import codes_of
from ocr.extraction.fields import FieldName, KnownPayer
from ocr.extraction.figures import decimal_mark, read_number
from ocr.extraction.lines import sheet_of
from ocr.extraction.page_reading import gather
from ocr.reading.document import Box, DocumentText, Page, Word

LONGEST = 2_000
AMOUNTS: frozenset[FieldName] = frozenset({"total", "subtotal", "sales_tax_amount"})
DATES: frozenset[FieldName] = frozenset({"due_date", "issue_date"})

_BODY = re.compile(r"[0-9]+(?:(?:[.,'’´`]|\s(?=\d{3}(?!\d)))[0-9]+)*")
_SIGN_BEFORE = re.compile(r"[-−–]\s?(?:[^\W\d]{1,3}\.?|[€$£¥])?\s?$")
_MOST_TOKENS = 60


class NotUnderstood(ValueError):
    """The text is no value of this field; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the document writes: its decimal mark and the order of day and month; None where it does not tell."""

    mark: str | None = None
    day_order: DayOrder | None = None
    currency: str | None = None


def conventions_of(document: DocumentText, *, currency: str | None) -> Conventions:
    """How this document writes numbers and dates, by all that stand on it."""
    evidence = gather(document=document, payer=KnownPayer())
    mark = decimal_mark(bodies=[each.raw for each in evidence.figures], languages=evidence.labels.languages)
    return Conventions(mark=mark, day_order=evidence.day_order, currency=currency)


def entered_value(*, name: FieldName, text: str, conventions: Callable[[], Conventions]) -> str:
    """The value of the field that the text says. `conventions` is asked only where the text does not say it alone.

    Raises NotUnderstood.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise NotUnderstood("This is far too long for a value; take only the words that are meant.")
    if name in AMOUNTS:
        return _amount(text, conventions)
    if name == "sales_tax_percentage":
        return checks.plain_percentage(_number(text.replace("%", " "), conventions))
    if name in DATES:
        return _date(text, conventions)
    if name == "currency_code":
        return _currency(text)
    if name == "reference":
        return _reference(text)
    if name in _CHECKED:
        check, advice = _CHECKED[name]
        return _only_one(text, check=check, advice=advice)
    return text


def _amount(text: str, conventions: Callable[[], Conventions]) -> str:
    currency = conventions().currency
    digits = checks.currency_digits(currency) if currency else 2
    amount = _number(text, conventions, has_decimals=digits != 0)
    if amount.is_zero() or -int(amount.normalize().as_tuple().exponent) <= (2 if digits is None else digits):
        return checks.plain_amount(amount=amount, currency=currency)
    return f"{amount:f}"  # never rounded: drafting says that the currency has no such amount


def _number(text: str, conventions: Callable[[], Conventions], *, has_decimals: bool = True) -> Decimal:
    found = list(_BODY.finditer(text))
    if not found:
        raise NotUnderstood("There is no number in it; write an amount such as 1234.50.")
    if len(found) > 1:
        raise NotUnderstood(f"There are {len(found)} numbers in it; take the one that is meant.")
    body = re.sub(r"\s", "", found[0].group())
    read = read_number(body=body, mark=None)
    if read is None:
        # Where the currency has no decimals, as the yen, the one mark can only group thousands.
        mark = conventions().mark if has_decimals else "." if "," in body else ","
        read = read_number(body=body, mark=mark)
    if read is None:
        raise NotUnderstood(f"{body!r} can be read in two ways; write it as {_plainly(body)}, with decimals.")
    before, after = text[: found[0].start()], text[found[0].end() :].strip()
    is_negative = bool(_SIGN_BEFORE.search(before)) or after in {"-", "−", "–"}
    is_negative = is_negative or (before.strip() == "(" and after == ")")
    return -read[0] if is_negative else read[0]


def _plainly(body: str) -> str:
    return f"{re.sub(r'[^0-9]', '', body)}.00"


def _date(text: str, conventions: Callable[[], Conventions]) -> str:
    dates = find_dates(sheet_of(_document_of(text)))
    if not dates:
        raise NotUnderstood("There is no date in it; write it as 2026-05-31.")
    if len(dates) > 1:
        raise NotUnderstood(f"There are {len(dates)} dates in it; take the one that is meant.")
    read = dates[0].read(None) or dates[0].read(conventions().day_order)
    if read is None:
        first, second = (reading.isoformat() for reading in dates[0].readings)
        raise NotUnderstood(f"Day and month cannot be told apart; write {first} or {second}.")
    return read.isoformat()


def _document_of(text: str) -> DocumentText:
    """The text as a page of one line, for those who read pages."""
    words, at = [], 0.0
    for part in text.split():
        words.append(Word(part, Box(at, 0, at + 5.0 * len(part), 10)))
        at += 5.0 * len(part) + 2.5
    return DocumentText("pdf", (Page(number=1, width=at + 10, height=20, source="text", words=tuple(words)),))


def _currency(text: str) -> str:
    code = checks.currency_code_of(text)
    if code:
        return code
    meant = codes_of(text)
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise NotUnderstood(f"{text!r} can be {', '.join(meant)}; write the code.")
    found = {code for part in re.split(r"[\s\d.,:]+", text) for code in codes_of(part)[:2]}
    if len(found) == 1:
        return found.pop()
    raise NotUnderstood(f"{text!r} is no currency; write the ISO 4217 code, such as EUR.")


def _reference(text: str) -> str:
    """A structured reference in its own form, any other as it is written."""
    for check in (checks.creditor_reference_of, checks.qr_reference_of):
        for run in _runs(text):
            if value := check(run):
                return value
    if re.search(r"\+{3}|\*{3}", text) and (value := checks.belgian_reference_of(text)):
        return value
    return text


def _only_one(text: str, *, check: Callable[[str], str | None], advice: str) -> str:
    """The one value in the text that passes the check: the whole of it, or a run of its words."""
    if value := check(text):
        return value
    longest: dict[str, None] = {}
    for run in _runs(text):
        value = check(run)
        if value and not any(value in each for each in longest):
            longest[value] = None
    if len(longest) == 1:
        return next(iter(longest))
    if longest:
        raise NotUnderstood(f"There are {len(longest)} of them: {', '.join(longest)}; take the one that is meant.")
    raise NotUnderstood(f"{text!r}: {advice}")


def _runs(text: str) -> Sequence[str]:
    """All runs of words, the longest first."""
    tokens = re.split(r"[\s;,|]+|(?<=[^\W\d_]):", text)[:_MOST_TOKENS]
    tokens = [token for token in tokens if token]
    return [
        " ".join(tokens[start : start + length])
        for length in range(min(len(tokens), 12), 0, -1)
        for start in range(len(tokens) - length + 1)
    ]


_ADDRESS = "write an address such as invoices@example.com."
_CHECKED: dict[FieldName, tuple[Callable[[str], str | None], str]] = {
    "iban": (
        checks.iban_of,
        "its check digits (ISO 13616, mod 97) or its length are wrong; compare it with the document.",
    ),
    "bic": (checks.bic_of, "a BIC has 8 or 11 characters, of which the 5th and 6th are a country (ISO 9362)."),
    "seller_vat_id": (checks.vat_id_of, "its check digit or form is wrong; write it with its country, such as DE…"),
    "customer_email": (checks.email_of, _ADDRESS),
    "seller_email": (checks.email_of, _ADDRESS),
}
