"""`docs/payee-safety.md` lists every warning that the code can raise, and says of each whether it blocks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.services import ROOT
from transfers.blockers import BLOCKER_OF_WARNING, MESSAGES

RAISED_BY = {"DocumentWarning", "MatchWarning", "PaymentWarning"}
APPS = ("ocr", "transfers", "counterparties")
BLOCK_ONLY_SOMETIMES = {"duplicate_invoice": "if paid"}


def trees() -> list[ast.Module]:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in files]


def constants(modules: list[ast.Module]) -> dict[str, str]:
    return {
        target.id: node.value.value
        for module in modules
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def codes_raised(modules: list[ast.Module]) -> Iterator[str]:
    """The codes of all warnings that are made anywhere; a code that cannot be told from the text is an error."""
    named = constants(modules)
    for module in modules:
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED_BY:
                code = node.args[0] if node.args else next(each.value for each in node.keywords if each.arg == "code")
            elif isinstance(node, ast.Dict) and "origin" in (
                keys := [getattr(key, "value", None) for key in node.keys]
            ):
                code = node.values[keys.index("code")]
            else:
                continue
            if isinstance(code, ast.Constant):
                yield str(code.value)
            elif isinstance(code, ast.Name):
                yield named[code.id]
            else:  # a stored warning, or one handed on
                assert isinstance(code, (ast.Subscript, ast.Attribute)), ast.dump(code)


def rows() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "payee-safety.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table]
    assert all(len(row) == 4 for row in cells)
    assert len({row[0] for row in cells}) == len(cells)
    return {row[0].strip("`"): row for row in cells}


def test_the_table_has_every_warning_that_the_code_raises_and_no_other() -> None:
    assert set(rows()) == set(codes_raised(trees()))


def test_the_table_says_truly_which_warnings_block() -> None:
    said = {code: row[2] for code, row in rows().items()}
    true = {code: "yes" if code in BLOCKER_OF_WARNING else "no" for code in said} | BLOCK_ONLY_SOMETIMES
    assert said == true


def test_every_blocker_of_a_warning_has_its_sentence_and_every_row_an_answer() -> None:
    assert set(BLOCKER_OF_WARNING.values()) | set(BLOCK_ONLY_SOMETIMES) <= set(MESSAGES)
    assert all(row[1] and row[3] for row in rows().values())


def test_the_documents_links_lead_somewhere() -> None:
    text = (ROOT / "docs" / "payee-safety.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [path for path in linked if not (ROOT / "docs" / Path(path)).exists()] == []
