"""The plan of faults: the same from the same seed, with every kind in it."""

from collections import Counter

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.plan import drawn_plan

SHARES = {name: fault.share for name, fault in FAULTS.items()}


def test_a_plan_can_be_had_again() -> None:
    assert drawn_plan(seed=7, faults=100, shares=SHARES) == drawn_plan(seed=7, faults=100, shares=SHARES)
    assert drawn_plan(seed=7, faults=100, shares=SHARES) != drawn_plan(seed=8, faults=100, shares=SHARES)


@pytest.mark.parametrize("faults", [len(SHARES), 40, 1000])
def test_every_kind_comes_and_the_number_is_right(faults: int) -> None:
    plan = drawn_plan(seed=1, faults=faults, shares=SHARES)

    assert len(plan) == faults
    assert {planned.kind for planned in plan} == set(SHARES)
    assert [planned.at for planned in plan] == sorted(planned.at for planned in plan)
    assert all(0 <= planned.at < 1 for planned in plan)


def test_a_kind_comes_as_often_as_its_share_says() -> None:
    counted = Counter(
        planned.kind for planned in drawn_plan(seed=1, faults=92, shares={"often": 8, "never": 0, "now": 1})
    )

    assert counted == {"often": 80, "now": 11, "never": 1}


def test_fewer_faults_than_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="at least as many"):
        drawn_plan(seed=1, faults=2, shares=SHARES)
