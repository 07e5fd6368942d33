"""What became different since the last report that was kept."""

from collections.abc import Iterator, Mapping
from typing import Any


def changes(*, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """One sentence for every figure that differs, of the sets and segments that both reports hold."""
    found = []
    for name in now["sets"]:
        if name not in before.get("sets", {}):
            continue
        old, new = before["sets"][name]["segments"], now["sets"][name]["segments"]
        for segment in (each for each in new if each in old):
            found += [f"{name}, {segment}: {line}" for line in _segment_changes(old[segment], new[segment])]
    return found


def _segment_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old["documents"] != new["documents"]:
        yield f"{old['documents']} documents became {new['documents']}"
    for field in new["fields"]:
        mine, theirs = new["fields"][field], old["fields"].get(field)
        if theirs and _counts(mine) != _counts(theirs):
            yield f"{field} {_counts(theirs)} became {_counts(mine)} (right / wrong / empty)"
    for setting, accepted in new["accepted"].items():
        was = old["accepted"].get(setting)
        if was and _passed(was) != _passed(accepted):
            yield f"{setting}: {_passed(was)} became {_passed(accepted)}"


def _counts(tally: Mapping[str, Any]) -> str:
    return f"{tally['right']} / {tally['wrong']} / {tally['empty']}"


def _passed(accepted: Mapping[str, Any]) -> str:
    false = accepted["false_success"]
    return f"{false['whole']} accepted, {false['part']} of them with a wrong field"
