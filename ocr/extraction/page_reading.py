"""What the printed pages say: every field family's candidates under the names of the fields."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ocr.extraction.bank import find_ibans, read_bank
from ocr.extraction.calendar_dates import PrintedDate, day_order, find_dates
from ocr.extraction.currency import countries_named, read_currency
from ocr.extraction.dates import read_dates
from ocr.extraction.direct_debit import debit_warning
from ocr.extraction.evidence import Evidence
from ocr.extraction.fields import Candidate, DocumentType, DocumentWarning, FieldName, KnownPayer, TaxLine
from ocr.extraction.figures import find_figures
from ocr.extraction.legal_forms import with_legal_forms_as_written
from ocr.extraction.lexicon import find_labels
from ocr.extraction.lines import Sheet, sheet_of
from ocr.extraction.numbers import read_invoice_number
from ocr.extraction.party_fields import PartyReading, read_parties
from ocr.extraction.payment_reference import read_reference
from ocr.extraction.sum_fields import document_type_of, read_sums
from ocr.extraction.vat_numbers import find_vat_ids
from ocr.reading.document import DocumentText


@dataclass(frozen=True, slots=True)
class PageReading:
    """Candidates by field, best first, and all that another witness can be compared with. `slack` is by how much net
    and tax may miss the total."""

    candidates: Mapping[FieldName, tuple[Candidate, ...]] = field(default_factory=dict)
    notes: Mapping[FieldName, str] = field(default_factory=dict)
    warnings: tuple[DocumentWarning, ...] = ()
    tax_breakdown: tuple[TaxLine, ...] = ()
    document_type: DocumentType = "invoice"
    sheet: Sheet = field(default_factory=lambda: Sheet((), ()))
    amounts: frozenset[Decimal] = frozenset()
    dates: frozenset[date] = frozenset()
    slack: Decimal = Decimal(0)


def read_pages(*, document: DocumentText, payer: KnownPayer) -> PageReading:
    """Everything that can be inferred from the words of all pages."""
    evidence = gather(document=document, payer=payer)
    if not evidence.sheet.lines:
        return PageReading()
    bank, dates, parties = read_bank(evidence), read_dates(evidence), read_parties(evidence)
    countries = countries_named(
        evidence=evidence,
        ibans=[each.value for each in bank.printed],
        vat_ids=[each.value for each in parties.vat_ids],
    )
    currencies, currency_note = read_currency(evidence=evidence, countries=countries)
    currency = currencies[0].value if currencies else None
    sums = read_sums(evidence=evidence, document_type=document_type_of(evidence), currency=currency)
    numbers = read_invoice_number(evidence)
    candidates: dict[FieldName, tuple[Candidate, ...]] = {
        **sums.candidates,
        **_party_candidates(parties),
        "currency_code": currencies,
        "due_date": dates.due,
        "issue_date": dates.issue,
        "iban": bank.ibans,
        "bic": bank.bics,
        "invoice_number": numbers,
        "reference": read_reference(evidence=evidence, invoice_numbers=numbers),
    }
    debit = debit_warning(evidence=evidence, printed=bank.printed)
    dated: dict[FieldName, str] = {"issue_date": dates.issue_note, "due_date": dates.due_note}
    return PageReading(
        candidates=candidates,
        notes={**dated, **sums.notes, "currency_code": currency_note, "iban": bank.iban_note},
        warnings=(*bank.warnings, *([debit] if debit else []), *dates.warnings, *sums.warnings),
        tax_breakdown=sums.tax_breakdown,
        document_type=sums.document_type,
        sheet=evidence.sheet,
        amounts=frozenset(abs(figure.value) for figure in evidence.figures),
        slack=sums.slack,
        dates=frozenset(reading for each in evidence.dates for reading in each.readings),
    )


def _party_candidates(parties: PartyReading) -> dict[FieldName, tuple[Candidate, ...]]:
    return {
        "customer_name": parties.buyers,
        "customer_email": parties.buyer_emails,
        "seller_name": parties.sellers,
        "seller_email": parties.seller_emails,
        "seller_vat_id": parties.vat_ids,
        "seller_address": parties.addresses,
    }


def gather(*, document: DocumentText, payer: KnownPayer) -> Evidence:
    """The sheet with its labels, dates and figures: what all field families start from."""
    sheet = with_legal_forms_as_written(sheet_of(document))
    labels = find_labels(sheet)
    dates = find_dates(sheet)
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for each in dates:
        taken[each.segment.index].append((each.start, each.end))
    bare = Evidence(sheet, labels, (), tuple(dates), None, payer, {}, {})
    ibans = list(find_ibans(bare))
    for iban in ibans:
        taken[iban.segment.index].append((iban.start, iban.end))
    figures = find_figures(sheet=sheet, taken=taken, languages=labels.languages)
    by_segment = defaultdict(list)
    for figure in figures:
        by_segment[figure.segment.index].append(figure)
    dates_by_segment: dict[int, list[PrintedDate]] = defaultdict(list)
    for each in dates:
        dates_by_segment[each.segment.index].append(each)
    vat_ids = [each.value for each in find_vat_ids(bare)]
    countries = countries_named(evidence=bare, ibans=[each.value for each in ibans], vat_ids=vat_ids)
    return Evidence(
        sheet=sheet,
        labels=labels,
        figures=tuple(figures),
        dates=tuple(dates),
        day_order=day_order(dates=dates, countries=countries, languages=labels.languages),
        payer=payer,
        figures_by_segment={index: tuple(found) for index, found in by_segment.items()},
        dates_by_segment={index: tuple(found) for index, found in dates_by_segment.items()},
    )
