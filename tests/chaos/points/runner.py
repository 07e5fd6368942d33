"""The points of one database: prepared and recorded once for each path, then killed and taken up again one by one."""

import gc
import json
import logging
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from ipaddress import ip_network
from pathlib import Path as File
from typing import Any

import psutil
from django.conf import settings
from django.db import connections
from kombu.transport.memory import Channel

from ocr.models import OcrJob
from ocr.readers import close_sandbox
from ocr.reading.document import UnreadableDocument
from ocr.reading.sandbox import ReadingResult, ReadingSandbox
from tests.chaos.points import documents, upkeep
from tests.chaos.points.base import Readings, build, load, read_all, readings_of, receiver
from tests.chaos.points.forking import in_a_process
from tests.chaos.points.instruments import SANDBOX, Points, watch
from tests.chaos.points.invariants import violations
from tests.chaos.points.paths import PATHS, Path
from tests.chaos.points.restarting import listen, pass_time, restart, wait_until
from tests.chaos.points.worlds import World, world

MOST_DELIVERIES = 3


@dataclass
class Result:
    """`violations` are sentences by point; the point is empty where the path went wrong without any death."""

    path: str
    points: int = 0
    tried: list[str] = field(default_factory=list)
    killed: int = 0
    recovered: int = 0
    seconds: float = 0.0
    violations: dict[str, list[str]] = field(default_factory=dict)


class Runner:
    def __init__(self, *, here: World, readings: Readings) -> None:
        self._here = here
        self._readings = readings
        self._scratch = here.folder / "said.json"

    def warm_up(self) -> None:
        """Does in this process, before it forks, what every fork would otherwise do for the first time itself."""
        read = ReadingSandbox.read
        self._read_from_memory()
        self._here.take("base")
        facts = self._here.facts
        documents.post(facts)
        facts["job_id"] = str(OcrJob.objects.get().pk)
        documents.work(facts)
        list(documents.finished_with_total(facts))
        upkeep.deliver(facts)
        upkeep.sweep_webhooks(facts)
        violations(received=self._here.received)
        self._put_reading(read)
        Channel.queues.clear()
        connections.close_all()

    def run(self, path: Path, *, choose: Callable[[list[str]], list[str]]) -> Result:
        """Kills at the chosen ones of the points that a walk without a death goes through."""
        begun = time.monotonic()
        result = Result(path=path.name)
        self._here.take("base")
        self._do(partial(self._prepare, path))
        self._here.keep(path.name)
        names: list[str] = self._do(partial(self._walk, path, deadly=None, attempt=0))
        result.points = len(names)
        if wrong := self._do(partial(self._recover, path, deliveries=1)):
            result.violations[""] = wrong
        result.tried = choose(names)
        for number, point in enumerate(result.tried):
            self._here.take(path.name)
            wrong = self._die(path, point)
            result.killed += not wrong
            wrong += self._do(partial(self._recover, path, deliveries=1 + number % MOST_DELIVERIES))
            result.recovered += not wrong
            if wrong:
                result.violations[point] = wrong
        result.seconds = time.monotonic() - begun
        return result

    def _do(self, work: Callable[[], Any]) -> Any:
        """What the work came back with. Raises RuntimeError where a process of ours failed."""
        ended = in_a_process(work, scratch=self._scratch)
        if ended.is_killed or ended.error:
            raise RuntimeError(ended.error or "killed")
        return ended.said

    def _die(self, path: Path, point: str) -> list[str]:
        """What went wrong with the dying; later ones of several deaths need not come."""
        for attempt in range(path.kills):
            walk = partial(self._walk, path, deadly=point, attempt=attempt)
            ended = in_a_process(walk, scratch=self._scratch)
            if not ended.is_killed and not attempt:
                return [f"the point was not reached: {ended.error or 'the walk went on to its end'}"]
            if SANDBOX in point and not wait_until(partial(_is_childless, ended.pid)):
                return ["a reading child has outlived its parent"]
        return []

    def _prepare(self, path: Path) -> None:
        self._read_from_memory()
        facts = self._here.facts
        self._here.note(**path.prepare(facts))

    def _walk(self, path: Path, *, deadly: str | None, attempt: int) -> list[str]:
        points = Points(deadly=deadly)
        # Reading takes longer than everything else; only where the reading itself is cut off is it done each time.
        if deadly is not None and SANDBOX not in deadly:
            self._read_from_memory()
        watch(points)
        if attempt:
            pass_time(attempt * 2 * settings.JOB_LEASE)
        for step, act in path.steps:
            points.step = step
            act(self._here.facts)
        close_sandbox()
        return points.names

    def _recover(self, path: Path, *, deliveries: int) -> list[str]:
        self._read_from_memory()
        listen()
        facts = self._here.facts
        wrong: list[str] = []
        restart(deliveries=deliveries)
        try:
            path.again(facts)
        except AssertionError as error:
            wrong.append(f"asked again: {error}")
        restart(deliveries=deliveries)
        upkeep.remove_leftovers(facts)  # as every night does
        wrong += violations(received=self._here.received, forgets_webhooks=path.forgets_webhooks)
        return wrong + list(path.check(facts))

    def _read_from_memory(self) -> None:
        """This process reads no document anew: what a real child has read before is what it says."""

        def read(_: ReadingSandbox, content: bytes) -> ReadingResult:
            known = self._readings[content]
            if isinstance(known, UnreadableDocument):
                raise UnreadableDocument(code=known.code, message=known.message)
            return known

        self._put_reading(read)

    def _put_reading(self, read: Any) -> None:
        name = "read"
        setattr(ReadingSandbox, name, read)


def _is_childless(parent: int) -> bool:
    """Whether no reading child that this process has started runs any more."""
    for process in psutil.process_iter(["cmdline", "status"]):
        line = process.info["cmdline"] or []
        if "--parent" in line and line[-1] == str(parent) and process.info["status"] != psutil.STATUS_ZOMBIE:
            return False
    return True


def chosen(names: list[str], *, one_in: int, seed: int) -> list[str]:
    """All points, or one in so many: of each kind of point at least one."""
    if one_in == 1:
        return names
    shuffled = random.Random(seed).sample(names, len(names))  # noqa: S311 — spreads, guards nothing
    keep = set(shuffled[: -(-len(names) // one_in)])
    return [name for name in names if name in keep]


def run_order(order_file: File) -> None:
    """Runs what the file asks for, and writes the results into it."""
    order = json.loads(order_file.read_text())
    logging.disable(logging.CRITICAL)
    settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_ALLOWED_NETWORKS = (ip_network("127.0.0.0/8"),)
    folder = File(settings.DATA_DIR) / "points"
    # It looks through all static files at the start of each client, and answers none of these requests.
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "whitenoise" not in each]
    with world(folder) as here, receiver(here.received) as hook:
        said = folder / "said.json"
        for work in (partial(read_all, folder / "readings"), partial(build, here=here, hook=hook)):
            ended = in_a_process(work, scratch=said)
            if ended.error:
                raise RuntimeError(ended.error)
        here.keep("base")
        readings = readings_of(folder / "readings")
        load(readings)
        runner = Runner(here=here, readings=readings)
        runner.warm_up()
        gc.freeze()
        results = []
        for path in PATHS:
            if not order["paths"] or path.name in order["paths"]:
                choose = partial(chosen, one_in=order["one_in"], seed=order["seed"])
                results.append(asdict(runner.run(path, choose=choose)))
                sys.stderr.write(f"{order['database']}: {path.name}\n")
    order_file.write_text(json.dumps({**order, "results": results}))
