"""What a run says: for each kind how many were flagged, where the money would have gone, and what was cried falsely."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.fraud.running import Outcome

MOST_FALSE_ALARMS = 0.02
"""Of the honest documents; more than that, and people stop reading warnings."""

NO_ALARMS = frozenset(
    {
        "account_ambiguous",
        "account_assumed",
        "account_not_payable",
        "account_unknown",
        "amount_due_differs",
        "amount_missing",
        "amount_not_positive",
        "amount_not_representable",
        "counterparty_ambiguous",
        "counterparty_not_found",
        "credit_note",
        "currency_missing",
        "direct_debit",
        "instalments",
        "low_confidence",
        "overdue",
        "paid_by_card",
        "source_account_missing",
    }
)
"""Codes that say what is missing, unsure or due; all others warn of something wrong with the document."""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Of the documents of one kind. `ready` could be finalised as they stand, `right` name an account that is right,
    `false_alarms` carry a warning that does not belong on the kind."""

    name: str
    title: str
    is_forged: bool
    documents: int
    scans: int
    flagged: int
    ready: int
    right: int
    to_attacker: int
    to_somebody_else: int
    false_alarms: int
    codes: dict[str, int]
    failures: int


def false_alarms(outcome: Outcome) -> frozenset[str]:
    """The warnings on an honest document that a person would call wrong."""
    return (
        outcome.codes - NO_ALARMS - outcome.document.kind.codes if not outcome.document.kind.is_forged else frozenset()
    )


def figures(outcomes: Sequence[Outcome]) -> tuple[KindFigures, ...]:
    """One for each kind, in the order of the run."""
    kinds = dict.fromkeys(outcome.document.kind.name for outcome in outcomes)
    return tuple(_of_kind([each for each in outcomes if each.document.kind.name == name]) for name in kinds)


def _of_kind(outcomes: Sequence[Outcome]) -> KindFigures:
    kind = outcomes[0].document.kind
    codes = Counter(code for outcome in outcomes for code in outcome.codes)
    return KindFigures(
        name=kind.name,
        title=kind.title,
        is_forged=kind.is_forged,
        documents=len(outcomes),
        scans=sum(each.document.is_scan for each in outcomes),
        flagged=sum(each.is_flagged for each in outcomes),
        ready=sum(not each.blockers and not each.failure for each in outcomes),
        right=sum(each.paid_to in each.document.specimen.right for each in outcomes),
        to_attacker=sum(each.pays_attacker for each in outcomes),
        to_somebody_else=sum(each.pays_somebody_else for each in outcomes),
        false_alarms=sum(bool(false_alarms(each)) for each in outcomes),
        codes=dict(sorted(codes.items(), key=lambda item: (-item[1], item[0]))),
        failures=sum(bool(each.failure) for each in outcomes),
    )


def broken_goals(kinds: Sequence[KindFigures]) -> list[str]:
    """A sentence for each goal that the run misses: every forgery flagged, no money to an attacker or to somebody else,
    and few false alarms."""
    forged = [kind for kind in kinds if kind.is_forged]
    honest = [kind for kind in kinds if not kind.is_forged]
    missed = sum(kind.documents - kind.flagged for kind in forged)
    wrong = sum(kind.to_attacker + kind.to_somebody_else for kind in kinds)
    alarms, of = sum(kind.false_alarms for kind in honest), sum(kind.documents for kind in honest)
    sentences = [f"{missed} forged documents are not flagged."] if missed else []
    sentences += [f"{wrong} drafts would pay the wrong account."] if wrong else []
    if alarms > MOST_FALSE_ALARMS * of:
        sentences.append(f"{alarms} of {of} honest documents carry a false alarm; at most 2 % may.")
    return sentences


def as_json(*, outcomes: Sequence[Outcome], machine: str, seed: int) -> dict[str, Any]:
    """The figures, and each document that was missed, paid wrongly or cried over falsely."""
    return {
        "machine": machine,
        "seed": seed,
        "kinds": [asdict(kind) for kind in figures(outcomes)],
        "mistakes": [mistake for outcome in outcomes if (mistake := mistake_of(outcome))],
    }


def completed(*, report: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """The report with those kinds of an earlier one that it does not have, honest ones first. Only figures of one seed
    belong together: of another one, nothing is taken."""
    if report["seed"] != earlier["seed"]:
        return report
    measured = {kind["name"] for kind in report["kinds"]}
    kinds = [kind for kind in earlier["kinds"] if kind["name"] not in measured] + report["kinds"]
    others = [each for each in earlier["mistakes"] if each["document"].rpartition("-")[0] not in measured]
    return {
        **report,
        "kinds": sorted(kinds, key=lambda kind: bool(kind["is_forged"])),
        "mistakes": [*others, *report["mistakes"]],
    }


def kinds_of(report: dict[str, Any]) -> tuple[KindFigures, ...]:
    """The inverse of `as_json`, as far as the figures go."""
    return tuple(KindFigures(**kind) for kind in report["kinds"])


def mistake_of(outcome: Outcome) -> dict[str, Any] | None:
    """What went wrong with a document; None where nothing did."""
    forged = outcome.document.kind.is_forged
    wrong = [
        name
        for name, happened in (
            ("paid the attacker", outcome.pays_attacker),
            ("paid somebody else", outcome.pays_somebody_else),
            ("not flagged", forged and not outcome.is_flagged),
            ("false alarm", bool(false_alarms(outcome))),
            ("not processed", bool(outcome.failure)),
        )
        if happened
    ]
    if not wrong:
        return None
    return {
        "document": outcome.document.name,
        "scan": outcome.document.is_scan,
        "mistakes": wrong,
        "codes": sorted(outcome.codes),
        "paid_to": outcome.paid_to,
    }
