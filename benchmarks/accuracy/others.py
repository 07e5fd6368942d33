"""The same documents read by other rule-based tools: `python -m benchmarks.accuracy.others --data DIR [--out DIR]`.

Each tool is installed from PyPI, at one version, into an environment of its own under var/others, and is no dependency.
It gets the digital PDFs without their e-invoice, works offline and without a language model, and is scored like us.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy.readings import KeptReadings
from benchmarks.accuracy.running import ReadDocument, read_all, scored
from benchmarks.accuracy.truth import known_documents
from benchmarks.accuracy.variants import variant_of
from benchmarks.ocr.report import machine
from benchmarks.tables import table
from ocr.evaluation.comparison import is_same
from ocr.evaluation.scoring import BESIDE_THE_PAYMENT
from ocr.extraction.fields import FIELD_NAMES, FieldName

_PROJECT = Path(__file__).resolve().parents[2]
_DRIVER = Path(__file__).parent / "other_tools.py"


@dataclass(frozen=True, slots=True)
class Tool:
    """`packages` are what pip installs; `knows` says what the tool works by."""

    name: str
    packages: tuple[str, ...]
    knows: str


_TOOLS = (
    Tool("invoice2data", ("invoice2data==1.0.1", "pypdfium2>=4,<6"), "the templates that it comes with"),
    Tool("pdf2struct", ("pdf2struct==0.2.0",), "five patterns for any layout"),
)


@dataclass(slots=True)
class Tally:
    right: int = 0
    wrong: int = 0
    empty: int = 0

    @property
    def text(self) -> str:
        return f"{self.right} / {self.wrong} / {self.empty}"


def main() -> int:
    arguments = _arguments()
    documents = [each for folder in arguments.data for each in known_documents(folder)]
    with KeptReadings(folder=arguments.cache, engine="rapidocr", is_lenient=arguments.old_readings) as readings:
        read = [
            each
            for each in read_all(documents=documents, readings=readings, wanted=["as_is", "no_xml"])
            if each.segment == "digital"
        ]
    answers: dict[str, Sequence[Mapping[str, str]]] = {"Paydraft": _our_answers(read)}
    with tempfile.TemporaryDirectory() as folder:
        paths = _written(read, Path(folder))
        for tool in _TOOLS:
            answers[tool.name] = _answers(tool=tool, paths=paths)
    text = _compared(read, answers)
    print(text)
    if arguments.out:
        (arguments.out / "others.md").write_text(f"# Beside other tools\n\n{text}\n", encoding="utf-8")
    return 0


def _our_answers(read: Sequence[ReadDocument]) -> list[dict[str, str]]:
    results = [scored(read=each, knows_payer=False) for each in read]
    return [{field.name: field.value for field in result.fields if field.value is not None} for result in results]


def _written(read: Sequence[ReadDocument], folder: Path) -> list[Path]:
    paths = []
    for number, each in enumerate(read):
        path = folder / f"{number}.pdf"
        path.write_bytes(variant_of(content=each.known.path.read_bytes(), variant=each.variant))
        paths.append(path)
    return paths


def _answers(*, tool: Tool, paths: Sequence[Path]) -> list[dict[str, str]]:
    """The tool's values by our names, one mapping a path."""
    home = _PROJECT / "var" / "others" / tool.name
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", *tool.packages]
        subprocess.run(pip, check=True)  # noqa: S603  the pinned tools named above
    command = [str(python), str(_DRIVER), tool.name, *map(str, paths)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    lines: list[dict[str, str]] = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    if len(lines) != len(paths):
        raise RuntimeError(f"{tool.name} answered for {len(lines)} of {len(paths)} documents:\n{ran.stderr[-2000:]}")
    return lines


def _compared(read: Sequence[ReadDocument], answers: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    tallies = {name: _tallies(read, given) for name, given in answers.items()}
    names = [field for field in FIELD_NAMES if any(field in each.known.truth for each in read)]
    rows = [(field, *(tallies[name][field].text for name in answers)) for field in names]
    rows.append(("all fields", *(tallies[name]["all fields"].text for name in answers)))
    answered = {name: [each for each in zip(read, given, strict=True) if each[1]] for name, given in answers.items()}
    rows.append(("documents with any value", *(str(len(answered[name])) for name in answers)))
    rows.append(
        (
            "of them with a wrong one",
            *(str(sum(_is_wrong(one, given) for one, given in answered[name])) for name in answers),
        )
    )
    told = "; ".join(f"{tool.packages[0]} by {tool.knows}" for tool in _TOOLS)
    return (
        f"{len(read)} digital PDFs of {len({each.known.group for each in read})} suppliers, without their e-invoice; "
        f"right / wrong / empty. Nobody was told who pays. {told}. {machine()}.\n\n"
        + table(headings=("field", *answers), rows=rows)
    )


def _tallies(read: Sequence[ReadDocument], given: Sequence[Mapping[str, str]]) -> dict[str, Tally]:
    tallies = {name: Tally() for name in (*FIELD_NAMES, "all fields")}
    for document, values in zip(read, given, strict=True):
        for name, truth in document.known.truth.items():
            for tally in (tallies[name], tallies["all fields"]):
                if name not in values:
                    if truth.values:
                        tally.empty += 1
                    else:
                        tally.right += 1
                elif _is_right(document, name, values[name]):
                    tally.right += 1
                else:
                    tally.wrong += 1
    return tallies


def _is_right(document: ReadDocument, name: FieldName, value: str) -> bool:
    return any(is_same(name=name, value=value, truth=each) for each in document.known.truth[name].values)


def _is_wrong(document: ReadDocument, values: Mapping[str, Any]) -> bool:
    return any(
        name in values and name not in BESIDE_THE_PAYMENT and not _is_right(document, name, values[name])
        for name in document.known.truth
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy.others", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[_PROJECT / "samples"], help="folders with truth files")
    parser.add_argument("--out", type=Path, help="a folder for others.md")
    parser.add_argument(
        "--cache", type=Path, default=_PROJECT / "var" / "accuracy-cache", help="where readings are kept"
    )
    parser.add_argument("--old-readings", action="store_true", help="take readings that older reading code made")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
