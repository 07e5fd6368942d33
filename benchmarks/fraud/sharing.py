"""The kinds of the suite shared out to processes, each with a service of its own."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path

from benchmarks.fraud.cast import invent_cast
from benchmarks.fraud.running import Outcome, enter_books, examine, throw_away_service, without_content
from benchmarks.fraud.specimens import Kind
from benchmarks.fraud.suite import draw


@dataclass(frozen=True, slots=True)
class Task:
    """`each` documents of a kind; in the folder `keep` they are kept, to look at."""

    kind: Kind
    each: int
    seed: int
    suppliers: int
    scans_of: int
    keep: Path | None


def examined(*, tasks: Sequence[Task], processes: int) -> Iterator[list[Outcome]]:
    """The outcomes of each task, in order."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=processes, mp_context=context, initializer=_begin) as pool:
        yield from pool.map(_examined, tasks)


def _begin() -> None:
    """A service for this process, which goes with it."""
    service = ExitStack()
    service.enter_context(throw_away_service())
    Finalize(None, service.close, exitpriority=10)


def _examined(task: Task) -> list[Outcome]:
    """For a customer with books of its own: so no other kind's documents change the outcome."""
    cast = invent_cast(seed=task.seed, suppliers=task.suppliers)
    customer = enter_books(cast)
    outcomes = []
    for document in draw(kinds=[task.kind], cast=cast, each=task.each, seed=task.seed, scans_of=task.scans_of):
        if task.keep:
            task.keep.mkdir(parents=True, exist_ok=True)
            (task.keep / f"{document.name}.pdf").write_bytes(document.specimen.content)
        outcomes.append(without_content(examine(document=document, customer=customer)))
    return outcomes
