"""The values that total, net amount and tax may have: what labels name, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr.extraction.amounts import AmountCandidate
from ocr.extraction.evidence import Evidence
from ocr.extraction.figures import Figure
from ocr.extraction.tax_lines import HIGHEST_RATE, TaxRow

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
class SumOptions:
    """All values that a document's amounts may have, the likeliest first; `shares` is the tax of each rate, where there
    is an amount for several."""

    totals: tuple[Option, ...]
    subtotals: tuple[Option, ...]
    taxes: tuple[Option, ...]
    payables: tuple[Option, ...]
    prepaid: tuple[Option, ...]
    shares: Mapping[Decimal, Decimal]


def sum_options(*, evidence: Evidence, candidates: Sequence[AmountCandidate], rows: Sequence[TaxRow]) -> SumOptions:
    """The labelled amounts, and those that follow from them and are printed somewhere."""
    prepaid = _options(candidates, "prepaid")
    payables = _options(candidates, "payable")
    totals = _with_payables(_options(candidates, "total"), payables, any(each.value for each in prepaid))
    subtotals = _options(candidates, "subtotal")
    taxes = _with_row_sums(_options(candidates, "tax"), rows)
    by_rate = _taxes_by_rate(evidence, candidates)
    taxes = _with_rate_sums(taxes, by_rate)
    subtotals = _with_implied(subtotals, totals, taxes, evidence.figures)
    totals = _marked_largest(_with_implied_totals(totals, subtotals, taxes, evidence.figures))
    return SumOptions(
        totals=totals, subtotals=subtotals, taxes=taxes, payables=payables, prepaid=prepaid, shares=_shares(by_rate)
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
        if not each.value:
            continue  # nothing is left to pay: it was paid, and says nothing of the total
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


def _shares(by_rate: dict[Decimal, AmountCandidate]) -> dict[Decimal, Decimal]:
    shares = {rate: each.value for rate, each in by_rate.items() if each.value}
    return shares if len(shares) > 1 else {}


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
