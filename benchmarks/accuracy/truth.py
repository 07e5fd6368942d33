"""Documents with known truth: JSON lines beside the files, in the format of docs/truth-format.md."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.evaluation.comparison import Expected, expected
from ocr.extraction.fields import FIELD_NAMES, FieldName

_OUR_NAMES = {"buyer_name": "customer_name", "buyer_email": "customer_email", "invoice_date": "issue_date"}
_SIGNED = frozenset({"total", "subtotal", "sales_tax_amount"})
_CREDIT_NOTES = frozenset({"381", "261", "396"})  # UNTDID 1001


class TruthUnreadable(Exception):
    """A line of a truth file is not what docs/truth-format.md says."""


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A file and what is true of it. `kind` and `text_layer` are empty where the line does not say.

    `payer` holds the names that the paying company goes by on the document, none where that is unknown. `is_of_code`:
    the truth is what a payment code states, and nothing else.
    """

    id: str
    path: Path
    collection: str
    group: str
    layout: str
    kind: str
    text_layer: str
    language: str
    may_be_published: bool
    truth: Mapping[FieldName, Expected]
    payer: tuple[str, ...]
    is_of_code: bool


def known_documents(folder: Path) -> Iterator[KnownDocument]:
    """Every document that a JSON-lines file of this folder names and that is there, in the order of the lines.

    Raises TruthUnreadable with the file and the line that is not understood.
    """
    for source in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                document = _document(row=json.loads(line), folder=folder, collection=source.stem)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise TruthUnreadable(
                    f"{source}, line {number}: {error!r}; docs/truth-format.md has the form"
                ) from error
            if document.path.is_file():
                yield document


def _document(*, row: dict[str, Any], folder: Path, collection: str) -> KnownDocument:
    path = folder / row["file"]
    truth = _truth(row)
    names = truth.get("customer_name")
    name = row.get("id") or path.stem
    return KnownDocument(
        id=str(name),
        path=path,
        collection=collection,
        group=str(row.get("group") or row.get("source_repo") or name),
        layout=str(row.get("layout") or row.get("group") or name),
        kind=str(row.get("kind") or ("xml" if "syntax" in row else "qr" if "payloads" in row else "")),
        text_layer=str(row.get("text_layer") or ""),
        language=str(row.get("lang") or ""),
        may_be_published=row.get("publish", "ok") == "ok",
        truth=truth,
        payer=names.values if names else (),
        is_of_code="fields" not in row,
    )


def _truth(row: dict[str, Any]) -> dict[FieldName, Expected]:
    """What is stated and visible; a payment code stands for a row that states no fields of its own."""
    stated = dict(row["fields"] if "fields" in row else row["payloads"][0]["fields"])
    visible = row.get("fields_visible")
    extra, shown = row.get("extra") or {}, row.get("extra_visible")
    accept = row.get("accept") or {}
    if visible is not None:
        stated = {name: value for name, value in stated.items() if name in visible}
    if "invoice_date" in extra and (shown is None or "invoice_date" in shown):
        stated.setdefault("invoice_date", extra["invoice_date"])
    truth: dict[FieldName, Expected] = {}
    for theirs, value in stated.items():
        name = _field_name(_OUR_NAMES.get(theirs, theirs))
        if value is not None and name is not None:
            values = [str(value), *map(str, accept.get(theirs, ()))]
            if name in _SIGNED and str(extra.get("document_type")) in _CREDIT_NOTES:
                values += [f"-{each}".removeprefix("--") for each in values]
            truth[name] = expected(name=name, values=values)
    return {name: truth[name] for name in FIELD_NAMES if name in truth}


def _field_name(text: object) -> FieldName | None:
    names: tuple[FieldName, ...] = FIELD_NAMES
    return next((name for name in names if name == text), None)
