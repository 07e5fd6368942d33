"""Forged and honest invoices through the service, one or two of each kind; `make bench-fraud` sends hundreds."""

import pytest

from benchmarks.fraud.cast import Cast, invent_cast
from benchmarks.fraud.figures import false_alarms
from benchmarks.fraud.running import Outcome, enter_books, examine
from benchmarks.fraud.suite import FORGED, HONEST, draw

pytestmark = pytest.mark.django_db

SEED = 7


@pytest.fixture(scope="module")
def cast() -> Cast:
    return invent_cast(seed=SEED, suppliers=16)


def outcomes_of(cast: Cast, *names: str, each: int = 1) -> list[Outcome]:
    kinds = [kind for kind in (*HONEST, *FORGED) if kind.name in names]
    customer = enter_books(cast)
    return [examine(document=each, customer=customer) for each in draw(kinds=kinds, cast=cast, each=each, seed=SEED)]


def test_no_forgery_gets_its_account_into_a_draft_and_each_is_flagged_for_what_it_is(cast: Cast) -> None:
    outcomes = outcomes_of(cast, *(kind.name for kind in FORGED if not kind.takes_long))
    missed = {each.document.kind.name: sorted(each.codes) for each in outcomes if not each.is_flagged}

    assert {each.document.name: each.paid_to for each in outcomes if each.pays_attacker} == {}
    assert {each.document.name: each.paid_to for each in outcomes if each.pays_somebody_else} == {}
    assert missed == {}


def test_honest_invoices_raise_no_false_alarm_and_are_paid_to_the_account_on_file(cast: Cast) -> None:
    outcomes = outcomes_of(cast, *(kind.name for kind in HONEST if not kind.takes_long))

    assert {each.document.name: sorted(false_alarms(each)) for each in outcomes if false_alarms(each)} == {}
    assert {each.document.name: each.paid_to for each in outcomes if each.pays_somebody_else} == {}
    assert {each.document.kind.name for each in outcomes if not each.blockers} >= {"known", "second_account", "renamed"}
