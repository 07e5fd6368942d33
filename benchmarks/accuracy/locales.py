"""The same invoices in English, German and Spanish, from the package locale-invoice-check: no locale may do worse."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locale_invoice_check import FIELDS, LOCALES, evaluate_corpus, generate_corpus

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import THE_DAY
from ocr.extraction.extractor import extract_fields
from ocr.extraction.fields import FieldName, KnownPayer

_OUR_NAMES: dict[str, FieldName] = {
    "invoice_number": "invoice_number",
    "invoice_date": "issue_date",
    "net_amount": "subtotal",
    "tax_amount": "sales_tax_amount",
    "total_amount": "total",
}
_SEED = 42


@dataclass(frozen=True, slots=True)
class _Extractor:
    """What the package asks for: the fields of a picture."""

    readings: KeptReadings

    def extract(self, image_path: Path, field_list: list[str]) -> dict[str, Any]:
        content = Path(image_path).read_bytes()
        reading = self.readings.read(content=content, variant="as_is")
        reading = self.readings.read_again(content=content, variant="as_is", reading=reading, payer=KnownPayer())
        if reading.document is None:
            return {}
        fields = extract_fields(document=reading.document, payer=KnownPayer(), today=THE_DAY)
        return {name: fields.value(_OUR_NAMES[name]) for name in field_list}


def locale_figures(*, readings: KeptReadings, count: int) -> dict[str, Any]:
    """Figures over `count` invoices in each locale, read from their pictures: right fields by locale, wrong amounts
    and dates with day and month swapped. Invoices and scores are the package's, its seed fixed."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        generate_corpus(corpus, count=count, seed=_SEED)
        result = evaluate_corpus(corpus, _Extractor(readings))
    metrics = result["metrics"]
    wrong = [each for each in result["review_queue"] if each["got"] is not None and not each["passed"]]
    return {
        "version": result["package_version"],
        "invoices": count,
        "locales": {
            locale: {
                "right": sum(round(metrics["field_accuracy"][locale][field] * count) for field in FIELDS),
                "of": count * len(FIELDS),
                "wrong": sum(each["locale"] == locale for each in wrong),
                "date_swaps": round(metrics["date_swap_rate"][locale] * count),
            }
            for locale in LOCALES
        },
        "not_right": [f"{each['invoice_id']} {each['locale']} {each['field']}" for each in result["review_queue"]],
    }


def broken_gates(figures: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for every locale that does worse than another, and for every wrong value."""
    locales = figures["locales"]
    best = max(each["right"] for each in locales.values())
    for name, each in locales.items():
        if each["right"] < best:
            yield f"{name} has {each['right']} of {each['of']} fields right where another locale has {best}"
        if each["wrong"]:
            yield f"{name} has {each['wrong']} wrong values, of them {each['date_swaps']} dates turned round"


def locale_line(figures: Mapping[str, Any]) -> str:
    """One line for the terminal and the report."""
    shares = (
        f"{name} {each['right']}/{each['of']} ({each['wrong']} wrong)" for name, each in figures["locales"].items()
    )
    return f"{', '.join(shares)}: fields right over the same {figures['invoices']} invoices"
