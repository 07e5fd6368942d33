"""What breaks. Each fault strikes once, leaves everything as a supervisor would, and says what it did."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
import psycopg

from tests.chaos.clocks import move_clock
from tests.chaos.ledgers import Held
from tests.chaos.servers import wait_until
from tests.chaos.site import WORKERS, Site

AIM_SECONDS = 8.0
UP_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Measures:
    """How long things last, in seconds. `frozen` has to be longer than a lease."""

    outage: float = 5.0
    long_outage: float = 20.0
    frozen: float = 9.0


@dataclass
class Struck:
    """What a fault did, and when, in seconds since the epoch. `held` is the job that was in the killed hands."""

    kind: str
    began: float
    ended: float = 0.0
    worker: str = ""
    held: Held | None = None
    detail: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """`share` is how often it comes beside the others; `holds` are the parts of the site it wants for itself.

    `stops` when nothing can be read or claimed meanwhile, so that times of recovery then say nothing about workers.
    """

    name: str
    share: int
    strike: Callable[[Site, Measures, random.Random, Struck], None]
    holds: Callable[[random.Random], tuple[str, ...]] = field(default=lambda _: ())
    stops: bool = False


def _some_worker(chance: random.Random) -> tuple[str, ...]:
    return (chance.choice(WORKERS),)


def _part(name: str) -> Callable[[random.Random], tuple[str, ...]]:
    return lambda _: (name,)


# --- processes ------------------------------------------------------------------------------------------------------


def _aim(site: Site, worker: str, struck: Struck, *, patience: float = AIM_SECONDS) -> list[psutil.Process]:
    """The worker's processes, stopped in the middle of a job if it takes one up in time; and the job."""
    struck.worker = worker
    give_up_at = time.monotonic() + patience
    while True:
        frozen = _stopped(site, worker)
        struck.held = site.held(worker)
        if struck.held is not None or time.monotonic() > give_up_at:
            return frozen
        _resume(frozen)
        time.sleep(0.03)


def _stopped(site: Site, worker: str) -> list[psutil.Process]:
    family = site.program(worker).family()
    for process in family:
        _signal(process, signal.SIGSTOP)
    return family


def _resume(processes: list[psutil.Process]) -> None:
    for process in processes:
        _signal(process, signal.SIGCONT)


def _signal(process: psutil.Process, which: signal.Signals) -> None:
    try:
        process.send_signal(which)
    except psutil.NoSuchProcess:
        return


