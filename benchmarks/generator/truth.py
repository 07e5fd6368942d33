"""The truth about a generated invoice, in the row format of `docs/truth-format.md`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.generator.draft import Draft
from benchmarks.generator.references import Reference

FIELDS = (
    "total",
    "subtotal",
    "sales_tax_amount",
    "sales_tax_percentage",
    "currency_code",
    "invoice_number",
    "due_date",
    "seller_name",
    "buyer_name",
    "seller_email",
    "buyer_email",
    "reference",
    "iban",
    "bic",
    "seller_vat_id",
)


def truth_of(*, draft: Draft, printed: Mapping[str, Sequence[str]], name: str, file: str, pages: int) -> dict[str, Any]:
    """One row. A value is null where the page does not state it and it does not follow from the page either."""
    known = _known(draft)
    states = {*printed, *_stated_otherwise(draft)}
    in_code = set(_in_code(draft))
    visible = [field for field in FIELDS if field in states and known[field] is not None]
    fields = {field: known[field] if field in {*visible, *in_code, *_derivable(draft)} else None for field in FIELDS}
    has_code = draft.structure.slip in {"qr_bill", "epc"}
    return {
        "id": name,
        "file": file,
        "lang": draft.invoice.locale.language,
        "country": draft.invoice.locale.country,
        "kind": "qr" if has_code else "digital_pdf",
        "text_layer": "digital",
        "pages": pages,
        "has_embedded_xml": False,
        "has_payment_qr": has_code,
        "case": draft.invoice.case.main,
        "group": draft.structure.group,
        "layout": draft.structure.signature,
        "fields": fields,
        "fields_visible": visible,
        "fields_absent": [field for field in FIELDS if fields[field] is None and field not in _open(draft)],
        "accept": {key: values for key, values in _accept(draft, printed).items() if values},
        "printed": {field: list(texts) for field, texts in printed.items() if field},
        "labels": _labels(draft),
        "extra": _extra(draft, printed),
        "truth_source": "generated",
    }


def _known(draft: Draft) -> dict[str, str | None]:
    """What is true, whether or not the page says so."""
    invoice = draft.invoice
    sums, account = invoice.sums, invoice.accounts[0]
    sign = -1 if invoice.case.credit_note else 1
    single = len(sums.taxes) == 1
    return {
        "total": _plain(sums.total * sign),
        "subtotal": _plain(sums.subtotal * sign),
        "sales_tax_amount": _plain(sums.tax * sign),
        "sales_tax_percentage": f"{sums.taxes[0].rate.normalize():f}" if single else None,
        "currency_code": invoice.currency,
        "invoice_number": invoice.number,
        "due_date": None if invoice.case.credit_note else invoice.terms.due_date.isoformat(),
        "seller_name": invoice.seller.name,
        "buyer_name": invoice.buyer.name,
        "seller_email": invoice.seller.emails[0],
        "buyer_email": invoice.buyer.emails[0],
        "reference": invoice.reference.value or None,
        "iban": account.iban or None,
        "bic": account.bic if account.iban else None,
        "seller_vat_id": invoice.seller.vat_id or None,
    }


def _stated_otherwise(draft: Draft) -> set[str]:
    """Fields that the page states without a text of their own: the currency beside an amount."""
    labels = "".join(draft.wording.chosen.get(f"label {name}", "") for name in ("total", "amount", "subtotal"))
    return {"currency_code"} if draft.formats.names_currency or "{currency}" in labels else set()


def _in_code(draft: Draft) -> tuple[str, ...]:
    """Fields that a payment code states, beside the total where nothing was prepaid."""
    reference = ("reference",) if draft.invoice.reference.kind in {"qrr", "rf"} else ()
    codes = {"qr_bill": ("iban", "currency_code", *reference), "epc": ("iban", "bic", "currency_code", "reference")}
    return codes.get(draft.structure.slip, ())


def _derivable(draft: Draft) -> set[str]:
    """The due date follows from the printed terms; a single rate from tax and net sum."""
    derivable = set()
    if _gives_days(draft):
        derivable.add("due_date")
    if not draft.invoice.case.untaxed:
        derivable |= {"subtotal", "sales_tax_amount", "sales_tax_percentage"}
    return derivable


def _gives_days(draft: Draft) -> bool:
    """Whether the page says within how many days to pay."""
    return any("{days}" in draft.wording.chosen.get(f"sentence {name}", "") for name in ("net", "discount"))


def _open(draft: Draft) -> set[str]:
    """Fields whose absence is no certain matter: a reported value may be read from something else on the page."""
    unsure = {"reference", "currency_code"}
    invoice = draft.invoice
    if invoice.case.untaxed:
        unsure |= {"subtotal", "sales_tax_amount", "sales_tax_percentage"}
    return unsure


def _accept(draft: Draft, printed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Other values that are right too."""
    invoice = draft.invoice
    sign = -1 if invoice.case.credit_note else 1
    sums, vat_id, country = invoice.sums, invoice.seller.vat_id, invoice.locale.country
    others = invoice.accounts[1:]
    return {
        "due_date": [invoice.terms.discount_until.isoformat()] if invoice.case.instalments else [],
        "total": [_plain((sums.total - sums.rounding) * sign)] if sums.rounding else [],
        "seller_name": [invoice.seller.brand],
        "seller_email": [invoice.seller.emails[1]],
        "reference": _reference_forms(invoice.reference, invoice.number, printed=printed),
        "iban": [account.iban for account in others if account.iban] + _domestic_iban(draft),
        "bic": [account.bic for account in others] + _lengths(invoice.accounts[0].bic),
        "seller_vat_id": _vat_forms(country, vat_id),
    }


