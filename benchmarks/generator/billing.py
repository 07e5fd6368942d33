"""The lines of an invoice and its sums: exact to the last digit, halves rounded up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.generator.cases import Case
from benchmarks.generator.catalogue import Locale
from benchmarks.generator.formats import half_up

ZERO = Decimal("0.00")
_ROUNDING_STEPS = {"CHF": Decimal("0.05"), "SEK": Decimal(1), "NOK": Decimal(1), "DKK": Decimal("0.50")}


@dataclass(frozen=True, slots=True)
class Line:
    """`price` and `amount` carry the tax where the prices are gross; `discount` is in percent, 0 for none."""

    code: str
    description: str
    detail: str
    quantity: Decimal
    unit: str
    price: Decimal
    discount: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TaxRow:
    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """`total` is what the page gives as the invoice's total: rounded where `rounding` says by how much."""

    lines_sum: Decimal
    discount_rate: Decimal
    discount: Decimal
    shipping: Decimal
    subtotal: Decimal
    taxes: tuple[TaxRow, ...]
    tax: Decimal
    rounding: Decimal
    total: Decimal
    prepaid: Decimal

    @property
    def payable(self) -> Decimal:
        return self.total - self.prepaid


def write_lines(*, locale: Locale, currency: str, case: Case, chance: random.Random) -> tuple[Line, ...]:
    count = chance.randint(32, 75) if case.multi_page else chance.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10])
    rates = _rates(locale, case, chance)
    count = max(count, len(rates))
    size = Decimal(6 if currency in {"SEK", "NOK", "DKK", "CZK"} else 3 if currency == "PLN" else 1)
    lines = [_line(locale, case, rates[index % len(rates)], size, chance) for index in range(count)]
    if len(rates) > 1:
        chance.shuffle(lines)
    return tuple(lines)


def _rates(locale: Locale, case: Case, chance: random.Random) -> list[Decimal]:
    known = [Decimal(rate) for rate in locale.habits("rates")]
    if case.untaxed:
        return [Decimal(0)]
    if case.several_rates and len(known) > 1 and locale.country != "US":
        return known[: chance.choice([2, 2, min(3, len(known))])]
    taxed = [rate for rate in known if rate]
    return [chance.choice(taxed) if locale.country == "US" else chance.choices(taxed, [4, 1, 1, 1][: len(taxed)])[0]]


def _line(locale: Locale, case: Case, rate: Decimal, size: Decimal, chance: random.Random) -> Line:
    whole = Decimal(chance.choice([1, 1, 1, 2, 3, 4, 5, 10, 12, 24, 50, 120]))
    quantity = whole if chance.random() < 0.8 else whole + Decimal(chance.choice(["0.5", "0.25", "0.75"]))
    dearest = 4900 if quantity > 10 else 24000 if quantity > 2 else chance.choice([9000, 60000, 290000])
    price = half_up(size * Decimal(chance.randint(95, dearest)) / 100)
    discount = Decimal(chance.choice([0, 5, 10, 15])) if case.line_discounts else Decimal(0)
    return Line(
        code=f"{chance.choice(['A', 'K', 'X', '', 'P-', '10'])}{chance.randint(1000, 99999)}",
        description=chance.choice(locale.words("goods", "items")),
        detail=chance.choice(locale.words("goods", "details")) if chance.random() < 0.25 else "",
        quantity=quantity,
        unit=chance.choice(locale.words("goods", "units")),
        price=price,
        discount=discount,
        rate=rate,
        amount=half_up(quantity * price * (100 - discount) / 100),
    )


def add_up(*, lines: Sequence[Line], case: Case, currency: str, chance: random.Random) -> Sums:
    """All sums of the invoice; a credit note's are positive here, its sign is a matter of printing."""
    lines_sum = sum((line.amount for line in lines), ZERO)
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        by_rate[line.rate] = by_rate.get(line.rate, ZERO) + line.amount
    discount_rate = Decimal(chance.choice([2, 3, 5, 10])) if case.discount else Decimal(0)
    discounts = {rate: half_up(amount * discount_rate / 100) for rate, amount in by_rate.items()}
    shipping = half_up(Decimal(chance.randint(390, 4900)) / 100) if case.shipping else ZERO
    bases = {rate: amount - discounts[rate] for rate, amount in by_rate.items()}
    bases[max(bases)] += shipping
    taxes = tuple(_tax_row(rate, amount, case) for rate, amount in sorted(bases.items(), reverse=True))
    subtotal, tax = (sum((getattr(row, name) for row in taxes), ZERO) for name in ("base", "amount"))
    exact = subtotal + tax
    total = half_up(exact, to=_ROUNDING_STEPS[currency]) if case.rounding else exact
    prepaid = half_up(total * chance.choice([10, 20, 30, 50]) / 100) if case.prepaid else ZERO
    return Sums(
        lines_sum=lines_sum,
        discount_rate=discount_rate,
        discount=sum(discounts.values(), ZERO),
        shipping=shipping,
        subtotal=subtotal,
        taxes=taxes,
        tax=tax,
        rounding=total - exact,
        total=total,
        prepaid=prepaid,
    )


def _tax_row(rate: Decimal, amount: Decimal, case: Case) -> TaxRow:
    if case.gross_prices:
        base = half_up(amount * 100 / (100 + rate))
        return TaxRow(rate, base, amount - base)
    return TaxRow(rate, amount, half_up(amount * rate / 100))
