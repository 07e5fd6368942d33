"""The paths through the service on which it is killed: how each is prepared, walked, taken up again, and looked at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.chaos.points import decisions, documents, upkeep

Facts = dict[str, Any]
Act = Callable[[Facts], None]


@dataclass(frozen=True, slots=True)
class Path:
    """`steps` are walked one after another; `again` is what client or operator do after the restart, and `check` says
    what is wrong at the end, beside what is always looked for. `kills` in a row die at the same point."""

    name: str
    prepare: Callable[[Facts], Facts]
    steps: tuple[tuple[str, Act], ...]
    again: Act
    check: Callable[[Facts], Iterable[str]]
    kills: int = 1
    forgets_webhooks: bool = False


PATHS: tuple[Path, ...] = (
    Path(
        name="post",
        prepare=documents.nothing,
        steps=(("request", documents.post),),
        again=documents.post_twice,
        check=documents.one_job_as_answered,
    ),
    Path(
        name="post-unheard",
        prepare=documents.nothing,
        steps=(("request", documents.post),),
        again=documents.nothing_more,
        check=documents.one_job_or_none,
    ),
    Path(
        name="digital-pdf",
        prepare=documents.queued_pdf,
        steps=(("work", documents.work),),
        again=documents.nothing_more,
        check=documents.finished_with_total,
    ),
    Path(
        name="e-invoice",
        prepare=documents.queued_einvoice,
        steps=(("work", documents.work),),
        again=documents.nothing_more,
        check=documents.finished_with_total,
    ),
    Path(
        name="unreadable",
        prepare=documents.queued_unreadable,
        steps=(("work", documents.work),),
        again=documents.nothing_more,
        check=documents.failed_as_unreadable,
    ),
    Path(
        name="poison",
        prepare=documents.queued_pdf,
        steps=(("work", documents.work),),
        again=documents.nothing_more,
        check=documents.finished_or_given_up,
        kills=3,
    ),
    Path(
        name="reprocess",
        prepare=documents.finished,
        steps=(("request", documents.ask_again), ("work", documents.work)),
        again=documents.ask_again_twice,
        check=documents.finished_with_total,
    ),
    Path(
        name="correct",
        prepare=decisions.reviewed,
        steps=(("correct", decisions.correct),),
        again=decisions.correct_if_not_there,
        check=decisions.corrected_once,
    ),
    Path(
        name="approve",
        prepare=decisions.approvable,
        steps=(("approve", decisions.approve),),
        again=decisions.approve_if_not_there,
        check=decisions.approved_once,
    ),
    Path(
        name="finalise",
        prepare=decisions.approvable,
        steps=(("request", decisions.finalise),),
        again=decisions.finalise_twice,
        check=decisions.finalised_once,
    ),
    Path(
        name="webhook",
        prepare=upkeep.due_webhook,
        steps=(("deliver", upkeep.deliver),),
        again=documents.nothing_more,
        check=upkeep.delivered,
    ),
    Path(
        name="sweep",
        prepare=upkeep.swept,
        steps=(("jobs", upkeep.sweep_jobs), ("webhooks", upkeep.sweep_webhooks)),
        again=documents.nothing_more,
        check=upkeep.all_ended,
    ),
    Path(
        name="purge",
        prepare=upkeep.old_document,
        steps=(("documents", upkeep.purge_documents), ("answers", upkeep.purge_answers)),
        again=upkeep.purge_all,
        check=upkeep.purged_once,
        forgets_webhooks=True,
    ),
    Path(
        name="leftovers",
        prepare=upkeep.leftover,
        steps=(("remove", upkeep.remove_leftovers),),
        again=upkeep.remove_leftovers,
        check=documents.finished_with_total,
    ),
)
