"""What a document's witnesses state, held against the document's known truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ocr.evaluation.comparison import Expected, expected, fails_its_check, is_same
from ocr.extraction.einvoice import testimony_of_einvoice
from ocr.extraction.fields import FIELD_NAMES, FieldName, Testimony
from ocr.extraction.payment_qr import testimony_of_code
from ocr.reading.document import DocumentText, XmlWitness

_OUR_NAMES = {"buyer_name": "customer_name", "buyer_email": "customer_email", "invoice_date": "issue_date"}
_OTHER_CODE = "code without payment"


@dataclass(frozen=True, slots=True)
class Heard:
    """One witness of a document: how many true values it should state, and which of them it did not."""

    witness: str
    values: int
    amiss: tuple[tuple[FieldName, tuple[str, ...], tuple[str, ...]], ...]
    """(field, what was read, what is true)"""


def heard(*, document: DocumentText, row: Mapping[str, Any]) -> tuple[Heard, ...]:
    """Each witness that was found, held against a line of a truth file (docs/truth-format.md).

    An e-invoice has to state every true value of the line. A payment code has to state every value of the line's
    `payloads`; where the line has none, only what the code does state is compared. A value is read when it stands
    among those that the witness states, be it alone or one of several. The amounts of a credit note are compared
    without their sign: its file states them without one, and they come out negative.
    """
    found = [_of_e_invoice(document=document, witness=each, row=row) for each in document.xml]
    for place, code in enumerate(document.codes):
        testimony = testimony_of_code(code)
        if testimony is None:
            found.append(Heard(_OTHER_CODE, 0, ()))
            continue
        truth = _truth(_payload_fields(row, place), {})
        if not truth:
            stated = {name for name, _ in testimony.candidates}
            truth = {name: each for name, each in _truth(row.get("fields") or {}, row).items() if name in stated}
        found.append(_compared(testimony.standard, testimony, truth))
    return tuple(found)


def missing_witness(*, found: tuple[Heard, ...], row: Mapping[str, Any]) -> str | None:
    """The kind of witness that the line says is there, and nothing of the kind was found; None when all is well."""
    names = {each.witness for each in found} - {_OTHER_CODE}
    e_invoices = {name for name in names if name.endswith(" in PDF") or name.startswith("plain ")}
    if (row.get("has_embedded_xml") or "syntax" in row) and not e_invoices:
        return "e-invoice, not found"
    if (row.get("has_payment_qr") or row.get("payloads")) and not names - e_invoices:
        return "payment code, not found"
    return None


def _of_e_invoice(*, document: DocumentText, witness: XmlWitness, row: Mapping[str, Any]) -> Heard:
    namespace = witness.root.tag
    syntax = "UBL" if "ubl:schema" in namespace else "ZUGFeRD 1.0" if "urn:ferd" in namespace else "CII"
    name = f"{syntax} in PDF" if document.kind == "pdf" else f"plain {syntax}"
    testimony = testimony_of_einvoice(witness) or Testimony(candidates=())
    extra = {name: value for name, value in (row.get("extra") or {}).items() if name == "invoice_date"}
    return _compared(name, testimony, _truth({**extra, **(row.get("fields") or {})}, row))


def _payload_fields(row: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    payloads = row.get("payloads") or ()
    return payloads[place]["fields"] if place < len(payloads) else {}


def _truth(fields: Mapping[str, Any], row: Mapping[str, Any]) -> dict[FieldName, Expected]:
    accept = row.get("accept") or {}
    names: tuple[FieldName, ...] = FIELD_NAMES
    truth: dict[FieldName, Expected] = {}
    for theirs, value in fields.items():
        name = next((one for one in names if one == _OUR_NAMES.get(theirs, theirs)), None)
        # The symbol follows from the currency's code; no witness has one.
        if value is not None and name is not None and name != "currency_symbol":
            truth[name] = expected(name=name, values=(str(value), *map(str, accept.get(theirs, ()))))
    return truth


def _compared(witness: str, testimony: Testimony, truth: Mapping[FieldName, Expected]) -> Heard:
    sign = "-" if testimony.document_type == "credit_note" else ""
    amiss = []
    for name, right in truth.items():
        read = tuple(one.value.removeprefix(sign) for field, one in testimony.candidates if field == name)
        true = tuple(value.removeprefix(sign) for value in right.values)
        agrees = any(is_same(name=name, value=one, truth=other) for one in read for other in true)
        is_rightly_unread = not read and (not true or fails_its_check(name=name, values=true))
        if not agrees and not is_rightly_unread:
            amiss.append((name, read, true))
    return Heard(witness, len(truth), tuple(amiss))
