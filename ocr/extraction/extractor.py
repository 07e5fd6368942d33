"""The door of the room: `DocumentText` → `InvoiceFields`."""

from dataclasses import replace
from datetime import date

from customers.sentences import Sentence
from ocr.extraction.calibration import Models, shipped_models, with_probabilities
from ocr.extraction.certainty import doubted
from ocr.extraction.checks import bic_fits_iban, currency_symbol
from ocr.extraction.choice import choose
from ocr.extraction.fields import (
    FIELD_NAMES,
    Candidate,
    DocumentWarning,
    FieldName,
    FieldReading,
    InvoiceFields,
    KnownPayer,
    Testimony,
)
from ocr.extraction.page_reading import PageReading, read_pages
from ocr.extraction.scrutiny import scrutinise
from ocr.extraction.second_look import look_again, with_second_looks
from ocr.extraction.seller_contacts import read_seller_contacts
from ocr.extraction.thresholds import USUAL, Strictness
from ocr.extraction.unseen_sums import unseen_total
from ocr.extraction.unseen_text import unseen_account
from ocr.extraction.witnesses import hear
from ocr.reading.document import DocumentText


def extract_fields(
    *,
    document: DocumentText,
    payer: KnownPayer,
    today: date,
    strictness: Strictness = USUAL,
    models: Models | None = None,
) -> InvoiceFields:
    """All fields of the invoice, each verified or empty, with where it was read and what else was seen.

    Pure and deterministic. `payer` is whose invoice this is: its names, accounts and numbers are never the seller's.
    `today` only decides about the warning `overdue`, `strictness` how sure a printed value must be. `models`
    are probabilities other than the shipped ones. A document that says nothing gives empty fields, never an error.
    """
    testimonies, notes = hear(document)
    document, looks = look_again(document=document, payer=payer)
    page = read_pages(document=document, payer=payer)
    page = with_probabilities(page=page, models=shipped_models() if models is None else models)
    readings: dict[FieldName, FieldReading] = {}
    warnings: list[DocumentWarning] = []
    for name in FIELD_NAMES:
        readings[name], warning = choose(name=name, testimonies=testimonies, page=page, strictness=strictness)
        if warning:
            warnings.append(warning)
    readings = with_second_looks(readings=readings, looks=looks)
    _without_own_account(readings, payer)
    warnings += _without_foreign_bic(readings)
    readings["currency_symbol"] = _symbol(readings["currency_code"])
    trusted = next((each for each in testimonies if each.candidates), None)
    fields = InvoiceFields(
        readings=tuple(readings[name] for name in FIELD_NAMES),
        tax_breakdown=(trusted.tax_breakdown if trusted and trusted.tax_breakdown else page.tax_breakdown),
        warnings=(*_relevant(page, readings), *_stated(testimonies), *warnings),
        notes=(*document.notes, *notes),
        document_type=trusted.document_type if trusted and _states_type(trusted) else page.document_type,
        seller_contacts=read_seller_contacts(sheet=page.sheet, testimonies=testimonies),
    )
    spoken = [each for testimony in testimonies for name, each in testimony.candidates if name == "iban"]
    if unseen := unseen_account(pages=document.pages, sheet=page.sheet, stated=spoken):
        fields = replace(fields, warnings=(*fields.warnings, unseen))
    named = [each for testimony in testimonies for name, each in testimony.candidates if name == "total"]
    if other := unseen_total(document=document, page=page, stated=named, payer=payer):
        fields = replace(fields, warnings=(*fields.warnings, other))
    fields = scrutinise(fields=fields, payer=payer, today=today, sheet=page.sheet, slack=page.slack)
    return doubted(fields=fields, strictness=strictness)


def _stated(testimonies: list[Testimony]) -> tuple[DocumentWarning, ...]:
    """The witnesses' own warnings, each code and field once."""
    warnings = {(each.code, each.field): each for one in reversed(testimonies) for each in one.warnings}
    return tuple(warnings.values())


def _states_type(testimony: Testimony) -> bool:
    return any(each.source == "xml" for _, each in testimony.candidates)


_NEVER_SETTLED = frozenset({"iban_is_own_account", "direct_debit", "instalments"})
"""Doubts of the page about how and whether to pay, which no value that is stated elsewhere answers."""


def _relevant(page: PageReading, readings: dict[FieldName, FieldReading]) -> tuple[DocumentWarning, ...]:
    """The page's own doubts, without those that a machine-readable witness has settled."""
    settled = {name for name, reading in readings.items() if reading.chosen and reading.chosen.source in {"xml", "qr"}}
    return tuple(each for each in page.warnings if each.field not in settled or each.code in _NEVER_SETTLED)


def _without_own_account(readings: dict[FieldName, FieldReading], payer: KnownPayer) -> None:
    """The payer's own account is never the one to pay to, whoever states it."""
    own = {"".join(each.split()).upper() for each in payer.ibans}
    reading = readings["iban"]
    if reading.chosen and reading.chosen.value in own:
        note = "The account stated is the payer's own."
        readings["iban"] = FieldReading("iban", None, (reading.chosen, *reading.runners_up), note)


def _without_foreign_bic(readings: dict[FieldName, FieldReading]) -> list[DocumentWarning]:
    """A BIC of another country than the IBAN's fails its check and is not given."""
    bic, iban = readings["bic"].chosen, readings["iban"].chosen
    if bic and iban and not bic_fits_iban(bic=bic.value, iban=iban.value):
        failed = replace(bic, checks_failed=(*bic.checks_failed, "bic_country_fits_iban"))
        note = Sentence("The BIC {bic} is of another country than the IBAN.", bic=bic.value)
        readings["bic"] = FieldReading("bic", None, (failed, *readings["bic"].runners_up), note)
        return [DocumentWarning("bic_iban_mismatch", note, "bic")]
    return []


def _symbol(code: FieldReading) -> FieldReading:
    if code.chosen is None or (symbol := currency_symbol(code.chosen.value)) is None:
        return FieldReading("currency_symbol")
    derived = Candidate(
        value=symbol,
        raw=code.chosen.value,
        source="derived",
        confidence=code.chosen.confidence,
        page=code.chosen.page,
        box=code.chosen.box,
    )
    return FieldReading("currency_symbol", derived, (), "The usual symbol of the currency.")
