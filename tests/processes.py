"""The tests on as many processes as there are processors: who gets which files, and what is each process's own.

Each process has a database, a folder, a Redis number and an S3 server of its own (`settings`, `services`). Files go to
one process whole; those that share something dear, such as a running service, go to one process together, first.
"""

import os
from collections.abc import Iterable

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

MOST_PROCESSES = 4

# What takes longest comes first, so that no process is left alone with it at the end.
GROUPS = {
    "services": (
        "tests/chaos/",
        "tests/integration/test_generated_client.py",
        "tests/integration/test_object_storage.py",
        "tests/integration/test_service.py",
        "tests/integration/test_storages.py",
        "tests/integration/webhooks/test_service.py",
    ),
    "hostile": ("tests/hostile/",),
    "browser": ("tests/browser/", "tests/integration/test_browsable_docs.py"),
    "generated": ("tests/unit/generator/",),
    "reader": (
        "tests/unit/reading/test_attachments.py",
        "tests/unit/reading/test_engines.py",
        "tests/unit/reading/test_skew.py",
    ),
}
SELECTIONS = ("keyword", "markexpr", "lf", "failedfirst", "collectonly", "usepdb")
SUMMARY = pytest.StashKey[list[str]]()


def number_of_processes(config: pytest.Config) -> int:
    """What `-n auto` stands for: 0, which is none beside this one, where only some tests were asked for."""
    files = any("::" in argument or argument.endswith(".py") for argument in config.args)
    if files or any(config.getoption(option) for option in SELECTIONS):
        return 0
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST_PROCESSES) if processors > 1 else 0


def group_of(nodeid: str) -> str:
    """The group of a test's file, or the file itself."""
    return next((name for name, paths in GROUPS.items() if nodeid.startswith(paths)), nodeid.partition("::")[0])


def longest_first(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests of the groups before all others; within a group, and among the others, in the order they have."""
    places = {name: place for place, name in enumerate(GROUPS)}
    return sorted(items, key=lambda item: places.get(group_of(item.nodeid), len(places)))


class GroupedFiles(LoadScopeScheduling):  # type: ignore[misc]  # of a library without types
    """Hands out groups and files in the order in which the tests were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    return number_of_processes(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return GroupedFiles(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items[:] = longest_first(items)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hands what is to be said at the end to the process that says it."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["summary"] = session.config.stash.get(SUMMARY, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object | None) -> None:
    lines = getattr(node, "workeroutput", {}).get("summary", [])
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    said = config.stash.setdefault(SUMMARY, [])
    said.extend(line for line in lines if line not in said)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(SUMMARY, []):
        terminalreporter.line(line)
