"""Whether a document went through without anything that asks for a person."""

from ocr.extraction.fields import FieldName, InvoiceFields

NEEDED: tuple[FieldName, ...] = ("total", "currency_code", "iban", "invoice_number", "seller_name")
"""What a payment cannot do without."""

HARMLESS_WARNINGS = frozenset({"overdue"})


def accepted(fields: InvoiceFields) -> bool:
    """True when nothing in the fields asks for a person.

    Every field a payment needs is there, the total is positive, and no warning stands, `low_confidence` included.
    `overdue` alone is exempt: it says that paying is late, not that anything was read wrongly, and holding the
    document back would only make it later. A document without an IBAN is never accepted.
    """
    if any(fields.value(name) is None for name in NEEDED):
        return False
    total = fields.amount("total")
    if total is None or total <= 0 or fields.document_type != "invoice":
        return False
    return all(warning.code in HARMLESS_WARNINGS for warning in fields.warnings)
