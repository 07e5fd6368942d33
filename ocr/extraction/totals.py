"""The joint choice of total, net amount, tax and rate: the labels propose, the arithmetic decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr.extraction.amounts import AmountCandidate, amount_candidates
from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.roundings import rounded_by, slack_of
from ocr.extraction.tax_lines import CENT, HIGHEST_RATE, TaxRow, breakdown, printed_rates, rate_fits, tax_rows

PER_KIND = 14
"""Distinct values of a kind that take part in the joint choice."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value that an amount may have, with the best of its places."""

    value: Decimal
    weight: float
    figure: Figure | None
    seen: int
    largest: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """The chosen amounts. `adds_up` is None where too little is known to tell; `slack` is
    by how much net and tax may miss the total, for the document says that it is rounded."""

    total: Option | None = None
    subtotal: Option | None = None
    tax: Option | None = None
    rate: tuple[Decimal, Figure] | None = None
    rates: tuple[Decimal, ...] = ()
    rows: tuple[TaxRow, ...] = ()
    adds_up: bool | None = None
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
    prepaid = _options(candidates, "prepaid")
    payables = _options(candidates, "payable")
    totals = _with_payables(_options(candidates, "total"), payables, any(each.value for each in prepaid))
    subtotals = _options(candidates, "subtotal")
    taxes = _with_row_sums(_options(candidates, "tax"), rows)
    taxes = _with_rate_sums(taxes, _taxes_by_rate(evidence, candidates))
    subtotals = _with_implied(subtotals, totals, taxes, evidence.figures)
    totals = _marked_largest(_with_implied_totals(totals, subtotals, taxes, evidence.figures))
    roundings = rounded_by(evidence)
    context = _Context(tuple(rate for rate, _ in rates), _row_sums(rows), slack_of(roundings), frozenset(roundings))
    scored = sorted(_combinations(totals, subtotals, taxes, context), key=lambda each: -each[0])
    if not scored:
        return Sums(payables=payables, prepaid=prepaid, slack=context.slack)
    score, total, subtotal, tax = scored[0]
    rivals = [
        other for other, rival, *_ in scored if rival is not None and (total is None or rival.value != total.value)
    ]
    chosen = _finished(total=total, subtotal=subtotal, tax=tax, rows=rows, rates=rates, slack=context.slack)
    return replace(
        chosen,
        slack=context.slack,
        margin=score - (rivals[0] if rivals else 0.0),
        totals=totals,
        subtotals=subtotals,
        taxes=taxes,
        payables=payables,
        prepaid=prepaid,
    )


def _options(candidates: Sequence[AmountCandidate], kind: str) -> tuple[Option, ...]:
    places: dict[Decimal, dict[int, AmountCandidate]] = {}
    for each in candidates:
        if each.kind == kind:
            spots = places.setdefault(each.value, {})
            spot = each.figure.segment.index * 1000 + each.figure.start
            if spot not in spots or spots[spot].weight < each.weight:
                spots[spot] = each
    options = []
    for value, spots in places.items():
        best = max(spots.values(), key=lambda each: (each.weight, each.figure.segment.index))
        options.append(Option(value, min(1.1, best.weight + 0.04 * min(3, len(spots) - 1)), best.figure, len(spots)))
    options.sort(key=lambda each: (-each.weight, -abs(each.value)))
    return tuple(options[:PER_KIND])


def _with_payables(totals: tuple[Option, ...], payables: tuple[Option, ...], prepaid: bool) -> tuple[Option, ...]:
    """What is to be paid is the total too, unless something was paid before."""
    known = {each.value: each for each in totals}
    for each in payables:
        if each.value in known:
            old = known[each.value]
            known[each.value] = Option(old.value, old.weight + 0.1, old.figure, old.seen + each.seen)
        else:
            known[each.value] = Option(each.value, each.weight * (0.35 if prepaid else 0.85), each.figure, each.seen)
    return tuple(sorted(known.values(), key=lambda each: -each.weight))[:PER_KIND]


def _with_row_sums(taxes: tuple[Option, ...], rows: Sequence[TaxRow]) -> tuple[Option, ...]:
    """Where several rates apply, the sum of their amounts is often not printed."""
    labelled = {(row.rate, row.basis, row.amount): row for row in rows if row.labelled}.values()
    total = sum((row.amount for row in labelled), Decimal(0))
    known = {each.value for each in taxes}
    if len({row.rate for row in labelled}) < 2 or total in known:
        return taxes
    return (*taxes, Option(total, 0.7, None, 1))


def _taxes_by_rate(evidence: Evidence, candidates: Sequence[AmountCandidate]) -> dict[Decimal, AmountCandidate]:
    """What stands beside or under `VAT 20 %`, `VAT 5 %`, …: for each rate the amount with the best claim."""
    found: dict[Decimal, AmountCandidate] = {}
    for each in candidates:
        if each.kind != "tax":
            continue
        rates = [
            figure.value
            for figure in evidence.figures_by_segment.get(each.label.segment.index, ())
            if figure.percent and 0 <= figure.value <= HIGHEST_RATE
        ]
        if len(rates) == 1 and (rates[0] not in found or found[rates[0]].weight < each.weight):
            found[rates[0]] = each
    return found


def _with_rate_sums(taxes: tuple[Option, ...], by_rate: dict[Decimal, AmountCandidate]) -> tuple[Option, ...]:
    """The sum over the rates, where a document prints a line for each and no sum of them."""
    if len(by_rate) < 2:
        return taxes
    total = sum((each.value for each in by_rate.values()), Decimal(0))
    if any(each.value == total for each in taxes):
        return taxes
    return (*taxes, Option(total, 0.7, None, 1))


