"""Telephone numbers, websites and register numbers, by which matching may know the seller.

No field of the result: all that the document names is handed on, whoever's it is, and matching takes out the payer's.
"""

import re
from collections.abc import Iterable, Sequence

from ocr.extraction.fields import SellerContacts, Testimony
from ocr.extraction.lines import Sheet

MOST = 8
"""Of each kind; a page with more lists others' (the branches of a bank, say)."""

_LABELLED_PHONE = re.compile(
    r"(?<![a-z])(?:tel|telefon|telephone|telefoon|telefono|téléphone|teléfono|tél|phone|fon|mobil|mobile|tlf|puh|puhelin|ph|t)"
    r"\s?[.:]{0,2}\s{0,3}(\+?\(?\d[\d\s()/.\-–]{5,24}\d)",
    re.IGNORECASE,
)
_INTERNATIONAL = re.compile(r"(?<![\w+])(\+\d{1,3}[\s(./\-–]{0,2}\d[\d\s()/.\-–]{4,20}\d)(?!\w)")
_FAX = re.compile(r"fax\s?[.:]{0,2}\s{0,3}$", re.IGNORECASE)
_WEBSITE = re.compile(r"(?<![\w@.])(?:https?://|www\.)(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,14}(?![\w@])", re.IGNORECASE)
_REGISTER = re.compile(
    r"(?<![A-Za-z])(?:"
    r"(?P<court>HR[AB]|GnR|GsR|VR|PR)[\s.:\-]{0,3}(?:Nr\.?:?\s?)?(?P<entry>\d{1,6}(?:\s?[A-Z]{1,2}(?![A-Za-z]))?)"
    r"|(?:SIRE[NT]|RCS|KvK|CVR|BCE|KBO|RPR|RPM|KRS|REGON|IČO?|ICO|OIB|EIK|UIC|CUI|MBS|FN|UID|Y-tunnus|Org\.?\s?nr\.?"
    r"|Organisationsnummer|Foretaksregisteret|(?:Company|Reg(?:istration|istered)?)\.?\s(?:Reg\.?\s)?(?:No|Number|Nr)\.?)"
    r"[^\d\n]{0,20}?(?P<number>(?:[A-Z]{1,3}[\s.\-]?)?\d[\d\s.\-]{5,17}\d[a-z]?)(?!\w)"
    r"|(?P<uid>CHE[\s.\-]?\d{3}[\s.]?\d{3}[\s.]?\d{3})"
    r"|(?P<siren>\d{3}[\s.]?\d{3}[\s.]?\d{3})\sRCS"
    r")",
    re.IGNORECASE,
)


def read_seller_contacts(*, sheet: Sheet, testimonies: Sequence[Testimony]) -> SellerContacts:
    """What e-invoices state of the seller (EN 16931 BT-30, BT-42), then what the pages print; at most eight of a kind,
    in reading order. Nothing is checked but the form."""
    stated = [each.seller_contacts for each in testimonies]
    texts = [segment.text for segment in sheet.segments]
    return SellerContacts(
        phones=_first([*(phone for each in stated for phone in each.phones), *_phones(texts)]),
        websites=_first(match.group() for text in texts if "." in text for match in _WEBSITE.finditer(text)),
        registration_numbers=_first(
            [
                *(number for each in stated for number in each.registration_numbers),
                *(number for text in texts for number in _registrations(text)),
            ]
        ),
    )


def _phones(texts: Iterable[str]) -> list[str]:
    return [
        match.group(1)
        for text in texts
        for pattern in (_LABELLED_PHONE, _INTERNATIONAL)
        for match in pattern.finditer(text)
        if not _FAX.search(text[: match.start(1)])
    ]


def _registrations(text: str) -> list[str]:
    found = []
    for match in _REGISTER.finditer(text):
        if match["court"]:
            found.append(f"{match['court'].upper()} {match['entry']}")
        else:
            found.append(match["number"] or match["uid"] or match["siren"])
    return found


def _first(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(value.split()) for value in values))[:MOST]
