"""The documents that are cleared and turned over: invented bills, drawn as digital PDFs."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pymupdf

from benchmarks.generator.accounts import invent_iban
from benchmarks.generator.generation import generate

# Far enough apart that none is taken for another one.
_NAMES = (
    "Ahornquell", "Birkenstieg", "Dornheide", "Eschenwerk", "Fichtelgrund", "Ginsterhof", "Hagebutt", "Immenbusch",
    "Kalmusweg", "Lindentor", "Moosbacher", "Nussdorfer", "Ostersiel", "Pappelau", "Quendelberg", "Rosenanger",
    "Schlehdorn", "Tannenried", "Ulmensee", "Vogelbeer", "Weidenkamp", "Xaverhof", "Ypernstein", "Zirbenhain",
    "Brunnau",
)  # fmt: skip
_TRADES = ("Holzbau GmbH", "Papierwaren GmbH", "Elektrotechnik GmbH", "Reinigung GmbH", "Spedition GmbH")
MOST_SUPPLIERS = len(_NAMES)


@dataclass(frozen=True, slots=True)
class Bill:
    """What is printed: `seller` asks to be paid `net` cents and tax to `iban`, under `reference` where there is one."""

    seller: str
    number: str
    net: int
    iban: str
    reference: str = ""
    note: str = ""


def seller_name(number: int) -> str:
    """The name of the supplier of this number, below MOST_SUPPLIERS."""
    return f"{_NAMES[number]} {_TRADES[number % len(_TRADES)]}"


def invented_iban(number: int) -> str:
    """A German IBAN with right check digits; the same number, the same one."""
    return invent_iban(country="DE", chance=random.Random(f"review {number}"))  # noqa: S311  no secret


def drawn(bill: Bill, *, buyer: str, day: date) -> bytes:
    """The bill on one page as a small German firm prints it, issued a week before that day."""
    tax = round(bill.net * 19 / 100)
    lines = [
        (72, 60, 15, bill.seller),
        (72, 78, 9, "Werkstraße 4, 20457 Hamburg"),
        (72, 140, 10, buyer),
        (72, 155, 10, "Hafenstraße 12"),
        (72, 170, 10, "20457 Hamburg"),
        (360, 140, 10, f"Rechnungsnummer: {bill.number}"),
        (360, 155, 10, f"Rechnungsdatum: {day - timedelta(days=7):%d.%m.%Y}"),
        (360, 170, 10, f"Fällig am: {day + timedelta(days=21):%d.%m.%Y}"),
        (72, 240, 14, "Rechnung"),
        (72, 280, 10, "Leistung nach Auftrag, pauschal"),
        (480, 280, 10, _money(bill.net)),
        (360, 330, 10, "Nettobetrag"),
        (480, 330, 10, _money(bill.net)),
        (360, 345, 10, "MwSt. 19 %"),
        (480, 345, 10, _money(tax)),
        (360, 362, 10, "Gesamtbetrag EUR"),
        (480, 362, 10, _money(bill.net + tax)),
        *([(72, 420, 10, f"Verwendungszweck: {bill.reference}")] if bill.reference else []),
        *([(72, 440, 10, bill.note)] if bill.note else []),
        (72, 780, 9, f"IBAN: {' '.join(bill.iban[at : at + 4] for at in range(0, len(bill.iban), 4))}"),
    ]
    with pymupdf.open() as pdf:
        page = pdf.new_page(width=595, height=842)
        for x, y, size, text in lines:
            page.insert_text((x, y), text, fontsize=size)
        content: bytes = pdf.tobytes(no_new_id=True)
        return content


def bound(*, pages: int, seed: int) -> bytes:
    """The first pages of so many invented invoices, bound together to one document."""
    with pymupdf.open() as whole:
        for invoice in generate(count=pages, seed=seed):
            with pymupdf.open("pdf", invoice.pdf) as one:
                whole.insert_pdf(one, to_page=0)
        content: bytes = whole.tobytes(garbage=3, deflate=True)
        return content


def _money(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", ".") + f",{rest:02d}"
