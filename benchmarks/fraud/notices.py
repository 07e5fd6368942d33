"""Notices that the bank details have changed, in the languages of the invoices, put where a page has room."""

import random
from dataclasses import replace

from benchmarks.fraud.invoicing import Sheet
from benchmarks.generator.draft import grouped_iban
from benchmarks.generator.marks import Field, Mark, Rule

_NOTICES = {
    "de": "Achtung: Unsere Bankverbindung hat sich geändert. Bitte überweisen Sie ab sofort nur noch auf {iban}.",
    "en": "Please note: our bank details have changed. Kindly remit all payments to {iban} with immediate effect.",
    "fr": "Attention : nos coordonnées bancaires ont changé. Merci de régler désormais sur le compte {iban}.",
    "it": "Attenzione: le nostre coordinate bancarie sono cambiate. Vi preghiamo di pagare d'ora in poi su {iban}.",
    "nl": "Let op: ons rekeningnummer is gewijzigd. Gelieve voortaan over te maken naar {iban}.",
    "es": "Atención: nuestros datos bancarios han cambiado. Rogamos efectúen los pagos en la cuenta {iban}.",
    "pt": "Atenção: os nossos dados bancários mudaram. Agradecemos que paguem doravante para {iban}.",
    "pl": "Uwaga: zmienił się nasz numer rachunku bankowego. Prosimy o wpłaty na rachunek {iban}.",
    "sv": "Observera: våra bankuppgifter har ändrats. Betala i fortsättningen till {iban}.",
    "nb": "Merk: vårt kontonummer er endret. Vennligst betal heretter til {iban}.",
    "da": "Bemærk: vores bankoplysninger er ændret. Betal venligst fremover til {iban}.",
    "cs": "Upozornění: naše bankovní spojení se změnilo. Plaťte prosím nově na účet {iban}.",
}
_LEAST_GAP = 8.0


def with_notice(sheet: Sheet, *, iban: str, chance: random.Random) -> Sheet:
    """The notice in the largest gap between the lines of the first page, or on a page of its own at the end."""
    draft = sheet.draft
    text = _NOTICES[draft.invoice.locale.language].format(iban=grouped_iban(iban))
    block = draft.type.paragraph(text, width=draft.room * 0.9, bold=chance.random() < 0.5)
    first, *others = sheet.pages
    top, bottom = _largest_gap(first)
    if bottom - top >= block.height + 2 * _LEAST_GAP:
        placed = block.at(x=draft.structure.margin, y=(top + bottom - block.height) / 2)
        return replace(sheet, pages=((*first, *placed), *others))
    alone = block.at(x=draft.structure.margin, y=90)
    return replace(sheet, pages=(*sheet.pages, alone))


def _largest_gap(marks: tuple[Mark, ...]) -> tuple[float, float]:
    """Upper and lower edge of the tallest strip that nothing is drawn on."""
    taken = sorted(_heights(mark) for mark in marks)
    best, edge = (0.0, 0.0), taken[0][1]
    for top, bottom in taken[1:]:
        if top - edge > best[1] - best[0]:
            best = (edge, top)
        edge = max(edge, bottom)
    return best


def _heights(mark: Mark) -> tuple[float, float]:
    if isinstance(mark, Rule):
        return mark.y, mark.y1
    if isinstance(mark, Field):
        return mark.y, mark.y + mark.height
    return mark.y - 10, mark.y + getattr(mark, "side", 3.0)
