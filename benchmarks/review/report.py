"""The figures as tables, as a chart, and as docs/review-effort.md."""

from collections.abc import Callable
from statistics import median

from benchmarks.charts import COLOURS, Drawing
from benchmarks.review.clearing import VERIFIED, Cleared
from benchmarks.tables import table

Done = dict[str, dict[str, list[Cleared]]]
Waits = dict[str, list[float]]

CHART = "images/review-waits.svg"
_PAGE = """# What clearing a document takes

Two people in a real browser (headless Chromium, 1440 × 1000) on the running service, embedded on SQLite; each document
by mouse and by keyboard alone, as short as the page allows ([how the page is used](back-office.md#reviewing-a-job)).
The browser counts the buttons of the mouse and the keys. *Seconds* are those that program and browser need when hands
and eyes need none, from the page until the next document stands there; their median.
Made by `make bench-review ARGS="--write"`.

{told}

- **All is right**: approve.
- **One wrong field**: the reference is the old one, as a sentence on the page says. By mouse: the field, its word,
  save, approve. By keys the arrows go from field to field and from word to word.
- **Ambiguous match**: two firms of one name and one account. Choose, approve.
- **Changed IBAN**: ask for the account, and approve once it is on file; in between somebody else finds the request on
  the front page, opens it, says how it was verified ({letters} letters here) and confirms. By keys most are the
  tabulator's. Nearly all of the seconds go by until a page that stays open hears of it: it asks every fifteen.

Measured on {machine}.

![Medians and slowest of the waits, in milliseconds]({chart})
"""
_WIDTH, _LEFT, _TOP, _ROW = 900, 400, 50, 34


def tables(*, done: Done, waited: Waits) -> str:
    """What was counted, then what was waited for."""
    return f"{_clearing(done)}\n\n{_waiting(waited)}\n"


def page(*, told: str, machine: str) -> str:
    """docs/review-effort.md."""
    return _PAGE.format(told=told.strip(), letters=len(VERIFIED), machine=machine, chart=CHART)


def chart(waited: Waits) -> str:
    """A bar for each wait: its median, and a line to the slowest; SVG."""
    longest = max(max(spent) for spent in waited.values())
    drawing = Drawing(width=_WIDTH, height=_TOP + _ROW * len(waited) + 30, title="Waiting, ten pages (milliseconds)")
    scale = (_WIDTH - _LEFT - 110) / longest
    for row, (name, spent) in enumerate(waited.items()):
        y = _TOP + _ROW * row
        drawing.text(x=_LEFT - 10, y=y + 14, text=name, anchor="end")
        drawing.line(
            points=[(_LEFT, y + 10), (_LEFT + max(spent) * scale, y + 10)], colour=COLOURS[1 % len(COLOURS)], width=2
        )
        drawing.bar(x=_LEFT, y=y + 2, width=median(spent) * scale, height=16, colour=COLOURS[0])
        drawing.text(x=_LEFT + max(spent) * scale + 8, y=y + 14, text=f"{median(spent):.0f} / {max(spent):.0f}")
    return drawing.finished(caption="bar: median, line: slowest")


def _clearing(done: Done) -> str:
    rows = []
    for what, hands in done.items():
        mouse, keys = hands["mouse"], hands["keys"]
        rows.append(_row(what, mouse=mouse, keys=keys, of=lambda each: (each.clicks, each.keys)))
        if any(each.second_clicks for each in mouse):
            name = "… of these the second person's"
            row = _row(name, mouse=mouse, keys=keys, of=lambda each: (each.second_clicks, each.second_keys))
            rows.append((*row[:3], "", row[4], ""))
    return table(headings=("document", "n", "by mouse", "seconds", "by keys alone", "seconds"), rows=rows)


def _row(
    name: str, *, mouse: list[Cleared], keys: list[Cleared], of: Callable[[Cleared], tuple[int, int]]
) -> tuple[str, ...]:
    return (
        name,
        str(len(mouse) + len(keys)),
        _most([of(each) for each in mouse]),
        f"{median(each.seconds for each in mouse):.1f}",
        _most([of(each) for each in keys]),
        f"{median(each.seconds for each in keys):.1f}",
    )


def _most(counted: list[tuple[int, int]]) -> str:
    """What the document that took the most took: the ways are the same each time, and a longer one is not hidden."""
    clicks, keys = max(counted, key=sum)
    parts = [_number(clicks, "click"), _number(keys, "key")]
    return " and ".join(part for part in parts if part) or "nothing"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}" if count else ""


def _waiting(waited: Waits) -> str:
    rows = [(name, str(len(spent)), f"{median(spent):.0f}", f"{max(spent):.0f}") for name, spent in waited.items()]
    return table(headings=("ten pages, milliseconds", "n", "median", "slowest"), rows=rows)
