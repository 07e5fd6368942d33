"""The figures of the matching benchmark: what counts as right, and the percentiles."""

from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.ledger.filling import Asked, write_questions
from benchmarks.ledger.queries import Question
from benchmarks.matching.figures import by_kind, percentile, summary
from benchmarks.matching.measuring import Reply
from benchmarks.matching.report import Measured, chart, page, parsed
from benchmarks.matching.running import OtherLedger, Size, run
from counterparties.evidence import PayeeEvidence
from counterparties.models import Counterparty
from tests.ledger import a_customer


def reply(kind: str, answer: str, *, is_right: bool, milliseconds: float = 1.0) -> Reply:
    return Reply(
        kind=kind,
        answer=answer,  # type: ignore[arg-type]
        is_right=is_right,
        is_candidate=is_right,
        look_up_milliseconds=milliseconds / 4,
        milliseconds=milliseconds,
        decision_milliseconds=milliseconds * 2,
        processor_milliseconds=milliseconds / 2,
    )


REPLIES = [
    reply("name, one typo", "found", is_right=True, milliseconds=10),
    reply("name, one typo", "found", is_right=False, milliseconds=20),
    reply("name, one typo", "ambiguous", is_right=False, milliseconds=30),
    reply("name, one typo", "not_found", is_right=False, milliseconds=40),
    reply("twins", "ambiguous", is_right=True),
    reply("twins", "found", is_right=False),
    reply("own company", "not_found", is_right=True),
    reply("unknown firm", "found", is_right=False),
]


def test_a_wrong_firm_counts_against_precision_whatever_was_asked() -> None:
    figures = summary(REPLIES)
    assert (figures.found_right, figures.found) == (1, 4)
    assert (figures.one_mistake_found, figures.one_mistake_asked) == (1, 4)
    assert (figures.twins_ambiguous, figures.twins_asked) == (1, 2)
    assert (figures.own_found, figures.own_asked) == (0, 1)


def test_answers_are_counted_by_kind_in_the_order_asked() -> None:
    typos, *others = by_kind(REPLIES)
    assert [each.kind for each in others] == ["twins", "own company", "unknown firm"]
    assert (typos.asked, typos.right, typos.found_wrong, typos.ambiguous, typos.not_found) == (4, 1, 1, 1, 1)
    assert (typos.candidate_recall, typos.candidates.p50, typos.candidates.p95) == (0.25, 20, 40)
    assert (typos.look_up.p50, typos.decision.p99, typos.processor.p50) == (5, 80, 10)


@pytest.mark.parametrize(("share", "value"), [(0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_a_measured_value(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value
    assert percentile([7], share) == 7


def test_the_page_tells_the_circumstances_and_every_kind() -> None:
    measured = Measured(
        database="SQLite 3",
        machine="A machine",
        rows=1_000_000,
        all_rows=1_500_000,
        customers=4_000,
        load_average=1.5,
        summary=summary(REPLIES),
        kinds=by_kind(REPLIES),
        plans={"IBAN": "SEARCH"},
    )
    text = page(introduction="# Title\n", databases=[measured])
    assert "1,000,000 counterparties" in text
    assert "load average 1.5" in text
    assert "25.00% (1 of 4)" in text
    assert all(each.kind in text for each in measured.kinds)
    assert chart([measured]).count("<rect") == 2 + len(measured.kinds)


def test_figures_survive_being_kept_as_json() -> None:
    measured = Measured("S", "m", 1, 1, 1, 0.0, summary(REPLIES), by_kind(REPLIES), {})
    assert parsed(asdict(measured)) == measured


@pytest.mark.django_db
def test_a_ledger_of_another_size_is_not_asked(tmp_path: Path) -> None:
    customer = a_customer()
    Counterparty.objects.create(customer=customer, legal_name="Hollow Oak Timber Ltd")
    question = Question(kind="name", evidence=PayeeEvidence(name="Hollow Oak"), answer="found")
    write_questions(tmp_path / "questions-1000-0-0-1.jsonl", [Asked(customer_id=customer.pk, question=question)])

    with pytest.raises(OtherLedger, match="holds 1 counterparties"):
        run(size=Size(rows=1000, others=0, customers=0, seed=1), kept=tmp_path, count=1, processes=1)
    with pytest.raises(OtherLedger, match="is missing"):
        run(size=Size(rows=1, others=0, customers=0, seed=1), kept=tmp_path, count=1, processes=1)
