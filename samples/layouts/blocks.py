"""What several letterheads share: the address window, rows of label and value, the totals."""

from collections.abc import Sequence

from samples.parties import Party
from samples.sheet import LINE, Sheet

COUNTRY_NAMES = {
    "de": {"DE": "", "CH": "Schweiz"},
    "fr": {"DE": "ALLEMAGNE"},
    "en": {"DE": "Germany"},
    "it": {"DE": "GERMANIA"},
    "ch": {"DE": "Deutschland"},
}


def draw_address(sheet: Sheet, *, x: float, y: float, buyer: Party, language: str, first: Sequence[str] = ()) -> float:
    """Name, street and place as a postman reads them, under lines such as "Spett.le"; returns the next baseline."""
    lines = [*first, buyer.legal_name, buyer.street, buyer.place]
    if country := COUNTRY_NAMES[language][buyer.country]:
        lines.append(country)
    return sheet.lines(x, y, lines, leading=4.8, size=sheet.theme.size + 1)


def draw_sender_line(sheet: Sheet, *, x: float, y: float, seller: Party, width: float = 80) -> None:
    """The small return address over the window (DIN 5008)."""
    text = f"{seller.legal_name} · {seller.street} · {seller.place}"
    sheet.text(x, y, text, size=6.4, colour=sheet.theme.muted)
    sheet.rule(x, y + 1.4, x + width, thickness=0.3)


def draw_pairs(
    sheet: Sheet,
    *,
    x: float,
    y: float,
    pairs: Sequence[tuple[str, str]],
    value_x: float,
    right: bool = False,
    leading: float = LINE + 0.6,
    bold: Sequence[str] = (),
) -> float:
    """Rows of a muted label and its value; `right` aligns the values right at `value_x`. Returns the next baseline."""
    for label, value in pairs:
        sheet.text(x, y, label, colour=sheet.theme.muted)
        sheet.text(value_x, y, value, bold=label in bold, align="right" if right else "left")
        y += leading
    return y


def draw_totals(
    sheet: Sheet,
    *,
    x: float,
    right: float,
    y: float,
    rows: Sequence[tuple[str, str]],
    grand: tuple[str, str],
    leading: float = 5.6,
) -> float:
    """Rows of label and amount and, under a rule, the grand total in bold; returns the lower edge."""
    for label, amount in rows:
        sheet.text(x, y + 4, label)
        sheet.text(right, y + 4, amount, align="right")
        y += leading
    sheet.rule(x, y + 0.6, right, thickness=0.9, colour=sheet.theme.accent)
    size = sheet.theme.size + 2
    sheet.text(x, y + 6.4, grand[0], bold=True, size=size)
    sheet.text(right, y + 6.4, grand[1], bold=True, size=size, align="right")
    return y + 9


def draw_footer(sheet: Sheet, *, y: float, columns: Sequence[tuple[float, Sequence[str]]], size: float = 7.0) -> None:
    """Columns of small print at the foot of the page, the first line of each in bold, under a hairline."""
    sheet.rule(columns[0][0], y - 4.2, 190, thickness=0.5)
    for x, lines in columns:
        sheet.text(x, y, lines[0], size=size, bold=True, colour=sheet.theme.muted)
        sheet.lines(x, y + 3.4, lines[1:], leading=3.4, size=size, colour=sheet.theme.muted)
