"""Readable output: headings, aligned tables, wrapped text; in colour only where a person looks at a terminal."""

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Literal, TextIO

Style = Literal["plain", "bold", "dim", "good", "warn", "bad", "accent"]
CODES: dict[Style, str] = {
    "plain": "",
    "bold": "1",
    "dim": "2",
    "good": "32",
    "warn": "33",
    "bad": "31",
    "accent": "36",
}
Cell = tuple[str, Style]


class Terminal:
    """Writes to a stream. NO_COLOR, a dumb terminal or a file leave the text uncoloured."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._coloured = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))

    def paint(self, text: str, style: Style) -> str:
        return f"\x1b[{CODES[style]}m{text}\x1b[0m" if self._coloured and CODES[style] else text

    def line(self, text: str = "", style: Style = "plain") -> None:
        self._stream.write(self.paint(text, style) + "\n")
        self._stream.flush()

    def heading(self, text: str) -> None:
        self.line()
        self.line(text, "bold")
        self.line("─" * min(len(text), self.width), "dim")

    def text(self, text: str, *, indent: int = 2, style: Style = "plain") -> None:
        """A paragraph, broken at blanks."""
        margin = " " * indent
        for row in textwrap.wrap(text, self.width, initial_indent=margin, subsequent_indent=margin):
            self.line(row, style)

    def pairs(self, pairs: Sequence[tuple[str, str]], *, indent: int = 2) -> None:
        """A label and its value in each row, the values one under the other."""
        width = max((len(label) for label, _ in pairs), default=0)
        for label, value in pairs:
            self.line(f"{' ' * indent}{self.paint(label.ljust(width), 'dim')}  {value}")

    def table(self, *, head: Sequence[str], rows: Sequence[Sequence[Cell]], notes: Sequence[str]) -> None:
        """Columns as wide as their longest cell; the note of a row stands under it, empty for none."""
        widths = [
            max(len(title), *(len(row[column][0]) for row in rows)) if rows else len(title)
            for column, title in enumerate(head)
        ]
        self.line("  " + "  ".join(title.ljust(width) for title, width in zip(head, widths, strict=True)), "dim")
        for row, note in zip(rows, notes, strict=True):
            cells = (self.paint(text.ljust(width), style) for (text, style), width in zip(row, widths, strict=True))
            self.line("  " + "  ".join(cells).rstrip())
            if note:
                self.text(note, indent=widths[0] + 4, style="dim")
