"""The parts that load the service: throughput over minutes, one tenant's flood, and what a job costs the services."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.service.client import PATIENCE_SECONDS, Client, Unanswered
from benchmarks.service.documents import digital_invoices, in_turn, unlike
from benchmarks.service.figures import Figure, percentile, times
from benchmarks.service.parts import INTERVAL, Say
from benchmarks.service.processes import processor_seconds, slope, watched_memory
from benchmarks.service.site import Site, own_database

FLOOD = 10_000
_IN_HAND = 12  # jobs that wait or run: enough that no worker is ever idle
_DRAWN = 400
_TABLES = "SELECT sum(n_tup_ins), sum(n_tup_upd) FROM pg_stat_user_tables"


def sustained(site: Site, *, minutes: float, kept: Path, say: Say) -> tuple[list[Figure], dict[str, Any]]:
    """Digital invoices for minutes, with the memory of each process."""
    documents = in_turn(digital_invoices(count=_DRAWN, kept=kept))
    client, started = Client(site), time.monotonic()
    sent, said = 0, 0
    with site.database() as database, watched_memory(site, interval=5.0) as memory:
        before, spent = _ended(database), processor_seconds(site)
        while (passed := time.monotonic() - started) < minutes * 60:
            if sent - (_ended(database) - before) >= _IN_HAND:
                time.sleep(0.02)
                continue
            client.post(client.prepared(next(documents)))
            sent += 1
            if passed // 30 > said:
                said = int(passed // 30)
                say(f"{passed:.0f} s: {(_ended(database) - before) / passed:.1f} invoices a second")
        wall, done = time.monotonic() - started, _ended(database) - before
        spent = processor_seconds(site) - spent
        failed = database.execute("SELECT count(*) FROM ocr_ocrjob WHERE state = 'failed'").fetchone()
        _drain(site)
    steepest = max((slope(samples), name) for name, samples in memory.samples.items())
    part = "sustained"
    figures = [
        Figure(part, f"digital invoices a second for {minutes:g} min", done / wall, "/s", done, 10.0, is_floor=True),
        Figure(part, "CPU for one invoice, all processes of the service", spent / max(1, done) * 1000, "ms", done),
        Figure(part, "jobs that failed", float(failed[0] if failed else 0), "", done, goal=0.0),
        Figure(
            part,
            f"memory's steepest slope ({steepest[1].rsplit(' ', 1)[0]})",
            steepest[0],
            "MiB/h",
            len(memory.samples),
        ),
    ]
    return figures, dict(memory.samples)


def fairness(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """One customer's POST to result alone, and while another's ten thousand jobs are in line."""
    count = 60
    documents = digital_invoices(count=count, kept=kept)
    flood = site.inside("another-customer")
    flooder = Client(site, customer_id=flood["customer_id"], key=flood["key"])
    for document in documents:
        flooder.post(flooder.prepared(unlike(document)))
    _drain(site)
    say(f"{count} invoices alone")
    alone = _results(site, documents)
    say(f"{FLOOD} jobs of another customer")
    site.inside("flood", flood["customer_id"], str(FLOOD))
    beside = _results(site, documents)
    with site.database() as database:
        row = database.execute("SELECT count(*) FROM ocr_ocrjob WHERE state = 'queued'").fetchone()
    say(f"{row[0] if row else 0} of them were still in line at the end")
    ratio = percentile(beside, 0.95) / percentile(alone, 0.95)
    _forget(site)
    return [
        *times(part="flood", name="POST to result alone", seconds=alone, shares=((0.5, None), (0.95, None))),
        *times(part="flood", name=f"the same beside {FLOOD} jobs", seconds=beside, shares=((0.5, None), (0.95, None))),
        Figure("flood", "times p95 alone", ratio, "×", count, goal=2.0),
    ]


def costs(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """What one job costs the database and Redis. Write-ahead log and Redis are those of the whole servers: measure
    where nobody else uses them."""
    count = 100
    say(f"{count} jobs, counted by the database and Redis")
    _drain(site)
    idle = _rates(site, seconds=10.0)
    documents = digital_invoices(count=count, kept=kept)
    client = Client(site)
    before, started = _counters(site), time.monotonic()
    for document in documents:
        client.post(client.prepared(unlike(document)))
    _drain(site)
    wall, after = time.monotonic() - started, _counters(site)
    figures = [
        Figure("costs", name, (after[name] - before[name] - idle[name] * wall) / count, unit, count)
        for name, unit in (
            ("bytes of write-ahead log for one job", "B"),
            ("transactions for one job", ""),
            ("rows inserted for one job", ""),
            ("rows updated for one job", ""),
            ("Redis commands for one job", ""),
            ("bytes to Redis for one job", "B"),
            ("bytes from Redis for one job", "B"),
        )
    ]
    counted = site.inside("statements")
    for name in ("POST", "job", "poll"):
        figures.append(Figure("costs", f"SQL statements for one {name}", float(counted[name]), "", 1))
    return figures


def lines(site: Site, *, say: Say) -> list[Figure]:
    """What claiming costs while one customer's line is long, on PostgreSQL and on SQLite: databases without workers."""
    figures = []
    local = {name: value for name, value in site.environment.items() if not name.endswith("_URL")}
    with (
        tempfile.TemporaryDirectory(prefix="paydraft-bench-") as directory,
        own_database(site.environment["DATABASE_URL"]) as database_url,
    ):
        for added in ({"DATABASE_URL": database_url}, {}):
            place = replace(site, environment={**local, **added, "PAYDRAFT_DATA_DIR": directory})
            place.manage("migrate", "-v0")
            for number in (10_000, 100_000):
                say(f"claims with {number} jobs in line")
                figures += _claims(place.inside("claims", str(number)))
    return figures


