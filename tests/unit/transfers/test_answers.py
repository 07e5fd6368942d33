"""Which blockers a change answers: each has a way out, and none goes for a reason that is not its own."""

from itertools import combinations

import pytest

from transfers.answers import ANSWERED_BY, ANSWERED_BY_ALL, ASKED_ANEW, NEVER_ANSWERED, SETTLED_BY_WORD, left_open
from transfers.blockers import MESSAGES

WAYS = (
    frozenset().union(*ANSWERED_BY.values()),
    frozenset(ANSWERED_BY_ALL),
    frozenset(SETTLED_BY_WORD),
    ASKED_ANEW,
    NEVER_ANSWERED,
)


def test_every_blocker_has_one_way_out_and_no_other() -> None:
    assert frozenset().union(*WAYS) == set(MESSAGES)
    for one, other in combinations(WAYS, 2):
        assert not one & other


@pytest.mark.parametrize("field", ANSWERED_BY)
def test_a_field_answers_its_own_questions_only(field: str) -> None:
    left = left_open(blockers=MESSAGES, answered=[field], settled=(), current=())

    assert left == set(MESSAGES) - ANSWERED_BY[field] - ASKED_ANEW


def test_unseen_text_is_answered_by_account_and_amount_together() -> None:
    def is_open(*answered: str) -> bool:
        return "hidden_text" in left_open(blockers=["hidden_text"], answered=answered, settled=(), current=())

    assert [is_open(), is_open("account"), is_open("amount"), is_open("amount", "account")] == [True, True, True, False]


def test_what_the_new_values_lack_comes_back_whatever_was_answered() -> None:
    left = left_open(
        blockers=["account_inactive", "amount_missing"], answered=["account"], settled=(), current=["account_inactive"]
    )

    assert left == {"account_inactive"}
