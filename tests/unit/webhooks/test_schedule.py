"""The schedule of the specification, with jitter, and what a receiver may wish."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.webhooks.schedule import MOST_ATTEMPTS, next_attempt_at

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def delays(chance: float) -> list[timedelta]:
    found = []
    for attempts in range(1, MOST_ATTEMPTS):
        at = next_attempt_at(attempts=attempts, now=NOW, chance=chance)
        assert at is not None
        found.append(at - NOW)
    return found


def test_ten_attempts_spread_over_three_days() -> None:
    middle = delays(0.5)

    assert MOST_ATTEMPTS == 10
    assert middle[:3] == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
    assert sum(middle, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert middle == sorted(middle)


def test_the_jitter_is_a_tenth_either_way() -> None:
    for low, middle, high in zip(delays(0.0), delays(0.5), delays(0.999), strict=True):
        assert low.total_seconds() == pytest.approx(middle.total_seconds() * 0.9)
        assert middle < high <= middle * 1.1


@pytest.mark.parametrize("attempts", [10, 11, 100])
def test_a_used_up_schedule_ends(attempts: int) -> None:
    assert next_attempt_at(attempts=attempts, now=NOW, chance=0.5, wish=timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (timedelta(seconds=1), timedelta(seconds=5)),
        (timedelta(minutes=10), timedelta(minutes=10)),
        (timedelta(days=365), timedelta(hours=24)),
        (timedelta(seconds=-5), timedelta(seconds=5)),
    ],
)
def test_retry_after_lengthens_a_delay_up_to_a_day_and_never_shortens_it(wish: timedelta, expected: timedelta) -> None:
    assert next_attempt_at(attempts=1, now=NOW, chance=0.5, wish=wish) == NOW + expected
