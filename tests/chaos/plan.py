"""Which fault strikes when: drawn once from a seed, so that a run can be had again."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """`at` is how much of the load was accepted when it strikes, from 0 to 1; `seed` is for what it draws itself."""

    number: int
    at: float
    kind: str
    seed: int


def drawn_plan(*, seed: int, faults: int, shares: Mapping[str, int]) -> tuple[Planned, ...]:
    """So many faults, evenly spread with some jitter. Every kind comes at least once; the rest by their shares.

    Raises ValueError when there are fewer faults than kinds.
    """
    if faults < len(shares):
        raise ValueError(f"There are {len(shares)} kinds of faults; plan at least as many faults, not {faults}.")
    chance = random.Random(f"faults {seed}")  # noqa: S311  the same plan at every run
    kinds = [*shares, *_more(count=faults - len(shares), shares=shares)]
    chance.shuffle(kinds)
    return tuple(
        Planned(number=number, at=(number + chance.random()) / (faults + 1), kind=kind, seed=chance.getrandbits(32))
        for number, kind in enumerate(kinds)
    )


def _more(*, count: int, shares: Mapping[str, int]) -> Sequence[str]:
    """So many more, as near to the shares as whole numbers come; the largest remainders are rounded up."""
    total = sum(shares.values())
    wanted = {kind: count * share / total for kind, share in shares.items()}
    whole = {kind: int(number) for kind, number in wanted.items()}
    by_remainder = sorted(shares, key=lambda kind: whole[kind] - wanted[kind])
    for kind in by_remainder[: count - sum(whole.values())]:
        whole[kind] += 1
    return [kind for kind, number in whole.items() for _ in range(number)]
