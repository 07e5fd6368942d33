"""What a party's name looks like, and whether two names mean the same party."""

import re
from functools import cache

from rapidfuzz import fuzz

from ocr.extraction.checks import currency_codes
from ocr.extraction.lexicon import any_words, words
from ocr.extraction.lines import compact, tokens_of
from ocr.extraction.remembering import remembered

SAME_NAME = 86.0
"""Similarity 0..100 from which two names are taken for one party (Verification of Payee practice: 0.85 upper)."""

SEPARATORS = re.compile(r"\s*[•·∙|*◦■●▪–—]\s*|\s+-\s+|\s*,\s+")
"""What parts the pieces of an address in one line."""

BULLETS = re.compile(r"\s*[•·∙|*◦■●▪–—]\s*|\s+-\s+")
"""The same without the comma, which also stands inside names."""

_ZIP_CITY = re.compile(
    r"^(?:(?:[A-Z]{1,3}[\s-]{1,3})?\d{4,6}[\s,]+[A-ZÀ-ÖØ-ÞĀ-Ž]|\d{2}-\d{3}\s+\w|\d{3}\s\d{2}\s+[A-ZÀ-ÖØ-ÞĀ-Ž]|\d{4}\s?[A-Z]{2}\s+[A-Z]|\d{4}-\d{3}\s+\w)"
)
_ZIP_LAST = re.compile(
    r"(?:\b(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT)\.?\s+\d{4}$|\b[A-Z]\d[\dW]\s?[A-Z][A-Z\d]{3}$|\b[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?$|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}$|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d$|^[^\d]{3,30},?\s\d{5}$|\s\(?[A-Z]{2}\)?\s\d{5}$)"
)
_COUNTRY_BEHIND = re.compile(r",\s?[A-Z]{2}$")
_STREET = re.compile(
    r"^\D{3,40}[\s.]\d{1,5}\s?[a-zA-Z]?(?:\s?[-–/]\s?\d{1,5}\s?[a-zA-Z]?)?,?$|^\d{1,5}[a-zA-Z]?[\s,]+(?:bis\s|ter\s)?[^\W\d_]{2,}.*"
)

_NUMBERED_STREET = re.compile(r"(?:(?!\s[-–—*]\s)[^\d,•·|])+,\s\d{1,4}\s?[a-z]?(?:/\d+)?\s?[•·∙|,–—-]\s?\D{0,3}\d{4}")
"""A street, its number behind a comma, and the postal code: an address without a name."""


_PREDICATE = re.compile(r"\s(?:ist|sind|hat|is|has|est|è|es|er|är|jest|je|é)\s(?=[^\W\d_])")


@remembered
def has_legal_form(name: str) -> bool:
    """Whether a legal form such as GmbH, S.r.l. or Ltd stands in the name, after at least one other word."""
    tokens = tokens_of(name)
    forms = words("legal_forms")
    for size in range(1, 5):
        for start in range(1, len(tokens) - size + 1):
            part = tokens[start : start + size]
            form = "".join(token.text for token in part)
            if form in forms and _is_written_as_form(form, name[part[0].start : part[-1].end + 1]):
                return True
    return False


def _is_written_as_form(form: str, written: str) -> bool:
    """Short forms are words in some language (`as`, `da`, `se`, `spa`): they count with capitals or dots only."""
    return len(form) > 1 and (len(form) > 3 or "." in written or any(map(str.isupper, written)))


def up_to_legal_form(text: str) -> str:
    """`Acme S.L. Calle Mayor` → `Acme S.L.`: what follows the legal form is cut off where it is an address."""
    tokens = tokens_of(text)
    forms = words("legal_forms")
    for start in range(1, len(tokens)):
        for size in (5, 4, 3, 2, 1):
            part = tokens[start : start + size]
            if len(part) < size or "".join(token.text for token in part) not in forms:
                continue
            head, tail = text[: part[-1].end], text[part[-1].end :]
            if not has_legal_form(head):
                continue
            words_after = [token.text for token in tokens_of(tail)]
            streets = any_words("street_words").intersection(words_after) or any_words("streets").intersection(
                words_after[:1]
            )
            if streets or any(map(str.isdigit, tail)):
                return head + ("." if tail.startswith(".") else "")
    return text


def up_to_predicate(text: str) -> str:
    """`Acme GmbH ist ein Mitglied …` → `Acme GmbH`: the subject of a sentence in small print."""
    match = _PREDICATE.search(text)
    return text[: match.start()] if match and has_legal_form(text[: match.start()]) else text


def is_half_a_name(text: str) -> bool:
    """`Handels GmbH`, `Trading & Consulting Ltd`: words of any trade and a legal form, whose name stands above them."""
    return has_legal_form(text) and all(word in any_words("trade_words") for word in core_of(text).split())


