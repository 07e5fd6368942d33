"""Invented pages for tests: texts set at places, as words with boxes."""

from ocr.reading.document import Box, DocumentText, Page, PageSource, Word

LETTER = 5.0
LINE = 11.0

Row = tuple[tuple[float, str], ...]


def words_of(*, rows: list[Row], top: float = 40.0, step: float = 14.0) -> tuple[Word, ...]:
    """One row of (left edge, text) pairs under the other; blanks part words, letters are five points wide."""
    words: list[Word] = []
    for place, row in enumerate(rows):
        y = top + place * step
        for left, text in row:
            x = left
            for word in text.split(" "):
                if word:
                    words.append(Word(word, Box(x, y, x + LETTER * len(word), y + LINE)))
                x += LETTER * len(word) + 2.5
    return tuple(words)


def document_of(*pages: list[Row], source: PageSource = "text", top: float = 40.0) -> DocumentText:
    """A document of A4 pages with these rows."""
    return DocumentText(
        kind="pdf",
        pages=tuple(
            Page(number, 595.0, 842.0, source, words_of(rows=rows, top=top))
            for number, rows in enumerate(pages, start=1)
        ),
    )


def row(*cells: tuple[float, str] | str) -> Row:
    """A row of cells; a bare text starts at the left margin."""
    return tuple((50.0, cell) if isinstance(cell, str) else cell for cell in cells)


GERMAN_INVOICE: list[Row] = [
    row("Ahornwerk GmbH · Lindenallee 7 · 20095 Hamburg"),
    row("Firma"),
    row("Birkenhof Handels AG", (350, "Rechnungsnummer"), (470, "AW-2026-0815")),
    row("Marktstr. 12", (350, "Rechnungsdatum"), (470, "02.03.2026")),
    row("80331 München", (350, "Kundennummer"), (470, "10447")),
    row((350, "Bestellnummer"), (470, "4500012345")),
    row(),
    row("Rechnung"),
    row("Pos", (100, "Bezeichnung"), (300, "Menge"), (380, "Einzelpreis"), (490, "Betrag")),
    row("1", (100, "Regal"), (300, "2"), (380, "500,00"), (490, "1.000,00")),
    row("2", (100, "Lieferung"), (300, "1"), (380, "236,64"), (490, "236,64")),
    row((350, "Zwischensumme"), (490, "1.236,64 €")),
    row((350, "zzgl. 19 % MwSt."), (490, "234,96 €")),
    row((350, "Gesamtbetrag"), (490, "1.471,60 €")),
    row("Zahlbar innerhalb 30 Tagen netto, 2 % Skonto innerhalb 10 Tagen."),
    row("Verwendungszweck: AW-2026-0815"),
    row("Ahornwerk GmbH", (200, "IBAN: DE89 3704 0044 0532 0130 00"), (420, "BIC: COBADEFFXXX")),
    row("info@ahornwerk.example", (200, "USt-IdNr.: DE136695976")),
]
"""Everything that an invoice of a German supplier usually says."""


def changed(rows: list[Row], replacements: dict[str, str]) -> list[Row]:
    """The rows with texts replaced wherever they occur."""
    result = []
    for cells in rows:
        new = []
        for left, text in cells:
            for old, other in replacements.items():
                text = text.replace(old, other)
            new.append((left, text))
        result.append(tuple(new))
    return result
