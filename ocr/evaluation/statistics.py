"""How far a measured share can be trusted."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

_Z_95 = 1.959964
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` with its 95 % interval; all None where the whole is nothing."""

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None


def wilson(*, part: int, whole: int) -> Share:
    """The share with Wilson's score interval, which holds for few and for extreme shares; observations independent."""
    if whole == 0:
        return Share(part, whole, None, None, None)
    share, squared = part / whole, _Z_95**2
    centre = (share + squared / (2 * whole)) / (1 + squared / whole)
    half = _Z_95 * math.sqrt(share * (1 - share) / whole + squared / (4 * whole**2)) / (1 + squared / whole)
    low = 0.0 if part == 0 else max(0.0, centre - half)
    high = 1.0 if part == whole else min(1.0, centre + half)
    return Share(part, whole, share, low, high)


def clustered(counts: Sequence[tuple[str, int, int]]) -> Share:
    """The share of all parts in all wholes, its interval by drawing groups (suppliers) with replacement.

    `counts` are (group, part, whole). Documents of one supplier succeed and fail together, which makes the interval
    wider than counting them as independent would. Seeded: the same counts give the same interval. Where all groups
    agree the draws say nothing, and the interval is Wilson's over the groups.
    """
    groups: dict[str, tuple[int, int]] = {}
    for group, part, whole in counts:
        had = groups.get(group, (0, 0))
        groups[group] = (had[0] + part, had[1] + whole)
    sums = [each for _, each in sorted(groups.items()) if each[1]]
    part, whole = sum(each[0] for each in sums), sum(each[1] for each in sums)
    if not whole or part in {0, whole}:
        bounds = wilson(part=len(sums) if part else 0, whole=len(sums))
        return Share(part, whole, part / whole if whole else None, bounds.low, bounds.high)
    chance = random.Random(len(sums))  # noqa: S311  the same interval at every run
    shares = []
    for _ in range(_DRAWS):
        drawn = chance.choices(sums, k=len(sums))
        shares.append(sum(each[0] for each in drawn) / sum(each[1] for each in drawn))
    shares.sort()
    return Share(part, whole, part / whole, shares[int(_DRAWS * 0.025)], shares[int(_DRAWS * 0.975) - 1])


def folds(*, groups: Sequence[str], count: int) -> dict[str, int]:
    """For each group its fold, 0 to `count` - 1: no supplier is in two, and all hold about as many documents.

    `groups` names the group of every document. What is learned on the other folds is measured on one's own.
    """
    sizes = {group: groups.count(group) for group in sorted(set(groups))}
    filled = [0] * count
    chosen: dict[str, int] = {}
    for group in sorted(sizes, key=lambda group: (-sizes[group], group)):
        chosen[group] = filled.index(min(filled))
        filled[chosen[group]] += sizes[group]
    return chosen
