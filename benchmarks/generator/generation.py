"""Invented invoices, one after the other, each with its truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.generator.assembly import assemble, printed_values
from benchmarks.generator.cases import CASES, ROUNDING_COUNTRIES, UNION, deal_case
from benchmarks.generator.catalogue import COUNTRY_CODES, Locale, Wording, locale_of
from benchmarks.generator.draft import Draft
from benchmarks.generator.formats import choose_formats
from benchmarks.generator.invoices import invent_invoice
from benchmarks.generator.paper import Imprint, print_pages
from benchmarks.generator.structure import draw_structure, typesetter_for
from benchmarks.generator.truth import truth_of

_PRODUCERS = (
    "",
    "Microsoft: Print To PDF",
    "LibreOffice 7.4",
    "wkhtmltopdf 0.12.6",
    "iText 2.1.7",
    "FPDF 1.86",
    "mPDF 8.1",
)


@dataclass(frozen=True, slots=True)
class GeneratedInvoice:
    """`truth` is a row of the format in `docs/truth-format.md`; its `file` is the name that the PDF should get."""

    name: str
    pdf: bytes
    truth: dict[str, Any]


def generate(*, count: int, seed: int) -> Iterator[GeneratedInvoice]:
    """The first `count` invoices of this seed. Each depends on the seed and its own place only, so that a longer run
    begins with the documents of a shorter one; the same versions of the libraries give the same bytes."""
    for index in range(count):
        yield generate_one(index=index, seed=seed)


def generate_one(*, index: int, seed: int) -> GeneratedInvoice:
    return printed(draft=draft_for(index=index, seed=seed), name=f"gen-{seed}-{index:05d}")


def draft_for(*, index: int, seed: int) -> Draft:
    """Everything about this invoice before it is set in type."""
    chance = random.Random(f"invoice {seed} {index}")  # noqa: S311  the same invoice at every run
    main = _dealt(CASES, index, f"cases {seed}")
    country = _dealt(COUNTRY_CODES, index, f"countries {seed}")
    wanted = {"rounding": ROUNDING_COUNTRIES, "reverse_charge": UNION}.get(main, (country,))
    if country not in wanted:
        country = chance.choice(wanted)
    return _draft(main=main, country=country, chance=chance)


def printed(*, draft: Draft, name: str) -> GeneratedInvoice:
    pages = assemble(draft)
    imprint = Imprint(title="", author="", producer=draft.chance.choice(_PRODUCERS))
    structure = draft.structure
    pdf = print_pages(pages=pages, size=structure.page_size, habit=structure.habit, imprint=imprint)
    truth = truth_of(draft=draft, printed=printed_values(pages), name=name, file=f"{name}.pdf", pages=len(pages))
    return GeneratedInvoice(name, pdf, truth)


def _second_language(locale: Locale, chance: random.Random) -> str:
    """English beside the own language, on one invoice in sixteen."""
    return "en" if locale.language != "en" and chance.random() < 1 / 16 else ""


def _dealt(options: tuple[str, ...], index: int, deck: str) -> str:
    """Dealt like cards: each option comes once before any comes again; every round is shuffled anew."""
    round_, place = divmod(index, len(options))
    cards = list(options)
    random.Random(f"{deck} {round_}").shuffle(cards)  # noqa: S311  no secret
    return cards[place]


def _draft(*, main: str, country: str, chance: random.Random) -> Draft:
    locale = locale_of(country=country, chance=chance)
    case = deal_case(main=main, country=country, chance=chance)
    invoice = invent_invoice(locale=locale, case=case, chance=chance)
    structure = draw_structure(invoice=invoice, chance=chance)
    return Draft(
        invoice=invoice,
        structure=structure,
        type=typesetter_for(structure=structure, language=locale.language, chance=chance),
        wording=Wording(
            locale=locale, currency=invoice.currency, chance=chance, second_language=_second_language(locale, chance)
        ),
        formats=choose_formats(locale=locale, currency=invoice.currency, chance=chance),
        sign=-1 if case.credit_note and chance.random() < 0.5 else 1,
        chance=chance,
    )
