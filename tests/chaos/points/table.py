"""What came of the points, as a table for the terminal and as a page of the documents."""

import os
import platform
from pathlib import Path
from typing import Any

from tests.chaos.points.names import ABOUT, kind_of

Order = dict[str, Any]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

HEAD = """# Fault points

The service is killed with SIGKILL at each of these points, in a process of its own, with its whole state made anew
before. Then it is started again as the service would be: time passes beyond every lease, the sweepers run, the broker
delivers each message one to three times, and the client or operator who heard no answer asks once more.

The points are not chosen by hand. A walk without a death is recorded from outside, without a hook in the service, and
each thing below is a point **before** and one **after** it; so is the middle of each file that is being stored.

- each SQL statement, and each commit; of a statement that only reads, the point before it;
- each save, open, delete, listing and look at the size of a stored file;
- each message to the broker;
- each message to the sandbox's reading child, and each answer of it;
- each HTTP request of a webhook, and each answer to it.

**Recovered** means that at the end every job is answered 200 or 422; there is one upload, one job, one draft and one
final state for each document, after three attempts at the most; every stored file has its document and every document
its file, with the bytes that were sent; each event was delivered at least once under one id and with one body, and
no event tells of something that was never committed; the audit trail's chain is whole; the same request with the
same idempotency key has the same answer; and no reading child has outlived its parent.

`make fault-points` runs them all (`ARGS="--path post --database sqlite"` some of them) and fails where one does not
recover; `make fault-points ARGS=--write` writes this page. Each build runs one point in {share} on both databases.

"""
SHARE_OF_BUILDS = 3


def summary(orders: list[Order]) -> str:
    """A line for each path and database."""
    lines = [f"{'path':<14}{'database':<12}{'points':>8}{'tried':>8}{'killed':>8}{'recovered':>11}{'seconds':>9}"]
    for order in orders:
        for result in order["results"]:
            tried = len(result["tried"])
            lines.append(
                f"{result['path']:<14}{order['database']:<12}{result['points']:>8}{tried:>8}{result['killed']:>8}"
                f"{result['recovered']:>11}{result['seconds']:>9.1f}"
            )
        total = [sum(_numbers(result)[place] for result in order["results"]) for place in range(4)]
        lines.append(f"{'all':<14}{order['database']:<12}{total[0]:>8}{total[1]:>8}{total[2]:>8}{total[3]:>11}")
    return "\n".join(lines)


def told_violations(orders: list[Order]) -> list[str]:
    """A sentence for each violation, with its point."""
    return [
        f"{order['database']}, {result['path']}, {point or 'without a death'}: {sentence}"
        for order in orders
        for result in order["results"]
        for point, sentences in result["violations"].items()
        for sentence in sentences
    ]


def page(orders: list[Order]) -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD.format(share=SHARE_OF_BUILDS) + _by_path(orders),
            "",
            _by_kind(orders),
            "",
            _run_on(orders[0]["one_in"]),
            "",
        ]
    )


def _by_path(orders: list[Order]) -> str:
    names = [NAMES[order["database"]] for order in orders]
    columns = " | ".join(f"{name}: points | killed | recovered" for name in names)
    lines = [f"| path | what happens on it | {columns} |", f"| --- | --- |{' --: |' * 3 * len(orders)}"]
    for results in zip(*(order["results"] for order in orders), strict=True):
        numbers = " | ".join(f"{each['points']} | {each['killed']} | {each['recovered']}" for each in results)
        path = results[0]["path"]
        lines.append(f"| {path} | {ABOUT[path]} | {numbers} |")
    totals = " | ".join(
        f"{sum(each['points'] for each in order['results'])} | {sum(each['killed'] for each in order['results'])} "
        f"| {sum(each['recovered'] for each in order['results'])}"
        for order in orders
    )
    return "\n".join([*lines, f"| **all** | | {totals} |"])


def _by_kind(orders: list[Order]) -> str:
    kinds = sorted({kind_of(point) for order in orders for result in order["results"] for point in result["tried"]})
    lines = [
        f"| kind of point | {' | '.join(NAMES[order['database']] for order in orders)} |",
        f"| --- |{' --: |' * len(orders)}",
    ]
    for kind in kinds:
        counts = [
            sum(kind_of(point) == kind for result in order["results"] for point in result["tried"]) for order in orders
        ]
        lines.append(f"| {kind} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def _run_on(one_in: int) -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    drawn = "every point" if one_in == 1 else f"one point in {one_in} of each path"
    return f"Run on {model}, {os.cpu_count()} processors, Python {platform.python_version()}: {drawn}."


def _numbers(result: Order) -> tuple[int, int, int, int]:
    return result["points"], len(result["tried"]), result["killed"], result["recovered"]
