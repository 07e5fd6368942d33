"""Writes invoices and their truth: `python -m benchmarks.generator --count 100 --seed 1 --out DIR [--scans]`."""

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.generator.degradation import PRESETS, scanned
from benchmarks.generator.generation import generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generator", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many invoices (100)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same invoices (1)")
    parser.add_argument(
        "--out", type=Path, required=True, help="the folder to write to; it is made where it is missing"
    )
    parser.add_argument("--scans", action="store_true", help="write each also as a clean and as a degraded scan")
    parser.add_argument("--dpi", type=int, default=200, help="resolution of the scans (200)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    for invoice in generate(count=options.count, seed=options.seed):
        (options.out / f"{invoice.name}.pdf").write_bytes(invoice.pdf)
        rows.append(invoice.truth)
        for preset in PRESETS if options.scans else ():
            name = f"{invoice.name}-{preset}"
            scan = scanned(pdf=invoice.pdf, preset=preset, dpi=options.dpi, seed=invoice.name)
            (options.out / f"{name}.pdf").write_bytes(scan)
            rows.append({**invoice.truth, "id": name, "file": f"{name}.pdf", "kind": "scan", "text_layer": "none"})
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (options.out / "truth.jsonl").write_text(lines, encoding="utf-8")
    print(f"Wrote {len(rows)} documents and truth.jsonl to {options.out}.")


if __name__ == "__main__":
    main()
