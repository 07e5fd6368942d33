"""Fills a database with a ledger and draws the questions that are put to it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.db import connection

from benchmarks.ledger.entries import Books
from benchmarks.ledger.ledger import Tenant, Volume, tenants
from benchmarks.ledger.loading import Line, bare_tables, load, settle, unchecked
from benchmarks.ledger.progress import Progress
from benchmarks.ledger.queries import Question, Sample, Sampler, own_questions, questions
from counterparties.evidence import PayeeEvidence
from customers.models import Customer

# Questions to the books of smaller customers are there to see that those are as quick; these kinds tell.
_MARKS = {0: "", 1: " (middling books)", -1: " (small books)"}
_LARGE = 5_000
_OF_SMALLER = ("name, exact", "name, one typo", "twins")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the customer in whose books the answer is looked for."""

    customer_id: UUID
    question: Question


def fill(*, rows: int, others: int, customers: int, seed: int, count: int, processes: int) -> list[Asked]:
    """Writes the ledger and gives at most `count` questions of each kind to the books of the large customer, and some
    to those of a middling and of a small one. On SQLite one process writes, whatever `processes` says."""
    everybody = tenants(rows=rows, others=others, customers=customers, seed=seed)
    Customer.objects.bulk_create([tenant.customer for tenant in everybody])
    total = sum(tenant.rows + 1 for tenant in everybody)
    volumes = [volume for tenant in everybody for volume in tenant.volumes]
    chosen = {id(everybody[place]): place for place in (0, 1, -1) if len(everybody) > abs(place)}
    asked_of = [volume for volume in volumes if id(volume.tenant) in chosen and not volume.share.place]
    rest = [volume for volume in volumes if volume not in asked_of]
    with bare_tables(), Progress(title="Filling", total=total) as progress, _pool(processes) as pool:
        running = [pool.submit(_load_volumes, part) for part in _portions(rest)] if pool else []
        asked = [
            each for volume in asked_of for each in _asked(volume, _MARKS[chosen[id(volume.tenant)]], progress, count)
        ]
        for done in as_completed(running):
            progress.advance(done.result())
        if not pool:
            load(lines=_all_lines(rest), on_loaded=progress.advance)
    settle()
    return asked


def _asked(volume: Volume, mark: str, progress: Progress, count: int) -> list[Asked]:
    """Writes the volume and draws the questions from it."""
    tenant, books = volume.tenant, volume.books()
    sampler = Sampler(seed=tenant.seed, most=4 * count)
    load(lines=_seen(volume.lines(books), sampler), on_loaded=progress.advance)
    return _marked(_drawn(tenant, Sample(dict(sampler.families), books.keys), books, count=count), mark)


def _pool(processes: int) -> "AbstractContextManager[ProcessPoolExecutor | None]":
    """Others than this process, which writes as well."""
    if processes < 2 or connection.vendor == "sqlite":
        return nullcontext()
    return ProcessPoolExecutor(processes - 1, mp_context=get_context("spawn"), initializer=django.setup)


def _load_volumes(volumes: Sequence[Volume]) -> int:
    """In a process of its own; gives the number of rows."""
    counts: list[int] = []
    with unchecked():
        load(lines=_all_lines(volumes), on_loaded=counts.append)
    return sum(counts)


def _portions(volumes: Sequence[Volume]) -> Iterator[list[Volume]]:
    """Large volumes one by one, small ones by the hundred."""
    yield from ([volume] for volume in volumes if volume.rows >= _LARGE)
    small = [volume for volume in volumes if volume.rows < _LARGE]
    yield from (small[start : start + 100] for start in range(0, len(small), 100))


def write_questions(path: Path, asked: Sequence[Asked]) -> None:
    lines = [json.dumps(asdict(each), default=str, ensure_ascii=False) for each in asked]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def read_questions(path: Path) -> list[Asked]:
    return [_parsed(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _parsed(line: dict[str, dict[str, object]]) -> Asked:
    told = dict(line["question"])
    said = told.pop("evidence").items()  # type: ignore[attr-defined]
    evidence = PayeeEvidence(**{name: _plain(value) for name, value in said})
    right = tuple(told.pop("right"))  # type: ignore[arg-type, var-annotated]
    question = Question(evidence=evidence, right=right, **told)  # type: ignore[arg-type]
    return Asked(customer_id=UUID(str(line["customer_id"])), question=question)


def _plain(value: Any) -> Any:
    """JSON knows no tuples."""
    return tuple(value) if isinstance(value, list) else value


def _drawn(tenant: Tenant, sample: Sample, books: Books, *, count: int) -> list[Asked]:
    strangers = islice(iter(books.stranger, None), count)
    drawn = questions(sample=sample, strangers=strangers, count=count, seed=tenant.seed)
    return [Asked(tenant.customer.id, each) for each in [*drawn, *own_questions(own=tenant.own)]]


def _marked(asked: Iterable[Asked], mark: str) -> list[Asked]:
    if not mark:
        return list(asked)
    return [
        replace(each, question=replace(each.question, kind=f"{each.question.kind}{mark}"))
        for each in asked
        if each.question.kind in _OF_SMALLER
    ]


def _seen(lines: Iterable[Line], sampler: Sampler) -> Iterator[Line]:
    for line in lines:
        if not line.is_own:
            sampler.see(line.entry)
        yield line


def _all_lines(volumes: Iterable[Volume]) -> Iterator[Line]:
    for volume in volumes:
        yield from volume.lines(volume.books())
