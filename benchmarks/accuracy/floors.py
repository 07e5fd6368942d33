"""What accuracy must not fall below: floors.toml, one table for a set of documents and a segment of it."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ocr.evaluation.scoring import ScoredDocument

_FLOORS = Path(__file__).parent / "floors.toml"


def broken_floors(*, name: str, documents: Sequence[ScoredDocument]) -> Iterator[str]:
    """A sentence for every floor of this set that the documents stay below; none for a set without floors."""
    floors = tomllib.loads(_FLOORS.read_text(encoding="utf-8")).get(name, {})
    for segment, floor in floors.items():
        mine = [each for each in documents if each.subject.segment == segment]
        if not mine:
            yield f"{name}, {segment}: no document is left of what floors.toml has a floor for"
            continue
        fields = [field for document in mine for field in document.fields]
        right = sum(field.outcome == "right" for field in fields) / len(fields)
        accepted = [each for each in mine if each.is_accepted]
        false = sum(each.is_false_success for each in accepted) / len(accepted) if accepted else 0.0
        coverage = len(accepted) / len(mine)
        if right < floor["fields_right"]:
            yield f"{name}, {segment}: {right:.2%} of the fields are right, the floor is {floor['fields_right']:.2%}"
        if false > floor["false_success"]:
            yield f"{name}, {segment}: false success is {false:.2%}, the ceiling is {floor['false_success']:.2%}"
        if coverage < floor["coverage"]:
            yield f"{name}, {segment}: {coverage:.2%} pass without a person, the floor is {floor['coverage']:.2%}"
