"""Invoices of the cast: each supplier keeps its layout, its wording and its accounts from one bill to the next."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.fraud.cast import Supplier
from benchmarks.generator.accounts import Account, with_qr_iban
from benchmarks.generator.assembly import assemble
from benchmarks.generator.cases import CASES, Case, deal_case
from benchmarks.generator.catalogue import Wording
from benchmarks.generator.draft import Draft, grouped_iban
from benchmarks.generator.formats import choose_formats
from benchmarks.generator.invoices import Invoice, invent_invoice
from benchmarks.generator.marks import Mark, Text
from benchmarks.generator.numbering import invent_number
from benchmarks.generator.paper import Imprint, print_pages
from benchmarks.generator.parties import Party
from benchmarks.generator.references import Reference
from benchmarks.generator.structure import Slip, draw_structure, typesetter_for

THE_DAY = date(2026, 11, 2)
"""No invoice of the suite is dated later."""

_EVERYDAY = tuple(
    name
    for name in CASES
    if name
    not in {"credit_note", "direct_debit", "two_banks", "reverse_charge", "instalments", "prepaid", "foreign_currency"}
)
WIDE_FACE = "Noto Sans"
"""A face that has Greek and Cyrillic letters."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An invoice on paper that can still be altered before it is printed."""

    draft: Draft
    pages: tuple[tuple[Mark, ...], ...]

    def shows(self, text: str) -> bool:
        return any(text in mark.text for marks in self.pages for mark in marks if isinstance(mark, Text))

    def shows_iban(self, iban: str) -> bool:
        """In groups of four or in one, whole on one line; in Poland perhaps without the country."""
        forms = [iban, grouped_iban(iban)]
        if iban.startswith("PL"):
            forms.append(grouped_iban(iban)[2:].strip())
        return any(self.shows(form) for form in forms)


def invent_bill(*, supplier: Supplier, buyer: Party, chance: random.Random, days_ago: int | None = None) -> Invoice:
    """An everyday invoice of the supplier to the buyer, to be paid to the supplier's first account."""
    country = supplier.locale.country
    case = _everyday(deal_case(main=chance.choice(_EVERYDAY), country=country, chance=chance))
    invoice = invent_invoice(locale=supplier.locale, case=case, chance=chance)
    invoice = replace(invoice, seller=supplier.party, buyer=buyer)
    invoice = dated(invoice, day=THE_DAY - timedelta(days=chance.randrange(45) if days_ago is None else days_ago))
    invoice = replace(invoice, number=invent_number(country=country, day=invoice.issue_date, chance=chance))
    return paid_to(invoice, accounts=supplier.accounts[:1], chance=chance, qr_iban=_qr_iban(supplier))


def paid_to(
    invoice: Invoice, *, accounts: Sequence[Account], chance: random.Random, qr_iban: Account | None = None
) -> Invoice:
    """With these accounts. A Swiss QR reference needs a QR-IBAN: `qr_iban`, or one made of the first account; where the
    first account is not Swiss, there is no such reference."""
    first, *others = accounts
    if invoice.reference.kind == "qrr":
        if first.iban.startswith("CH"):
            first = qr_iban or (first if 30000 <= int(first.iban[4:9]) <= 31999 else with_qr_iban(first, chance=chance))
        else:
            invoice = replace(invoice, reference=Reference("none"))
    return replace(invoice, accounts=(first, *others))


def dated(invoice: Invoice, *, day: date) -> Invoice:
    """The same invoice made out on another day."""
    shift = day - invoice.issue_date
    terms = replace(
        invoice.terms,
        due_date=invoice.terms.due_date + shift,
        discount_until=invoice.terms.discount_until + shift,
    )
    return replace(
        invoice,
        issue_date=day,
        delivery_date=invoice.delivery_date + shift,
        order_date=invoice.order_date + shift,
        terms=terms,
    )


def lay_out(*, supplier: Supplier, invoice: Invoice, slip: Slip | None = None, needs_wide_face: bool = False) -> Sheet:
    """In the supplier's layout, with the IBAN printed. `slip` is the payment slip where it is not left to chance;
    `needs_wide_face` for texts with letters that few faces have."""
    look = random.Random(f"fraud look {supplier.look}")  # noqa: S311  a supplier keeps its layout
    structure = draw_structure(invoice=invoice, chance=look)
    structure = replace(structure, print_iban=True, print_domestic=False, slip=slip or structure.slip)
    if needs_wide_face:
        structure = replace(structure, face=WIDE_FACE)
    draft = Draft(
        invoice=invoice,
        structure=structure,
        type=typesetter_for(structure=structure, language=supplier.locale.language, chance=look),
        wording=Wording(locale=supplier.locale, currency=invoice.currency, chance=look),
        formats=choose_formats(locale=supplier.locale, currency=invoice.currency, chance=look),
        sign=-1 if invoice.case.credit_note else 1,
        chance=look,
    )
    return Sheet(draft, tuple(tuple(marks) for marks in assemble(draft)))


def printed(sheet: Sheet) -> bytes:
    """The PDF."""
    structure = sheet.draft.structure
    imprint = Imprint(title="", author="", producer="")
    return print_pages(pages=sheet.pages, size=structure.page_size, habit=structure.habit, imprint=imprint)


def _everyday(case: Case) -> Case:
    """Nothing by chance that would be paid in another way than whole, by transfer, to one account."""
    return replace(
        case,
        credit_note=False,
        direct_debit=False,
        two_banks=False,
        reverse_charge=False,
        instalments=False,
        prepaid=False,
        foreign_currency=False,
    )


def _qr_iban(supplier: Supplier) -> Account | None:
    return next((one for one in supplier.accounts if one.iban[:2] == "CH" and one.iban[4] == "3"), None)
