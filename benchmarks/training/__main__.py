"""`make train`: fit the probabilities of printed values on documents of known truth, and show that they hold."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import ReadDocument, read_all
from benchmarks.accuracy.sets import written_invoices
from benchmarks.accuracy.truth import known_documents
from benchmarks.training.fitting import HeldOut, Model, fit, hold_out
from benchmarks.training.held_out import figures_of, held_out_scores
from benchmarks.training.labelled import Labelled, OnlyKept, labelled
from ocr.extraction.calibration import FILE
from ocr.extraction.fields import FIELD_NAMES, FieldName
from ocr.extraction.thresholds import STRICTNESSES

_PROJECT = Path(__file__).resolve().parents[2]
_FEWEST_EXAMPLES = 40
SEED = 7
"""Of the invoices learnt from; `make accuracy` measures on those of another."""
_HEAD = """# The weights that make probabilities of scores, for each field; written by `make train`, see calibration.py.
# {count} examples of {groups} suppliers and layouts, {real} of them from real documents.
"""


def main() -> int:
    arguments = _arguments()
    if arguments.generate:
        arguments.generated.append(written_invoices(arguments.cache / "training", count=arguments.generate, seed=SEED))
    examples: dict[FieldName, list[Labelled]] = defaultdict(list)
    real: list[ReadDocument] = []
    kept = OnlyKept if arguments.old_readings else KeptReadings
    with kept(folder=arguments.cache, engine="rapidocr", is_lenient=arguments.old_readings) as readings:
        for folders, is_real in ((arguments.generated, False), (arguments.data, True)):
            for folder in folders:
                documents = list(known_documents(folder))
                read = list(read_all(documents=documents, readings=readings, wanted=arguments.variants))
                real += [each for each in read if is_real and each.reading.document is not None]
                for each in labelled(documents=read, is_real=is_real):
                    examples[each.name].append(each)
    models: dict[FieldName, Model] = {}
    print(f"{'':22} {'examples':>8} {'right':>6} {'Brier of scores':>16} {'of probabilities':>17} {'on real':>16}")
    for name in FIELD_NAMES:
        found = examples.get(name, [])
        if len(found) < _FEWEST_EXAMPLES:
            continue
        models[name] = fit(found)
        print(_row(name, found, hold_out(found)))
    if not models:
        print("There are not enough documents of known truth; name folders: make train DATA=… GENERATED=…")
        return 1
    if arguments.write:
        FILE.write_text(_text(models, [each for found in examples.values() for each in found]), encoding="utf-8")
        print(f"Written: {FILE.relative_to(_PROJECT)}")
    if real:
        print("\nReal documents, each with probabilities that were fitted without its supplier:")
        print(_held_out(real, examples))
    return 0


def _held_out(real: Sequence[ReadDocument], examples: dict[FieldName, list[Labelled]]) -> str:
    enough = {name: found for name, found in examples.items() if len(found) >= _FEWEST_EXAMPLES}
    lines = []
    for strictness in STRICTNESSES:
        scores = held_out_scores(documents=real, examples=enough, strictness=strictness)
        for segment in sorted({each.subject.segment for each in scores}):
            mine = figures_of([each for each in scores if each.subject.segment == segment])
            lines.append(f"{strictness:10}{segment:18}{mine.row}")
    return "\n".join(lines)


def _row(name: FieldName, examples: Sequence[Labelled], held_out: HeldOut) -> str:
    right = np.array([each.is_right for each in examples], float)
    scores = np.array([each.score for each in examples])
    real = np.array([each.is_real for each in examples])
    on_real = f"{np.mean((scores[real] - right[real]) ** 2):.4f}" if real.any() else "none"
    return (
        f"{name:22} {len(examples):8} {right.mean():6.1%} {np.mean((scores - right) ** 2):16.4f} "
        f"{held_out.brier():17.4f} {on_real:>7} {held_out.brier(is_real=True):8.4f}"
    )


def _text(models: dict[FieldName, Model], examples: Sequence[Labelled]) -> str:
    """TOML, one table a field: the bias first, then the features by name."""
    groups, real = {each.group for each in examples}, sum(each.is_real for each in examples)
    parts = [_HEAD.format(count=len(examples), groups=len(groups), real=real)]
    for name, model in models.items():
        rows = [("bias", model["bias"]), *sorted((key, value) for key, value in model.items() if key != "bias")]
        parts.append(f"\n[{name}]\n" + "".join(f'"{key}" = {value}\n' for key, value in rows))
    return "".join(parts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make train", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders of real documents with truth files")
    parser.add_argument("--generated", type=Path, nargs="*", default=[], help="folders of generated documents")
    parser.add_argument("--generate", type=int, default=0, metavar="N", help="draw N invoices and learn from them too")
    parser.add_argument("--variants", nargs="+", default=["no_xml", "as_is", "scan_clean", "scan_degraded"])
    parser.add_argument("--cache", type=Path, default=_PROJECT / "var" / "accuracy-cache", help="where readings are")
    parser.add_argument("--old-readings", action="store_true", help="only readings that are kept, also of older code")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
