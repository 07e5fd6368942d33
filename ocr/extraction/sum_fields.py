"""From the chosen sums to candidates with an honest confidence, a tax breakdown and warnings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction.checks import plain_amount, plain_percentage
from ocr.extraction.evidence import Evidence
from ocr.extraction.fields import Candidate, DocumentType, DocumentWarning, FieldName, TaxLine
from ocr.extraction.figures import Figure
from ocr.extraction.lexicon import LONGEST_PHRASE, Label, kinds_of
from ocr.extraction.line_sums import sums_of_lines
from ocr.extraction.sum_options import Option
from ocr.extraction.tax_lines import CENT, KNOWN_RATES, rate_fits
from ocr.extraction.totals import Sums, choose_sums

_MOST_BESIDE_TITLE = 4
"""Cells on the line of a title; more are the head of a table."""


@dataclass(frozen=True, slots=True)
class SumReading:
    candidates: Mapping[FieldName, tuple[Candidate, ...]] = field(default_factory=dict)
    notes: Mapping[FieldName, str] = field(default_factory=dict)
    warnings: tuple[DocumentWarning, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
    document_type: DocumentType = "invoice"
    slack: Decimal = Decimal(0)


def document_type_of(evidence: Evidence) -> DocumentType:
    """A credit note when its title comes before any title of an invoice, in the upper half of the first page."""
    if not evidence.sheet.lines:
        return "invoice"
    page = evidence.sheet.lines[0].page
    half = 0.55 * evidence.sheet.page_heights.get(page, 842.0)
    if any("credit_title" in kinds_of(joined) for joined in _spaced_out(evidence, page, half)):
        return "credit_note"
    for label in evidence.labels.of("title", "credit_title", "invoice_number"):
        segment = label.segment
        if segment.page != page or segment.box.y0 > half or not label.opens or len(segment.text) > 60:
            continue
        if _has_amount(evidence, label) or len(evidence.sheet.lines[segment.line].segments) > _MOST_BESIDE_TITLE:
            continue  # `CREDIT 24.18` is how it was paid; `Debit | Credit | Balance` heads a table
        return "credit_note" if "credit_title" in label.kinds or _names_credit(label.phrase) else "invoice"
    return "invoice"


def _spaced_out(evidence: Evidence, page: int, half: float) -> Iterator[str]:
    """Titles of more letters than a label may have words, `N O T A  D I  C R E D I T O`, joined."""
    for line in evidence.sheet.lines:
        if line.page != page or line.box.y0 > half:
            continue
        tokens = [token.text for segment in line.segments for token in segment.tokens]
        if len(tokens) > LONGEST_PHRASE and all(len(token) == 1 for token in tokens):
            yield "".join(tokens)


def _has_amount(evidence: Evidence, label: Label) -> bool:
    return any(
        figure.money
        for segment in evidence.sheet.lines[label.segment.line].segments
        for figure in evidence.figures_by_segment.get(segment.index, ())
    )


def _names_credit(phrase: str) -> bool:
    return any(
        word in phrase
        for word in ("gutschrift", "korrektur", "storno", "credit", "avoir", "kredit", "abono", "dobropis")
    )


def _differing_amount_due(sums: Sums) -> Option | None:
    """What is labelled as still to be paid, where it is another amount than the total: something was paid before.

    A bare whole number beside such a label is rather the days to pay within.
    """
    if sums.total is None:
        return None
    if any(abs(each.value) == abs(sums.total.value) for each in sums.payables):
        return None
    return next((each for each in sums.payables if not (each.figure and each.figure.plain)), None)


def read_sums(*, evidence: Evidence, document_type: DocumentType, currency: str | None) -> SumReading:
    """Candidates for the four amounts. The amounts of a credit note are negative, whatever sign is printed."""
    sums = choose_sums(evidence)
    sign = 1
    if document_type == "credit_note" and sums.total and sums.total.value > 0:
        sign = -1
    if sums.total and sums.total.value < 0:
        document_type = "credit_note"
    warnings: list[DocumentWarning] = []
    clash = contradict(sums)
    if clash:
        message = Sentence("The net amount and the tax on the document do not make its total.")
        warnings.append(DocumentWarning("amounts_do_not_add_up", message, "total"))
    if due := _differing_amount_due(sums):
        message = Sentence("The document asks for {due}, which is not its total.", due=due.value)
        warnings.append(DocumentWarning("amount_due_differs", message, "total"))
    notes: dict[FieldName, str] = {}
    if len(sums.rates) > 1:
        notes["sales_tax_percentage"] = "Several tax rates apply; they are in the tax breakdown."
    elif sums.tax and sums.tax.figure is None:
        notes["sales_tax_amount"] = "The sum of the tax lines; the document does not print it."
    lines = sums_of_lines(evidence.figures)

    def made(chosen: Option | None, options: Sequence[Option], confidence: float) -> tuple[Candidate, ...]:
        return _checked(_amounts(chosen, options, confidence, sign, currency), sums, chosen, lines)

    return SumReading(
        candidates={
            "total": made(sums.total, sums.totals, _total_confidence(sums, clash=clash)),
            "subtotal": made(sums.subtotal, sums.subtotals, _part_confidence(sums, sums.subtotal, clash=clash)),
            "sales_tax_amount": made(sums.tax, sums.taxes, _part_confidence(sums, sums.tax, clash=clash)),
            "sales_tax_percentage": _rates(sums),
        },
        notes=notes,
        warnings=tuple(warnings),
        tax_breakdown=tuple(_signed(row.line, sign) for row in sums.rows),
        document_type=document_type,
        slack=sums.slack,
    )


def _signed(line: TaxLine, sign: int) -> TaxLine:
    basis = None if line.basis is None else line.basis * sign
    amount = None if line.amount is None else line.amount * sign
    return TaxLine(line.rate, basis, amount, line.category)


def contradict(sums: Sums) -> bool:
    """One clear net amount and one clear tax, and no total that they make."""
    if sums.total is None or sums.adds_up or sums.is_adjusted or not sums.subtotals or not sums.taxes:
        return False
    nets = [each for each in sums.subtotals if each.weight >= 0.85]
    taxes = [each for each in sums.taxes if each.weight >= 0.8]
    return (
        len(nets) == 1
        and len(taxes) == 1
        and nets[0].value + taxes[0].value != sums.total.value
        and nets[0].value != sums.total.value
    )


def _total_confidence(sums: Sums, *, clash: bool) -> float:
    total = sums.total
    if total is None:
        return 0.0
    if sums.adds_up:
        taxed = bool(sums.tax and sums.tax.value)
        confidence = 0.95 if taxed else 0.9
        if sums.rate_agrees:
            confidence += 0.025
        if total.weight < 0.5:
            confidence -= 0.12
    elif sums.is_adjusted:
        confidence = 0.93
    else:
        confidence = 0.5 + 0.35 * min(1.0, total.weight) + 0.04 * min(3, total.seen - 1)
        if any(_rivals(each, total) for each in sums.totals):
            confidence -= 0.15
        if not total.largest:
            confidence -= 0.1
    if clash:
        confidence -= 0.45
    if _has_larger_rival(sums, total):
        confidence -= 0.3
    if sums.margin < 0.15 and not sums.adds_up and not sums.is_adjusted:
        confidence -= 0.1
    return min(0.985, confidence)


def _rivals(other: Option, total: Option) -> bool:
    """Whether another figure has as good a claim to be the total; nothing, or less under the same label, has not."""
    if other.value == total.value or not other.value or other.weight < total.weight - 0.05:
        return False
    same_line = other.figure and total.figure and other.figure.segment.line == total.figure.segment.line
    return not same_line or abs(other.value) > abs(total.value)


def _part_confidence(sums: Sums, part: Option | None, *, clash: bool) -> float:
    if part is None:
        return 0.0
    if sums.adds_up:
        taxed = bool(sums.tax and sums.tax.value)
        confidence = (
            (0.94 if taxed else 0.86) + (0.03 if sums.rate_agrees else 0.0) - (0.08 if part.weight < 0.4 else 0.0)
        )
    elif sums.is_adjusted:
        confidence = 0.92
    elif sums.total and part is sums.tax and (sums.rate_agrees or _is_usual_share(sums)):
        confidence = 0.85 if sums.rate_agrees else 0.8
    elif sums.total and part is sums.subtotal and part.value == sums.total.value:
        confidence = 0.45 + 0.35 * part.weight
    else:
        confidence = 0.35 + 0.35 * part.weight
    return confidence - (0.4 if clash else 0.0)


def _is_usual_share(sums: Sums) -> bool:
    """Whether the tax is, to the cent, a usual rate of what the total leaves without it."""
    if sums.total is None or sums.tax is None or sums.subtotal or not sums.tax.value:
        return False
    basis = sums.total.value - sums.tax.value
    return any(rate >= 5 and rate_fits(basis=basis, rate=rate, amount=sums.tax.value) for rate in KNOWN_RATES)


def _amounts(
    chosen: Option | None, options: Sequence[Option], confidence: float, sign: int, currency: str | None
) -> tuple[Candidate, ...]:
    made: list[Candidate] = []
    ordered = ([chosen] if chosen else []) + [each for each in options if chosen is None or each.value != chosen.value]
    for option in ordered[:4]:
        own = confidence if option is chosen else min(0.5, 0.4 * option.weight)
        made.append(_amount(option, own, sign, currency))
    return tuple(made)


def _checked(
    candidates: tuple[Candidate, ...], sums: Sums, chosen: Option | None, lines: frozenset[Decimal]
) -> tuple[Candidate, ...]:
    """The chosen amount with the arithmetic that it passed or failed."""
    if chosen is None:
        # The joint choice did without: whatever a label says, the other sums contradict it.
        return tuple(replace(each, checks_failed=(*each.checks_failed, "fits_other_sums")) for each in candidates)
    passed = [*candidates[0].checks_passed]
    proven = sums.adds_up or sums.is_adjusted or sums.rate_agrees or _is_usual_share(sums)
    if sums.adds_up:
        passed.append("net_plus_tax_is_total" if sums.tax and sums.tax.value else "net_is_total")
    if sums.is_adjusted:
        passed.append("adjustments_make_total")
    if sums.rate_agrees:
        passed.append("rate_times_net_is_tax")
    if chosen is not sums.tax and chosen.value in lines:
        passed.append("sum_of_lines")
    if chosen.seen > 1:
        passed.append("seen_again")
    if any(each.value == chosen.value for each in sums.payables):
        passed.append("is_payable")
    failed = ["net_plus_tax_is_total"] if sums.adds_up is False or contradict(sums) else []
    if chosen is sums.total and _has_larger_rival(sums, chosen):
        failed.append("no_larger_total")
    if chosen is sums.tax and chosen.value and not proven and _has_other_tax(sums, chosen):
        failed.append("no_other_tax")
    return (replace(candidates[0], checks_passed=tuple(passed), checks_failed=tuple(failed)), *candidates[1:])


def _has_other_tax(sums: Sums, tax: Option) -> bool:
    """Whether another amount is called the tax nearly as clearly, as on a bill that states it day by day."""
    return any(each.value and each.value != tax.value and each.weight >= tax.weight - 0.2 for each in sums.taxes)


def _has_larger_rival(sums: Sums, total: Option) -> bool:
    """Whether a larger amount is called the total as clearly, and no tax of its own proves this one. What was rounded
    off a total, as a line says, makes no other total of it."""
    is_proven = bool(sums.is_adjusted or (sums.adds_up and sums.tax and sums.tax.value))
    rounding = sums.slack if sums.slack > CENT else Decimal(0)
    return any(
        abs(each.value) > abs(total.value) + rounding
        and (each.weight >= 0.95 or (not is_proven and _rivals(each, total)))
        for each in sums.totals
    )


def _amount(option: Option, confidence: float, sign: int, currency: str | None) -> Candidate:
    value = plain_amount(amount=option.value * sign, currency=currency)
    figure = option.figure
    if figure is None:
        return Candidate(value, value, "derived", round(confidence, 3), checks_passed=("sum_of_tax_lines",))
    return Candidate(
        value=value,
        raw=figure.raw,
        source=figure.segment.source,
        confidence=round(max(0.0, confidence), 3),
        page=figure.segment.page,
        box=figure.box,
    )


def _rates(sums: Sums) -> tuple[Candidate, ...]:
    if sums.rate is None or len(sums.rates) > 1:
        return ()
    rate, figure = sums.rate
    confidence = 0.95 if sums.rate_agrees and sums.adds_up else (0.85 if sums.adds_up or sums.rate_agrees else 0.6)
    return (_rate(rate, figure, confidence),)


def _rate(rate: Decimal, figure: Figure, confidence: float) -> Candidate:
    return Candidate(
        value=plain_percentage(rate),
        raw=figure.raw,
        source=figure.segment.source,
        confidence=confidence,
        page=figure.segment.page,
        box=figure.box,
        checks_passed=("rate_times_net_is_tax",) if confidence > 0.9 else (),
    )
