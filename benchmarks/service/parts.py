"""The parts that measure answers: posts, results, pages, polls. Each gives its figures."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.service.client import Client
from benchmarks.service.documents import digital_invoices, enlarged, scanned_pages, unlike
from benchmarks.service.figures import Figure, times
from benchmarks.service.processes import processor_seconds
from benchmarks.service.site import Site

INTERVAL = 0.01  # of the polling client, in seconds
SMALL, LARGE = 200_000, 10_000_000
Say = Callable[[str], None]


def posts(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """POST, while nothing else is going on: the job of each is waited for before the next."""
    figures = []
    (content,) = digital_invoices(count=1, kept=kept)
    client = Client(site)
    for size, label, count, p99 in ((SMALL, "200 KB", 200, 50.0), (LARGE, "10 MB", 40, 250.0)):
        say(f"{count} documents of {label}")
        taken = []
        for number in range(count + 3):
            body = client.prepared(unlike(enlarged(content, size=size)))
            answer = client.post(body)
            if number >= 3:  # the first ones open connections
                taken.append(answer.seconds)
            client.wait(answer.body["job_id"], interval=0.03)
        figures += times(part="post", name=f"POST, {label}", seconds=taken, shares=((0.5, None), (0.99, p99)))
    return figures


def results(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """From POST to the result in the client's hands, one digital invoice after the other."""
    count = 200
    say(f"{count} digital invoices, one after the other")
    documents = digital_invoices(count=count, kept=kept)
    client, taken = Client(site), []
    for document in documents[:8]:
        _result(client, document)
    spent = processor_seconds(site)
    for document in documents:
        taken.append(_result(client, document))
    spent = processor_seconds(site) - spent
    name = f"POST to result, polled every {INTERVAL * 1000:.0f} ms"
    figures = times(part="result", name=name, seconds=taken, shares=((0.5, 150.0), (0.95, None), (0.99, 500.0)))
    spent_each = spent / count * 1000
    return [*figures, Figure("result", "CPU for one invoice and its polls, all processes", spent_each, "ms", count)]


def pages(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """Scanned pages on two workers."""
    count = 40
    say(f"{count} scanned pages")
    scans = scanned_pages(count=count, kept=kept)
    client = Client(site)
    for job_id in [client.post(client.prepared(unlike(scan))).body["job_id"] for scan in scans[:4]]:
        client.wait(job_id, interval=0.2)
    spent, started = processor_seconds(site), time.monotonic()
    for job_id in [client.post(client.prepared(unlike(scan))).body["job_id"] for scan in scans]:
        client.wait(job_id, interval=0.2)
    wall, spent = time.monotonic() - started, processor_seconds(site) - spent
    return [
        Figure("pages", "scanned pages a second, two workers", count / wall, "/s", count, goal=1.5, is_floor=True),
        Figure("pages", "scanned pages a CPU second", count / spent, "/s", count),
    ]


def polls(site: Site, *, kept: Path, say: Say) -> list[Figure]:
    """GET of a job that has ended: at a moderate rate, and as many as there can be."""
    client = Client(site)
    (content,) = digital_invoices(count=1, kept=kept)
    job_id = client.post(client.prepared(unlike(content))).body["job_id"]
    client.wait(job_id, interval=0.05)
    tag = client.poll(job_id).headers["ETag"]
    figures = []
    for name, given in (("poll", ""), ("poll with ETag", tag)):
        say(f"{name}: 50 a second, then as many as there can be")
        taken = _polled(site, job_id, tag=given, threads=2, seconds=15.0, rate=50.0)
        figures += times(part="polls", name=f"{name}, 50/s", seconds=taken, shares=((0.5, None), (0.99, 10.0)))
        started = time.monotonic()
        most = _polled(site, job_id, tag=given, threads=4, seconds=6.0, rate=0.0)
        figures.append(Figure("polls", f"{name}, at most", len(most) / (time.monotonic() - started), "/s", len(most)))
    return figures


def _result(client: Client, document: bytes) -> float:
    body = client.prepared(unlike(document))
    started = time.perf_counter()
    job_id = client.post(body).body["job_id"]
    client.wait(job_id, interval=INTERVAL)
    return time.perf_counter() - started


def _polled(site: Site, job_id: str, *, tag: str, threads: int, seconds: float, rate: float) -> list[float]:
    """Seconds of each poll; `rate` a second from all threads together, 0 for one after the other."""
    until, pause = time.monotonic() + seconds, threads / rate if rate else 0.0
    start = threading.Barrier(threads)

    def poll(place: int) -> list[float]:
        client, taken = Client(site), []
        client.poll(job_id, tag=tag)
        start.wait()
        following = time.monotonic() + pause * place / threads
        while time.monotonic() < until:
            time.sleep(max(0.0, following - time.monotonic()) if pause else 0)
            taken.append(client.poll(job_id, tag=tag).seconds)
            following += pause
        return taken

    with ThreadPoolExecutor(threads) as pool:
        return [each for taken in pool.map(poll, range(threads)) for each in taken]
