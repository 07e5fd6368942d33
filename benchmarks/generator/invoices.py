"""An invented invoice: who bills whom for what, and how it is to be paid."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.generator.accounts import Account, digits, invent_account, with_qr_iban
from benchmarks.generator.billing import Line, Sums, add_up, write_lines
from benchmarks.generator.cases import Case
from benchmarks.generator.catalogue import Locale
from benchmarks.generator.formats import half_up
from benchmarks.generator.numbering import invent_number
from benchmarks.generator.parties import Party, address_of, invent_party
from benchmarks.generator.references import Reference, invent_reference

_TERMS = (7, 10, 14, 14, 20, 30, 30, 30, 45, 60)
_FOREIGN = ("EUR", "USD", "GBP", "CHF", "NOK", "SEK")


@dataclass(frozen=True, slots=True)
class Terms:
    """`due_date` is what holds; whether the page prints it or only the days is the layout's choice."""

    days: int
    due_date: date
    discount_rate: Decimal
    discount_days: int
    discount_until: date
    discount_amount: Decimal
    first_instalment: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """`accounts` are the seller's, the first the one to use; `payer_account` is given for a direct debit only.
    Empty texts and empty tuples are not printed."""

    locale: Locale
    case: Case
    currency: str
    number: str
    original_number: str
    issue_date: date
    delivery_date: date
    order_date: date
    order_number: str
    customer_number: str
    delivery_note: str
    project: str
    mandate: str
    seller: Party
    buyer: Party
    buyer_attention: bool
    ship_to: tuple[str, ...]
    lines: tuple[Line, ...]
    sums: Sums
    terms: Terms
    accounts: tuple[Account, ...]
    payer_account: Account | None
    reference: Reference


def invent_invoice(*, locale: Locale, case: Case, chance: random.Random) -> Invoice:
    currency = locale.habits("currency")
    if case.foreign_currency:
        currency = chance.choice([code for code in _FOREIGN if code != currency])
    seller, buyer = (
        invent_party(locale=locale, chance=chance),
        invent_party(locale=_buyers_locale(locale, case), chance=chance),
    )
    while buyer.domain == seller.domain:
        buyer = invent_party(locale=buyer.locale, chance=chance)
    lines = write_lines(locale=locale, currency=currency, case=case, chance=chance)
    sums = add_up(lines=lines, case=case, currency=currency, chance=chance)
    issue_date = date(2023, 1, 3) + timedelta(days=chance.randrange(1400))
    number, customer_number = (
        invent_number(country=locale.country, day=issue_date, chance=chance),
        f"{chance.choice(['', 'K', 'D', 'C-'])}{digits(chance, chance.choice([4, 5, 6]))}",
    )
    accounts = _accounts(seller, case, chance)
    payer_account = _account(buyer, chance) if case.direct_debit else None
    reference = invent_reference(
        country=locale.country,
        has_iban=bool(accounts[0].iban),
        invoice_number=number,
        customer_number=customer_number,
        chance=chance,
    )
    if reference.kind == "qrr":
        accounts = (with_qr_iban(accounts[0], chance=chance), *accounts[1:])
    return Invoice(
        locale=locale,
        case=case,
        currency=currency,
        number=number,
        original_number=invent_number(country=locale.country, day=issue_date - timedelta(days=40), chance=chance),
        issue_date=issue_date,
        delivery_date=issue_date - timedelta(days=chance.randrange(9)),
        order_date=issue_date - timedelta(days=10 + chance.randrange(30)),
        order_number=f"{chance.choice(['PO-', 'B', '45', 'A-', '', 'WEB'])}{digits(chance, chance.choice([5, 6, 8]))}",
        customer_number=customer_number,
        delivery_note=f"{chance.choice(['LS', 'D', '', '80'])}{digits(chance, 6)}",
        project=f"{chance.choice(locale.words('goods', 'trades'))} {chance.randint(11, 98)}/{chance.randint(1, 9)}",
        mandate=f"M-{digits(chance, 7)}",
        seller=seller,
        buyer=buyer,
        buyer_attention=chance.random() < 0.25,
        ship_to=address_of(locale=buyer.locale, chance=chance) if chance.random() < 0.18 else (),
        lines=lines,
        sums=sums,
        terms=_terms(issue_date, sums, chance),
        accounts=accounts,
        payer_account=payer_account,
        reference=reference,
    )


def _buyers_locale(locale: Locale, case: Case) -> Locale:
    """A reverse charge goes to another country of the Union; what is written stays in the seller's language."""
    abroad = {"DE": ("NL", "nl"), "FR": ("BE", "fr"), "AT": ("DE", "de"), "NL": ("DE", "de"), "BE": ("FR", "fr")}
    abroad |= {"IT": ("AT", "de"), "ES": ("PT", "pt"), "PT": ("ES", "es"), "PL": ("CZ", "cs"), "CZ": ("PL", "pl")}
    abroad |= {"SE": ("DK", "da"), "DK": ("SE", "sv"), "IE": ("NL", "nl")}
    return Locale(*abroad[locale.country]) if case.reverse_charge and locale.country in abroad else locale


def _account(owner: Party, chance: random.Random) -> Account:
    bank = chance.choice(owner.locale.habits("banks"))
    return invent_account(country=owner.locale.country, holder=owner.name, bank=bank, chance=chance)


def _accounts(seller: Party, case: Case, chance: random.Random) -> tuple[Account, ...]:
    first = _account(seller, chance)
    return (first, _account(seller, chance)) if case.two_banks else (first,)


def _terms(issue_date: date, sums: Sums, chance: random.Random) -> Terms:
    days, early, rate = chance.choice(_TERMS), chance.choice([5, 7, 8]), Decimal(chance.choice([2, 2, 3, 4]))
    return Terms(
        days=days,
        due_date=issue_date + timedelta(days=days),
        discount_rate=rate,
        discount_days=early if days > early else 3,
        discount_until=issue_date + timedelta(days=early if days > early else 3),
        discount_amount=half_up(sums.total * rate / 100),
        first_instalment=half_up(sums.payable / 2),
    )
