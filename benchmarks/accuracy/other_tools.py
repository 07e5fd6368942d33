"""Run by `others` with the interpreter of another tool's environment: its answers, by our names, a JSON line a file.

Nothing of the project is imported here. What the tools give is put into our form (plain decimals, ISO dates) where that
takes no guess, so that they are not marked down for their way of writing; `date.fromisoformat` and the like would be.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

_INVOICE2DATA = {
    "amount": "total",
    "amount_untaxed": "subtotal",
    "amount_tax": "sales_tax_amount",
    "currency": "currency_code",
    "date": "issue_date",
    "date_due": "due_date",
    "invoice_number": "invoice_number",
    "issuer": "seller_name",
    "vat": "seller_vat_id",
    "IBAN": "iban",
    "iban": "iban",
    "BIC": "bic",
    "bic": "bic",
    "payment_reference": "reference",
}
_PDF2STRUCT = {
    "total": "total",
    "vat": "sales_tax_amount",
    "date": "issue_date",
    "invoice_number": "invoice_number",
    "iban": "iban",
}
_AMOUNTS = {"total", "subtotal", "sales_tax_amount"}


def main() -> None:
    ask = {"invoice2data": _invoice2data, "pdf2struct": _pdf2struct}[sys.argv[1]]()
    for path in sys.argv[2:]:
        try:
            answer = ask(path)
        except Exception as error:  # noqa: BLE001  whatever the tool stumbles over, it has no answer
            sys.stderr.write(f"{path}: {error!r}\n")
            answer = {}
        sys.stdout.write(json.dumps(answer) + "\n")


def _invoice2data() -> Callable[[str], dict[str, str]]:
    tool = importlib.import_module("invoice2data")
    templates = importlib.import_module("invoice2data.extract.loader").read_templates()
    return lambda path: _named(tool.extract_data(path, templates=templates) or {}, _INVOICE2DATA)


def _pdf2struct() -> Callable[[str], dict[str, str]]:
    tool = importlib.import_module("pdf2struct.extractor")
    return lambda path: _named(tool.extract_pdf(path)["detected_fields"], _PDF2STRUCT)


def _named(given: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for theirs, ours in names.items():
        value = given.get(theirs)
        value = value[0] if isinstance(value, list) and value else value
        if value not in (None, "", []):
            found[ours] = _in_our_form(ours, value)
    return found


def _in_our_form(name: str, value: Any) -> str:
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d"))
    text = str(value).strip()
    if name in _AMOUNTS:
        return _amount(text)
    if name.endswith("date") and (parts := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)):
        day, month, year = parts.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return text


def _amount(text: str) -> str:
    """The last comma or full stop before one or two digits is the decimal mark, every other one groups thousands."""
    digits = re.sub(r"[^\d.,-]", "", text)
    if mark := re.search(r"[.,](\d{1,2})$", digits):
        return f"{re.sub(r'[.,]', '', digits[: mark.start()])}.{mark[1]}"
    return re.sub(r"[.,]", "", digits)


if __name__ == "__main__":
    main()
