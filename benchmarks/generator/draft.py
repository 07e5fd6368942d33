"""What all parts of the page need to know while they are drawn."""

import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benchmarks.generator.catalogue import Wording
from benchmarks.generator.formats import Formats
from benchmarks.generator.invoices import Invoice
from benchmarks.generator.marks import Said
from benchmarks.generator.structure import Structure
from benchmarks.generator.typesetting import Pair, Typesetter


@dataclass(frozen=True, slots=True)
class Draft:
    """`sign` is -1 where a credit note prints its amounts with a minus."""

    invoice: Invoice
    structure: Structure
    type: Typesetter
    wording: Wording
    formats: Formats
    sign: int
    chance: random.Random

    @property
    def room(self) -> float:
        """The width between the margins, in points."""
        return self.structure.page_size[0] - 2 * self.structure.margin

    def money(self, value: Decimal) -> str:
        return self.formats.money(value * self.sign)

    def figure(self, value: Decimal) -> str:
        """An amount without its currency."""
        return self.formats.number(value * self.sign)

    def label(self, name: str, **values: str) -> str:
        return self.wording.label(name, **values)

    @property
    def reference_label(self) -> str:
        return self.label("reference_code" if self.invoice.reference.kind == "fik" else "reference")

    def date_pair(self, name: str, day: date, *, field: str = "") -> Pair:
        return self.label(name), self.formats.date(day), field

    def filled(self, name: str) -> tuple[str, tuple[Said, ...]]:
        """A sentence with its values, and what it states."""
        invoice, terms = self.invoice, self.invoice.terms
        account = invoice.payer_account
        values = {
            "total": (self.money(invoice.sums.payable), "" if invoice.sums.prepaid else "total"),
            "due": (self.formats.date(terms.due_date), "due_date"),
            "days": (str(terms.days), ""),
            "early": (str(terms.discount_days), ""),
            "percent": (self.formats.plain(terms.discount_rate), ""),
            "until": (self.formats.date(terms.discount_until), ""),
            "amount": (self.money(terms.discount_amount), ""),
            "account": (_masked(account.iban or account.number) if account else "", "payer_iban"),
            "mandate": (invoice.mandate, ""),
            "original": (invoice.original_number, ""),
            "first": (self.money(terms.first_instalment), ""),
            "second": (self.money(invoice.sums.payable - terms.first_instalment), ""),
            "early_date": (self.formats.date(terms.discount_until), ""),
        }
        text = self.wording.sentence(name)
        said = tuple(
            Said(field, value) for key, (value, field) in values.items() if f"{{{key}}}" in text and field and value
        )
        return text.format(**{key: value for key, (value, _) in values.items()}), said


def grouped_iban(iban: str) -> str:
    """In the printed form of ISO 13616: groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _masked(number: str) -> str:
    """Whole for every other account, masked for the rest, as direct debits print it."""
    if sum(map(ord, number)) % 2:
        return grouped_iban(number)
    return f"{number[:6]}{'X' * (len(number) - 10)}{number[-4:]}"
