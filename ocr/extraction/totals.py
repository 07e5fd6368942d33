"""The joint choice of total, net amount, tax and rate: the labels propose, the arithmetic decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr.extraction.adjustments import Adjustments, find_adjustments
from ocr.extraction.amounts import amount_candidates
from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.roundings import rounded_by, slack_of
from ocr.extraction.sum_options import Option, SumOptions, sum_options
from ocr.extraction.tax_lines import CENT, TaxRow, breakdown, printed_rates, rate_fits, tax_rows

_CLEAR = 0.85
"""The weight of an amount whose label leaves no doubt."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The chosen amounts. `adds_up` is None where too little is known to tell; `is_adjusted` says that discounts,
    shipping and the like make the difference; `slack` is by how much net and tax may miss the total, for the document
    says by what it is rounded or adjusted."""

    total: Option | None = None
    subtotal: Option | None = None
    tax: Option | None = None
    rate: tuple[Decimal, Figure] | None = None
    rates: tuple[Decimal, ...] = ()
    rows: tuple[TaxRow, ...] = ()
    adds_up: bool | None = None
    is_adjusted: bool = False
    rate_agrees: bool = False
    margin: float = 0.0
    totals: tuple[Option, ...] = ()
    subtotals: tuple[Option, ...] = ()
    taxes: tuple[Option, ...] = ()
    payables: tuple[Option, ...] = ()
    prepaid: tuple[Option, ...] = ()
    slack: Decimal = CENT


def choose_sums(evidence: Evidence) -> Sums:
    """The likeliest combination of the document's amounts."""
    candidates = amount_candidates(evidence)
    rows, rates = tax_rows(evidence), printed_rates(evidence)
    options = sum_options(evidence=evidence, candidates=candidates, rows=rows)
    roundings = rounded_by(evidence)
    context = _Context(
        rates=tuple(rate for rate, _ in rates),
        row_sums=_row_sums(rows),
        row_parts=_row_parts(rows),
        shares=options.shares,
        adjustments=find_adjustments(evidence=evidence, candidates=candidates),
        taxed=_taxed(options),
        slack=slack_of(roundings),
        roundings=frozenset(roundings),
    )
    known = Sums(
        totals=options.totals,
        subtotals=options.subtotals,
        taxes=options.taxes,
        payables=options.payables,
        prepaid=options.prepaid,
        slack=context.slack,
    )
    scored = sorted(_combinations(options, context), key=lambda each: -each[0])
    if not scored:
        return known
    score, total, subtotal, tax = scored[0]
    rivals = [
        other for other, rival, *_ in scored if rival is not None and (total is None or rival.value != total.value)
    ]
    known = replace(known, total=total, subtotal=subtotal, tax=tax, margin=score - (rivals[0] if rivals else 0.0))
    return _finished(known, rows=rows, rates=rates, adjustments=context.adjustments)


Combination = tuple[float, Option | None, Option | None, Option | None]


@dataclass(frozen=True, slots=True)
class _Context:
    """What the combinations are measured by.

    `rates` are printed; `row_sums` is what the labelled tax lines sum up to (basis and tax, None where there are none),
    `row_parts` each of these lines where several rates apply, `shares` the tax by rate where each has an amount of its
    own. `adjustments` is what else leads from a net amount to a total, `taxed` the totals of which a clearly labelled
    tax may be a part, without sign.
    """

    rates: tuple[Decimal, ...]
    row_sums: tuple[Decimal, Decimal] | None
    row_parts: frozenset[tuple[Decimal, Decimal]]
    shares: Mapping[Decimal, Decimal]
    adjustments: Adjustments
    taxed: frozenset[Decimal]
    slack: Decimal
    roundings: frozenset[Decimal]


def _row_sums(rows: Sequence[TaxRow]) -> tuple[Decimal, Decimal] | None:
    labelled = _labelled(rows)
    if not labelled:
        return None
    return sum((row.basis for row in labelled), Decimal(0)), sum((row.amount for row in labelled), Decimal(0))


def _row_parts(rows: Sequence[TaxRow]) -> frozenset[tuple[Decimal, Decimal]]:
    """Basis and tax of the single rates; empty where only one applies, for its line is the whole."""
    labelled = _labelled(rows)
    if len({row.rate for row in labelled}) < 2:
        return frozenset()
    return frozenset((row.basis, row.amount) for row in labelled)


def _labelled(rows: Sequence[TaxRow]) -> list[TaxRow]:
    return list({(row.rate, row.basis, row.amount): row for row in rows if row.labelled}.values())


def _taxed(options: SumOptions) -> frozenset[Decimal]:
    taxes = [abs(each.value) for each in options.taxes if each.value and each.weight >= _CLEAR]
    totals = {abs(each.value) for each in options.totals}
    return frozenset(total for total in totals if any(tax * 3 < total for tax in taxes))


def _combinations(options: SumOptions, context: _Context) -> Iterator[Combination]:
    for total in (*options.totals, None):
        for subtotal in (*options.subtotals, None):
            for tax in (*options.taxes, None):
                if total or subtotal or tax:
                    yield _score(total, subtotal, tax, context), total, subtotal, tax


