"""When a delivery that failed is tried again: the schedule that the Standard Webhooks specification suggests."""

from datetime import datetime, timedelta

# After the first, the second … attempt. Ten attempts over 75 hours and 35 minutes, give or take the jitter.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(DELAYS) + 1
JITTER = 0.1  # a tenth of the delay, either way: receivers that fell over together are not called together
LONGEST_WISH = timedelta(hours=24)


def next_attempt_at(*, attempts: int, now: datetime, chance: float, wish: timedelta | None = None) -> datetime | None:
    """When to try again after so many attempts; None when the schedule is used up.

    `chance` in [0, 1) chooses within the jitter. `wish` is the receiver's Retry-After: it may lengthen a delay, up to
    a day, and never shortens one.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    delay = DELAYS[attempts - 1] * (1 - JITTER + 2 * JITTER * chance)
    return now + max(delay, min(wish or timedelta(0), LONGEST_WISH))