@remembered
def is_zip_line(text: str) -> bool:
    """`80333 München`, `Fremont CA 94538`, `1012 AB Amsterdam`, `London SW1A 1AA`, with or without `, GB` behind it."""
    text = _COUNTRY_BEHIND.sub("", text)
    return bool(_ZIP_CITY.match(text) or _ZIP_LAST.search(text)) and len(text) < 60


@remembered
def is_street_line(text: str) -> bool:
    """`Hobelweg 15`, `12 rue des Tanneurs`."""
    tokens = {token.text for token in tokens_of(text)}
    return bool(_STREET.match(text)) or (bool(tokens & any_words("street_words")) and any(map(str.isdigit, text)))


def name_of(text: str, *, is_announced: bool = False) -> str | None:
    """The text as a party's name; None where it is an address, a contact, a number or a common word. After a label
    that announces a name (`is_announced`) a department's is one as well: `Amministrazione Beta`."""
    return _announced_name(text) if is_announced else _name(text)


@remembered
def _announced_name(text: str) -> str | None:
    return _name_of(text, is_announced=True)


@remembered
def _name(text: str) -> str | None:
    return _name_of(text, is_announced=False)


def _name_of(text: str, *, is_announced: bool) -> str | None:
    name = re.sub(r"\s+", " ", text).strip(" ,;:|•·*_=<>\"'„“")
    name = re.sub(r"^[()\[\]{}/\\~^]+\s+", "", name)
    name = re.sub(r"\s*\([^()]*\d[^()]*\)$", "", name)
    if name.count("(") != name.count(")"):
        name = name.strip("() ")
    letters = sum(map(str.isalpha, name))
    digits = sum(map(str.isdigit, name))
    if not 3 <= len(name) <= 90 or letters < 3 or digits > letters * 0.5 or name.endswith(":"):
        return None
    if "@" in name or re.search(r"\b(?:www\.|https?:)", name, re.IGNORECASE) or ":" in name:
        return None
    if is_zip_line(name) or (is_street_line(name) and not has_legal_form(name)):
        return None
    joined = compact(name)
    if not has_legal_form(name) and (
        _is_sentence(name)
        or tokens_of(name)[0].text in any_words("streets")
        or (not is_announced and _is_department(name))
    ):
        return None
    if joined in any_words("not_names") or joined in _address_words() or name in currency_codes():
        return None
    first = tokens_of(name)[0].text
    return None if first in {"page", "seite", "pagina", "tel", "fax", "iban", "bic", "telefon"} else name


def _is_sentence(name: str) -> bool:
    """`Have you any questions?`, `Thank you!`, `Goods remain ours until paid.`, `für Ihren Auftrag dankend`."""
    size = len(name.split())
    small = sum(word[0].islower() for word in name.split())
    asks = size > 1 and name.endswith(("?", "!"))
    stops = size > 4 and name.endswith((".", ",", ";"))
    return asks or stops or size > 9 or (size > 3 and name[0].islower() and 2 * small > size)


def _is_department(name: str) -> bool:
    """`Accounts payable`, `Dział księgowości`: a part of a company."""
    tokens = tokens_of(name)
    ends = {tokens[0].text, tokens[-1].text}
    return len(tokens) <= 4 and bool(ends & any_words("departments") or compact(name) in any_words("departments"))


def is_sender_line(text: str) -> bool:
    """`Acme GmbH · Hauptstr. 1 · 12345 Town` in one line, but not `Plaza Mayor, 34a · 02638 León`."""
    if len(text) < 20 or "@" in text or _NUMBERED_STREET.match(text):
        return False
    bullets = [part for part in BULLETS.split(text) if part]
    if (
        len(bullets) >= 3
        and name_of(bullets[0])
        and any(re.match(r"(?:[A-Z]{1,2}[- ])?\d{4}", part) for part in bullets[1:])
    ):
        return True
    parts = [part for part in SEPARATORS.split(text) if part]
    return len(parts) >= 3 and name_of(parts[0]) is not None and any(is_zip_line(part) for part in parts[1:])


@cache
def _address_words() -> frozenset[str]:
    return words("months")


def same_party(*, one: str, other: str) -> bool:
    """Whether two spellings name the same party: order, case, accents and legal forms aside."""
    first, second = core_of(one), core_of(other)
    if not first or not second:
        return False
    if first == second or (min(len(first), len(second)) >= 5 and (first in second or second in first)):
        return True
    if len(min(first, second, key=len)) == 4 and (first.startswith(f"{second} ") or second.startswith(f"{first} ")):
        return True
    return fuzz.token_sort_ratio(first, second) >= SAME_NAME


def core_of(name: str) -> str:
    """The folded words of a name without its legal forms; all of its words when nothing else is left."""
    tokens = [token.text for token in tokens_of(name)]
    forms = words("legal_forms")
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        size = next((size for size in (4, 3, 2, 1) if at and "".join(tokens[at : at + size]) in forms), 0)
        if not size:
            kept.append(tokens[at])
        at += size or 1
    return " ".join(kept or tokens)