def _kill_worker(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    """The parent alone: its child may finish what it has, or be gone with the next signal."""
    frozen = _aim(site, struck.worker, struck)
    struck.began = time.time()
    for process in frozen[:1]:
        _signal(process, signal.SIGKILL)
    _resume(frozen[1:])
    _worker_is_back(site, struck.worker)


def _kill_machine(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    frozen = _aim(site, struck.worker, struck)
    struck.began = time.time()
    site.program(struck.worker).kill_group()
    _resume(frozen)
    _worker_is_back(site, struck.worker)


def _kill_child(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    frozen = _aim(site, struck.worker, struck)
    children = {process.pid for process in site.pool_children(struck.worker)}
    struck.began = time.time()
    for process in frozen:
        if process.pid in children:
            _signal(process, signal.SIGKILL)
    _resume(frozen)
    _worker_is_back(site, struck.worker)


def _kill_reader(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    frozen = _aim(site, struck.worker, struck, patience=2.0)
    struck.began = time.time()
    for reader in site.readers(struck.worker):
        _signal(reader, signal.SIGKILL)
    _resume(frozen)


def _freeze_worker(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    frozen = _aim(site, struck.worker, struck)
    struck.began = time.time()
    time.sleep(measures.frozen)
    _resume(frozen)
    struck.ended = time.time()


def _worker_is_back(site: Site, worker: str) -> None:
    struck_at = time.time()
    wait_until(
        lambda: any(_is_younger(reader, struck_at) for reader in site.readers(worker)),
        what=f"{worker} has no reader",
        seconds=UP_SECONDS,
    )


def _is_younger(process: psutil.Process, moment: float) -> bool:
    try:
        return float(process.create_time()) > moment - 1.0
    except psutil.NoSuchProcess:
        return False


def _kill_web(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    site.program("web").kill_group()
    _web_is_back(site)


def _kill_web_child(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    children = site.pool_children("web")
    if children:
        _signal(chance.choice(children), signal.SIGKILL)


def _web_is_back(site: Site) -> None:
    wait_until(lambda: len(site.pool_children("web")) >= 2, what="the web process is not back", seconds=UP_SECONDS)


def _kill_program(name: str) -> Callable[[Site, Measures, random.Random, Struck], None]:
    def strike(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
        starts = site.program(name).starts
        site.program(name).kill_group()
        wait_until(lambda: site.program(name).starts > starts, what=f"{name} is not back", seconds=UP_SECONDS)

    return strike


def _deploy(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    """A worker is asked to end in the middle of a job, and the next version starts: a warm shutdown."""
    _resume(_aim(site, struck.worker, struck))
    status = site.program(struck.worker).stop()
    struck.detail = f"ended with {status}"
    site.program(struck.worker).start()
    _worker_is_back(site, struck.worker)


def _deploy_web(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    struck.detail = f"ended with {site.program('web').stop()}"
    site.program("web").start()
    _web_is_back(site)


def _move_clock(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    seconds = chance.choice((-3600, -20, 20, 3600))
    struck.detail = f"{seconds:+d} s"
    move_clock(site.clock_file(struck.worker), seconds=seconds)
    time.sleep(measures.outage)
    move_clock(site.clock_file(struck.worker), seconds=0)


# --- Redis and messages ---------------------------------------------------------------------------------------------


def _flush_redis(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    site.redis.flush()


def _restart_redis(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    site.redis.stop()
    site.redis.start()


def _redis_down(seconds: Callable[[Measures], float]) -> Callable[[Site, Measures, random.Random, Struck], None]:
    def strike(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
        site.redis.stop()
        struck.began = time.time()
        time.sleep(seconds(measures))
        struck.ended = time.time()
        site.redis.start()

    return strike


def _redis_silent(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    """It takes connections and answers nothing."""
    site.redis.signal(signal.SIGSTOP)
    time.sleep(measures.outage)
    site.redis.signal(signal.SIGCONT)


def _deliver_again(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    """The messages of some jobs once more, up to five times each: waiting ones, running ones, and ended ones."""
    with psycopg.connect(site.postgres.url(), connect_timeout=2) as database:
        rows = database.execute("SELECT id FROM ocr_ocrjob ORDER BY created_at DESC LIMIT 30").fetchall()
    for (job_id,) in chance.sample(rows, k=min(10, len(rows))):
        for _ in range(chance.randint(1, 5)):
            site.send_message(str(job_id))


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _restart_postgres(how: signal.Signals) -> Callable[[Site, Measures, random.Random, Struck], None]:
    def strike(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
        site.postgres.stop(how)
        time.sleep(chance.uniform(0, measures.outage))
        site.postgres.start()

    return strike


def _cut_connections(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    """All of one kind of process, in whatever they are doing."""
    victim = chance.choice(("web", *WORKERS, "webhooks"))
    with psycopg.connect(site.postgres.url(), connect_timeout=2) as database:
        cut = database.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s", [victim]
        ).fetchone()
    struck.worker = victim if victim in WORKERS else ""
    struck.detail = f"{cut[0] if cut else 0} of {victim}"


# --- the disk -------------------------------------------------------------------------------------------------------


def _disk_full(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    with site.disk.full(site.pool_children("web")):
        time.sleep(measures.outage)


def _disk_gone(site: Site, measures: Measures, chance: random.Random, struck: Struck) -> None:
    with site.disk.gone(to_itself=chance.random() < 0.5):
        time.sleep(measures.outage)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("worker killed", 8, _kill_worker, _some_worker),
        Fault("worker and its child killed", 8, _kill_machine, _some_worker),
        Fault("worker's child killed", 10, _kill_child, _some_worker),
        Fault("reader killed", 16, _kill_reader, _some_worker),
        Fault("worker frozen for longer than a lease", 4, _freeze_worker, _some_worker),
        Fault("worker's clock moved", 5, _move_clock, _some_worker),
        Fault("deploy of a worker", 5, _deploy, _some_worker),
        Fault("deploy of the web process", 2, _deploy_web, _part("web")),
        Fault("web process killed", 3, _kill_web, _part("web")),
        Fault("web process's child killed", 6, _kill_web_child, _part("web")),
        Fault("webhook worker killed", 3, _kill_program("webhooks"), _part("webhooks")),
        Fault("beat killed", 3, _kill_program("beat"), _part("beat")),
        Fault("messages delivered again", 20, _deliver_again, lambda _: ("redis", "postgres")),
        Fault("Redis flushed", 5, _flush_redis, _part("redis"), stops=True),
        Fault("Redis restarted", 3, _restart_redis, _part("redis"), stops=True),
        Fault("Redis down", 3, _redis_down(lambda measures: measures.outage), _part("redis"), stops=True),
        Fault("Redis silent", 2, _redis_silent, _part("redis"), stops=True),
        Fault("PostgreSQL restarted", 2, _restart_postgres(signal.SIGINT), _part("postgres"), stops=True),
        Fault("PostgreSQL crashed", 2, _restart_postgres(signal.SIGQUIT), _part("postgres"), stops=True),
        Fault("database connections cut", 12, _cut_connections, _part("postgres")),
        Fault("disk full", 3, _disk_full, _part("disk")),
        Fault("storage away", 4, _disk_gone, _part("disk"), stops=True),
    )
}
# Comes so often whatever the shares say: it takes its time.
RARE = {
    fault.name: fault
    for fault in (Fault("Redis down for long", 0, _redis_down(lambda m: m.long_outage), _part("redis"), stops=True),)
}
