"""`make train`: fit the probabilities of printed values on documents of known truth, and show that they hold."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import ReadDocument, read_all
from benchmarks.accuracy.sets import written_invoices
from benchmarks.accuracy.truth import known_documents
from benchmarks.ocr.report import machine
from benchmarks.training.fitting import Model, fit, hold_out
from benchmarks.training.held_out import held_out_models, held_out_scores
from benchmarks.training.labelled import Labelled, OnlyKept, labelled
from benchmarks.training.report import fields_report, segments_report
from ocr.extraction.calibration import FILE
from ocr.extraction.fields import FIELD_NAMES, FieldName
from ocr.extraction.thresholds import STRICTNESSES

_PROJECT = Path(__file__).resolve().parents[2]
_FEWEST_EXAMPLES = 40
SEED = 7
"""Of the invoices learnt from; `make accuracy` measures on those of another."""
_INTRODUCTION = """# Probabilities on suppliers never seen

Written by `make train`. Every figure is of documents whose probabilities were fitted without any document of the same
supplier (of the same layout, for generated ones), ten folds. The Brier score is the mean squared distance between what
was promised and what was true; 0 is perfect. {machine}."""
_ON_REAL = """Real documents at every strictness. "Could pass" counts those that state all that a payment needs: a
document without an IBAN is never accepted. Intervals are drawn by supplier."""
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
    enough = {name: examples[name] for name in FIELD_NAMES if len(examples.get(name, [])) >= _FEWEST_EXAMPLES}
    if not enough:
        print("There are not enough documents of known truth; name a folder: make train DATA=…")
        return 1
    if arguments.write:
        models = {name: fit(found) for name, found in enough.items()}
        FILE.write_text(_text(models, [each for found in enough.values() for each in found]), encoding="utf-8")
        print(f"Written: {FILE.relative_to(_PROJECT)}")
    report = _report(enough, real)
    print(report)
    if arguments.out:
        arguments.out.write_text(report, encoding="utf-8")
    return 0


def _report(examples: dict[FieldName, list[Labelled]], real: Sequence[ReadDocument]) -> str:
    held_out = {name: hold_out(found) for name, found in examples.items()}
    parts = [_INTRODUCTION.format(machine=machine()), fields_report(held_out)]
    if real:
        models = held_out_models(documents=real, examples=examples)
        scores = {each: held_out_scores(documents=real, models=models, strictness=each) for each in STRICTNESSES}
        parts += [_ON_REAL, segments_report(scores)]
    return "\n\n".join(parts) + "\n"


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
    parser.add_argument("--out", type=Path, help="a Markdown file for the report")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