def _with_implied(
    subtotals: tuple[Option, ...], totals: tuple[Option, ...], taxes: tuple[Option, ...], figures: Sequence[Figure]
) -> tuple[Option, ...]:
    """A figure without a label of its own that is exactly total less tax."""
    known = {each.value for each in subtotals}
    printed = {
        figure.value: figure for figure in figures if not figure.percent and not (figure.plain and figure.value < 10)
    }
    implied: dict[Decimal, Option] = {}
    for total in totals[:6]:
        for tax in taxes[:6]:
            value = total.value - tax.value
            if tax.value and value not in known and value in printed:
                implied[value] = Option(value, 0.15, printed[value], 1)
    return (*subtotals, *list(implied.values())[:6])


def _with_implied_totals(
    totals: tuple[Option, ...], subtotals: tuple[Option, ...], taxes: tuple[Option, ...], figures: Sequence[Figure]
) -> tuple[Option, ...]:
    """A figure under an unknown label that is exactly the net amount and the tax, both of them clearly labelled."""
    known = {each.value for each in totals}
    printed = {figure.value: figure for figure in figures if figure.money}
    implied = [
        Option(value, 0.3, printed[value], 1)
        for net in subtotals[:3]
        for tax in taxes[:3]
        if net.weight >= 0.75 and tax.weight >= 0.75 and tax.value
        if (value := net.value + tax.value) in printed and value not in known
    ]
    return (*totals, *implied)


def _marked_largest(totals: tuple[Option, ...]) -> tuple[Option, ...]:
    top = max((abs(each.value) for each in totals), default=Decimal(0))
    return tuple(
        Option(each.value, each.weight, each.figure, each.seen, largest=abs(each.value) == top) for each in totals
    )


Combination = tuple[float, Option | None, Option | None, Option | None]


@dataclass(frozen=True, slots=True)
class _Context:
    """Printed rates, and what the labelled tax lines sum up to: basis and tax, None where there are none."""

    rates: tuple[Decimal, ...]
    row_sums: tuple[Decimal, Decimal] | None
    slack: Decimal = CENT
    roundings: frozenset[Decimal] = frozenset()


def _row_sums(rows: Sequence[TaxRow]) -> tuple[Decimal, Decimal] | None:
    labelled = {(row.rate, row.basis, row.amount): row for row in rows if row.labelled}.values()
    if not labelled:
        return None
    return sum((row.basis for row in labelled), Decimal(0)), sum((row.amount for row in labelled), Decimal(0))


def _combinations(
    totals: tuple[Option, ...], subtotals: tuple[Option, ...], taxes: tuple[Option, ...], context: _Context
) -> Iterator[Combination]:
    for total in (*totals, None):
        for subtotal in (*subtotals, None):
            for tax in (*taxes, None):
                if total or subtotal or tax:
                    yield _score(total, subtotal, tax, context), total, subtotal, tax


def _score(total: Option | None, subtotal: Option | None, tax: Option | None, context: _Context) -> float:
    score = sum(weight * option.weight for weight, option in ((1.2, total), (0.8, subtotal), (0.7, tax)) if option)
    if total and total.largest:
        score += 0.12
    if total and total.figure and total.figure.decimals != 2 and not total.figure.currency:
        score -= 0.2
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
        return score - (0.2 if total.value == subtotal.value else 0.9)
    return score


def _some_rate_fits(net: Decimal, tax: Decimal, context: _Context) -> bool:
    return any(rate_fits(basis=net, rate=rate, amount=tax) for rate in context.rates) or context.row_sums == (net, tax)


def _agreement(total: Decimal, net: Decimal, tax: Decimal, context: _Context) -> float:
    if abs(net + tax - total) > context.slack or net == 0 or abs(tax) > abs(net) / 3:
        return -3.0
    missing = abs(net + tax - total)
    stated = 0.2 if missing in context.roundings else 0.0
    if tax == 0:
        return 1.3 + stated
    if (tax < 0) != (net < 0):
        return -2.0
    exact = 1.1 if missing and not stated else 1.5 + stated
    return exact + (0.7 if _some_rate_fits(net, tax, context) else 0.0)


def _partial(*, basis: Decimal, tax: Decimal, context: _Context) -> float:
    if basis == 0 or abs(tax) > abs(basis) / 3 or (tax < 0) != (basis < 0):
        return -0.9
    if tax == 0:
        return -0.2
    if context.row_sums == (basis, tax):
        return 1.9
    return 0.5 if _some_rate_fits(basis, tax, context) else -0.3


def _finished(
    *,
    total: Option | None,
    subtotal: Option | None,
    tax: Option | None,
    rows: Sequence[TaxRow],
    rates: Sequence[tuple[Decimal, Figure]],
    slack: Decimal,
) -> Sums:
    net = subtotal.value if subtotal else (total.value - tax.value if total and tax else None)
    chosen_rows = breakdown(rows=rows, tax=tax.value if tax else None, net=net)
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
    adds_up = None
    if total and subtotal and tax:
        adds_up = abs(subtotal.value + tax.value - total.value) <= slack
    return Sums(
        total=total,
        subtotal=subtotal,
        tax=tax,
        rate=rate,
        rates=tuple(sorted(distinct)),
        rows=chosen_rows,
        adds_up=adds_up,
        rate_agrees=agrees,
    )
