"""What the demonstration prints of a finished job: values with their reasons, the match, the draft."""

import json
from collections.abc import Mapping
from typing import Any

from samples.terminal import Cell, Style, Terminal

Json = Mapping[str, Any]
LONGEST_VALUE = 46
STAGES = ("read", "extract", "match", "draft")


def show_job(terminal: Terminal, *, job: Json) -> None:
    terminal.heading(f"The job: {job['message']}")
    for row in json.dumps(job, ensure_ascii=False, indent=2).splitlines():
        terminal.line(f"  {row}")


def show_fields(terminal: Terminal, *, evidence: Json) -> None:
    """Every field in the API's order: the verified value, or why there is none."""
    terminal.heading("What was read, and how sure that is")
    rows: list[list[Cell]] = []
    notes: list[str] = []
    for name, field in evidence["fields"].items():
        rows.append(_field_row(name, field))
        notes.append(field["note"] or "")
    terminal.table(head=("field", "value", "source", "confidence", "page"), rows=rows, notes=notes)
    for line in evidence["tax_breakdown"]:
        rate, basis, amount = (line[name] or "?" for name in ("rate", "basis", "amount"))
        terminal.text(f"tax: {rate} % of {basis} is {amount}", style="dim")


def _field_row(name: str, field: Json) -> list[Cell]:
    value, confidence = field["value"], field["confidence"]
    if value is None:
        return [(name, "dim"), ("—", "dim"), ("", "plain"), ("", "plain"), ("", "plain")]
    shown = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
    return [
        (name, "plain"),
        (shown, "bold"),
        (field["source"] or "", "plain"),
        ("" if confidence is None else f"{confidence:.2f}", _sureness(confidence)),
        ("" if field["page"] is None else str(field["page"]), "plain"),
    ]


def _sureness(confidence: float | None) -> Style:
    if confidence is None:
        return "plain"
    return "good" if confidence >= 0.9 else "warn" if confidence >= 0.6 else "bad"


def show_match(terminal: Terminal, *, evidence: Json) -> None:
    match = evidence["match"]
    terminal.heading("Who is to be paid, and why")
    terminal.pairs(
        (
            ("counterparty", _outcome(terminal, match["counterparty_match"])),
            ("recipient", _outcome(terminal, match["recipient_match"])),
        )
    )
    for candidate in match["candidates"]:
        terminal.line()
        terminal.line(f"  {candidate['score']:.2f}  {terminal.paint(candidate['legal_name'], 'bold')}")
        for sign, style, reasons in (("+", "good", candidate["reasons"]), ("−", "bad", candidate["against"])):
            for reason in reasons:
                _show_reason(terminal, sign=sign, style="good" if style == "good" else "bad", reason=reason)
    if not match["candidates"]:
        terminal.text("No counterparty in the books comes near.", style="dim")


def _show_reason(terminal: Terminal, *, sign: str, style: Style, reason: Json) -> None:
    weight = f"{sign}{abs(reason['weight']):.2f}"
    terminal.line(f"        {terminal.paint(weight, style)}  {reason['code']:<26} {reason['detail']}".rstrip())


def _outcome(terminal: Terminal, outcome: str) -> str:
    return terminal.paint(outcome, "good" if outcome == "found" else "warn")


def show_warnings(terminal: Terminal, *, evidence: Json) -> None:
    terminal.heading("Warnings")
    for warning in evidence["warnings"]:
        field = f" ({warning['field']})" if warning.get("field") else ""
        terminal.line(f"  {terminal.paint(warning['code'], 'warn')}{field}")
        terminal.text(warning["message"], indent=4)
    if not evidence["warnings"]:
        terminal.text("None.", style="dim")


def show_notes(terminal: Terminal, *, evidence: Json) -> None:
    """How the document was read; nothing where there is nothing to say."""
    if evidence["notes"]:
        terminal.heading("How it was read")
    for note in evidence["notes"]:
        terminal.text(note["message"])


def show_transfer(terminal: Terminal, *, transfer: Json) -> None:
    """The draft, in the units that the API gives: amounts are integers of the currency's minor unit."""
    amount, source, destination = transfer["amount"], transfer["source"], transfer["destination"]
    terminal.heading("The draft transfer")
    terminal.pairs(
        (
            ("id", transfer["id"]),
            ("status", transfer["status"]),
            ("amount_minor", f"{amount['amount_minor'] or '—'} {amount['currency'] or ''}".rstrip()),
            ("from account", source["cp_account_id"] or "—"),
            ("to", destination["name"] or "—"),
            ("iban", destination["iban"] or "—"),
            ("bic", destination["bic"] or "—"),
            ("reference", transfer["reference"] or "—"),
            ("execution date", transfer["requested_execution_date"] or "—"),
        )
    )
    blockers = transfer["blockers"]
    text = f"blocked by {', '.join(blockers)}" if blockers else "nothing blocks it: it can be finalised"
    terminal.line(f"  {terminal.paint(text, 'warn' if blockers else 'good')}")


def show_runs(terminal: Terminal, *, evidence: Json) -> None:
    terminal.heading("Timings of the service, in seconds")
    for run in evidence["runs"]:
        seconds = run["seconds"]  # a database may have changed the order of the keys
        terminal.text(", ".join(f"{stage} {seconds[stage]:.3f}" for stage in STAGES if stage in seconds))
        details = [name for name in sorted(seconds, key=seconds.__getitem__) if name.startswith("read_")]
        if details:
            parts = ", ".join(f"{name.removeprefix('read_')} {seconds[name]:.3f}" for name in reversed(details))
            terminal.text(f"within read: {parts}", style="dim")
        engine = f"engine {run['engine']}, " if run["engine"] else ""
        terminal.text(f"{engine}pipeline {run['pipeline_version']}", style="dim")
