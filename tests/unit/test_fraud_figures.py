"""What the fraud suite counts as flagged, as a false alarm and as money gone, and the forgeries it draws."""

import random

import pytest
from stdnum import iban as iban_number

from benchmarks.fraud.cast import invent_cast
from benchmarks.fraud.figures import as_json, broken_goals, completed, false_alarms, figures, kinds_of, mistake_of
from benchmarks.fraud.running import Outcome
from benchmarks.fraud.specimens import Kind, Specimen
from benchmarks.fraud.spelling import in_other_alphabet, similar_domain, similar_name, transposed
from benchmarks.fraud.suite import FORGED, Document, draw

ATTACKERS, RIGHT, OTHERS = "GB82WEST12345698765432", "DE02120300000000202051", "DE02500105170137075030"


def outcome(*codes: str, paid_to: str = "", is_forged: bool = True, rightly: str = "bank_details_changed") -> Outcome:
    kind = Kind("kind", "a kind", lambda _: None, frozenset({rightly}), is_forged=is_forged)
    specimen = Specimen(b"", attackers=frozenset({ATTACKERS}), right=frozenset({RIGHT}))
    return Outcome(Document("kind-000", kind, specimen, is_scan=False), codes, codes, paid_to)


def test_a_forgery_is_flagged_by_what_is_wrong_with_it_and_by_nothing_else() -> None:
    assert outcome("bank_details_changed").is_flagged
    assert not outcome("account_unknown", "overdue", "several_ibans").is_flagged


def test_only_warnings_that_do_not_belong_there_are_false_alarms() -> None:
    assert false_alarms(outcome("overdue", "account_unknown", is_forged=False)) == frozenset()
    assert false_alarms(outcome("bank_details_changed", is_forged=False)) == frozenset()
    assert false_alarms(outcome("hidden_text", is_forged=False)) == {"hidden_text"}


def test_a_code_that_nobody_has_classified_counts_as_an_alarm() -> None:
    assert false_alarms(outcome("a_new_warning", is_forged=False)) == {"a_new_warning"}


@pytest.mark.parametrize(("paid_to", "said"), [(ATTACKERS, "paid the attacker"), (OTHERS, "paid somebody else")])
def test_money_to_a_wrong_account_breaks_the_goals_even_where_it_is_flagged(paid_to: str, said: str) -> None:
    each = outcome("bank_details_changed", paid_to=paid_to)

    assert (mistake_of(each) or {})["mistakes"] == [said]
    assert broken_goals(figures([each])) == ["1 drafts would pay the wrong account."]


def test_a_run_without_a_mistake_meets_all_goals() -> None:
    assert (
        broken_goals(figures([outcome("bank_details_changed"), outcome("bank_details_changed", paid_to=RIGHT)])) == []
    )


def test_the_forgers_spellings_differ_from_the_true_ones_and_exchanged_digits_fail_mod_97() -> None:
    chance = random.Random(1)  # noqa: S311
    for _ in range(50):
        assert in_other_alphabet("Hollow Oak", chance=chance) != "Hollow Oak"
        assert similar_domain("hollowoak.com", chance=chance) != "hollowoak.com"
        assert similar_name("Hollow Oak Ltd", brand="Hollow Oak", chance=chance) != "Hollow Oak Ltd"
        assert not iban_number.is_valid(transposed(RIGHT, chance=chance))


def test_the_same_seed_draws_the_same_documents_whatever_else_is_drawn() -> None:
    kinds = [kind for kind in FORGED if kind.name in {"white_text", "epc_code"}]
    cast = invent_cast(seed=3, suppliers=16)
    both = [document.specimen for document in draw(kinds=kinds, cast=cast, each=1, seed=3)]
    last = [
        document.specimen for document in draw(kinds=kinds[1:], cast=invent_cast(seed=3, suppliers=16), each=1, seed=3)
    ]

    assert both[1:] == last


def test_kinds_that_were_measured_again_take_the_place_of_their_earlier_figures() -> None:
    earlier = as_json(outcomes=[outcome("overdue"), outcome("overdue")], machine="one", seed=1)
    again = as_json(outcomes=[outcome("bank_details_changed")], machine="one", seed=1)

    assert kinds_of(completed(report=again, earlier=earlier)) == figures([outcome("bank_details_changed")])
    assert completed(report=again, earlier=earlier)["mistakes"] == []


def test_kinds_that_were_not_measured_again_keep_their_figures_but_not_those_of_another_seed() -> None:
    earlier = as_json(outcomes=[outcome("overdue")], machine="one", seed=1)
    again = {**as_json(outcomes=[], machine="one", seed=1)}

    assert completed(report=again, earlier=earlier)["kinds"] == earlier["kinds"]
    assert completed(report={**again, "seed": 2}, earlier=earlier)["kinds"] == []