def _reference_forms(reference: Reference, number: str, *, printed: Mapping[str, Sequence[str]]) -> list[str]:
    """As printed; a Belgian one between plus signs too. Where none is printed, the invoice's number does no harm."""
    if "reference" not in printed:
        return [number]
    grouped = f"+++{reference.value[:3]}/{reference.value[3:7]}/{reference.value[7:]}+++"
    return [reference.printed, grouped] if reference.kind == "ogm" else [reference.printed]


def _domestic_iban(draft: Draft) -> list[str]:
    """The IBAN that a Polish account number without its prefix stands for."""
    account = draft.invoice.accounts[0]
    return [account.iban] if draft.invoice.locale.country == "PL" and account.iban else []


def _lengths(bic: str) -> list[str]:
    """A BIC of eight signs and the same with XXX are one."""
    return [bic[:8]] if bic.endswith("XXX") else [f"{bic}XXX"] if len(bic) == 8 else []


def _vat_forms(country: str, vat_id: str) -> list[str]:
    if not vat_id:
        return []
    if country == "CH":
        return [vat_id[:12], f"{vat_id[:12]}TVA"]
    bare = vat_id.removeprefix(country)
    return [bare] if bare != vat_id else [f"{country}{vat_id}"]


def _labels(draft: Draft) -> dict[str, str]:
    """What the fields are called on this invoice, as far as they have labels at all."""
    credit, invoice = draft.invoice.case.credit_note, draft.invoice
    by_field = {
        "total": "total",
        "subtotal": "subtotal",
        "sales_tax_amount": "tax_plain" if draft.structure.taxes in {"plain", "table"} else "tax",
        "invoice_number": "credit_number" if credit else "number",
        "invoice_date": "issue_date",
        "due_date": "due_date",
        "reference": "reference_code" if invoice.reference.kind == "fik" else "reference",
        "iban": "iban",
        "bic": "bic",
    }
    used = {field: draft.wording.used.get(name, "") for field, name in by_field.items()}
    used["seller_vat_id"] = draft.wording.chosen.get("vat_label", "")
    if draft.structure.title_place in {"with_number", "dated"} and not used["invoice_number"]:
        used["invoice_number"] = draft.wording.title(is_credit=invoice.case.credit_note)
    return {field: label for field, label in used.items() if label}


def _extra(draft: Draft, printed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    invoice = draft.invoice
    sums, sign = invoice.sums, -1 if invoice.case.credit_note else 1
    return {
        "invoice_date": invoice.issue_date.isoformat(),
        "document_type": "381" if invoice.case.credit_note else "380",
        "amount_due": _plain(sums.payable * sign),
        "prepaid": _plain(sums.prepaid * sign),
        "rounding": _plain(sums.rounding * sign),
        "due_date_from": "page" if "due_date" in printed else "terms" if _gives_days(draft) else "",
        "payment_days": invoice.terms.days,
        "discount_date": invoice.terms.discount_until.isoformat() if invoice.case.cash_discount else None,
        "tax_rates": [f"{tax.rate.normalize():f}" for tax in sums.taxes],
        "tax_lines": [
            {"rate": f"{tax.rate.normalize():f}", "basis": _plain(tax.base * sign), "amount": _plain(tax.amount * sign)}
            for tax in sums.taxes
        ],
        "ibans": [account.iban for account in invoice.accounts if account.iban],
        "payer_iban": invoice.payer_account.iban if invoice.payer_account else None,
        "payer_vat_id": invoice.buyer.vat_id or None,
        "payer_emails": list(invoice.buyer.emails),
        "reference_kind": invoice.reference.kind,
        "habit": draft.structure.habit,
        "face": draft.structure.face,
    }


def _plain(value: Decimal) -> str:
    return f"{value:.2f}"
