"""Questions to the books: each with the answer that follows from the entry it was drawn from."""

from collections import defaultdict
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.ledger.entries import Books, Entry
from benchmarks.ledger.filling import Asked, read_questions, write_questions
from benchmarks.ledger.queries import Question, Sample, Sampler, own_questions, questions
from counterparties.names import name_key

Drawn = tuple[dict[str, list[Question]], dict[str, Entry]]


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    books, sampler = Books(seed=8), Sampler(seed=8, most=200)
    entries = {}
    for entry in books.entries(rows=2_500):
        entries[str(entry.id)] = entry
        sampler.see(entry)
    strangers = list(islice(iter(books.stranger, None), 30))
    by_kind: dict[str, list[Question]] = defaultdict(list)
    sample = Sample(families=dict(sampler.families), taken=books.keys)
    for question in questions(sample=sample, strangers=strangers, count=30, seed=8):
        by_kind[question.kind].append(question)
    return by_kind, entries


def test_there_are_as_many_of_each_kind_as_asked_for_or_as_the_books_have(drawn: Drawn) -> None:
    by_kind, _ = drawn
    assert len(by_kind) == 24
    assert all(3 <= len(asked) <= 30 for asked in by_kind.values())
    assert len(by_kind["name, one typo"]) == len(by_kind["unknown firm"]) == 30


def test_a_spoilt_name_is_neither_the_right_one_nor_that_of_another(drawn: Drawn) -> None:
    by_kind, entries = drawn
    taken = {name_key(entry.legal_name) for entry in entries.values()}
    for kind in ("name, one typo", "name, two typos", "name, misread letters", "former name, one typo"):
        for question in by_kind[kind]:
            entry = entries[question.right[0]]
            assert question.evidence.name not in {entry.legal_name, *entry.aliases}
            key = name_key(question.evidence.name or "")
            assert key not in taken or key in {name_key(name) for name in (entry.legal_name, *entry.aliases)}


def test_the_answers_follow_from_the_entries(drawn: Drawn) -> None:
    by_kind, entries = drawn
    for question in by_kind["twins"]:
        assert question.answer == "ambiguous"
        assert len({entries[id_].legal_name for id_ in question.right}) == 1
        assert len(question.right) == 2
    for question in by_kind["IBAN"]:
        assert entries[question.right[0]].iban == question.evidence.iban
    for question in by_kind["former name"]:
        assert entries[question.right[0]].aliases == (question.evidence.name,)
    for question in (*by_kind["unknown firm"], *by_kind["deactivated"]):
        assert (question.answer, question.right) == ("not_found", ())


def test_the_payer_itself_is_never_the_answer(drawn: Drawn) -> None:
    _, entries = drawn
    asked = own_questions(own=next(iter(entries.values())))
    assert {question.answer for question in asked} == {"not_found"}


def test_questions_are_kept_in_a_file_as_they_were(drawn: Drawn, tmp_path: Path) -> None:
    by_kind, _ = drawn
    asked = [Asked(UUID(int=7), question) for kind in by_kind.values() for question in kind]
    write_questions(tmp_path / "questions.jsonl", asked)
    assert read_questions(tmp_path / "questions.jsonl") == asked


def test_every_family_of_the_stream_has_the_same_chance_to_be_drawn() -> None:
    entries = [entry for entry in Books(seed=9).entries(rows=900) if entry.kind == "plain"]
    times = [0, 0]
    for seed in range(60):
        sampler = Sampler(seed=seed, most=20)
        for entry in entries:
            sampler.see(entry)
        early = {entry.id for entry in entries[: len(entries) // 2]}
        for family in sampler.families["plain"]:
            times[family[0].id not in early] += 1
    assert sum(times) == 1_200
    assert abs(times[0] - times[1]) < 150