def _score(total: Option | None, subtotal: Option | None, tax: Option | None, context: _Context) -> float:
    score = sum(weight * option.weight for weight, option in ((1.2, total), (0.8, subtotal), (0.7, tax)) if option)
    if total and total.largest:
        score += 0.12
    if total and total.figure and total.figure.decimals != 2 and not total.figure.currency:
        score -= 0.2
    if total and subtotal and _is_adjusted(total, subtotal, tax, context.adjustments):
        return score + 1.3
    if total and subtotal and tax:
        guessed = subtotal.weight < 0.2 or total.weight == 0.3
        if (
            guessed
            and min(subtotal.weight, total.weight) < 0.7 > max(subtotal.weight, total.weight)
            and not _some_rate_fits(subtotal.value, tax.value, context)
        ):
            return score - 3.0
        return score + _agreement(total.value, subtotal.value, tax.value, context)
    if total and tax:
        return score + _partial(basis=total.value - tax.value, tax=tax.value, context=context) - 0.1
    if subtotal and tax and not total:
        return score - 0.6
    if total and subtotal:
        is_untaxed = total.value == subtotal.value and abs(total.value) not in context.taxed
        return score - (0.2 if is_untaxed else 0.9)
    return score


def _is_adjusted(total: Option, net: Option, tax: Option | None, adjustments: Adjustments) -> bool:
    """Whether what is printed between the two leads from the net amount to the total, with this tax or without any."""
    found = adjustments.get((total.value, net.value))
    return found is not None and found.tax == (tax.value if tax else None)


def _some_rate_fits(net: Decimal, tax: Decimal, context: _Context) -> bool:
    return any(rate_fits(basis=net, rate=rate, amount=tax) for rate in context.rates) or context.row_sums == (net, tax)


def _agreement(total: Decimal, net: Decimal, tax: Decimal, context: _Context) -> float:
    if abs(net + tax - total) > context.slack or net == 0 or abs(tax) > abs(net) / 3:
        return -3.0
    missing = abs(net + tax - total)
    stated = 0.2 if missing in context.roundings else 0.0
    if tax == 0:
        return 1.3 + stated + (0.7 if context.row_sums == (net, tax) else 0.0)
    if (tax < 0) != (net < 0) or _is_part(net, tax, context):
        return -2.0
    exact = 1.1 if missing and not stated else 1.5 + stated
    return exact + (0.7 if _some_rate_fits(net, tax, context) or _is_sum_of_shares(net, tax, context) else 0.0)


def _is_part(net: Decimal, tax: Decimal, context: _Context) -> bool:
    """Whether this is the tax of one rate where others apply as well."""
    if context.row_sums == (net, tax):
        return False
    return (net, tax) in context.row_parts or (tax in context.shares.values() and tax != _sum_of(context.shares))


def _is_sum_of_shares(net: Decimal, tax: Decimal, context: _Context) -> bool:
    """Whether it is the tax of all rates together, and on the net amount neither more nor less than these allow."""
    if not context.shares or tax != _sum_of(context.shares):
        return False
    return min(context.shares) * net <= 100 * tax <= max(context.shares) * net


def _sum_of(shares: Mapping[Decimal, Decimal]) -> Decimal:
    return sum(shares.values(), Decimal(0))


def _partial(*, basis: Decimal, tax: Decimal, context: _Context) -> float:
    if basis == 0 or abs(tax) > abs(basis) / 3 or (tax < 0) != (basis < 0):
        return -0.9
    if tax == 0:
        return -0.2
    if context.row_sums == (basis, tax):
        return 1.9
    return 0.5 if _some_rate_fits(basis, tax, context) else -0.3


def _finished(
    sums: Sums, *, rows: Sequence[TaxRow], rates: Sequence[tuple[Decimal, Figure]], adjustments: Adjustments
) -> Sums:
    """The choice with its rate and breakdown, and whether it adds up."""
    total, subtotal, tax = sums.total, sums.subtotal, sums.tax
    adjusted = bool(total and subtotal and _is_adjusted(total, subtotal, tax, adjustments))
    net = subtotal.value if subtotal else (total.value - tax.value if total and tax else None)
    chosen_rows = breakdown(rows=rows, tax=tax.value if tax else None, net=None if adjusted else net)
    distinct = {row.rate for row in chosen_rows}
    rate, agrees = None, False
    if tax and net and len(distinct) <= 1:
        fitting = [each for each in rates if rate_fits(basis=net, rate=each[0], amount=tax.value)]
        if fitting and (tax.value or fitting[0][1].percent):
            rate, agrees = fitting[0], bool(tax.value)
        elif tax.value == 0 and tax.figure and subtotal and total and subtotal.value == total.value:
            rate = (Decimal(0), tax.figure)
        elif distinct:
            row = chosen_rows[0]
            rate = (row.rate, row.figures[0])
    adds_up, slack = None, sums.slack
    if total and subtotal and adjusted:
        slack = max(slack, abs(total.value - subtotal.value - (tax.value if tax else 0)))
    elif total and subtotal and tax:
        adds_up = abs(subtotal.value + tax.value - total.value) <= slack
    return replace(
        sums,
        rate=rate,
        rates=tuple(sorted(distinct)),
        rows=chosen_rows,
        adds_up=adds_up,
        is_adjusted=adjusted,
        rate_agrees=agrees,
        slack=slack,
    )
