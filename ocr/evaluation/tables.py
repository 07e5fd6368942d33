"""Scored documents as tables for a terminal."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ocr.evaluation.calibration import expected_calibration_error, reliability
from ocr.evaluation.scoring import ScoredDocument
from ocr.evaluation.statistics import Share, clustered, wilson
from ocr.extraction.fields import FIELD_NAMES

_ALL = "all fields"


def fields_table(documents: Sequence[ScoredDocument]) -> str:
    """Right, wrong and empty by segment and field, the share that is right, and its 95 % interval (Wilson)."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for document in documents:
        for field in document.fields:
            counts[document.subject.segment, field.name][field.outcome] += 1
            counts[document.subject.segment, _ALL][field.outcome] += 1
    lines = []
    for segment in _segments(documents):
        lines.append(f"{segment:24} {'right':>6} {'wrong':>6} {'empty':>6} {'right of all':>13}")
        for name in (*FIELD_NAMES, _ALL):
            if tally := counts.get((segment, name)):
                share = wilson(part=tally["right"], whole=tally.total())
                lines.append(f"  {name:22} {tally['right']:6} {tally['wrong']:6} {tally['empty']:6} {_shown(share)}")
        lines.append("")
    return "\n".join(lines)


def acceptance_table(documents: Sequence[ScoredDocument]) -> str:
    """Coverage and false success by segment with intervals by supplier, and the calibration error."""
    heading = (
        f"{'':24} {'documents':>9} {'accepted':>9} {'coverage':>24} {'false':>6} {'false success':>24} {'cal.':>6}"
    )
    return "\n".join([heading, *_acceptance_lines(documents)])


def _acceptance_lines(documents: Sequence[ScoredDocument]) -> Iterator[str]:
    for segment in _segments(documents):
        mine = [each for each in documents if each.subject.segment == segment]
        accepted = [each for each in mine if each.is_accepted]
        coverage = clustered([(each.subject.group, int(each.is_accepted), 1) for each in mine])
        false = clustered([(each.subject.group, int(each.is_false_success), 1) for each in accepted])
        error = expected_calibration_error(reliability(mine))
        yield (
            f"{segment:24} {len(mine):9} {len(accepted):9} {_shown(coverage)} {false.part:6} {_shown(false)} "
            f"{'none' if error is None else f'{error:.1%}':>6}"
        )


def _segments(documents: Sequence[ScoredDocument]) -> list[str]:
    return sorted({document.subject.segment for document in documents})


def _shown(share: Share) -> str:
    if share.value is None:
        return f"{'none':>24}"
    return f"{share.value:7.1%} ({share.low:.1%} to {share.high:.1%})".rjust(24)
