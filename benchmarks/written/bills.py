"""Invented invoices as a customer of any of 18 countries may write them, added up by the service's own rules."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.generator import parties
from benchmarks.generator.accounts import invent_account, with_qr_iban
from benchmarks.generator.catalogue import Locale, locale_of
from benchmarks.generator.numbering import invent_number
from benchmarks.generator.references import ReferenceKind, make_reference
from invoices.money import from_minor, to_minor
from invoices.rendering.bill import Account, Bill, Item, Party, Place
from invoices.totals import Line, invoice_totals

_SELLERS = ("DE", "DE", "CH", "CH", "AT", "FR", "IT", "NL", "BE", "ES", "PT", "IE", "GB", "PL", "CZ", "DK", "SE", "NO")
_BUYERS = (*_SELLERS, "AU", "US")
_BEGIN = date(2026, 1, 5)


def invent_bill(seed: int) -> Bill:
    """Always the same for the same seed."""
    chance = random.Random(f"written {seed}")  # noqa: S311 - invented data, no secret
    home = locale_of(country=chance.choice(_SELLERS), chance=chance)
    seller, buyer = _party(home, chance), _party(locale_of(country=chance.choice(_BUYERS), chance=chance), chance)
    currency = chance.choice([home.habits("currency"), home.habits("currency"), "EUR"])
    issued = _BEGIN + timedelta(days=chance.randrange(300))
    number = invent_number(country=home.country, day=issued, chance=chance)
    bill = _added_up(
        Bill(
            number=number,
            issue_date=issued,
            due_date=issued + timedelta(days=chance.choice([0, 7, 14, 30, 60])) if chance.random() < 0.9 else None,
            currency=currency,
            seller=seller,
            buyer=buyer,
            account=None,
            reference=number,
            description=chance.choice(["", "", f"Delivery of {issued:%B %Y}", "As agreed.\nThank you for your order."]),
            items=_items(home, currency, chance),
            subtotal=Decimal(0),
            discount_rate=Decimal(chance.choice(["0", "0", "0", "2", "5", "12.5"])),
            discount=Decimal(0),
            shipping=_money(chance.choice([0, 0, 0, 490, 1250]), currency),
            vat_rate=Decimal(chance.choice(home.habits("rates"))),
            vat=Decimal(0),
            total=Decimal(0),
        )
    )
    return _with_payment(bill, home=home, chance=chance)


def _party(locale: Locale, chance: random.Random) -> Party:
    invented = parties.invent_party(locale=locale, chance=chance)
    place = Place(
        street=f"{chance.choice(locale.habits('streets'))} {chance.randint(1, 189)}",
        zip=parties.postcode_of(locale=locale, chance=chance),
        city=chance.choice(locale.habits("cities")),
        state=chance.choice(locale.habits("regions") or [""]) if locale.country in {"AU", "IT", "US"} else "",
        country=locale.country,
    )
    return Party(
        name=invented.name,
        vat_id=invented.vat_id,
        registration_number=invented.register if chance.random() < 0.5 else "",
        email=invented.emails[0] if chance.random() < 0.8 else "",
        place=place if chance.random() < 0.9 else None,
    )


def _items(locale: Locale, currency: str, chance: random.Random) -> tuple[Item, ...]:
    """With their totals still to be worked out."""
    titles = locale.words("goods", "items")
    return tuple(
        Item(
            title=chance.choice(titles),
            description=chance.choice(["", "", "as ordered", f"Order {chance.randint(1000, 99999)}"]),
            quantity=Decimal(chance.choice(["1", "1", "2", "3", "12", "40", "0.5", "1.25", "7.75"])),
            price=_money(chance.randint(95, 250_000), currency),
            total=Decimal(0),
        )
        for _ in range(chance.choice([1, 1, 2, 3, 5, 8, 25]))
    )


def _money(hundredths: int, currency: str) -> Decimal:
    return from_minor(minor=hundredths, currency=currency)


def _added_up(bill: Bill) -> Bill:
    def minor(amount: Decimal) -> int:
        return to_minor(amount=amount, currency=bill.currency)

    totals = invoice_totals(
        lines=[Line(quantity=item.quantity, price=minor(item.price)) for item in bill.items],
        discount_rate=bill.discount_rate,
        vat_rate=bill.vat_rate,
        shipping=minor(bill.shipping),
    )
    items = zip(bill.items, totals.lines, strict=True)
    return replace(
        bill,
        items=tuple(replace(item, total=_money(total, bill.currency)) for item, total in items),
        subtotal=_money(totals.subtotal, bill.currency),
        discount=_money(totals.discount, bill.currency),
        vat=_money(totals.vat, bill.currency),
        total=_money(totals.total, bill.currency),
    )


def _with_payment(bill: Bill, *, home: Locale, chance: random.Random) -> Bill:
    """The account, and the reference that its country uses or the customer typed."""
    bank = chance.choice(home.habits("banks"))
    account = invent_account(country=home.country, holder=bill.seller.name, bank=bank, chance=chance)
    kinds: tuple[ReferenceKind, ...] = ("none", "none", "rf", "text")
    kind = chance.choice(kinds)
    if home.country == "CH" and bill.currency in {"CHF", "EUR"} and chance.random() < 0.5:
        account, kind = with_qr_iban(account, chance=chance), "qrr"
    quoted = make_reference(
        kind=kind,
        invoice_number=bill.number,
        customer_number=str(chance.randint(10_000, 99_999)),
        chance=chance,
    )
    return replace(
        bill,
        account=Account(account.iban, account.bic if chance.random() < 0.8 else ""),
        reference=quoted.value or bill.number,
    )
