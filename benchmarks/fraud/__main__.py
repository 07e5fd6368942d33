"""`make bench-fraud`: whether forged invoices are flagged, and honest ones let through."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.fraud.figures import as_json, broken_goals, completed, figures, kinds_of, mistake_of
from benchmarks.fraud.report import chart, markdown
from benchmarks.fraud.running import Outcome
from benchmarks.fraud.sharing import Task, examined
from benchmarks.fraud.suite import FORGED, HONEST
from benchmarks.ocr.report import machine


def main() -> int:
    arguments = _arguments()
    tasks = [
        Task(
            kind=kind,
            each=(arguments.forged if kind.is_forged else arguments.honest) // (3 if kind.takes_long else 1),
            seed=arguments.seed,
            suppliers=arguments.suppliers,
            scans_of=arguments.scans_of,
            keep=arguments.keep,
        )
        for kind in (*HONEST, *FORGED)
        if not arguments.kinds or kind.name in arguments.kinds
    ]
    outcomes: list[Outcome] = []
    for found in examined(tasks=tasks, processes=arguments.processes):
        outcomes += found
        _say(found)
    if arguments.out:
        _write(outcomes, arguments.out, seed=arguments.seed, has_all_kinds=not arguments.kinds)
    broken = broken_goals(figures(outcomes))
    print("\n".join(broken) or "All goals are met.")
    return 1 if broken else 0


def _say(outcomes: Sequence[Outcome]) -> None:
    kind = figures(outcomes)[0]
    verdict = f"{kind.flagged} flagged" if kind.is_forged else f"{kind.false_alarms} false alarms, {kind.ready} ready"
    print(f"{kind.name}: {kind.documents}, {verdict}, {kind.to_attacker} to the attacker", flush=True)
    for outcome in outcomes:
        if mistake := mistake_of(outcome):
            print(f"    {mistake['document']}: {', '.join(mistake['mistakes'])}; {', '.join(mistake['codes'])}")


def _write(outcomes: Sequence[Outcome], folder: Path, *, seed: int, has_all_kinds: bool) -> None:
    """`fraud.md`, and its chart and figures in `fraud/` beside it. Kinds that were not asked for keep their figures."""
    beside = folder / "fraud"
    beside.mkdir(parents=True, exist_ok=True)
    report = as_json(outcomes=outcomes, machine=machine(), seed=seed)
    kept = beside / "report.json"
    if not has_all_kinds and kept.is_file():
        report = completed(report=report, earlier=json.loads(kept.read_text(encoding="utf-8")))
    kept.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    kinds = kinds_of(report)
    text = markdown(kinds=kinds, machine=machine(), seed=seed, chart_name="fraud/flagged.svg")
    (folder / "fraud.md").write_text(text, encoding="utf-8")
    caption = f"{sum(kind.documents for kind in kinds)} documents, seed {seed}. {machine()}"
    (beside / "flagged.svg").write_text(chart(kinds=kinds, caption=caption), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-fraud", description=__doc__)
    parser.add_argument("--forged", type=int, default=20, metavar="N", help="documents of each forged kind (20)")
    parser.add_argument("--honest", type=int, default=42, metavar="N", help="documents of each honest kind (42)")
    parser.add_argument("--suppliers", type=int, default=64, metavar="N", help="suppliers in the books (64)")
    parser.add_argument("--scans-of", type=int, default=14, metavar="N", help="every Nth is a scan (14; 0 for none)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="kinds are shared out to N processes (2)")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other documents (1)")
    names = [kind.name for kind in (*HONEST, *FORGED)]
    parser.add_argument("--kinds", nargs="+", choices=names, metavar="KIND", help=f"only these: {', '.join(names)}")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the documents there, to look at")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write fraud.md there, with a chart and report.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
