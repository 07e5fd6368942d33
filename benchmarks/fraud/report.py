"""The figures as Markdown for `docs/fraud.md`, as a chart, and as lines for the terminal."""

from collections.abc import Sequence

from benchmarks.charts import COLOURS, Drawing
from benchmarks.fraud.figures import NO_ALARMS, KindFigures
from benchmarks.tables import table

_LEFT, _LONGEST, _ROW = 270, 420, 20

_INTRODUCTION = """\
# Forged invoices

`make bench-fraud` draws invoices that somebody forged and honest ones (`benchmarks/fraud/`), sends each through the
service's own intake, reading, extraction, matching and drafting into a database that holds the honest suppliers with
their accounts, and looks at the drafts. All companies, people and accounts are invented. The same seed draws the same
documents.

A forged document counts as **flagged** when its draft carries a warning or blocker that names what is wrong with it,
not just any. **To the attacker** are drafts that name an account of the forger, **elsewhere** those that name an
account neither right nor the forger's. **Ready** drafts have no blocker at all: a person could release them as they
stand, to the supplier's account on file. A **false alarm** is a warning on an honest document that a person would call
wrong; that something is missing (an unknown supplier, no IBAN), unsure or still to be settled is none. What each
warning means, and which block, is in [payee-safety.md](payee-safety.md).
"""


def markdown(*, kinds: Sequence[KindFigures], machine: str, seed: int, chart_name: str) -> str:
    forged = [kind for kind in kinds if kind.is_forged]
    honest = [kind for kind in kinds if not kind.is_forged]
    documents = sum(kind.documents for kind in kinds)
    scans = sum(kind.scans for kind in kinds)
    parts = [
        _INTRODUCTION,
        f"{documents} documents, {scans} of them scans; seed {seed}. Measured on {machine}.\n",
        f"## Forged: {_summary_of_forged(forged)}\n",
        f"![Forged documents flagged, by kind]({chart_name})\n",
        _forged_table(forged) + "\n",
        f"## Honest: {_summary_of_honest(honest)}\n",
        _honest_table(honest) + "\n",
    ]
    return "\n".join(parts)


def chart(*, kinds: Sequence[KindFigures], caption: str) -> str:
    """The share of flagged documents of each forged kind, as bars; SVG."""
    forged = [kind for kind in kinds if kind.is_forged]
    drawing = Drawing(width=760, height=60 + _ROW * len(forged), title="Forged documents flagged")
    for index, kind in enumerate(forged):
        top = 34 + _ROW * index
        share = kind.flagged / kind.documents
        drawing.text(x=_LEFT - 8, y=top + 12, text=kind.title, anchor="end", size=12)
        drawing.bar(x=_LEFT, y=top, width=_LONGEST, height=14, colour="#eeeeee")
        drawing.bar(x=_LEFT, y=top, width=share * _LONGEST, height=14, colour=COLOURS[0])
        drawing.text(x=_LEFT + _LONGEST + 8, y=top + 12, text=_share(kind.flagged, kind.documents), size=12)
    return drawing.finished(caption=caption)


def _summary_of_forged(kinds: Sequence[KindFigures]) -> str:
    documents, flagged = sum(kind.documents for kind in kinds), sum(kind.flagged for kind in kinds)
    return f"{flagged} of {documents} flagged, {sum(kind.to_attacker for kind in kinds)} drafts to an attacker"


def _summary_of_honest(kinds: Sequence[KindFigures]) -> str:
    documents, alarms = sum(kind.documents for kind in kinds), sum(kind.false_alarms for kind in kinds)
    return f"{alarms} of {documents} with a false alarm ({_share(alarms, documents)})"


def _forged_table(kinds: Sequence[KindFigures]) -> str:
    rows = [
        (
            kind.title,
            str(kind.documents),
            str(kind.scans),
            _share(kind.flagged, kind.documents),
            str(kind.to_attacker),
            str(kind.to_somebody_else),
            str(kind.ready),
            _codes(kind),
        )
        for kind in kinds
    ]
    headings = ("kind", "n", "scans", "flagged", "to the attacker", "elsewhere", "ready", "safety warnings")
    return table(headings=headings, rows=rows)


def _honest_table(kinds: Sequence[KindFigures]) -> str:
    rows = [
        (
            kind.title,
            str(kind.documents),
            str(kind.scans),
            str(kind.false_alarms),
            str(kind.to_somebody_else),
            str(kind.right),
            str(kind.ready),
            _codes(kind),
        )
        for kind in kinds
    ]
    headings = ("kind", "n", "scans", "false alarms", "elsewhere", "right account", "ready", "safety warnings")
    return table(headings=headings, rows=rows)


def _codes(kind: KindFigures) -> str:
    """Without those that say what is missing, unsure or due."""
    return ", ".join(f"{code} {count}" for code, count in kind.codes.items() if code not in NO_ALARMS)


def _share(part: int, whole: int) -> str:
    share = f"{100 * part / whole:.1f}".rstrip("0").rstrip(".") if whole else "–"
    return f"{share} %"
