"""A total in text that nobody can see, other than the one that the page shows.

No amount is read from such text. Scanners lay honest text under their pictures, with misread digits: so under a
recognised page a total counts only where the unseen net and tax make it.
"""

from decimal import Decimal

from customers.sentences import Sentence
from ocr.extraction.fields import Candidate, DocumentWarning, KnownPayer
from ocr.extraction.page_reading import PageReading, read_pages
from ocr.reading.document import Box, DocumentText, Page, Word

_LINE, _LETTER = 14.0, 5.0  # points


def unseen_total(
    *, document: DocumentText, page: PageReading, stated: list[Candidate], payer: KnownPayer
) -> DocumentWarning | None:
    """The warning about a total in hidden text that no page shows and no e-invoice or payment code (`stated`) names,
    while the hidden text names not the shown one either. None for none, or where the pages show no total."""
    pages = tuple(_laid_out(each) for each in document.pages if each.unseen)
    printed = page.candidates.get("total", ())
    if not pages or not printed:
        return None
    unseen = read_pages(document=DocumentText(kind=document.kind, pages=pages), payer=payer)
    totals = unseen.candidates.get("total", ())
    if not totals:
        return None
    total, shown = Decimal(totals[0].value), Decimal(printed[0].value)
    if abs(total) in page.amounts or abs(shown) in unseen.amounts or total in {Decimal(each.value) for each in stated}:
        return None
    is_proven = "net_plus_tax_is_total" in totals[0].checks_passed
    if not is_proven and any(each.source == "ocr" for each in document.pages if each.unseen):
        return None
    message = Sentence(
        "The document asks for {hidden} in text that cannot be seen, and shows "
        "{printed}; compare the amount with the page.",
        hidden=totals[0].value,
        printed=printed[0].value,
    )
    return DocumentWarning("hidden_text", message, "total")


def _laid_out(page: Page) -> Page:
    """The unseen lines one under the other, as words in which labels and figures can be looked for."""
    words = []
    for number, line in enumerate(page.unseen):
        left, top = 0.0, number * _LINE
        for text in line.split():
            words.append(Word(text, Box(left, top, left + len(text) * _LETTER, top + _LINE - 3)))
            left += (len(text) + 0.5) * _LETTER
    return Page(
        number=page.number, width=page.width, height=len(page.unseen) * _LINE, source="text", words=tuple(words)
    )