def _claims(told: dict[str, Any]) -> list[Figure]:
    name, claim, empty = f"{told['database']}: claim, {told['jobs']} jobs in line", told["claim"], told["empty"]
    return [
        Figure("claims", f"{name}, p50", claim["p50"], "ms", claim["n"], goal=3.0),
        Figure("claims", f"{name}, p95", claim["p95"], "ms", claim["n"]),
        Figure("claims", f"{name}: a look that finds nothing, p50", empty["p50"], "ms", empty["n"]),
    ]


def _results(site: Site, documents: list[bytes]) -> list[float]:
    client, taken = Client(site), []
    for document in documents:
        body = client.prepared(unlike(document))
        started = time.perf_counter()
        client.wait(client.post(body).body["job_id"], interval=INTERVAL)
        taken.append(time.perf_counter() - started)
        time.sleep(0.2)
    return taken


def _drain(site: Site) -> None:
    """Waits until no job is in line or running. Raises `Unanswered`."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    with site.database() as database:
        while database.execute("SELECT 1 FROM ocr_ocrjob WHERE state IN ('queued', 'running') LIMIT 1").fetchone():
            if time.monotonic() > give_up_at:
                raise Unanswered(f"jobs were still in line after {PATIENCE_SECONDS:.0f} s")
            time.sleep(0.05)


def _forget(site: Site) -> None:
    """Takes the jobs that are left out of line; the messages for them find nothing."""
    with site.database() as database:
        database.execute(
            "UPDATE ocr_ocrjob SET state = 'failed', finished_at = now(), message = '.', failure_code = '.'"
            " WHERE state = 'queued'"
        )
    _drain(site)


def _ended(database: Any) -> int:
    return int(database.execute("SELECT count(*) FROM ocr_ocrrun WHERE outcome = 'finished'").fetchone()[0])


def _rates(site: Site, *, seconds: float) -> dict[str, float]:
    before = _counters(site)
    time.sleep(seconds)
    after = _counters(site)
    return {name: (after[name] - before[name]) / seconds for name in after}


def _counters(site: Site) -> dict[str, float]:
    with site.database() as database, site.broker() as broker:
        (log,) = database.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone() or (0,)
        (committed,) = database.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone() or (0,)
        inserted, updated = database.execute(_TABLES).fetchone() or (0, 0)
        told: dict[str, Any] = broker.info("stats")
        return {
            "bytes of write-ahead log for one job": float(log),
            "transactions for one job": float(committed),
            "rows inserted for one job": float(inserted),
            "rows updated for one job": float(updated),
            "Redis commands for one job": float(told["total_commands_processed"]),
            "bytes to Redis for one job": float(told["total_net_input_bytes"]),
            "bytes from Redis for one job": float(told["total_net_output_bytes"]),
        }
