"""The sets of documents that accuracy is measured over: the samples, generated invoices, and any folder."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.truth import KnownDocument, known_documents
from benchmarks.generator.generation import generate

_SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_SEED = 20261128


class NothingToMeasure(Exception):
    """A folder without a document whose truth is known."""


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """`name` is what floors.toml and the report call it; scans are made of every `scans_of`-th document."""

    name: str
    documents: list[KnownDocument]
    scans_of: int = 1


def chosen_sets(arguments: argparse.Namespace) -> Iterator[DocumentSet]:
    """What the command line asks for; the samples where it names nothing. Raises NothingToMeasure, TruthUnreadable."""
    if arguments.samples or not (arguments.data or arguments.generated):
        yield _from_folder("samples", _SAMPLES, arguments)
    if arguments.generated:
        folder = written_invoices(arguments.cache / "generated", count=arguments.generated, seed=_SEED)
        yield _from_folder("generated", folder, arguments, scans_of=arguments.scans_of)
    for given in arguments.data:
        yield _from_folder(given.resolve().name, given, arguments)


def _from_folder(name: str, folder: Path, arguments: argparse.Namespace, scans_of: int = 1) -> DocumentSet:
    documents = [each for each in known_documents(folder) if _is_wanted(each, arguments)]
    if not documents:
        raise NothingToMeasure(
            f"No document of known truth is in {folder}; docs/truth-format.md says what to put there."
        )
    return DocumentSet(name, documents, scans_of)


def written_invoices(folder: Path, *, count: int, seed: int) -> Path:
    """The folder, with so many generated invoices and their truth written into it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for invoice in generate(count=count, seed=seed):
        (folder / f"{invoice.name}.pdf").write_bytes(invoice.pdf)
        rows.append(json.dumps(invoice.truth, ensure_ascii=False))
    (folder / "truth.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _is_wanted(document: KnownDocument, arguments: argparse.Namespace) -> bool:
    return (
        (not arguments.ids or document.id in arguments.ids)
        and (not arguments.kinds or document.kind in arguments.kinds)
        and (not arguments.collections or document.collection in arguments.collections)
    )
