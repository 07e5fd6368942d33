"""What kind of business an invoice records: the cases that extraction has to tell apart."""

import random
from dataclasses import dataclass, replace

CASES = (
    "one_rate",
    "one_rate",
    "several_rates",
    "several_rates",
    "reverse_charge",
    "exempt",
    "gross_prices",
    "line_discounts",
    "discount",
    "shipping",
    "rounding",
    "prepaid",
    "instalments",
    "credit_note",
    "cash_discount",
    "cash_discount",
    "direct_debit",
    "two_banks",
    "multi_page",
    "foreign_currency",
)
"""Dealt out in equal shares, so that every case comes soon; most occur beside others as well."""

ROUNDING_COUNTRIES = ("CH", "SE", "DK", "NO")
UNION = ("AT", "BE", "CZ", "DE", "DK", "ES", "FR", "IE", "IT", "NL", "PL", "PT", "SE")
"""Where a reverse charge is made out to a customer in another of these countries."""

_ONE_RATE_COUNTRIES = {"US", "AU", "DK"}


@dataclass(frozen=True, slots=True)
class Case:
    """`main` is the case that was dealt; the flags say what applies, dealt or by chance."""

    main: str
    several_rates: bool = False
    reverse_charge: bool = False
    exempt: bool = False
    gross_prices: bool = False
    line_discounts: bool = False
    discount: bool = False
    shipping: bool = False
    rounding: bool = False
    prepaid: bool = False
    instalments: bool = False
    credit_note: bool = False
    cash_discount: bool = False
    direct_debit: bool = False
    two_banks: bool = False
    multi_page: bool = False
    foreign_currency: bool = False

    @property
    def untaxed(self) -> bool:
        return self.reverse_charge or self.exempt


_BY_CHANCE = {
    "several_rates": 0.2,
    "line_discounts": 0.08,
    "discount": 0.08,
    "shipping": 0.2,
    "prepaid": 0.05,
    "cash_discount": 0.12,
    "direct_debit": 0.04,
    "two_banks": 0.08,
    "multi_page": 0.06,
    "gross_prices": 0.04,
    "rounding": 0.3,
    "foreign_currency": 0.04,
}


def deal_case(*, main: str, country: str, chance: random.Random) -> Case:
    """The dealt case with others by chance, without those that exclude one another or the country does not know."""
    flags = {name: True for name, share in _BY_CHANCE.items() if chance.random() < share}
    if main != "one_rate":
        flags[main] = True
    elif "several_rates" in flags:
        del flags["several_rates"]
    return _reconciled(Case(main=main, **flags), country)


def _reconciled(case: Case, country: str) -> Case:
    if case.several_rates and country in _ONE_RATE_COUNTRIES and case.main != "several_rates":
        case = replace(case, several_rates=False)
    if case.untaxed:
        case = replace(case, several_rates=False, gross_prices=False)
    if case.gross_prices:
        case = replace(case, discount=False, line_discounts=False)
    if case.credit_note:
        case = replace(
            case, prepaid=False, instalments=False, cash_discount=False, direct_debit=False, multi_page=False
        )
    if case.direct_debit:
        case = replace(case, cash_discount=False, instalments=False, two_banks=False, prepaid=False)
    if case.foreign_currency or country not in ROUNDING_COUNTRIES:
        case = replace(case, rounding=False)
    return case
