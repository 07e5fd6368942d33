"""Doubts about the chosen values as a whole: what a person should look at before paying."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from customers.sentences import Sentence
from ocr.extraction.fields import DocumentWarning, InvoiceFields, KnownPayer
from ocr.extraction.lines import Sheet, compact
from ocr.extraction.party_names import core_of, same_party

_MISREAD = 85.0
"""Likeness 0..100 of a part of a scan's text from which it is the payer's name, misread."""

_SHORT = 5
"""Letters up to which a name is found in any text by chance."""

_COIN = Decimal("0.05")
"""The smallest coin to which cash and Swiss totals are rounded: a difference below it is no contradiction."""


def scrutinise(
    *, fields: InvoiceFields, payer: KnownPayer, today: date, sheet: Sheet, slack: Decimal = Decimal(0)
) -> InvoiceFields:
    """The same fields with the warnings that only all of them together give. `slack` is by how much net and tax may
    miss the total where the document names what it was rounded by."""
    found = [
        _sums(fields, slack),
        _own_account(fields, payer),
        _countries(fields),
        _buyer(fields, payer, sheet),
        _overdue(fields, today),
    ]
    known = {(each.code, each.field) for each in fields.warnings}
    added = tuple(each for each in found if each and (each.code, each.field) not in known)
    return replace(fields, warnings=(*fields.warnings, *added))


def _sums(fields: InvoiceFields, slack: Decimal) -> DocumentWarning | None:
    total, net, tax = fields.amount("total"), fields.amount("subtotal"), fields.amount("sales_tax_amount")
    if total is None or net is None or tax is None or abs(net + tax - total) <= max(_COIN, slack):
        return None
    message = Sentence("Net amount {net} and tax {tax} do not make the total {total}.", net=net, tax=tax, total=total)
    return DocumentWarning("amounts_do_not_add_up", message, "total")


def _own_account(fields: InvoiceFields, payer: KnownPayer) -> DocumentWarning | None:
    own = {"".join(each.split()).upper() for each in payer.ibans}
    seen = [fields.value("iban"), *(each.value for each in fields.reading("iban").runners_up)]
    if not own.intersection(value for value in seen if value):
        return None
    message = Sentence("The document shows the payer's own account; it is not taken for the payee's.")
    return DocumentWarning("iban_is_own_account", message, "iban")


def _countries(fields: InvoiceFields) -> DocumentWarning | None:
    """An account in another country than the seller's tax number is legal, and a frequent mark of fraud."""
    iban, vat_id = fields.value("iban"), fields.value("seller_vat_id")
    if not iban or not vat_id:
        return None
    seller = {"EL": "GR", "XI": "GB"}.get(vat_id[:2], vat_id[:2])
    if seller == iban[:2]:
        return None
    message = Sentence(
        "The account is in {country}, the seller is registered for tax in {other_country}.",
        country=iban[:2],
        other_country=seller,
    )
    return DocumentWarning("iban_country_mismatch", message, "iban")


def _buyer(fields: InvoiceFields, payer: KnownPayer, sheet: Sheet) -> DocumentWarning | None:
    """Billed to another name, or to none that was read though it asks for a transfer; and the payer is named nowhere on
    the document."""
    name = fields.value("customer_name")
    if not payer.names or (name and any(same_party(one=name, other=own) for own in payer.names)):
        return None
    if not name and not fields.value("iban"):
        return None
    if _names_payer(sheet, payer):
        return None
    message = (
        Sentence("The document is billed to {name}.", name=name)
        if name
        else Sentence("The document nowhere names {name}.", name=payer.names[0])
    )
    return DocumentWarning("billed_to_someone_else", message, "customer_name")


def _names_payer(sheet: Sheet, payer: KnownPayer) -> bool:
    """By name, VAT number or e-mail address; on a scan also by a name that the engine read nearly so."""
    cores = [core_of(own) for own in payer.names]
    if any(sheet.mentions(each) for each in (*cores, *payer.emails)):
        return True
    if payer.vat_id and compact(payer.vat_id) in sheet.compact:
        return True
    recognised = any(segment.source == "ocr" for segment in sheet.segments)
    return recognised and any(
        fuzz.partial_ratio(compact(core), sheet.compact) >= _MISREAD for core in cores if len(compact(core)) > _SHORT
    )


def _overdue(fields: InvoiceFields, today: date) -> DocumentWarning | None:
    due = fields.value("due_date")
    if due is None or date.fromisoformat(due) >= today:
        return None
    return DocumentWarning("overdue", Sentence("The invoice was due on {due}.", due=due), "due_date")
