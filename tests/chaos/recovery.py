"""How long a job lay idle after the process that held it was killed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.observed import Observed

KILLS = {"worker killed", "worker and its child killed", "worker's child killed"}


@dataclass(frozen=True, slots=True)
class Recovery:
    """`seconds` from the kill until the job ended or was claimed anew. `is_clear` when nothing else was away then."""

    kind: str
    job_id: str
    seconds: float
    is_clear: bool


def recoveries(seen: Observed, *, stopping: frozenset[str]) -> list[Recovery]:
    """One for each kill of a worker that held a job. `stopping` are the faults during which nobody could have it."""
    moments: dict[str, list[float]] = {}
    noted = [(each.job_id, each.at) for each in seen.claims] + [(each.job_id, each.at) for each in seen.ends]
    for of_job, at in noted:
        moments.setdefault(str(of_job), []).append(at.timestamp())
    outages = [(fault.began, fault.ended) for fault in seen.struck if fault.kind in stopping]
    found = []
    for fault in seen.struck:
        if fault.kind not in KILLS or fault.held is None:
            continue
        job_id = str(fault.held.job_id)
        later = [moment for moment in moments.get(job_id, ()) if moment > fault.began]
        if later:
            until = min(later)
            is_clear = not any(began <= until and fault.began <= ended + 2.0 for began, ended in outages)
            found.append(Recovery(fault.kind, job_id, until - fault.began, is_clear))
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed; 0 of none."""
    ranked = sorted(values)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)] if ranked else 0.0
