"""The tax breakdown (EN 16931 BG-23): lines on which a rate, a basis and an amount agree with each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ocr.extraction.evidence import Evidence
from ocr.extraction.fields import TaxLine
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import Label
from ocr.extraction.lines import overlaps

CENT = Decimal("0.01")
_COLUMN_REACH = 40
"""Lines under a column's head."""
HIGHEST_RATE = Decimal(30)

# Standard and reduced rates in force in Europe since 2010 (EU Commission "VAT rates", HMRC, Swiss FTA, Norway); a
# bare number beside a tax word is taken for a rate only when it is one of these.
KNOWN_RATES = frozenset(
    Decimal(tenths) / 10
    for tenths in (
        *range(0, 271, 10),
        *(21, 25, 26, 37, 38, 48, 55, 65, 77, 81, 85, 95, 135, 255),
    )
) - {Decimal(1)}


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One agreeing line. `labelled` says that a tax word stands on it or heads it."""

    rate: Decimal
    basis: Decimal
    amount: Decimal
    labelled: bool
    figures: tuple[Figure, ...]

    @property
    def line(self) -> TaxLine:
        return TaxLine(rate=self.rate.normalize() if self.rate else Decimal(0), basis=self.basis, amount=self.amount)


def tax_of(*, basis: Decimal, rate: Decimal) -> Decimal:
    """Tax on a basis, rounded half up to the cent."""
    return (basis * rate / 100).quantize(CENT, rounding=ROUND_HALF_UP)


_TELLING = 1000
"""From this basis on, rates a tenth of a per cent apart make different taxes in whole units."""


def rate_fits(*, basis: Decimal, rate: Decimal, amount: Decimal) -> bool:
    """Whether the amount is the tax, give or take a cent or two of rounding.

    Where neither has decimals (yen, forint), whoever wrote them rounded to the unit, up, down or to the nearest; small
    amounts would then fit many rates.
    """
    difference = abs(tax_of(basis=basis, rate=rate) - amount)
    if _is_whole(basis) and _is_whole(amount) and abs(basis) >= _TELLING:
        return difference < 1
    return difference <= (CENT if abs(basis) < 1000 else 2 * CENT)


def _is_whole(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= 0


def tax_rows(evidence: Evidence) -> list[TaxRow]:
    """All lines with a rate, a basis and an amount that agree; the zero rate needs its per cent sign."""
    rows: list[TaxRow] = []
    headed = _headed_lines(evidence)
    heads = evidence.labels.of("tax", "rate")
    for line in evidence.sheet.lines:
        figures = [each for segment in line.segments for each in evidence.figures_by_segment.get(segment.index, ())]
        if not 2 < len(figures) < 16:
            continue
        labels = [label for segment in line.segments for label in evidence.labels.within(segment)]
        labelled = line.index in headed or any(not label.kinds.isdisjoint({"tax", "rate"}) for label in labels)
        rates = [each for each in figures if each.percent and 0 <= each.value <= HIGHEST_RATE]
        rates += [each for each in figures if _is_bare_rate(each, heads)]
        if row := next(_agreeing(figures, rates, labelled), None):
            rows.append(row)
    return rows


def breakdown(*, rows: Sequence[TaxRow], tax: Decimal | None, net: Decimal | None) -> tuple[TaxRow, ...]:
    """The rows that together make the tax (and the net amount where every rate has a row); empty when none do."""
    labelled = _distinct([row for row in rows if row.labelled])
    for group in (labelled, _distinct(rows)):
        if not group or len(group) > 12:
            continue
        if tax is None and not any(row.labelled for row in group):
            continue
        parts = _without_sum(group)
        for choice in (parts, group):
            if _adds_up(choice, tax=tax, net=net):
                return tuple(choice)
    return ()


def printed_rates(evidence: Evidence) -> list[tuple[Decimal, Figure]]:
    """Rates that stand beside a tax word, as `19 %`, or as a bare number of a known rate."""
    found: list[tuple[Decimal, Figure]] = []
    for line in evidence.sheet.lines:
        labels = [label for segment in line.segments for label in evidence.labels.within(segment)]
        if not any(not label.kinds.isdisjoint({"tax", "rate"}) for label in labels):
            continue
        for segment in line.segments:
            for figure in evidence.figures_by_segment.get(segment.index, ()):
                if 0 <= figure.value <= HIGHEST_RATE and (figure.percent or figure.value in KNOWN_RATES):
                    found.append((figure.value, figure))
    return found


def _is_bare_rate(figure: Figure, heads: Sequence[Label]) -> bool:
    """A known rate without its sign: right of a tax word on its line, or in the column under one."""
    if figure.percent or figure.currency or figure.decimals > 2 or figure.value not in KNOWN_RATES:
        return False
    own = figure.segment
    for head in heads:
        other = head.segment
        if other.page != own.page or not other.line <= own.line <= other.line + _COLUMN_REACH:
            continue
        if other.line == own.line:
            if other.box.x0 < own.box.x1 and (other is not own or head.start < figure.start):
                return True
        elif overlaps(one=head.box, other=figure.box):
            return True
    return False


def _agreeing(figures: list[Figure], rates: list[Figure], labelled: bool) -> Iterator[TaxRow]:
    amounts = [each for each in figures if not each.percent and (each.decimals == 2 or each.currency or labelled)]
    for rate in rates:
        for basis in amounts:
            for amount in amounts:
                if len({id(rate), id(basis), id(amount)}) < 3 or basis.value == 0:
                    continue
                if abs(amount.value) >= abs(basis.value) or (amount.value == 0) != (rate.value == 0):
                    continue
                if _is_priced(figures, rate=rate, basis=basis, amount=amount):
                    continue
                if rate_fits(basis=basis.value, rate=rate.value, amount=amount.value):
                    yield TaxRow(rate.value, basis.value, amount.value, labelled, (rate, basis, amount))


def _is_priced(figures: list[Figure], *, rate: Figure, basis: Figure, amount: Figure) -> bool:
    """Whether a quantity on the line makes the one amount of the other: five at 20.00 are 100.00, and 20.00 is as much
    as the 20 % on 100.00."""
    return any(
        each.value * amount.value == basis.value
        for each in figures
        if not each.percent and each is not rate and each is not basis and each is not amount
    )


def _headed_lines(evidence: Evidence) -> set[int]:
    """Lines under a head that names a tax and its basis or total: the body of a breakdown table."""
    lines: set[int] = set()
    for line in evidence.sheet.lines:
        kinds = {kind for segment in line.segments for label in evidence.labels.within(segment) for kind in label.kinds}
        heads = kinds & {"tax", "rate"} and kinds & {"subtotal", "total", "other_amount", "total_plain"}
        if heads and not any(evidence.figures_by_segment.get(segment.index) for segment in line.segments):
            lines.update(range(line.index + 1, line.index + 9))
    return lines


def _distinct(rows: Sequence[TaxRow]) -> list[TaxRow]:
    seen: dict[tuple[Decimal, Decimal, Decimal], TaxRow] = {}
    for row in rows:
        seen.setdefault((row.rate, row.basis, row.amount), row)
    return list(seen.values())


def _without_sum(rows: list[TaxRow]) -> list[TaxRow]:
    """Without a row that is the sum of the others."""
    for row in rows:
        others = [other for other in rows if other is not row]
        if len(others) >= 2 and sum(other.amount for other in others) == row.amount:
            return others
    return rows


def _adds_up(rows: Sequence[TaxRow], *, tax: Decimal | None, net: Decimal | None) -> bool:
    if tax is not None and abs(sum((row.amount for row in rows), Decimal(0)) - tax) > CENT:
        return False
    basis = sum((row.basis for row in rows), Decimal(0))
    return net is None or basis <= net + CENT if (net or 0) >= 0 else basis >= (net or Decimal(0)) - CENT
