"""Fills a database with a ledger and draws the questions that are put to it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from uuid import UUID

from benchmarks.ledger.entries import Books
from benchmarks.ledger.ledger import Tenant, tenants
from benchmarks.ledger.loading import Line, bare_tables, load, settle
from benchmarks.ledger.progress import Progress
from benchmarks.ledger.queries import Question, Sample, Sampler, own_questions, questions
from counterparties.evidence import PayeeEvidence
from customers.models import Customer

# Questions to the books of smaller customers are there to see that those are as quick; these kinds tell.
_OF_SMALLER = ("name, exact", "name, one typo", "twins")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the customer in whose books the answer is looked for."""

    customer_id: UUID
    question: Question


def fill(*, rows: int, others: int, customers: int, seed: int, count: int) -> list[Asked]:
    """Writes the ledger and gives at most `count` questions of each kind to the books of the large customer, and some
    to those of a middling and of a small one."""
    everybody = tenants(rows=rows, others=others, customers=customers, seed=seed)
    Customer.objects.bulk_create([tenant.customer for tenant in everybody])
    total = sum(tenant.rows + 1 for tenant in everybody)
    chosen = {0: "", 1: " (middling books)", len(everybody) - 1: " (small books)"}
    asked: list[Asked] = []
    with bare_tables(), Progress(title="Filling", total=total) as progress:
        for place, tenant in enumerate(everybody):
            if place not in chosen:
                continue
            books, sampler = tenant.books(), Sampler(seed=seed, most=4 * count)
            load(lines=_seen(tenant.lines(books), sampler), on_loaded=progress.advance)
            drawn = _drawn(tenant, Sample(dict(sampler.families), books.keys), books, count=count, seed=seed)
            asked += _marked(drawn, chosen[place])
        rest = [tenant for place, tenant in enumerate(everybody) if place not in chosen]
        load(lines=_all_lines(rest), on_loaded=progress.advance)
    settle()
    return asked


def write_questions(path: Path, asked: Sequence[Asked]) -> None:
    lines = [json.dumps(asdict(each), default=str, ensure_ascii=False) for each in asked]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def read_questions(path: Path) -> list[Asked]:
    return [_parsed(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _parsed(line: dict[str, dict[str, object]]) -> Asked:
    told = dict(line["question"])
    evidence = PayeeEvidence(**told.pop("evidence"))  # type: ignore[arg-type]
    right = tuple(told.pop("right"))  # type: ignore[arg-type, var-annotated]
    question = Question(evidence=evidence, right=right, **told)  # type: ignore[arg-type]
    return Asked(customer_id=UUID(str(line["customer_id"])), question=question)


def _drawn(tenant: Tenant, sample: Sample, books: Books, *, count: int, seed: int) -> list[Asked]:
    strangers = islice(iter(books.stranger, None), count)
    drawn = questions(sample=sample, strangers=strangers, count=count, seed=seed)
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


def _all_lines(everybody: Iterable[Tenant]) -> Iterator[Line]:
    for tenant in everybody:
        yield from tenant.lines(tenant.books())
