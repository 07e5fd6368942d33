"""Whether an amount is far above what a supplier usually asks for. Pure: the earlier amounts come from `history`.

Amounts of a supplier spread by factors, not by sums, so the measure is the distance from the median of their
logarithms in median absolute deviations (Iglewicz and Hoaglin 1993): a single odd bill among the earlier ones moves
neither. Too little paid does no harm, so only what is far above counts.
"""

from collections.abc import Sequence
from math import log
from statistics import median

from customers.sentences import Sentence
from invoices.money import from_minor
from transfers.blockers import PaymentWarning

FEWEST = 5
"""Earlier bills without which nothing is a pattern."""

_TO_SIGMA = 0.6745
_MOST_SIGMAS = 5.0
_LEAST_RATIO = 3.0
_LEAST_SPREAD = log(1.05)
"""A supplier that always asks for the very same would make every other amount infinitely far."""


def amount_warnings(*, amount_minor: int | None, currency: str, earlier: Sequence[int]) -> tuple[PaymentWarning, ...]:
    """The warning `amount_out_of_pattern`, which informs, or nothing. `earlier` are the supplier's amounts in the same
    currency, in its minor unit; with fewer than five of them nothing is said."""
    known = [amount for amount in earlier if amount > 0]
    if amount_minor is None or amount_minor <= 0 or len(known) < FEWEST:
        return ()
    usual = median(known)
    if amount_minor < _LEAST_RATIO * usual or amount_minor <= max(known) or _sigmas(amount_minor, known) < _MOST_SIGMAS:
        return ()
    message = Sentence(
        "The amount of {amount} {currency} is {times} times the median of this "
        "supplier's last {number} bills, {usual} {currency}; compare it with what was ordered.",
        amount=_major(amount_minor, currency),
        currency=currency,
        times=format(amount_minor / usual, ".1f"),
        number=len(known),
        usual=_major(round(usual), currency),
    )
    return (PaymentWarning("amount_out_of_pattern", message, "total"),)


def _sigmas(amount: int, known: Sequence[int]) -> float:
    logs = [log(each) for each in known]
    middle = median(logs)
    spread = median(abs(each - middle) for each in logs)
    return _TO_SIGMA * (log(amount) - middle) / max(spread, _LEAST_SPREAD)


def _major(amount_minor: int, currency: str) -> str:
    return f"{from_minor(minor=amount_minor, currency=currency)}"
