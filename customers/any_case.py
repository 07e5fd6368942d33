"""Text search in any case on SQLite, whose LIKE knows only of ASCII that letters come in two cases.

PostgreSQL compares in capitals. There is no such function in SQLite, and one of ours would be called for every row;
GLOB matches sets of letters by itself, as fast as LIKE.
"""

from typing import Any

from django.db.models import CharField, TextField
from django.db.models.lookups import IContains

WILDCARDS = frozenset("*?[")


class AnyCaseContains(IContains):
    """`icontains` as everywhere, but for letters beyond ASCII on SQLite. Letters that become several in the other case
    (ß) are only found as they are."""

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs_is_direct_value() or str(self.rhs).isascii():
            return self.as_sql(compiler, connection)
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", [*parameters, f"*{any_case(str(self.rhs))}*"]


def any_case(text: str) -> str:
    """The GLOB pattern of the text in any case."""
    return "".join(_either_case(letter) for letter in text)


def _either_case(letter: str) -> str:
    cases = sorted({one for one in (letter, letter.lower(), letter.upper()) if len(one) == 1})
    return f"[{''.join(cases)}]" if len(cases) > 1 or letter in WILDCARDS else letter


def search_in_any_case() -> None:
    """From now on, for all columns of text."""
    CharField.register_lookup(AnyCaseContains)
    TextField.register_lookup(AnyCaseContains)
