"""From the options to the exit status: plan, run, check, report."""

import argparse
import time
from pathlib import Path

from benchmarks.ocr.report import machine
from tests.chaos.faults import FAULTS, RARE, Fault, Measures
from tests.chaos.invariants import violations
from tests.chaos.plan import Planned, drawn_plan
from tests.chaos.recovery import recoveries
from tests.chaos.report import CHART, Result, chart, markdown, summary
from tests.chaos.run import Load, Run
from tests.chaos.site import Site

JOBS_FOR_A_POISONED_ONE = 100


def told(*, site: Site, options: argparse.Namespace) -> int:
    """Runs it all, says what came of it, and comes back with the exit status."""
    faults = {name: fault for name, fault in {**FAULTS, **RARE}.items() if not options.only or name in options.only}
    shares = {name: fault.share for name, fault in faults.items()}
    plan = drawn_plan(seed=options.seed, faults=options.faults, shares=shares)
    result = _result(site=site, options=options, faults=faults, plan=plan)
    print(summary(result))
    if options.write is not None:
        _write(result, options.write)
    return 0 if result.is_good else 1


def _result(*, site: Site, options: argparse.Namespace, faults: dict[str, Fault], plan: tuple[Planned, ...]) -> Result:
    began = time.monotonic()
    run = Run(
        site=site,
        load=Load(
            seed=options.seed,
            jobs=options.jobs,
            poisoned=frozenset(range(JOBS_FOR_A_POISONED_ONE // 2, options.jobs, JOBS_FOR_A_POISONED_ONE)),
        ),
        plan=plan,
        faults=faults,
        measures=Measures(long_outage=options.long_outage),
        progress=lambda line: print(f"{time.monotonic() - began:7.1f} s  {line}", flush=True),
    )
    seen = run.carried_out()
    stopping = frozenset(name for name, fault in faults.items() if fault.stops)
    notes = [] if site.disk.is_mounted else ["Documents were cut off by RLIMIT_FSIZE: no disk could be mounted."]
    return Result(
        seen=seen,
        broken=violations(seen),
        problems=run.problems,
        recoveries=recoveries(seen, stopping=stopping),
        statuses=run.clients.statuses,
        seed=options.seed,
        seconds=run.seconds,
        machine=machine(),
        notes=notes,
    )


def _write(result: Result, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chaos.md").write_text(markdown(result), encoding="utf-8")
    caption = f"Seed {result.seed}, {len(result.seen.struck)} faults; {result.machine}."
    (folder / CHART).write_text(chart(result.recoveries, caption=caption), encoding="utf-8")
    print(f"Wrote chaos.md and {CHART} to {folder}.")
